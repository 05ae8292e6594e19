//! What serde cannot see: that fields exist and fit, that queries can be read, that names meet, that nothing overlaps.

mod data_view;
mod panels;
mod queries;
mod reach;

use std::collections::BTreeSet;
use std::fmt::Display;

use serde_saphyr::Location;

use super::fields::{self, Kind};
use super::source::{Placed, Source};

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, from 1.
    pub line: u64,
    /// The column in the line, from 1.
    pub column: u64,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// All that is wrong with a source, in the order in which it stands.
#[must_use]
pub fn problems(source: &Source) -> Vec<Problem> {
    let searches = source.searches.iter().map(|search| search.id.value.as_str()).collect();
    let mut check = Check { searches, problems: Vec::new() };
    check.data_view(&source.data_view);
    check.searches(&source.searches);
    check.dashboard(&source.dashboard);
    check.reached(source);
    check.problems.sort_by_key(|problem| (problem.line, problem.column));
    check.problems
}

struct Check<'a> {
    /// The ids of all searches.
    searches: BTreeSet<&'a str>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn say(&mut self, at: Location, what: impl Into<String>) {
        self.problems.push(Problem { line: at.line(), column: at.column(), what: what.into() });
    }

    /// Says what is wrong unless it is right.
    fn ensure(&mut self, right: bool, at: Location, what: impl FnOnce() -> String) {
        if !right {
            self.say(at, what());
        }
    }

    /// A field that exists, and is fit for what it is used for.
    fn field(&mut self, field: &Placed<String>, fit: impl Fn(Kind) -> bool, wanted: &str) {
        let name = &field.value;
        match fields::kind(name) {
            None => self.say(field.referenced, unknown(name)),
            Some(kind) if !fit(kind) => {
                self.say(field.referenced, format!("{name} is of the kind {kind:?}, and here is wanted {wanted}"));
            }
            Some(_) => {}
        }
    }

    fn search(&mut self, id: &Placed<String>) {
        let known = self.searches.contains(id.value.as_str());
        let all = joined(&self.searches);
        self.ensure(known, id.referenced, || format!("there is no search {}; there are {all}", id.value));
    }

    /// Ids that other things link to: each once, of letters, digits and hyphens.
    fn ids<'b>(&mut self, ids: impl IntoIterator<Item = &'b Placed<String>>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let good = !id.value.is_empty() && id.value.chars().all(fit);
            let what = || format!("'{}' is no id: an id has lower-case letters, digits and hyphens", id.value);
            self.ensure(good, id.referenced, what);
            self.ensure(seen.insert(&id.value), id.referenced, || format!("the id {} is there twice", id.value));
        }
    }

    fn sentence(&mut self, at: Location, title: &str, description: &str) {
        let good = !title.trim().is_empty() && description.ends_with('.');
        self.ensure(good, at, || "a title has words, and a description ends with a full stop".into());
    }

    fn colour(&mut self, at: Location, colour: &str) {
        let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6);
        let good = digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        self.ensure(good, at, || format!("'{colour}' is no colour: a colour is #rrggbb"));
    }
}

fn unknown(name: &str) -> String {
    let like = fields::like(name);
    let hint = if like.is_empty() { "log-shipper/setup/fields.json has them all".into() } else { joined(&like) };
    format!("no document has a field {name}; like it: {hint}")
}

fn joined<T: Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}
