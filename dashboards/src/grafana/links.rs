//! Where a panel leads: to the panel that knows more, and to the log lines behind it.

use std::fmt::Write;

use serde_json::{Value, json};

use super::source::{Detail, Logs, Panel};

/// What every dashboard of ours is found by.
pub const TAG: &str = "minitwit";

/// The links at the top of a dashboard: to all others, with the same time and variables.
pub fn to_all() -> Value {
    json!([{
        "asDropdown": false,
        "icon": "external link",
        "includeVars": true,
        "keepTime": true,
        "tags": [TAG],
        "targetBlank": false,
        "title": "MiniTwit",
        "tooltip": "",
        "type": "dashboards",
        "url": "",
    }])
}

/// The links of a panel.
pub fn of(panel: &Panel) -> Vec<Value> {
    let detail = panel.detail.iter().map(|detail| link("Details", &detail_url(detail), false));
    let logs = panel.logs.iter().map(|logs| link("Log lines", &logs_url(logs), true));
    detail.chain(logs).collect()
}

/// The links of each series: to the log lines of its route, if it has one.
pub fn of_series(panel: &Panel) -> Vec<Value> {
    let by_route =
        panel.queries.iter().any(|query| query.legend.as_ref().is_some_and(|legend| legend.contains("{{route}}")));
    let logs = panel.logs.iter().filter(|_| by_route);
    logs.map(|logs| link("Log lines of ${__field.labels.route}", &series_url(logs), true)).collect()
}

fn link(title: &str, url: &str, new_tab: bool) -> Value {
    json!({ "targetBlank": new_tab, "title": title, "url": url })
}

fn detail_url(Detail { dashboard, panel }: &Detail) -> String {
    let panel = panel.map_or(String::new(), |panel| format!("viewPanel={panel}&"));
    format!("/d/{dashboard}?{panel}${{__url_time_range}}&${{__all_variables}}")
}

fn logs_url(logs: &Logs) -> String {
    let routes = logs.route.then(|| filter("regexp", "${route:regex}"));
    discover(logs, routes.as_deref())
}

fn series_url(logs: &Logs) -> String {
    discover(logs, Some(&filter("match_phrase", "${__field.labels.route}")))
}

/// A filter beside the search's own query, which stays as it is.
fn filter(query: &str, route: &str) -> String {
    let meta = "(alias:!n,disabled:!f,index:minitwit-logs,key:minitwit.route,negate:!f,type:custom)";
    format!("(meta:{meta},query:({query}:(minitwit.route:'{route}')))")
}

fn discover(logs: &Logs, filter: Option<&str>) -> String {
    let time = "(time:(from:'${__from:date:iso}',to:'${__to:date:iso}'))";
    let filters = filter.map(|filter| format!("filters:!({filter})"));
    let query = logs.kql.as_ref().map(|kql| format!("query:(language:kuery,query:'{}')", rison(kql)));
    let mut url = format!("${{kibana}}/app/discover#/view/{}?_g={time}", logs.search);
    let state: Vec<_> = filters.into_iter().chain(query).collect();
    if !state.is_empty() {
        let _ = write!(url, "&_a=({})", state.join(","));
    }
    url
}

/// A text within quotes in Kibana's addresses.
fn rison(text: &str) -> String {
    text.replace('!', "!!")
        .replace('\'', "!'")
        .replace(' ', "%20")
        .replace('"', "%22")
        .replace('<', "%3C")
        .replace('>', "%3E")
}
