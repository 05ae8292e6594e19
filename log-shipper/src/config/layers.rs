//! Of flag, variable, file and default, the first that gives a setting.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, Command};

use super::file::{self, Entry};
use super::{Complaint, Given, Origin, accepted};

/// Settings whose several values stand on lines of their own in a variable, because a comma may be part of one.
const BY_LINE: [&str; 2] = ["files", "mask"];

/// A setting as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The name of its flag, without the dashes.
    pub name: String,
    /// Its values; none if it has none, several only where it may be repeated.
    pub texts: Vec<OsString>,
    /// Where they came from.
    pub origin: Origin,
}

/// All settings as texts, in the order of the help.
#[derive(Clone, Debug, Default)]
pub struct Effective(Vec<Value>);

impl Effective {
    pub(super) fn merge(settings: &Command, given: &Given) -> Result<Self, Complaint> {
        let in_file = given.file.as_ref().map(|file| file::read(settings, file)).transpose()?.unwrap_or_default();
        settings.get_arguments().map(|arg| value(arg, given, &in_file)).collect::<Result<_, _>>().map(Self)
    }

    /// Each setting.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.iter()
    }

    /// Where a setting came from.
    #[must_use]
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.0.iter().find(|value| value.name == name).map(|value| &value.origin)
    }

    /// The names of those whose values differ.
    pub(super) fn differing<'a>(&'a self, other: &Self) -> impl Iterator<Item = &'a str> {
        let same = |value: &&Value| !other.0.iter().any(|it| it.name == value.name && it.texts == value.texts);
        self.0.iter().filter(same).map(|value| value.name.as_str())
    }

    /// The same, where those that are not `changeable` stay as they were `before`.
    pub(super) fn with(mut self, before: &Self, changeable: &[&str]) -> Self {
        for (value, before) in self.0.iter_mut().zip(&before.0) {
            if !changeable.contains(&value.name.as_str()) {
                value.clone_from(before);
            }
        }
        self
    }

    /// The command line that says the same; `settings` is what they were merged for.
    pub(super) fn words(&self, settings: &Command) -> Vec<OsString> {
        settings.get_arguments().zip(&self.0).flat_map(|(arg, value)| words(arg, &value.texts)).collect()
    }
}

fn value(arg: &Arg, given: &Given, in_file: &BTreeMap<String, Entry>) -> Result<Value, Complaint> {
    let name = arg.get_long().unwrap_or_default().to_owned();
    let variable = Given::variable(&name);
    let (texts, origin) = if let Some(texts) = given.flags.get(&name) {
        (texts.clone(), Origin::Flag)
    } else if let Some(text) = given.environment.get(&variable) {
        let unfit = |said| Complaint::new(format!("{variable} has a value that cannot be used: {said}"));
        let texts = split(arg, &name, text);
        accept(arg, &texts).map_err(unfit)?;
        (texts, Origin::Variable(variable))
    } else if let (Some(entry), Some(file)) = (in_file.get(&name), &given.file) {
        (entry.texts.clone(), Origin::File(file.path.clone(), entry.line))
    } else {
        (arg.get_default_values().iter().map(|text| text.as_os_str().to_owned()).collect(), Origin::Default)
    };
    Ok(Value { name, texts, origin })
}

/// Whether a setting may be given more than once.
pub(super) fn is_list(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

/// Whether a setting is on or off.
pub(super) fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

fn split(arg: &Arg, name: &str, text: &OsStr) -> Vec<OsString> {
    let separator = if BY_LINE.contains(&name) { '\n' } else { ',' };
    match text.to_str() {
        Some(text) if is_list(arg) => {
            text.split(separator).map(str::trim).filter(|part| !part.is_empty()).map(OsString::from).collect()
        }
        _ => vec![text.to_owned()],
    }
}

/// Whether a setting takes these values; what it takes instead, if not.
pub(super) fn accept(arg: &Arg, texts: &[OsString]) -> Result<(), String> {
    if is_switch(arg) && !texts.iter().all(|text| text == "true" || text == "false") {
        return Err("expected true or false".into());
    }
    let alone = Command::new("").no_binary_name(true).arg(arg.clone());
    let words = words(arg, texts).collect::<Vec<_>>();
    alone.try_get_matches_from(words).map(drop).map_err(|error| accepted(&error))
}

/// The words of a command line that give a setting these values.
fn words<'a>(arg: &'a Arg, texts: &'a [OsString]) -> impl Iterator<Item = OsString> + 'a {
    let flag = ["--", arg.get_long().unwrap_or_default()].concat();
    texts.iter().filter(|text| !is_switch(arg) || *text == "true").map(move |text| {
        let mut word = OsString::from(&flag);
        if !is_switch(arg) {
            word.push("=");
            word.push(text);
        }
        word
    })
}
