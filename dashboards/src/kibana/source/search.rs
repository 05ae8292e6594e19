//! What is looked for often.

use serde::Deserialize;

use super::Placed;

/// A saved search.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What links know it by.
    pub id: Placed<String>,
    /// What people know it by.
    pub title: String,
    /// What it finds, in a sentence.
    pub description: String,
    /// In Kibana's query language.
    pub query: Placed<String>,
    /// The field that a link to this search gives a value, instead of the query.
    pub link: Option<Placed<String>>,
    /// The fields that are shown beside the time.
    pub columns: Vec<Placed<String>>,
    /// The order; the newest first if nothing is said.
    pub sort: Option<Sort>,
    /// What can be switched on and off above the list.
    #[serde(default)]
    pub filters: Vec<Filter>,
}

/// An order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// By the values of this field.
    pub by: Placed<String>,
    /// From the greatest on.
    #[serde(default)]
    pub descending: bool,
}

/// A condition apart from the query.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What people know it by.
    pub label: String,
    /// Whose value it is about.
    pub field: Placed<String>,
    /// The value; any if none is said.
    pub is: Option<String>,
    /// Finds what is not so.
    #[serde(default)]
    pub not: bool,
    /// Switched off at first.
    #[serde(default)]
    pub off: bool,
}
