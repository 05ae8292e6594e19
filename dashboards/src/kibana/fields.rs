//! The fields that can be searched: those of the index template that `log-shipper setup` puts in place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A time.
    Date,
    /// A word or a name, found as a whole.
    Keyword,
    /// Sentences, found by their words.
    Text,
    /// A whole number of 64 bits.
    Long,
    /// A whole number of 32 bits.
    Integer,
    /// An address.
    Ip,
    /// Names and values that others choose: the field's name goes on behind a dot.
    Labels,
    /// Kept, and never searched.
    Kept,
}

static FIELDS: LazyLock<BTreeMap<String, Kind>> = LazyLock::new(|| {
    let file = include_str!("../../../log-shipper/setup/fields.json");
    serde_json::from_str(file).expect("the file is part of the program, and each kind in it has a name here")
});

/// What the field of this name holds; none if there is no such field.
#[must_use]
pub fn kind(name: &str) -> Option<Kind> {
    FIELDS.get(name).copied().or_else(|| labelled(name).then_some(Kind::Labels))
}

/// Every field, by its name.
#[must_use]
pub fn all() -> &'static BTreeMap<String, Kind> {
    &FIELDS
}

/// The names that are most like this one, for who mistyped it.
#[must_use]
pub fn like(name: &str) -> Vec<&'static str> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let alike = |known: &&str| known.contains(last) || known.split('.').any(|part| part == name);
    FIELDS.keys().map(String::as_str).filter(alike).take(5).collect()
}

fn labelled(name: &str) -> bool {
    let of_labels = |(known, kind): (&String, &Kind)| {
        let rest = name.strip_prefix(known.as_str()).and_then(|rest| rest.strip_prefix('.'));
        *kind == Kind::Labels && rest.is_some_and(|rest| !rest.is_empty())
    };
    FIELDS.iter().any(of_labels)
}

impl Kind {
    /// Whether values can be counted, ordered and grouped.
    #[must_use]
    pub const fn is_grouped(self) -> bool {
        matches!(self, Self::Date | Self::Keyword | Self::Long | Self::Integer | Self::Ip)
    }

    /// Whether it is a number.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Long | Self::Integer)
    }

    /// Whether values can be compared.
    #[must_use]
    pub const fn is_ordered(self) -> bool {
        matches!(self, Self::Date | Self::Long | Self::Integer | Self::Ip)
    }
}
