//! What Grafana is provisioned with: data sources under the uids that dashboards choose, and dashboards that nobody can change.

use std::fs;

use dashboards::grafana::DataSource;
use serde_json::{Value, json};

use crate::board::{boards, folder, list, text, variable};

fn read(name: &str) -> Value {
    let text = fs::read_to_string(folder("provisioning").join(name)).unwrap();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn data_source(source: DataSource) -> Value {
    let all = read("datasources/minitwit.yml");
    let (name, uid) = source.identity();
    let found = list(&all, "/datasources").iter().find(|one| text(one, "/uid") == uid);
    let found = found.unwrap_or_else(|| panic!("there is no data source {uid}")).clone();
    assert_eq!(text(&found, "/name"), name);
    found
}

#[test]
fn every_data_source_is_the_one_that_dashboards_choose_at_first() {
    for source in DataSource::ALL {
        assert_eq!(text(&data_source(source), "/type"), source.plugin());
        for board in boards() {
            let Some(variable) = variable(&board, source.variable().name()) else { continue };
            assert_eq!(text(variable, "/current/value"), source.identity().1);
        }
    }
}

#[test]
fn addresses_come_from_the_environment_and_secrets_from_files() {
    for source in DataSource::ALL {
        let found = data_source(source);
        assert!(text(&found, "/url").starts_with('$'), "{found}");
        assert_eq!(found["editable"], json!(false));
        let secrets = found["secureJsonData"].as_object().into_iter().flatten();
        for (name, secret) in secrets {
            assert!(secret.as_str().unwrap().starts_with("$__file{/run/secrets/"), "{name}");
        }
    }
}

#[test]
fn prometheus_is_known_to_be_scraped_every_15_seconds() {
    // Else $__rate_interval is shorter than four scrapes, and a rate has gaps.
    assert_eq!(text(&data_source(DataSource::Prometheus), "/jsonData/timeInterval"), "15s");
}

#[test]
fn the_database_is_read_by_the_reader_with_fewer_connections_than_it_has() {
    let found = data_source(DataSource::Postgres);
    assert_eq!(text(&found, "/user"), "grafana");
    assert!(found["jsonData"]["maxOpenConns"].as_u64().unwrap() <= 8);
}

#[test]
fn dashboards_are_read_where_people_are_told_to_mount_them() {
    let readme = fs::read_to_string(folder("../README.md")).unwrap();
    let all = read("dashboards/minitwit.yml");
    let path = text(&list(&all, "/providers")[0], "/options/path");
    assert!(readme.contains(&format!("`grafana/dashboards` at `{path}`")), "the README does not name {path}");
}

#[test]
fn nobody_can_save_over_a_dashboard_or_delete_one() {
    let all = read("dashboards/minitwit.yml");
    for provider in list(&all, "/providers") {
        assert_eq!((&provider["allowUiUpdates"], &provider["disableDeletion"]), (&json!(false), &json!(true)));
        assert!(!text(provider, "/folder").is_empty() && !text(provider, "/folderUid").is_empty());
    }
}
