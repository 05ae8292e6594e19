//! What Prometheus is told to scrape, and whom to tell.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::folder::{alerts, all_alerts, text};

fn settings() -> Value {
    serde_saphyr::from_str(&text(&alerts("prometheus.yml"))).unwrap()
}

fn jobs() -> Vec<Value> {
    settings()["scrape_configs"].as_array().unwrap().clone()
}

#[test]
fn whoever_is_scraped_is_missed_when_gone() {
    let jobs: BTreeSet<_> = jobs().iter().map(|job| job["job_name"].as_str().unwrap().to_owned()).collect();
    let absent = all_alerts().into_iter().filter(|alert| alert.name() == "JobAbsent");
    let missed: BTreeSet<_> = absent
        .map(|alert| {
            let job = alert.label("job").to_owned();
            assert_eq!(alert.expr, format!("absent(up{{job=\"{job}\"}})"));
            job
        })
        .collect();
    assert_eq!(jobs, missed);
}

#[test]
fn the_sites_replicas_keep_their_addresses_as_instances() {
    for job in jobs().iter().filter(|job| job["job_name"].as_str().unwrap().starts_with("minitwit-")) {
        assert!(job.get("relabel_configs").is_none() && job.get("metric_relabel_configs").is_none(), "{job}");
    }
}

#[test]
fn links_come_from_the_environment_and_are_no_labels_of_alerts() {
    let settings = settings();
    let links = json!({ "grafana": "${GRAFANA_URL}", "kibana": "${KIBANA_URL}", "runbooks": "${RUNBOOKS_URL}" });
    assert_eq!(settings["global"]["external_labels"], links);
    let dropped = json!([{ "regex": "grafana|kibana|runbooks", "action": "labeldrop" }]);
    assert_eq!(settings["alerting"]["alert_relabel_configs"], dropped);
}

#[test]
fn scrapes_and_evaluations_are_15_seconds_apart() {
    // Dashboards and the windows of alerts count on it.
    for interval in ["scrape_interval", "evaluation_interval"] {
        assert_eq!(settings()["global"][interval], "15s");
    }
    for job in jobs() {
        assert!(job.get("scrape_interval").is_none(), "{job}");
    }
}

#[test]
fn prometheus_has_no_credentials() {
    for name in ["basic_auth", "authorization", "bearer_token", "oauth2", "password", "credentials"] {
        assert!(!text(&alerts("prometheus.yml")).contains(&format!("{name}:")), "{name}");
    }
}
