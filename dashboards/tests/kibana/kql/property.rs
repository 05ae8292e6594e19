//! Any query that is spelled out is read as it was, and any text is read or refused.

use dashboards::kibana::kql::{self, Comparison, Condition, Query, Test};
use proptest::prelude::*;

/// A condition in the words of the language.
fn written(condition: &Condition) -> String {
    let Condition { field, test, .. } = condition;
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match test {
        Test::Exists => format!("{field}: *"),
        Test::Phrase(text) => format!("{field} : {}", quoted(text)),
        Test::Word(text) => format!("{field}:{text}"),
        Test::Truth(truth) => format!("{field}: {truth}"),
        Test::Pattern(pieces) => format!("{field}: {}", pieces.join("*")),
        Test::Range(comparison, bound) => {
            let sign = match comparison {
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
            };
            format!("{field} {sign} {}", quoted(bound))
        }
    }
}

/// A query in the words of the language, with all of its parentheses.
fn spelled(query: &Query) -> String {
    let all = |parts: &[Query], word: &str| parts.iter().map(spelled).collect::<Vec<_>>().join(word);
    match query {
        Query::All => String::new(),
        Query::And(parts) => format!("({})", all(parts, " and ")),
        Query::Or(parts) => format!("( {} )", all(parts, "  OR\n")),
        Query::Not(part) => format!("(not {})", spelled(part)),
        Query::Is(condition) => written(condition),
    }
}

fn without_places(query: Query) -> Query {
    let each = |parts: Vec<Query>| parts.into_iter().map(without_places).collect();
    match query {
        Query::All => Query::All,
        Query::And(parts) => Query::And(each(parts)),
        Query::Or(parts) => Query::Or(each(parts)),
        Query::Not(part) => Query::Not(Box::new(without_places(*part))),
        Query::Is(condition) => Query::Is(Condition { at: 0, ..condition }),
    }
}

fn condition() -> impl Strategy<Value = Query> {
    let word = || "[a-m][a-m0-9_/.-]{0,6}";
    let test = prop_oneof![
        Just(Test::Exists),
        any::<String>().prop_map(Test::Phrase),
        word().prop_map(Test::Word),
        any::<bool>().prop_map(Test::Truth),
        prop::collection::vec(word(), 2..4).prop_map(Test::Pattern),
        (
            any::<u64>(),
            prop::sample::select(vec![
                Comparison::Greater,
                Comparison::GreaterOrEqual,
                Comparison::Less,
                Comparison::LessOrEqual
            ])
        )
            .prop_map(|(bound, comparison)| Test::Range(comparison, bound.to_string())),
    ];
    ("[a-m]{1,5}(\\.[a-m]{1,5})?", test).prop_map(|(field, test)| Query::Is(Condition { field, at: 0, test }))
}

fn queries() -> impl Strategy<Value = Query> {
    condition().prop_recursive(4, 24, 4, |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several().prop_map(Query::And),
            several().prop_map(Query::Or),
            inner.clone().prop_map(|part| Query::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_spelled_out_is_read_as_it_was(query in queries()) {
        let text = spelled(&query);
        prop_assert_eq!(without_places(kql::parse(&text).unwrap()), query, "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place_within_it(text in ".{0,60}") {
        if let Err(error) = kql::query(&text) {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.at), "{error}");
        }
    }

    #[test]
    fn the_languages_own_signs_are_read_or_refused(words in prop::collection::vec(
        prop::sample::select(vec!["a", "user.name", ":", "(", ")", "and", "or", "not", " ", "\"", "*", "\\", "<", ">=", "{", "}", "5", "null"]), 0..25,
    )) {
        let text = words.concat();
        if let Err(error) = kql::query(&text) {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.at), "{error}");
        }
    }
}
