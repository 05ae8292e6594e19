//! A source with a mistake is refused with the line, and with what would be right.

use std::fs;

use dashboards::kibana;

use crate::exports::folder;

fn text() -> String {
    fs::read_to_string(folder().join(kibana::SOURCE)).unwrap()
}

/// What is said of the source after one replacement, and the line of what is there instead.
fn said(right: &str, wrong: &str) -> (String, usize) {
    let good = text();
    let (before, _) = good.split_once(right).unwrap_or_else(|| panic!("{right}"));
    let error = kibana::parse(&good.replacen(right, wrong, 1)).expect_err(wrong);
    (format!("{error:?}"), before.lines().count().max(1) + usize::from(before.ends_with('\n')))
}

#[test]
fn an_unknown_name_is_refused_with_those_that_there_are() {
    for (right, wrong, accepted) in [
        ("searches:\n", "serches:\n", "data_view"),
        ("    title: All transactions", "    titel: All transactions", "description"),
        ("      show: { search: minitwit-errors }", "      show: { serch: minitwit-errors }", "counts"),
        ("format: bytes", "format: octets", "nanoseconds"),
        ("of: documents", "of: document", "distinct"),
        ("  refresh_seconds: 30", "  refresh: 30", "refresh_seconds"),
        (
            "    sort: { by: event.duration, descending: true }",
            "    sort: { by: event.duration, order: desc }",
            "descending",
        ),
    ] {
        let (error, line) = said(right, wrong);
        assert!(error.contains(accepted), "{error}");
        assert!(error.contains(&format!("line {line}")) || error.contains(&format!(":{line}:")), "{line}: {error}");
    }
}

#[test]
fn a_mistake_is_refused_with_its_line_and_what_would_be_right() {
    for (right, wrong, what) in [
        ("      - user.name\n", "      - user.nickname\n", "no document has a field user.nickname"),
        ("      - minitwit.redirect\n", "      - redirect\n", "like it: minitwit.redirect"),
        ("event.duration > 300000000'", "event.duration > fast'", "no value of event.duration is 'fast'"),
        ("event.duration > 300000000'", "message > 300000000'", "wanted values that have an order"),
        ("'http.request.id: *'", "'http.request.id *'", "at character 1 of the query"),
        ("'http.request.id: *'", "'event.original: *'", "not event.original"),
        ("'http.request.id: *'", "'client.ip: home'", "no value of client.ip is 'home'"),
        ("by: event.duration", "by: message", "values that have an order"),
        ("  - id: minitwit-slow", "  - id: minitwit-errors", "is there twice"),
        ("  - id: minitwit-slow", "  - id: MiniTwit Slow", "lower-case letters"),
        ("search: minitwit-shipper", "search: minitwit-shippers", "there is no search minitwit-shippers"),
        ("leads_to: minitwit-request", "leads_to: minitwit-requests", "there are minitwit-address"),
        ("{ field: event.duration, label: Duration", "{ field: user.name, label: Duration", "wanted a number"),
        ("rows: [{ field: client.ip,", "rows: [{ field: message,", "values that can be grouped"),
        ("distinct: client.ip", "distinct: error.message", "values that can be told apart"),
        ("of: event.duration, percent: 50", "of: minitwit.route, percent: 50", "wanted a number"),
        ("percent: 50", "percent: 100", "from 1 to 99"),
        ("most: 25", "most: 1000", "from 1 to 100 rows"),
        ("label: Address, most: 20", "label: Address, most: 20, rest: true", "only where values are words"),
        ("colour: \"#54b399\"", "colour: green", "a colour is #rrggbb"),
        ("{ from: 200, to: 299", "{ from: 200, to: 350", "do not meet"),
        ("label: 3xx", "label: 2xx", "there twice"),
        ("[the shipper]({minitwit-shipper})", "[the shipper]({minitwit-sink})", "there is no search minitwit-sink"),
        ("time: \"@timestamp\"", "time: event.duration", "wanted a time"),
        (
            "    - { field: user.name, label: User }",
            "    - { field: message, label: User }",
            "values that can be chosen",
        ),
        ("description: Links to the searches.", "description: Links to the searches", "ends with a full stop"),
        ("refresh_seconds: 30", "refresh_seconds: 1", "asks again after"),
        ("- id: guide", "- id: filters", "the controls become"),
        ("is: api, off", "is: \"\", off", "no value of minitwit.via is"),
    ] {
        let (error, line) = said(right, wrong);
        let told = error.lines().find(|told| told.contains(what)).unwrap_or_else(|| panic!("not '{what}' but {error}"));
        let (_, numbers) = told.split_once("line ").unwrap_or_else(|| panic!("{error}"));
        let told_line: usize = numbers.split(',').next().unwrap().parse().unwrap();
        // Of what belongs together, the line of its name is told.
        assert!((line.saturating_sub(10)..=line + 1).contains(&told_line), "{told_line}, not {line}: {error}");
    }
}

#[test]
fn a_mistake_in_a_query_is_at_the_querys_own_line() {
    let (error, line) = said("'http.request.id: *'", "'http.request.id *'");
    assert!(error.contains(&format!("line {line}, column 12: at character 1 of the query: ")), "{error}");
}

#[test]
fn panels_that_meet_or_leave_the_grid_are_refused() {
    let (error, _) = said("at: { x: 24, y: 5, w: 24, h: 12 }", "at: { x: 23, y: 5, w: 24, h: 12 }");
    assert!(error.contains("the panel lies over status-classes"), "{error}");
    let (error, _) = said("at: { x: 24, y: 5, w: 24, h: 12 }", "at: { x: 25, y: 5, w: 24, h: 12 }");
    assert!(error.contains("ends at column 48"), "{error}");
    let (error, _) = said("at: { x: 24, y: 5, w: 24, h: 12 }", "at: { x: 4294967295, y: 5, w: 24, h: 12 }");
    assert!(error.contains("ends at column 48"), "{error}");
    let (error, _) = said("at: { x: 24, y: 5, w: 24, h: 12 }", "at: { x: 24, y: 5, w: 24, h: 0 }");
    assert!(error.contains("a width and a height"), "{error}");
}

#[test]
fn a_search_that_the_dashboard_does_not_lead_to_is_refused() {
    let (error, _) = said("[redirects]({minitwit-redirects})", "redirects");
    assert!(error.contains("no panel of the dashboard shows minitwit-redirects"), "{error}");
}

#[test]
fn all_mistakes_are_told_at_once_in_their_order() {
    let bad = text().replacen("      - user.name\n", "      - user.nickname\n", 1).replacen("most: 25", "most: 0", 1);
    let error = format!("{:?}", kibana::parse(&bad).unwrap_err());
    let (first, second) = (error.find("user.nickname").unwrap(), error.find("from 1 to 100 rows").unwrap());
    assert!(first < second, "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = format!("{:?}", kibana::read(&folder().join("nothing.yml")).unwrap_err());
    assert!(error.contains("nothing.yml"), "{error}");
}
