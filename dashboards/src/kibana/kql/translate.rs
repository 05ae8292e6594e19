//! From what a query asks for to the query that Elasticsearch is sent.

use serde_json::{Value, json};

use super::{Comparison, Condition, Error, Query, Test};
use crate::kibana::fields::{self, Kind};

/// What `query_string` and `wildcard` take as more than themselves.
const RESERVED: &str = "+-=&|><!(){}[]^\"~*?:\\/";

pub(super) fn query(query: &Query) -> Result<Value, Error> {
    let all = |parts: &[Query]| parts.iter().map(self::query).collect::<Result<Vec<_>, _>>();
    Ok(match query {
        Query::All => json!({ "match_all": {} }),
        Query::And(parts) => json!({ "bool": { "filter": all(parts)? } }),
        Query::Or(parts) => one_of(&all(parts)?),
        Query::Not(part) => json!({ "bool": { "must_not": self::query(part)? } }),
        Query::Is(condition) => one_of(&[condition.query()?]),
    })
}

fn one_of(parts: &[Value]) -> Value {
    json!({ "bool": { "should": parts, "minimum_should_match": 1 } })
}

impl Condition {
    fn query(&self) -> Result<Value, Error> {
        let Self { field, test, .. } = self;
        Ok(match test {
            Test::Exists => json!({ "exists": { "field": field } }),
            Test::Range(comparison, bound) => json!({ "range": { field: { comparison.name(): bound } } }),
            Test::Pattern(pieces) => self.pattern(pieces)?,
            Test::Phrase(text) => self.equals("match_phrase", &text.as_str().into()),
            Test::Word(text) => self.equals("match", &text.as_str().into()),
            Test::Truth(truth) => self.equals("match", &(*truth).into()),
        })
    }

    fn equals(&self, of_text: &str, value: &Value) -> Value {
        let field = &self.field;
        match fields::kind(field) {
            Some(Kind::Keyword) => json!({ "term": { field: { "value": value } } }),
            Some(Kind::Date) => json!({ "range": { field: { "gte": value, "lte": value } } }),
            _ => json!({ of_text: { field: value } }),
        }
    }

    fn pattern(&self, pieces: &[String]) -> Result<Value, Error> {
        let field = &self.field;
        let pattern = pieces.iter().map(|piece| escaped(piece)).collect::<Vec<_>>().join("*");
        match fields::kind(field) {
            Some(Kind::Keyword) => Ok(json!({ "wildcard": { field: { "value": pattern } } })),
            Some(Kind::Text) => Ok(json!({ "query_string": { "fields": [field], "query": pattern } })),
            _ => Err(Error {
                at: self.at,
                what: format!("{field} holds no words, so nothing in it can be left open by *"),
            }),
        }
    }
}

impl Comparison {
    const fn name(self) -> &'static str {
        match self {
            Self::Greater => "gt",
            Self::GreaterOrEqual => "gte",
            Self::Less => "lt",
            Self::LessOrEqual => "lte",
        }
    }
}

fn escaped(piece: &str) -> String {
    let escape = |c: char| RESERVED.contains(c).then_some('\\').into_iter().chain([c]);
    piece.chars().flat_map(escape).collect()
}
