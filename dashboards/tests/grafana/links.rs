//! Every link leads somewhere: to a panel that exists, or to a search of Kibana's by fields that the log has.

use std::fs;
use std::path::Path;

use dashboards::kibana;
use serde_json::Value;

use crate::board::{boards, list, name, panels, sources, text};

/// The searches that Kibana is given.
fn searches() -> Vec<String> {
    let source = kibana::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("kibana").join(kibana::SOURCE)).unwrap();
    kibana::searches(&source).unwrap().into_iter().map(|search| search.id).collect()
}

fn urls(board: &Value) -> Vec<(String, &str)> {
    let mut urls = Vec::new();
    for panel in panels(board) {
        for pointer in ["/links", "/fieldConfig/defaults/links"] {
            urls.extend(list(panel, pointer).iter().map(|link| (name(panel), text(link, "/url"))));
        }
    }
    urls
}

#[test]
fn every_detail_is_a_panel_that_exists() {
    let boards = boards();
    for (panel, url) in boards.iter().flat_map(urls).filter(|(_, url)| url.starts_with("/d/")) {
        let (uid, query) = url["/d/".len()..].split_once('?').unwrap();
        let board = boards.iter().find(|board| text(board, "/uid") == uid);
        let board = board.unwrap_or_else(|| panic!("{panel} leads to {uid}, which is no dashboard"));
        let view = query.strip_prefix("viewPanel=").and_then(|query| query.split_once('&'));
        let id: u64 = view.map(|(id, _)| id.parse().unwrap()).unwrap();
        assert!(panels(board).iter().any(|panel| panel["id"] == id), "{panel} leads to {uid}/{id}, which is no panel");
        assert!(query.contains("&${__url_time_range}&"), "{panel} forgets the time");
    }
}

#[test]
fn a_choice_goes_along_only_where_it_can_be_made_too() {
    let sources = sources();
    let targets = |uid: &str| &sources.iter().find(|dashboard| dashboard.uid == uid).unwrap().targets;
    let mut apart = 0;
    for board in boards() {
        let here = text(&board, "/uid");
        let details: Vec<_> = urls(&board).into_iter().filter(|(_, url)| url.starts_with("/d/")).collect();
        let tops = list(&board, "/links").iter().map(|link| (here.to_owned(), text(link, "/url")));
        for (panel, url) in details.into_iter().chain(tops) {
            let uid = url["/d/".len()..].split('?').next().unwrap();
            let top = list(&board, "/links").iter().find(|link| text(link, "/url") == url);
            let all = top.map_or(url.ends_with("&${__all_variables}"), |link| link["includeVars"] == true);
            let alike = targets(here) == targets(uid);
            assert_eq!(all, alike, "{here}: {panel} leads to {url}");
            assert!(alike || url.ends_with("${prometheus:queryparam}"), "{here}: {panel} forgets what is asked: {url}");
            apart += usize::from(!alike);
        }
    }
    assert!(apart >= 6, "{apart}");
}

#[test]
fn every_dashboard_leads_to_all_others_at_the_same_time() {
    let boards = boards();
    for board in &boards {
        let links = list(board, "/links");
        assert_eq!(links.len(), boards.len() - 1);
        for other in boards.iter().filter(|other| other["uid"] != board["uid"]) {
            let link = links.iter().find(|link| link["title"] == other["title"]).unwrap();
            assert!(text(link, "/url").starts_with(&format!("/d/{}", text(other, "/uid"))));
            assert_eq!((&link["type"], &link["keepTime"]), (&Value::from("link"), &Value::from(true)));
        }
    }
}

#[test]
fn every_search_is_one_that_kibana_is_given() {
    let (boards, searches) = (boards(), searches());
    for (panel, url) in boards.iter().flat_map(urls).filter(|(_, url)| !url.starts_with("/d/")) {
        let rest =
            url.strip_prefix("${kibana}/app/discover#/view/").unwrap_or_else(|| panic!("{panel} leads to {url}"));
        let (search, state) = rest.split_once('?').unwrap();
        assert!(searches.iter().any(|known| known == search), "{panel} leads to {search}, which is no search");
        let time = "_g=(time:(from:'${__from:date:iso}',to:'${__to:date:iso}'))";
        assert!(state == time || state.starts_with(&format!("{time}&_a=(")), "{panel} forgets the time: {state}");
        let (open, close) = (url.matches('(').count(), url.matches(')').count());
        assert_eq!(open, close, "{panel}: {url}");
        assert!(!url.contains([' ', '"', '<', '>', '+']), "{panel}: a character that addresses do not have: {url}");
    }
}

#[test]
fn panels_by_route_keep_the_route() {
    let sources = sources();
    let by_route = sources
        .iter()
        .flat_map(dashboards::grafana::Dashboard::panels)
        .filter(|panel| panel.queries.iter().any(|query| query.text.contains("$route")));
    for panel in by_route {
        let logs = panel.logs.as_ref().unwrap_or_else(|| panic!("{} has no log lines", panel.title));
        assert!(logs.route, "{} forgets the routes", panel.title);
    }
}

#[test]
fn all_routes_are_also_those_of_requests_that_have_none() {
    let boards = boards();
    let by_route: Vec<_> = boards.iter().flat_map(urls).filter(|(_, url)| url.contains("${route")).collect();
    assert!(by_route.len() >= 10, "{by_route:?}");
    for (panel, url) in by_route {
        for field in ["minitwit.route", "event.dataset"] {
            assert!(url.contains(&format!("(regexp:({field}:'${{route:regex}}'))")), "{panel}: {url}");
        }
    }
}

#[test]
fn a_series_of_a_route_leads_to_its_log_lines() {
    let boards = boards();
    let by_route: Vec<_> =
        boards.iter().flat_map(urls).filter(|(_, url)| url.contains("${__field.labels.route}")).collect();
    assert!(by_route.len() >= 6, "{by_route:?}");
}

#[test]
fn every_panel_leads_to_its_log_lines() {
    for panel in sources().iter().flat_map(dashboards::grafana::Dashboard::panels) {
        assert!(panel.logs.is_some(), "{} has no log lines", panel.title);
    }
}

#[test]
fn searches_ask_for_fields_that_the_log_has() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../log-shipper/setup/fields.json");
    let fields: Value = serde_json::from_str(&fs::read_to_string(template).unwrap()).unwrap();
    let kql: Vec<_> = sources()
        .iter()
        .flat_map(dashboards::grafana::Dashboard::panels)
        .filter_map(|panel| panel.logs.clone()?.kql)
        .collect();
    assert!(!kql.is_empty());
    for query in kql {
        for field in asked(&query) {
            assert!(fields.get(field).is_some(), "{query}: there is no field {field}");
        }
    }
}

/// The fields of a query: what stands before a colon, outside of quotes.
fn asked(kql: &str) -> Vec<&str> {
    let outside = kql.split('"').step_by(2);
    outside.flat_map(|text| text.split([' ', '(', ')'])).filter_map(|word| word.strip_suffix(':')).collect()
}
