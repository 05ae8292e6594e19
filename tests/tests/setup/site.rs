//! The contract between the site and the shipper: each field that the site logs is one that the template has.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use anyhow::{Context, ensure};
use e2e::api_client::ApiClient;
use e2e::http_client::{fetch, get};
use e2e::search_server::Kind;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::visitor::Visitor;
use http::{Request, header};
use log_shipper::setup::fields;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::Stage;

/// Fields that no request and no event of these tests gives, since they belong to faults; and what the shipper adds.
const UNSEEN: [&str; 13] = [
    "agent.",
    "container.",
    "docker.",
    "event.original",
    "host.name",
    "labels.",
    "log.file.path",
    "log.flags",
    "log.offset",
    "stream",
    "minitwit.truncated",
    "minitwit.body_hash",
    "minitwit.latest",
];

/// Each kind of request, good and bad, at every door.
async fn play(site: &Site) -> anyhow::Result<()> {
    site.welcome(&["ada", "bob"]).await?;
    site.follow("ada", "bob").await?;
    let mut ada = Visitor::signed_in(site.web, "ada").await?;
    ada.post(site.web, "Hello from ada").await?;
    ada.sign_in(site.web, "ada", "wrong").await?;
    ada.submit(site.web, "/register", &[("username", ""), ("email", "x"), ("password", "a"), ("password2", "b")])
        .await?;
    for path in
        ["/", "/public?p=2&x=1", "/bob", "/bob/follow", "/nobody-there", "/a/b/c", "/static/style.css", "/logout"]
    {
        ada.open(site.web, path).await?;
    }
    let api = ApiClient(site.api);
    api.tweet("ada", "from the simulator", 7).await?;
    api.tweet("ada", &"x".repeat(20_000), 8).await?;
    api.relate("ada", "unfollow", "bob", 9).await?;
    for path in ["/latest", "/msgs?no=5", "/msgs/nobody", "/fllws/ada?no=x"] {
        api.get(path).await?;
    }
    strange(site).await
}

/// What no browser sends.
async fn strange(site: &Site) -> anyhow::Result<()> {
    let foreign = Request::post("/add_message")
        .header(header::HOST, site.web.to_string())
        .header(header::ORIGIN, "https://elsewhere.example")
        .header(header::REFERER, "https://elsewhere.example/page?secret=1")
        .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64)")
        .header(header::CONTENT_TYPE, "text/strange")
        .body("no form".into())?;
    fetch(site.web, foreign).await?;
    fetch(site.api, get(site.api, "/msgs")?).await?;
    let broken = Request::post("/register?latest=1")
        .header(header::HOST, site.api.to_string())
        .header(header::AUTHORIZATION, e2e::simulator::CREDENTIAL)
        .body("{no json".into())?;
    fetch(site.api, broken).await?;
    raw(site.web, b"nonsense\r\n\r\n").await
}

async fn raw(address: SocketAddr, bytes: &[u8]) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes).await?;
    // Whether it answers before it closes is its own matter.
    drop(stream.read_to_end(&mut Vec::new()).await);
    Ok(())
}

/// All that the site printed from its start to its end.
async fn lines() -> anyhow::Result<Option<Vec<Value>>> {
    let Some(mut bed) = Testbed::new()? else { return Ok(None) };
    let mut site = bed.site_on_sqlite(&[]).await?;
    play(&site).await?;
    site.server.signal("TERM")?;
    site.server.end().await?;
    let lines: Result<Vec<Value>, _> = site.server.written()?.lines().map(serde_json::from_str).collect();
    drop(site);
    bed.clear().await?;
    Ok(Some(lines.context("a line is not JSON")?))
}

/// The dotted names of all that is no object.
fn names(prefix: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            names(&if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") }, value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| names(prefix, item, found)),
        _ => drop(found.insert(prefix.to_owned())),
    }
}

fn logged(lines: &[Value]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in lines {
        names("", line, &mut found);
    }
    found
}

#[tokio::test]
async fn the_template_has_each_field_that_the_site_logs() -> anyhow::Result<()> {
    let Some(lines) = lines().await? else { return Ok(()) };
    let logged = logged(&lines);
    let lacking: Vec<_> = logged.iter().filter(|name| !fields::all().contains_key(*name)).collect();
    ensure!(lacking.is_empty(), "setup/fields.json lacks {lacking:?}");
    let own_events = lines.iter().filter(|line| line["event"]["dataset"] == "minitwit.app").count();
    ensure!(own_events >= 2, "of its own events the site told only {own_events}");
    let unseen = fields::all().keys().filter(|name| !logged.contains(*name));
    let unseen: Vec<_> = unseen.filter(|name| !UNSEEN.iter().any(|known| name.starts_with(known))).collect();
    ensure!(unseen.is_empty(), "these requests do not show {unseen:?}");
    Ok(())
}

/// Most of them belong to faults, which no test can bring about all.
#[test]
fn the_template_has_each_label_of_the_site_s_own_events() {
    let source = include_str!("../../../app/src/telemetry/events.rs");
    let (_, rest) = source.split_once("const LABELS").expect("the site has a list of its labels");
    let (list, _) = rest.split_once("];").expect("the list ends");
    let theirs: BTreeSet<String> = list.split('"').skip(1).step_by(2).map(|name| format!("labels.{name}")).collect();
    let ours: BTreeSet<String> = fields::all().keys().filter(|name| name.starts_with("labels.")).cloned().collect();
    assert!(theirs.len() > 10 && ours == theirs, "{ours:?} is not {theirs:?}");
}

async fn arrives(kind: Kind) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "site").await? else { return Ok(()) };
    let Some(lines) = lines().await? else { return Ok(()) };
    stage.store(&lines).await?;
    for query in [
        json!({ "term": { "user.name": "ada" } }),
        json!({ "term": { "minitwit.route": "/login" } }),
        json!({ "term": { "http.response.status_code": 404 } }),
        json!({ "term": { "client.ip": "127.0.0.0/8" } }),
        json!({ "range": { "event.duration": { "gt": 0 } } }),
        json!({ "match": { "message": "POST /login 302" } }),
    ] {
        let found = stage.find(&query).await?.len();
        ensure!(found > 0 && found < lines.len(), "{query} finds {found} of {} lines", lines.len());
    }
    Ok(())
}

#[tokio::test]
async fn the_site_s_lines_are_found_in_elasticsearch_by_user_route_status_and_address() -> anyhow::Result<()> {
    arrives(Kind::Elasticsearch).await
}

#[tokio::test]
async fn the_site_s_lines_are_found_in_opensearch_by_user_route_status_and_address() -> anyhow::Result<()> {
    arrives(Kind::OpenSearch).await
}
