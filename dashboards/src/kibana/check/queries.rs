//! The searches: their queries can be read, and their fields exist and hold what is asked of them.

use std::net::IpAddr;

use super::Check;
use crate::kibana::fields::{self, Kind};
use crate::kibana::kql::{self, Condition, Test};
use crate::kibana::source::{Filter, Placed, Search};

impl Check<'_> {
    pub(super) fn searches(&mut self, searches: &[Search]) {
        self.ids(searches.iter().map(|search| &search.id));
        for search in searches {
            self.sentence(search.id.referenced, &search.title, &search.description);
            self.query(&search.query);
            search.columns.iter().for_each(|column| self.field(column, |_| true, "any field"));
            self.ensure(!search.columns.is_empty(), search.id.referenced, || {
                "a search shows at least one column".into()
            });
            search.filters.iter().for_each(|filter| self.filter(filter));
            if let Some(sort) = &search.sort {
                self.field(&sort.by, Kind::is_grouped, "values that have an order");
            }
            if let Some(link) = &search.link {
                self.field(link, Kind::is_grouped, "a value that can be found as a whole");
            }
        }
    }

    fn filter(&mut self, filter: &Filter) {
        match &filter.is {
            None => self.field(&filter.field, |kind| kind != Kind::Kept, "a field that can be searched"),
            Some(value) => {
                self.field(&filter.field, Kind::is_grouped, "a value that can be found as a whole");
                let fits = fields::kind(&filter.field.value).is_none_or(|kind| holds(kind, value));
                self.ensure(fits, filter.field.referenced, || format!("no value of {} is {value}", filter.field.value));
            }
        }
    }

    /// A query in Kibana's language.
    pub(super) fn query(&mut self, query: &Placed<String>) {
        match kql::parse(&query.value).and_then(|parsed| kql::query(&query.value).map(|_| parsed)) {
            Err(error) => self.say(query.referenced, error.to_string()),
            Ok(parsed) => parsed.conditions().into_iter().for_each(|condition| self.condition(query, condition)),
        }
    }

    fn condition(&mut self, query: &Placed<String>, condition: &Condition) {
        let field = Placed::new(condition.field.clone(), query.referenced, query.defined);
        let name = &condition.field;
        match &condition.test {
            Test::Range(_, bound) => {
                self.field(&field, Kind::is_ordered, "values that have an order");
                self.held(&field, bound);
            }
            Test::Phrase(value) | Test::Word(value) => {
                self.field(&field, |kind| kind != Kind::Kept, "a field that can be searched");
                self.held(&field, value);
            }
            Test::Truth(_) => self.field(&field, |kind| kind == Kind::Keyword, "a word"),
            Test::Exists | Test::Pattern(_) => {
                self.field(&field, |kind| kind != Kind::Kept, &format!("a field that can be searched, not {name}"));
            }
        }
    }

    fn held(&mut self, field: &Placed<String>, value: &str) {
        let fits = fields::kind(&field.value).is_none_or(|kind| holds(kind, value));
        self.ensure(fits, field.referenced, || format!("no value of {} is '{value}'", field.value));
    }
}

/// Whether a field of this kind can have, or can be compared to, this value.
fn holds(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Long | Kind::Integer => value.parse::<i64>().is_ok(),
        Kind::Ip => value.split('/').next().is_some_and(|address| address.parse::<IpAddr>().is_ok()),
        _ => !value.is_empty(),
    }
}
