//! The words of a message, as Alertmanager's own tool renders them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::folder::alerts;
use crate::need::{installed, said};

/// What Alertmanager gives to templates: an alert that fires, and one that is over.
fn message() -> Value {
    let links = |runbook: &str| {
        json!({
            "summary": "PostgreSQL does not answer",
            "description": "postgres-exporter:9187 cannot reach <it> (up: 0).",
            "runbook_url": format!("https://runbooks.example/{runbook}.md"),
            "dashboard_url": "https://grafana.example/d/minitwit-infrastructure?viewPanel=17&from=now-3h&to=now",
            "logs_url": "https://kibana.example/app/discover#/view/minitwit-containers?_g=(time:(from:now-3h,to:now))",
        })
    };
    let alert = |status: &str, name: &str, ends: &str| {
        let labels = json!({ "alertname": name, "severity": "critical", "component": "database" });
        json!({
            "status": status, "labels": labels, "annotations": links(name),
            "startsAt": "2030-05-06T03:04:05Z", "endsAt": ends,
        })
    };
    json!({
        "receiver": "wake", "status": "firing", "groupLabels": {}, "commonAnnotations": {},
        "externalURL": "https://alertmanager.example",
        "commonLabels": { "severity": "critical", "component": "database" },
        "alerts": [
            alert("firing", "PostgresDown", "0001-01-01T00:00:00Z"),
            alert("resolved", "BackupStale", "2030-05-06T04:34:05Z"),
        ],
    })
}

fn file(name: &str, message: &Value) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("message-{name}.json"));
    fs::write(&file, message.to_string()).unwrap();
    file
}

/// A template of ours, rendered as text or as HTML; none where amtool is not installed.
fn rendered(template: &str, kind: &str, message: &Value) -> Option<String> {
    let mut amtool = Command::new(installed(&["amtool"])?);
    amtool.env("TZ", "UTC").args(["template", "render"]);
    amtool.arg(format!("--template.glob={}", alerts("templates/*.tmpl").display()));
    amtool.arg(format!("--template.type={kind}"));
    amtool.arg(format!("--template.text={{{{ template \"minitwit.{template}\" . }}}}"));
    amtool.arg(format!("--template.data={}", file(template, message).display()));
    Some(said(&mut amtool).trim().to_owned())
}

const DASHBOARD: &str =
    "https://grafana.example/d/minitwit-infrastructure?viewPanel=17&from=1904256245000&to=1904270645000";
const LOGS: &str = "https://kibana.example/app/discover#/view/minitwit-containers?\
                    _g=(time:(from:'2030-05-06T00:04:05.000Z',to:'2030-05-06T04:04:05.000Z'))";

#[test]
fn the_title_says_how_bad_where_and_what() {
    let Some(title) = rendered("title", "text", &message()) else { return };
    assert_eq!(title, "[CRITICAL] database: PostgresDown");
}

#[test]
fn the_title_names_each_alert_once() {
    let mut message = message();
    let alerts = message["alerts"].as_array_mut().unwrap();
    alerts[1]["status"] = json!("firing");
    alerts.push(alerts[0].clone());
    alerts.insert(0, alerts[1].clone());
    let Some(title) = rendered("title", "text", &message) else { return };
    assert_eq!(title, "[CRITICAL 4] database: BackupStale, PostgresDown");
}

#[test]
fn a_touch_on_the_title_leads_to_what_is_not_over() {
    let mut message = message();
    message["alerts"].as_array_mut().unwrap().reverse();
    let Some(link) = rendered("link", "text", &message) else { return };
    assert_eq!(link, "https://runbooks.example/PostgresDown.md");
    message["status"] = json!("resolved");
    message["alerts"].as_array_mut().unwrap().pop();
    let Some(link) = rendered("link", "text", &message) else { return };
    assert_eq!(link, "https://runbooks.example/BackupStale.md");
}

#[test]
fn the_title_says_when_all_is_over() {
    let mut message = message();
    message["status"] = json!("resolved");
    message["alerts"].as_array_mut().unwrap().remove(0);
    let Some(title) = rendered("title", "text", &message) else { return };
    assert_eq!(title, "[OK] database: BackupStale");
}

#[test]
fn the_title_does_without_labels() {
    let mut message = message();
    message["commonLabels"] = json!({});
    message["alerts"][1]["status"] = json!("firing");
    let Some(title) = rendered("title", "text", &message) else { return };
    assert_eq!(title, "[ALERT 2] PostgresDown, BackupStale");
}

#[test]
fn links_of_a_message_keep_their_time_however_late_it_is_read() {
    for template in ["text", "plain"] {
        let Some(text) = rendered(template, "text", &message()) else { return };
        for link in [DASHBOARD, LOGS, "https://runbooks.example/PostgresDown.md"] {
            assert!(text.contains(link), "{template}: {text}");
        }
        assert!(!text.contains("now"), "{text}");
    }
}

#[test]
fn a_message_says_since_when_or_from_when_to_when() {
    let Some(text) = rendered("plain", "text", &message()) else { return };
    assert!(text.contains("Since Mon 6 May 03:04\n"), "{text}");
    assert!(text.contains("Over, Mon 6 May 03:04 to Mon 6 May 04:34\n"), "{text}");
}

#[test]
fn mail_has_the_same_and_nothing_in_it_is_taken_for_html() {
    let Some(html) = rendered("html", "html", &message()) else { return };
    assert!(html.contains("cannot reach &lt;it&gt; (up: 0)."), "{html}");
    assert!(html.contains(&DASHBOARD.replace('&', "&amp;")) && !html.contains("now-3h"), "{html}");
    assert!(html.contains("from:%272030-05-06T00:04:05.000Z%27"), "{html}");
}
