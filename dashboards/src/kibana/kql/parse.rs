//! From a query's characters to what it asks for.

use super::literal::Literal;
use super::scanner::Scanner;
use super::{Comparison, Condition, Error, Query, Test};

/// Parentheses and `not` in each other.
const DEPTH_MAX: usize = 64;

/// Reads a query from its beginning to its end.
#[derive(Debug)]
pub(super) struct Parser {
    scanner: Scanner,
    depth: usize,
}

/// A field whose value comes next.
struct Field {
    name: String,
    at: usize,
}

/// What stands between `and` and `or`: parts of a query, or values of a field.
type Part<'a> = &'a dyn Fn(&mut Parser) -> Result<Query, Error>;

impl Parser {
    pub(super) fn new(text: &str) -> Self {
        Self { scanner: Scanner::new(text), depth: 0 }
    }

    pub(super) fn query(mut self) -> Result<Query, Error> {
        self.scanner.space();
        if self.scanner.peek().is_none() {
            return Ok(Query::All);
        }
        let query = self.alternatives(&Self::part)?;
        self.scanner.space();
        match self.scanner.peek() {
            None => Ok(query),
            Some(_) => Err(self.scanner.error("only `and`, `or` or the end can follow")),
        }
    }

    /// One or more conjunctions with `or` between them.
    fn alternatives(&mut self, part: Part<'_>) -> Result<Query, Error> {
        let mut parts = vec![self.conjunction(part)?];
        while self.word("or") {
            parts.push(self.conjunction(part)?);
        }
        Ok(single(parts, Query::Or))
    }

    /// One or more parts with `and` between them.
    fn conjunction(&mut self, part: Part<'_>) -> Result<Query, Error> {
        let mut parts = vec![self.maybe_not(part)?];
        while self.word("and") {
            parts.push(self.maybe_not(part)?);
        }
        Ok(single(parts, Query::And))
    }

    fn maybe_not(&mut self, part: Part<'_>) -> Result<Query, Error> {
        if !self.scanner.has_word(0, "not") {
            return part(self);
        }
        self.scanner.at += "not".len();
        self.scanner.space();
        Ok(Query::Not(Box::new(part(self)?)))
    }

    /// A word between spaces; if there is none, nothing is passed.
    fn word(&mut self, word: &str) -> bool {
        let before = self.scanner.at;
        let found = self.scanner.space() && self.scanner.has_word(0, word);
        self.scanner.at = if found { self.scanner.at + word.len() } else { before };
        found && self.scanner.space()
    }

    fn part(&mut self) -> Result<Query, Error> {
        if self.scanner.take('(') { self.group(&Self::part) } else { self.condition() }
    }

    /// What is between parentheses, the first of which is passed.
    fn group(&mut self, part: Part<'_>) -> Result<Query, Error> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.scanner.error("there are too many parentheses in each other"));
        }
        self.scanner.space();
        let query = self.alternatives(part)?;
        self.scanner.space();
        self.depth -= 1;
        if self.scanner.take(')') { Ok(query) } else { Err(self.scanner.error("the closing ) is missing")) }
    }

    fn condition(&mut self) -> Result<Query, Error> {
        let literal = Literal::read(&mut self.scanner, "a field")?;
        self.scanner.space();
        let comparison = self.comparison();
        if comparison.is_none() && !self.scanner.take(':') {
            return Err(Error { at: literal.at, what: "a value needs its field before it: `field: value`".into() });
        }
        let field = Field { at: literal.at, name: literal.name()? };
        self.scanner.space();
        match comparison {
            Some(comparison) => {
                let bound = Literal::read(&mut self.scanner, "a value")?.bound()?;
                Ok(field.is(Test::Range(comparison, bound)))
            }
            None if self.scanner.peek() == Some('{') => Err(self.scanner.error("no field of ours is nested")),
            None => self.value(&field),
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let greater = self.scanner.take('>');
        if !greater && !self.scanner.take('<') {
            return None;
        }
        Some(match (greater, self.scanner.take('=')) {
            (true, false) => Comparison::Greater,
            (true, true) => Comparison::GreaterOrEqual,
            (false, false) => Comparison::Less,
            (false, true) => Comparison::LessOrEqual,
        })
    }

    /// A value, or several of them between parentheses.
    fn value(&mut self, field: &Field) -> Result<Query, Error> {
        if self.scanner.take('(') {
            return self.group(&|parser| parser.value(field));
        }
        Literal::read(&mut self.scanner, "a value").and_then(Literal::test).map(|test| field.is(test))
    }
}

impl Field {
    fn is(&self, test: Test) -> Query {
        Query::Is(Condition { field: self.name.clone(), at: self.at, test })
    }
}

fn single(mut parts: Vec<Query>, several: fn(Vec<Query>) -> Query) -> Query {
    if parts.len() > 1 { several(parts) } else { parts.remove(0) }
}
