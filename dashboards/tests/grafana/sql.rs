//! SQL of panels reads the views of the reporting role, within the chosen time, and nothing else.

use dashboards::grafana::{self, DataSource, Kind, Origin, Query, expand};

use crate::board::sources;

/// What the role sees.
const VIEWS: [&str; 6] = ["totals", "totals_by_hour", "posts_by_hour", "posts_by_day", "authors", "simulator"];

fn all(mut check: impl FnMut(&Query)) {
    let mut count = 0;
    for dashboard in sources() {
        for query in grafana::queries(&dashboard).iter().filter(|query| query.source == DataSource::Postgres) {
            check(query);
            count += 1;
        }
    }
    assert!(count >= 18, "only {count} queries");
}

#[test]
fn sql_reads_only_the_views() {
    all(|query| {
        let words: Vec<_> = query.text.split_whitespace().collect();
        let reads = words
            .windows(2)
            .filter(|pair| ["FROM", "JOIN"].contains(&pair[0]))
            .map(|pair| pair[1].trim_end_matches([')', ',']));
        for read in reads.filter(|read| !read.starts_with('(') && !is_expression(read)) {
            assert!(VIEWS.contains(&read), "{:?} reads {read}", query.origin);
        }
        assert!(query.text.starts_with("SELECT ") && !query.text.contains(';'), "{:?}", query.origin);
        let writes = ["INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "GRANT", "SET", "CALL", "COPY", "INTO"];
        assert!(!words.iter().any(|word| writes.contains(&word.to_uppercase().as_str())), "{:?} writes", query.origin);
    });
}

/// `extract(epoch FROM now() - …)` reads no table.
fn is_expression(word: &str) -> bool {
    word.starts_with("now(")
}

#[test]
fn sql_over_time_keeps_to_the_chosen_time_and_is_in_order() {
    all(|query| {
        let Origin::Panel { kind, title, .. } = query.origin else { unreachable!() };
        if kind == Kind::TimeSeries {
            assert!(query.text.contains("$__timeFilter("), "{title}");
            assert!(query.text.contains(" time") && query.text.ends_with("ORDER BY time"), "{title}");
        }
    });
}

#[test]
fn every_macro_is_one_of_ours() {
    all(|query| {
        let sql = expand(&query.text, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 60)
            .unwrap_or_else(|error| panic!("{:?}: {error}", query.origin));
        assert!(!sql.contains('$'), "{sql}");
    });
}
