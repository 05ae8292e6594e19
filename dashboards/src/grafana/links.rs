//! Where a panel leads: to the panel that knows more, and to the log lines behind it.

use std::fmt::Write;

use serde_json::{Value, json};

use super::source::{Dashboard, Detail, Logs, Other, Panel};

/// What every dashboard of ours is found by.
pub const TAG: &str = "minitwit";

/// All that is chosen, of whichever dashboard.
const EVERY_CHOICE: &str = "${__all_variables}";

/// The choice that means the same where `job` and `instance` are those of other programs: there they would match nothing.
const SHARED_CHOICE: &str = "${prometheus:queryparam}";

/// The links at the top of a dashboard: to each other one, with the same time, and the variables that it understands.
pub fn to_others(dashboard: &Dashboard) -> Vec<Value> {
    dashboard.others.iter().map(to_other).collect()
}

fn to_other(other: &Other) -> Value {
    let choice = if other.alike { String::new() } else { format!("?{SHARED_CHOICE}") };
    json!({
        "asDropdown": false,
        "icon": "dashboard",
        "includeVars": other.alike,
        "keepTime": true,
        "tags": [],
        "targetBlank": false,
        "title": other.title,
        "tooltip": other.question,
        "type": "link",
        "url": format!("/d/{}{choice}", other.uid),
    })
}

/// The links of a panel.
pub fn of(dashboard: &Dashboard, panel: &Panel) -> Vec<Value> {
    let detail = panel.detail.iter().map(|detail| link("Details", &detail_url(dashboard, detail), false));
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

fn detail_url(from: &Dashboard, Detail { dashboard, panel }: &Detail) -> String {
    let panel = panel.map_or(String::new(), |panel| format!("viewPanel={panel}&"));
    let choice = if from.shares_its_choice_with(dashboard) { EVERY_CHOICE } else { SHARED_CHOICE };
    format!("/d/{dashboard}?{panel}${{__url_time_range}}&{choice}")
}

fn logs_url(logs: &Logs) -> String {
    let routes = logs.route.then(|| filter(&chosen_routes()));
    discover(logs, routes.as_deref())
}

fn series_url(logs: &Logs) -> String {
    discover(logs, Some(&filter("match_phrase:(minitwit.route:'${__field.labels.route}')")))
}

/// The lines of the chosen routes. What is refused before it is read has no route: its lines are there with All, which
/// matches the name of their data set too. A route never does.
fn chosen_routes() -> String {
    let fields = ["minitwit.route", "event.dataset"].map(|field| format!("(regexp:({field}:'${{route:regex}}'))"));
    format!("bool:(should:!({}))", fields.join(","))
}

/// A filter beside the search's own query, which stays as it is.
fn filter(query: &str) -> String {
    let meta = "(alias:!n,disabled:!f,index:minitwit-logs,key:minitwit.route,negate:!f,type:custom)";
    format!("(meta:{meta},query:({query}))")
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
