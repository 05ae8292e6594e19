//! Kibana's query language, as far as our searches use it, and the Elasticsearch query that Kibana makes of it.
//!
//! Understood: `and`, `or`, `not`, parentheses, `field: word`, `field: "several words"`, `field: (a or "b")`, `field: wo*d`,
//! `field: *` (it has any value) and `field > 5` with its kin. All else is an error with its place, also what Kibana would
//! take: values without a field, several words without quotes, nested fields and wildcards in names. The grammar and what
//! becomes of it are those of Kibana's `@kbn/es-query`, which OpenSearch Dashboards shares (there it is called DQL).

mod literal;
mod parse;
mod scanner;
mod translate;

use std::fmt;

use serde_json::Value;

/// What a query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Everything: the query is empty.
    All,
    /// What all of these find.
    And(Vec<Self>),
    /// What one of these finds.
    Or(Vec<Self>),
    /// What this does not find.
    Not(Box<Self>),
    /// What a field has.
    Is(Condition),
}

/// What one field has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field's name.
    pub field: String,
    /// Where it stands, in characters from 1.
    pub at: usize,
    /// What is asked of it.
    pub test: Test,
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It has any value.
    Exists,
    /// It has this value; a text has these words, one after the other.
    Phrase(String),
    /// It has this value; a text has this word.
    Word(String),
    /// It is true, or false.
    Truth(bool),
    /// It begins, goes on and ends with these, with anything between them.
    Pattern(Vec<String>),
    /// It compares so to this value.
    Range(Comparison, String),
}

/// How a value compares to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Where, in characters from 1; one more than there are if something is missing at the end.
    pub at: usize,
    /// What, and what would be right.
    pub what: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {} of the query: {}", self.at, self.what)
    }
}

impl std::error::Error for Error {}

/// Reads a query.
///
/// # Errors
/// It is none, or has what is not understood here.
pub fn parse(text: &str) -> Result<Query, Error> {
    parse::Parser::new(text).query()
}

/// The Elasticsearch query that Kibana makes of a query in its own language, for a data view with our fields.
///
/// # Errors
/// It is none, or has what is not understood here.
pub fn query(text: &str) -> Result<Value, Error> {
    translate::query(&parse(text)?)
}

impl Query {
    /// Each field's condition, in the order in which they stand.
    #[must_use]
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::All => Vec::new(),
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::conditions).collect(),
            Self::Not(part) => part.conditions(),
            Self::Is(condition) => vec![condition],
        }
    }
}
