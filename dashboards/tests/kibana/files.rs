//! The files that are imported are whole, up to date, and say the same for both programs.

use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv4Addr;

use dashboards::kibana::{self, Flavour};
use serde_json::Value;

use crate::exports::{embedded, file, folder, members, objects, source};

/// What alerts, dashboards of Grafana and runbooks link to.
const LINKED: [&str; 13] = [
    "minitwit-transactions",
    "minitwit-errors",
    "minitwit-slow",
    "minitwit-user",
    "minitwit-request",
    "minitwit-failed-sign-ins",
    "minitwit-redirects",
    "minitwit-simulator-errors",
    "minitwit-refused-registrations",
    "minitwit-events",
    "minitwit-deployments",
    "minitwit-shipper",
    "minitwit-containers",
];

fn of_type(text: &str, kind: &str) -> Vec<Value> {
    objects(text).into_iter().filter(|object| object["type"] == kind).collect()
}

#[test]
fn the_files_are_what_the_source_makes() {
    for (path, text) in kibana::files(&folder()).unwrap() {
        let lies = fs::read_to_string(&path).unwrap_or_default();
        assert!(lies == text, "{} is stale: run `cargo run -p dashboards`", path.display());
    }
}

#[test]
fn everything_that_others_link_to_is_there() {
    for flavour in Flavour::ALL {
        let text = file(flavour);
        let ids: BTreeSet<String> = objects(&text).iter().map(|object| object["id"].as_str().unwrap().into()).collect();
        for id in LINKED.into_iter().chain(["minitwit-on-call", "minitwit-logs"]) {
            assert!(ids.contains(id), "{}: {id}", flavour.file());
        }
    }
}

#[test]
fn both_programs_have_the_same_searches_and_panels() {
    let [kibana, other] = Flavour::ALL.map(|flavour| {
        let same = ["title", "description", "columns", "sort", "kibanaSavedObjectMeta"];
        let searches = of_type(&file(flavour), "search");
        let searches = searches.into_iter().map(|search| {
            let attributes: Vec<_> = same.iter().map(|name| search["attributes"][name].clone()).collect();
            (search["id"].clone(), attributes)
        });
        let dashboard = &of_type(&file(flavour), "dashboard")[0];
        let panels = embedded(&dashboard["attributes"]["panelsJSON"]);
        let mut panels: Vec<_> = panels.as_array().unwrap().iter().map(|panel| panel["title"].clone()).collect();
        panels.retain(|title| title != "Filters");
        (searches.collect::<Vec<_>>(), panels)
    });
    assert_eq!(kibana, other);
}

#[test]
fn each_query_is_the_sources_own() {
    let known: BTreeSet<String> = kibana::searches(&source()).unwrap().into_iter().map(|search| search.kql).collect();
    for flavour in Flavour::ALL {
        for search in of_type(&file(flavour), "search") {
            let query = embedded(&search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"].clone();
            assert_eq!(query["language"], "kuery");
            assert!(known.contains(query["query"].as_str().unwrap()), "{query}");
        }
    }
}

#[test]
fn kibana_is_told_that_the_objects_are_managed() {
    assert!(objects(&file(Flavour::Kibana)).iter().all(|object| object["managed"] == true));
}

#[test]
fn a_link_leads_to_a_search_wherever_the_program_is_served() {
    let apps = [
        (Flavour::Kibana, "../app/discover#/view/"),
        (Flavour::OpenSearchDashboards, "../app/data-explorer/discover#/view/"),
    ];
    for (flavour, app) in apps {
        let text = file(flavour);
        let searches: BTreeSet<_> =
            of_type(&text, "search").iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        let all = objects(&text);
        let templates = all.iter().flat_map(|object| members(object, "urlTemplate"));
        let written = all.iter().flat_map(|object| members(object, "markdown"));
        let written: Vec<_> = written.flat_map(|text| links(text.as_str().unwrap())).collect();
        let links: Vec<String> = templates.map(|one| one.as_str().unwrap().to_owned()).chain(written).collect();
        assert!(links.len() >= searches.len(), "{links:?}");
        for link in links {
            let id = link.strip_prefix(app).unwrap_or_else(|| panic!("{link}"));
            assert!(searches.contains(id.split('?').next().unwrap()), "{link}");
        }
    }
}

fn links(markdown: &str) -> Vec<String> {
    markdown.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect()
}

#[test]
fn the_number_of_a_request_leads_to_everything_about_it() {
    let template = |flavour| {
        let view = &of_type(&file(flavour), "index-pattern")[0];
        let formats = embedded(&view["attributes"]["fieldFormatMap"]);
        formats["http.request.id"]["params"]["urlTemplate"].as_str().unwrap().to_owned()
    };
    let time = "?_g=(time:(from:now-30d,to:now))";
    let query = "query:(language:kuery,query:'http.request.id:%20%22{{value}}%22'))";
    let kibana = format!("../app/discover#/view/minitwit-request{time}&_a=({query}");
    assert_eq!(template(Flavour::Kibana), kibana);
    let other = format!("../app/data-explorer/discover#/view/minitwit-request{time}&_q=(filters:!(),{query}");
    assert_eq!(template(Flavour::OpenSearchDashboards), other);
}

#[test]
fn no_secret_address_or_place_is_in_them() {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    for (path, text) in names.map(|path| (path.clone(), fs::read_to_string(path).unwrap())) {
        // What the script says of its options has a host's place and the forms of credentials in it.
        let words = ["://", "localhost", "/home", "/root", "/work", "Basic ", "Bearer ", "ApiKey", "@example"];
        let script = path.ends_with("load");
        let found: Vec<_> = words.iter().filter(|word| !script && text.contains(**word)).collect();
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
        let addresses: Vec<_> = words.filter(|word| word.parse::<Ipv4Addr>().is_ok()).collect();
        assert!(addresses.is_empty(), "{}: {addresses:?}", path.display());
    }
}

#[test]
fn the_readmes_tables_have_each_search_and_panel() {
    let (source, table) = (source(), kibana::table(&source()));
    for search in &source.searches {
        assert!(table.contains(&format!("| {} | `{}` | ", search.title, search.id.value)), "{table}");
    }
    for panel in &source.dashboard.panels {
        assert!(table.contains(&format!("\n| {} | {} |\n", panel.title, panel.description)), "{table}");
    }
}
