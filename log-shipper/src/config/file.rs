//! The TOML file: keys with the names of the flags, and complaints that name the line.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, Command};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::given::SettingsFile;
use super::layers::{accept, is_list, is_switch};
use super::{Complaint, hint, regular, shown};

/// What a key of the file says.
pub(super) struct Entry {
    /// Its values.
    pub(super) texts: Vec<OsString>,
    /// The line of the key, from 1.
    pub(super) line: usize,
}

/// Reads a file. Every value in it is one that its setting takes, whatever the command at hand needs of it.
pub(super) fn read(settings: &Command, file: &SettingsFile) -> Result<BTreeMap<String, Entry>, Complaint> {
    let path = file.path.display();
    let text = regular::text(&file.path, regular::TEXT);
    let text = text.map_err(|what| Complaint::new(format!("{}: {path} {what}", file.origin.subject("config"))))?;
    entries(settings, &text)
        .map_err(|wrong| Complaint::new(format!("{path}:{}: {}", line(&text, wrong.at), wrong.said)))
}

/// What is wrong, and at which byte.
struct Wrong {
    at: usize,
    said: String,
}

fn entries(settings: &Command, text: &str) -> Result<BTreeMap<String, Entry>, Wrong> {
    let not_toml = |error: toml::de::Error| Wrong {
        at: error.span().map_or(0, |span| span.start),
        said: format!("this is not TOML: {}", error.message().replace('\n', ", ")),
    };
    let table = DeTable::parse(text).map_err(not_toml)?.into_inner();
    let mut entries = BTreeMap::new();
    for (key, value) in &table {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        let arg = settings.get_arguments().find(|arg| arg.get_long() == Some(name));
        let arg = arg.ok_or_else(|| Wrong { at, said: unknown(settings, name, value.get_ref()) })?;
        let unfit = |(at, said)| Wrong { at, said: format!("{name} has a value that cannot be used: {said}") };
        let texts = values(arg, value).map_err(unfit)?;
        entries.insert(name.to_owned(), Entry { texts, line: line(text, at) });
    }
    Ok(entries)
}

fn unknown(settings: &Command, name: &str, value: &DeValue<'_>) -> String {
    if value.is_table() {
        return format!("{} is a table: settings are plain keys", shown(name, "this"));
    }
    let refusal = settings.clone().try_get_matches_from([format!("--{name}=")]).err();
    let meant = refusal.as_ref().and_then(hint).map(|hint| hint.replace("--", ""));
    let hint = meant.map_or_else(|| "see `log-shipper --help`".into(), |meant| format!("is {meant} meant?"));
    format!("{} is not known: {hint}", shown(name, "a key"))
}

/// The values that a key has, each accepted; otherwise where one stands that is not, and what would be.
fn values(arg: &Arg, value: &Spanned<DeValue<'_>>) -> Result<Vec<OsString>, (usize, String)> {
    let items = match value.get_ref() {
        DeValue::Array(items) if is_list(arg) => items.iter().collect(),
        DeValue::Array(_) => return Err((value.span().start, "expected one value, not a list".into())),
        _ => vec![value],
    };
    let one = |item: &Spanned<DeValue<'_>>| {
        let text = text(arg, item.get_ref()).and_then(|text| accept(arg, std::slice::from_ref(&text)).map(|()| text));
        text.map_err(|said| (item.span().start, said))
    };
    items.into_iter().map(one).collect()
}

fn text(arg: &Arg, value: &DeValue<'_>) -> Result<OsString, String> {
    match value {
        DeValue::String(text) => Ok(text.as_ref().into()),
        DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().into()),
        DeValue::Boolean(value) if is_switch(arg) => Ok(value.to_string().into()),
        _ if is_switch(arg) => Err("expected true or false".into()),
        _ => Err("expected a text in quotes, or a whole number where one is needed".into()),
    }
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at.min(text.len())];
    1 + memchr::memchr_iter(b'\n', before).count()
}
