//! What an expression of `PromQL` asks for: series by name, and labels that they have to have.

use std::collections::BTreeSet;

use anyhow::anyhow;
use promql_parser::parser::{self, AggregateExpr, Expr, LabelModifier, VectorSelector};

/// Labels that a series of one of these names has to have.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub metrics: BTreeSet<String>,
    pub labels: BTreeSet<String>,
}

/// All that an expression wants: for each selector its name and the labels that it compares, for each aggregation the labels
/// by which it is done.
pub fn wanted(expression: &str) -> anyhow::Result<Vec<Wanted>> {
    let parsed = parser::parse(expression).map_err(|error| anyhow!("{expression}: {error}"))?;
    let mut wanted = Vec::new();
    collect(&parsed, &mut wanted);
    Ok(wanted)
}

fn collect(expression: &Expr, wanted: &mut Vec<Wanted>) {
    if let Expr::VectorSelector(selector) = expression {
        wanted.push(of_selector(selector));
    }
    if let Expr::MatrixSelector(matrix) = expression {
        wanted.push(of_selector(&matrix.vs));
    }
    if let Expr::Aggregate(AggregateExpr { expr, modifier: Some(LabelModifier::Include(labels)), .. }) = expression {
        let made = made(expr);
        let labels = labels.labels.iter().filter(|label| !made.contains(*label)).cloned().collect();
        wanted.push(Wanted { metrics: metrics(expr), labels });
    }
    for part in parts(expression) {
        collect(part, wanted);
    }
}

fn of_selector(selector: &VectorSelector) -> Wanted {
    let matchers = &selector.matchers.matchers;
    let named = matchers.iter().find(|matcher| matcher.name == "__name__").map(|matcher| matcher.value.clone());
    let labels = matchers.iter().filter(|matcher| matcher.name != "__name__").map(|matcher| matcher.name.clone());
    Wanted { metrics: selector.name.clone().or(named).into_iter().collect(), labels: labels.collect() }
}

fn metrics(expression: &Expr) -> BTreeSet<String> {
    let mut wanted = Vec::new();
    collect(expression, &mut wanted);
    wanted.into_iter().flat_map(|wanted| wanted.metrics).collect()
}

/// Labels that no series has, and that the expression makes.
fn made(expression: &Expr) -> BTreeSet<String> {
    let own = match expression {
        Expr::Call(call) if ["label_replace", "label_join"].contains(&call.func.name) => call.args.args.get(1),
        _ => None,
    };
    let own = own
        .and_then(|argument| if let Expr::StringLiteral(text) = &**argument { Some(text.val.clone()) } else { None });
    own.into_iter().chain(parts(expression).into_iter().flat_map(made)).collect()
}

fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Aggregate(aggregate) => {
            [Some(&aggregate.expr), aggregate.param.as_ref()].into_iter().flatten().map(|part| &**part).collect()
        }
        Expr::Unary(unary) => vec![&unary.expr],
        Expr::Binary(binary) => vec![&binary.lhs, &binary.rhs],
        Expr::Paren(paren) => vec![&paren.expr],
        Expr::Subquery(subquery) => vec![&subquery.expr],
        Expr::Call(call) => call.args.args.iter().map(|argument| &**argument).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn names_labels_and_groups_are_found_in_all_parts() -> anyhow::Result<()> {
    let made = r#"sum by (via, job) (label_replace(up, "via", "$1", "job", "(.+)"))"#;
    let [group, selector] = &wanted(made)?[..] else { panic!("two parts") };
    assert!(group.labels.len() == 1 && selector.labels.is_empty(), "{group:?}");
    let expression = r#"sum by (via) (rate(a_total{job=~"x"}[5m])) / on (via) max_over_time(b{c="d"}[1h:1m]) > bool 2"#;
    let mut found = wanted(expression)?;
    found.sort();
    let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
    let wanted = |metric: &str, label: &str| Wanted { metrics: set(&[metric]), labels: set(&[label]) };
    assert_eq!(found, [wanted("a_total", "job"), wanted("a_total", "via"), wanted("b", "c")]);
    Ok(())
}
