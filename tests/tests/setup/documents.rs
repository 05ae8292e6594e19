//! Documents that the template is for, and documents that would spoil another one.

use std::collections::BTreeMap;

use anyhow::ensure;
use e2e::search_server::Kind;
use log_shipper::setup::fields::{self, Kind as Field};
use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::stage::Stage;

const TIME: &str = "2026-01-02T03:04:05.678901Z";

/// A value that only this field of the document has.
fn value(number: usize, kind: Field) -> Value {
    match kind {
        Field::Date => json!(TIME),
        Field::Keyword | Field::Kept => json!(format!("word-{number}")),
        Field::Text => json!(format!("sentence{number} of words")),
        Field::Long => json!(5_000_000_000_u64 + number as u64),
        Field::Integer => json!(number),
        Field::Ip => json!("2001:db8::7"),
        Field::Labels => json!({ "com.docker.swarm.task": "", "com.docker.swarm.task.id": format!("word-{number}") }),
    }
}

/// The query that finds it.
fn query(name: &str, kind: Field, value: &Value) -> Value {
    match kind {
        Field::Text => json!({ "match_phrase": { name: value } }),
        Field::Labels => {
            json!({ "term": { format!("{name}.com.docker.swarm.task.id"): value["com.docker.swarm.task.id"] } })
        }
        _ => json!({ "term": { name: value } }),
    }
}

/// `{"user":{"name":…}}` for `user.name`, as the site writes it.
fn nest(document: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => drop(document.insert(name.to_owned(), value)),
        Some((object, rest)) => {
            let inner = document.entry(object).or_insert_with(|| json!({}));
            nest(inner.as_object_mut().expect("no field is within another one"), rest, value);
        }
    }
}

#[rstest]
#[tokio::test]
async fn each_field_of_site_and_shipper_is_found_by_a_search_for_it(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "found").await? else { return Ok(()) };
    let fields: BTreeMap<_, _> =
        fields::all().iter().enumerate().map(|(n, (name, kind))| (name, (*kind, value(n, *kind)))).collect();
    let mut nested = Map::new();
    for (name, (_, value)) in &fields {
        nest(&mut nested, name, value.clone());
    }
    // The other document shows that a query does not find everything.
    stage.store(&[nested.into(), json!({ "@timestamp": "2000-01-01T00:00:00Z", "message": "nothing" })]).await?;
    for (name, (field, value)) in fields {
        let found = stage.find(&query(name, field, &value)).await;
        if field == Field::Kept {
            ensure!(found.is_err() || found?.is_empty(), "{name} is only kept, and was found");
        } else {
            ensure!(found? == ["0"], "{name} is not found");
        }
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn lines_of_strangers_do_not_make_the_mapping_grow(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "hostile").await? else { return Ok(()) };
    stage.store(&[json!({ "@timestamp": TIME })]).await?;
    let before = stage.mapping().await?;
    let many: Map<String, Value> = (0..2000).map(|number| (format!("key{number}"), json!(number))).collect();
    let mut deep = json!("bottom");
    for _ in 0..200 {
        deep = json!({ "deeper": deep });
    }
    let extra = [
        json!({ "message": "its id is taken" }),
        json!({ "strange": 1, "more": { "of": [{ "it": true }, "2026-01-01"] } }),
        json!({ "a": 1, "a.b": 2, "a.b.c": { "d": 3 } }),
        json!({ "user": { "password": "x" }, "minitwit": { "unknown": {} }, "labels": { "unknown": "x" } }),
        json!({ "deep": deep }),
        many.into(),
    ];
    let stamped = extra.map(|mut document| {
        document["@timestamp"] = json!(TIME);
        document
    });
    let answers = stage.create(&stamped).await?;
    let statuses: Vec<u64> = answers.iter().map(|(status, _)| *status).collect();
    ensure!(statuses == [409, 201, 201, 201, 201, 201], "{answers:?}");
    ensure!(stage.mapping().await? == before, "the mapping has grown");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_label_that_is_a_value_and_an_object_costs_no_document(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "labels").await? else { return Ok(()) };
    let labelled = |labels: Value| json!({ "@timestamp": TIME, "container": { "id": "c", "labels": labels } });
    stage
        .store(&[
            labelled(json!({ "com.docker.swarm.task": "", "com.docker.swarm.task.id": "t1", "com.docker.swarm": "x" })),
            labelled(json!({ "com.docker.swarm.task.id": "t2" })),
            labelled(json!({ "com.docker.swarm.task": "t3", "": "no name", ".": "dots", "a..b": "x" })),
            labelled(json!({})),
        ])
        .await?;
    for (label, value, id) in [("task.id", "t1", "0"), ("task.id", "t2", "1"), ("task", "t3", "2")] {
        let query = json!({ "term": { format!("container.labels.com.docker.swarm.{label}"): value } });
        ensure!(stage.find(&query).await? == [id], "{label} {value}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_dotted_name_beside_the_object_is_taken_and_both_are_found(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "dotted").await? else { return Ok(()) };
    let line = r#"{"@timestamp":"2026-01-02T03:04:05Z","log.file.path":"/x","log":{"level":"info"},"log.offset":7,
        "host.name":"n1","host":{"ip":"1.2.3.4"}}"#;
    let answers = stage.create_lines(&[&line.replace('\n', "")]).await?;
    ensure!(answers[0].0 == 201, "{answers:?}");
    for (name, value) in [("log.file.path", json!("/x")), ("log.level", json!("info")), ("log.offset", json!(7))] {
        ensure!(stage.find(&json!({ "term": { name: value } })).await? == ["0"], "{name}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_value_of_a_wrong_type_costs_no_document(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "types").await? else { return Ok(()) };
    let mut documents = Vec::new();
    for name in fields::all().keys().filter(|name| *name != "@timestamp" && *name != "container.labels") {
        for wrong in [
            json!("no number"),
            json!(1.5),
            json!(1e300),
            json!(true),
            json!([[1], ["a"]]),
            json!({ "a": 1 }),
            json!([]),
        ] {
            let mut document = Map::from_iter([("@timestamp".to_owned(), json!(TIME))]);
            nest(&mut document, name, wrong);
            documents.push(document.into());
        }
        // What we have as an object is a plain word elsewhere, such as `"error":"not found"`.
        let object = name.split('.').next().unwrap_or_default();
        documents.push(json!({ "@timestamp": TIME, object: "a word" }));
    }
    let long = "x".repeat(40_000);
    documents
        .push(json!({ "@timestamp": TIME, "user": { "name": long }, "message": long, "event": { "original": long } }));
    stage.store(&documents).await
}
