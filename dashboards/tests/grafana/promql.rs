//! Every query of Prometheus can be read, with whatever is chosen at the top.

use dashboards::grafana::{self, DataSource, Query, SAMPLES, fill};
use promql_parser::parser;

use crate::board::sources;

fn all(source: DataSource, mut check: impl FnMut(&Query)) {
    for dashboard in sources() {
        let queries = grafana::queries(&dashboard).into_iter().chain(grafana::hidden_queries(&dashboard));
        queries.filter(|query| query.source == source).for_each(|query| check(&query));
    }
}

#[test]
fn every_query_is_read_by_a_parser_of_prometheus_language() {
    let mut count = 0;
    all(DataSource::Prometheus, |query| {
        let parsed = parser::parse(&fill(&query.text, &SAMPLES));
        assert!(parsed.is_ok(), "{}/{:?}: {}\n{}", query.dashboard, query.origin, parsed.unwrap_err(), query.text);
        count += 1;
    });
    assert!(count > 150, "only {count} queries");
}

#[test]
fn every_query_is_read_whatever_is_chosen() {
    let chosen = [
        ("job", "(minitwit-web|minitwit-api)"),
        ("instance", r"10\\.0\\.1\\.7:9000"),
        ("route", r"(/|/\\{username\\}/follow)"),
    ];
    all(DataSource::Prometheus, |query| {
        let text = fill(&fill(&query.text, &chosen), &SAMPLES);
        assert!(parser::parse(&text).is_ok(), "{text}");
    });
}

#[test]
fn every_variable_of_a_query_is_filled() {
    all(DataSource::Prometheus, |query| {
        let text = fill(&query.text, &SAMPLES).replace("${1}xx", "");
        assert!(!text.contains('$'), "{}/{:?}: {text}", query.dashboard, query.origin);
    });
}
