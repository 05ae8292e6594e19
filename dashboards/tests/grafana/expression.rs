//! An expression of Prometheus with Grafana's variables filled in, and its selectors with the functions around them.

use std::time::Duration;

use dashboards::grafana::fill;
use promql_parser::parser::{self, Call, Expr, VectorSelector};

/// Values by which a variable is known again after it was filled in.
pub const JOB: &str = "every job";
pub const INSTANCE: &str = "every instance";
pub const RATE_INTERVAL: Duration = Duration::from_secs(4 * 60 + 3);
const VALUES: [(&str, &str); 6] = [
    ("job", JOB),
    ("instance", INSTANCE),
    ("route", "every route"),
    ("__rate_interval", "4m3s"),
    ("__interval", "1m1s"),
    ("__range", "3h7s"),
];

/// A selector with what stands around it.
pub struct Seen<'a> {
    pub name: &'a str,
    pub selector: &'a VectorSelector,
    /// The range in brackets, if there is one.
    pub range: Option<Duration>,
    /// The functions that it is within, innermost first.
    pub functions: Vec<&'static str>,
}

impl Seen<'_> {
    /// The values of a label's matchers.
    pub fn matchers(&self, label: &str) -> Vec<&str> {
        let found = self.selector.matchers.matchers.iter().filter(|matcher| matcher.name == label);
        found.map(|matcher| matcher.value.as_str()).collect()
    }

    /// Whether a rule of Prometheus has made it: such a series has only the labels of its level.
    pub fn recorded(&self) -> bool {
        self.name.contains(':')
    }
}

/// The expression, or why it is none.
pub fn parse(text: &str) -> Result<Expr, String> {
    parser::parse(&fill(text, &VALUES))
}

/// Every selector of an expression.
pub fn selectors(expression: &Expr) -> Vec<Seen<'_>> {
    let mut seen = Vec::new();
    look(expression, &mut Vec::new(), &mut seen);
    seen
}

fn look<'a>(expression: &'a Expr, functions: &mut Vec<&'static str>, seen: &mut Vec<Seen<'a>>) {
    match expression {
        Expr::Aggregate(aggregate) => look(&aggregate.expr, functions, seen),
        Expr::Unary(unary) => look(&unary.expr, functions, seen),
        Expr::Binary(binary) => [&binary.lhs, &binary.rhs].into_iter().for_each(|side| look(side, functions, seen)),
        Expr::Paren(paren) => look(&paren.expr, functions, seen),
        Expr::Subquery(subquery) => look(&subquery.expr, functions, seen),
        Expr::VectorSelector(selector) => seen.push(saw(selector, None, functions)),
        Expr::MatrixSelector(matrix) => seen.push(saw(&matrix.vs, Some(matrix.range), functions)),
        Expr::Call(call) => within(call, functions, seen),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

fn within<'a>(call: &'a Call, functions: &mut Vec<&'static str>, seen: &mut Vec<Seen<'a>>) {
    functions.push(call.func.name);
    call.args.args.iter().for_each(|argument| look(argument, functions, seen));
    functions.pop();
}

fn saw<'a>(selector: &'a VectorSelector, range: Option<Duration>, functions: &[&'static str]) -> Seen<'a> {
    let functions = functions.iter().rev().copied().collect();
    Seen { name: selector.name.as_deref().unwrap_or_default(), selector, range, functions }
}
