//! The fields of a form or a JSON object that a route allows onto its line.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::small_integer;

/// How an allowed field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// As it is, whatever the answer: the text of a message, without which nobody could send the request again from its
    /// line.
    Text,
    /// As an integer, if it is one of at most ten digits.
    Integer,
    /// As it is if a user has that name or address, else as a keyed hash.
    Name,
    /// Never; the key stays, so that the line tells that the field was there.
    Secret,
}

/// A type that is read from a form or a JSON object, and says which of its fields a line may have.
///
/// It is implemented next to the type. A field that is not in the list is silent, its name too: a new field stays so
/// until someone allows it.
pub trait Logged {
    /// The fields by their names on the wire, in the order in which the line has them.
    const FIELDS: &'static [(&'static str, Show)];
}

/// A field's value as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Shown.
    Text(String),
    /// Shown.
    Integer(i64),
    /// Shown if confirmed by the time the line is written, else as a keyed hash.
    Name(String),
    /// Shown as `[redacted]`.
    Secret,
}

/// The allowed fields of a parsed form.
///
/// A key that came twice is ambiguous (which one did the route read?), so neither of its values is shown.
pub fn form<'a>(
    pairs: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    fields: &[(&'static str, Show)],
) -> Vec<(&'static str, Shown)> {
    let mut found = vec![None; fields.len()];
    for (key, value) in pairs {
        if let Some(at) = fields.iter().position(|(name, _)| *name == key) {
            found[at] = Some(if found[at].is_none() { shown(value, fields[at].1) } else { Shown::Secret });
        }
    }
    fields.iter().zip(found).filter_map(|((name, _), value)| Some((*name, value?))).collect()
}

/// The allowed fields of a parsed JSON object. A value of another type than the field's is not shown.
#[must_use]
pub fn json(object: &Map<String, Value>, fields: &[(&'static str, Show)]) -> Vec<(&'static str, Shown)> {
    let value_of = |value: &Value, show| match (value, show) {
        (Value::String(text), Show::Text | Show::Name) => shown(Cow::Borrowed(text), show),
        (Value::Number(number), Show::Integer) => shown(Cow::Owned(number.to_string()), show),
        _ => Shown::Secret,
    };
    fields.iter().filter_map(|(name, show)| Some((*name, value_of(object.get(*name)?, *show)))).collect()
}

fn shown(value: Cow<'_, str>, show: Show) -> Shown {
    match show {
        Show::Text => Shown::Text(value.into_owned()),
        Show::Name => Shown::Name(value.into_owned()),
        Show::Integer => small_integer(&value).map_or(Shown::Secret, Shown::Integer),
        Show::Secret => Shown::Secret,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[(&str, Show)] =
        &[("username", Show::Name), ("text", Show::Text), ("no", Show::Integer), ("pwd", Show::Secret)];

    fn of_form(body: &str) -> Vec<(&'static str, Shown)> {
        form(form_urlencoded::parse(body.as_bytes()), FIELDS)
    }

    fn of_json(body: &str) -> Vec<(&'static str, Shown)> {
        json(&serde_json::from_str(body).unwrap(), FIELDS)
    }

    #[test]
    fn a_form_shows_its_allowed_fields_in_their_order() {
        assert_eq!(
            of_form("pwd=x&text=hi+there&username=ada&no=3&token=y"),
            [
                ("username", Shown::Name("ada".into())),
                ("text", Shown::Text("hi there".into())),
                ("no", Shown::Integer(3)),
                ("pwd", Shown::Secret),
            ]
        );
    }

    #[test]
    fn keys_are_known_letter_by_letter_after_decoding() {
        assert_eq!(of_form("TEXT=x&%74ext=y&text%00=z"), [("text", Shown::Text("y".into()))]);
        assert_eq!(of_form("{\"pwd\":\"x\"}"), []);
    }

    #[test]
    fn a_key_that_comes_twice_is_not_shown() {
        assert_eq!(of_form("text=a&text=b&text=c"), [("text", Shown::Secret)]);
    }

    #[test]
    fn a_json_value_of_another_type_is_not_shown() {
        assert_eq!(
            of_json(r#"{"text":["x"],"username":{"a":"x"},"no":"x","pwd":12345}"#),
            [("username", Shown::Secret), ("text", Shown::Secret), ("no", Shown::Secret), ("pwd", Shown::Secret)]
        );
        assert_eq!(of_json(r#"{"no":9876543210123}"#), [("no", Shown::Secret)]);
        assert_eq!(of_json(r#"{"\u0070wd":"x","inner":{"text":"x"}}"#), [("pwd", Shown::Secret)]);
    }
}
