//! Every search of Kibana finds just the right lines of real programs on a real Elasticsearch, and every panel has something to
//! show.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, ensure};
use dashboards::kibana;
use e2e::monitoring::product;
use e2e::wait::until;
use elasticsearch::http::Method;
use serde_json::{Value, json};

use crate::lines::{Line, Lines, Writer};

const PATIENCE: Duration = Duration::from_mins(2);

/// Whether a search has to find a line: by what was done, and not by the words of the query.
fn belongs(search: &str, line: &Line) -> anyhow::Result<bool> {
    let text = |pointer: &str| line.value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let number = |pointer: &str| line.value.pointer(pointer).and_then(Value::as_i64).unwrap_or_default();
    let has = |pointer: &str| line.value.pointer(pointer).is_some();
    let (dataset, message, level) = (text("/event/dataset"), text("/message"), text("/log/level"));
    let is_request = dataset == "minitwit.request";
    let status = number("/http/response/status_code");
    let is_sent_to = |route: &str| text("/http/request/method") == "POST" && text("/minitwit/route") == route;
    let is_refused = !(200..300).contains(&status) && status < 499 && status != 302;
    Ok(match search {
        "minitwit-transactions" => is_request,
        "minitwit-errors" => is_request && status >= 500,
        "minitwit-slow" => is_request && number("/event/duration") > 300_000_000,
        "minitwit-user" => is_request && has("/user/name"),
        "minitwit-address" => is_request && has("/client/ip"),
        "minitwit-request" => has("/http/request/id"),
        // A page answers 200 with the form, and says in it what was wrong.
        "minitwit-failed-sign-ins" => is_sent_to("/login") && (is_refused || status == 200),
        "minitwit-refused-registrations" => {
            is_sent_to("/register") && (is_refused || status == 200 && line.writer == Writer::Pages)
        }
        "minitwit-redirects" => is_request && (300..400).contains(&status),
        "minitwit-simulator-errors" => line.writer == Writer::Api && is_request && status >= 400,
        "minitwit-events" => dataset == "minitwit.app",
        "minitwit-deployments" => {
            let of_site = message == "ready" || message == "stopped" || message.starts_with("shutting down");
            let of_shipper = message.starts_with("the shipper has st");
            dataset == "minitwit.app" && of_site || line.writer == Writer::Shipper && of_shipper
        }
        "minitwit-shipper" => line.writer == Writer::Shipper && ["warn", "error"].contains(&level),
        "minitwit-containers" => line.writer == Writer::Container,
        _ => anyhow::bail!("nothing is known of {search}: say here what it has to find"),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_search_finds_just_the_right_lines() -> anyhow::Result<()> {
    let Some(lines) = Lines::write().await? else { return Ok(()) };
    let source = kibana::read(&product("dashboards/kibana").join(kibana::SOURCE))?;
    let count = lines.all.len() as u64;
    let stored = async || Ok(lines.server.count(&lines.target, &json!({ "match_all": {} })).await? == count);
    until("all lines are documents", PATIENCE, stored).await?;
    for search in kibana::searches(&source)? {
        let found = lines.found_by(&search.query).await?;
        let mut right = BTreeSet::new();
        for line in &lines.all {
            if belongs(&search.id, line)? {
                right.insert(line.place.clone());
            }
        }
        let shown = |places: &BTreeSet<_>| {
            lines
                .all
                .iter()
                .filter(|line| places.contains(&line.place))
                .map(|line| line.value.to_string())
                .collect::<Vec<_>>()
        };
        ensure!(!right.is_empty() && right.len() < lines.all.len(), "{}: it has to find {}", search.id, right.len());
        let (missing, wrong) = (&right - &found, &found - &right);
        ensure!(found == right, "{}: missing {:#?}, wrong {:#?}", search.id, shown(&missing), shown(&wrong));
    }
    for request in kibana::aggregations(&source)? {
        let answer = lines
            .server
            .tell(Method::Post, &format!("/{}/_search", lines.target), Some(request.body.to_string()))
            .await;
        let answer = answer.with_context(|| request.title.clone())?;
        let total = answer["hits"]["total"]["value"].as_u64().unwrap_or_default();
        let buckets = answer["aggregations"].to_string().matches("\"doc_count\"").count();
        ensure!(total > 0 && buckets > 0, "{}: {answer}", request.title);
    }
    Ok(())
}
