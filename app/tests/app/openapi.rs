//! The document at `/openapi.json` and the program's routes tell of the same.

use std::collections::BTreeSet;

use minitwit::{Door, api};
use serde_json::{Value, json};

use crate::harness::{Answer, Ask, Sqlite, TestApp, segment};

/// Who is in the examples.
const SOMEBODY: &str = "Grace Hopper";

/// The methods that the document describes for a path; it says in words that HEAD goes with GET, and OPTIONS with all.
fn described(item: &Value) -> BTreeSet<String> {
    let item = item.as_object().expect("a path has operations");
    let mut methods: BTreeSet<_> =
        item.keys().filter(|key| *key != "parameters").map(|key| key.to_uppercase()).collect();
    if methods.contains("GET") {
        methods.insert("HEAD".into());
    }
    methods.insert("OPTIONS".into());
    methods
}

fn allowed(answer: &Answer) -> BTreeSet<String> {
    answer.header("allow").split(',').map(str::to_owned).collect()
}

fn of_somebody(path: &str) -> String {
    path.replace("{username}", &segment(SOMEBODY))
}

async fn site_with_somebody() -> (TestApp, Value) {
    let site = TestApp::start(Sqlite).await.expect("SQLite is always there");
    assert_eq!(site.simulator().register(SOMEBODY).await.status, 204);
    let document = site.ask(Door::Api, Ask::get("/openapi.json")).await.json();
    (site, document)
}

#[tokio::test]
async fn the_document_describes_the_paths_of_the_program_and_no_others() {
    let (_site, document) = site_with_somebody().await;
    let described: BTreeSet<_> = document["paths"].as_object().expect("there are paths").keys().cloned().collect();
    let served: BTreeSet<_> = api::resources().into_iter().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(described, served);
}

#[tokio::test]
async fn each_path_allows_the_methods_that_are_described_and_no_others() {
    let (site, document) = site_with_somebody().await;
    for (path, item) in document["paths"].as_object().expect("there are paths") {
        let methods = described(item);
        let options = site.simulator().send(Ask::new("OPTIONS", &of_somebody(path))).await;
        assert_eq!((options.status, allowed(&options)), (204, methods.clone()), "OPTIONS {path}");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"] {
            let answer = site.simulator().send(Ask::new(method, &of_somebody(path))).await;
            assert_ne!(answer.status, 404, "{method} {path}");
            assert_eq!(answer.status != 405, methods.contains(method), "{method} {path}: {}", answer.status);
            if answer.status == 405 {
                assert_eq!(allowed(&answer), methods, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn what_needs_the_credential_is_described_so() {
    let (site, document) = site_with_somebody().await;
    for (path, item) in document["paths"].as_object().expect("there are paths") {
        for (method, operation) in item.as_object().expect("a path has operations") {
            let asked = match method.as_str() {
                "get" => Ask::new("GET", &of_somebody(path)),
                "post" => Ask::new("POST", &of_somebody(path)),
                _ => continue,
            };
            let refused = site.ask(Door::Api, asked).await.status == 403;
            assert_eq!(refused, operation.get("security").is_some(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_examples_of_the_document_are_accepted() {
    let site = TestApp::start(Sqlite).await.expect("SQLite is always there");
    let simulator = site.simulator();
    let document = simulator.get("/openapi.json").await.json();
    assert_eq!(simulator.register("Ada Lovelace").await.status, 204);
    for path in ["/register", "/msgs/{username}", "/fllws/{username}"] {
        let content = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        for (name, example) in content["examples"].as_object().expect("there are examples") {
            let answer = simulator.post(&of_somebody(path), &example["value"]).await;
            assert_eq!(answer.status, 204, "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn a_name_that_is_no_text_is_an_unknown_user() {
    let (site, _document) = site_with_somebody().await;
    for path in ["/msgs/%ff", "/msgs/%ed%a0%80", "/msgs/%00", "/fllws/%ff"] {
        for ask in [Ask::get(path), Ask::json(path, &json!({"content": "x", "follow": SOMEBODY}))] {
            let answer = site.simulator().send(ask).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.json(), json!({"status": 404, "error_msg": "There is nothing here"}), "{path}");
        }
    }
}

#[tokio::test]
async fn both_members_of_a_change_must_be_strings() {
    let (site, _document) = site_with_somebody().await;
    let path = of_somebody("/fllws/{username}");
    for (follow, unfollow) in [(json!(1), json!(SOMEBODY)), (json!(SOMEBODY), Value::Null)] {
        let answer = site.simulator().post(&path, &json!({"follow": follow, "unfollow": unfollow})).await;
        assert_eq!(answer.status, 400);
    }
    assert_eq!(site.simulator().follows(SOMEBODY).await, Vec::<String>::new());
}
