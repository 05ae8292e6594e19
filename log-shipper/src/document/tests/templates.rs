//! What all documents of a file say of their source.

use serde_json::{Map, Value, json};

use super::{agent, line, plain_source};
use crate::document::{Scratch, Template};
use crate::line::Line;
use crate::source::{Container, Source, Swarm};

fn of(container: Container) -> Map<String, Value> {
    let source = Source { name: "container/0".into(), container: Some(container), ..plain_source() };
    let template = Template::new(&agent(), &source, "/c/0-json.log");
    let mut out = Vec::new();
    let line = Line { stream: None, ..line(b"x") };
    template.write(&line, "2026-11-25T10:00:00Z".parse().unwrap(), &mut Scratch::default(), &mut out);
    serde_json::from_slice(&out).unwrap()
}

fn labels(labels: &[(&str, &str)]) -> Container {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Container { id: "0123".into(), labels, ..Container::default() }
}

#[test]
fn a_task_of_a_swarm_is_named() {
    let task_labels = [("com.docker.swarm.task", ""), ("com.docker.swarm.task.id", "t1"), ("a \"label\"", "é\n")];
    let swarm = Swarm { service: "m_web".into(), stack: "m".into(), task: "t1".into(), slot: 3, node: "n1".into() };
    let name = "m_web.3.t1".to_owned();
    let container = Container { name, image: "minitwit:1.2".into(), swarm: Some(swarm), ..labels(&task_labels) };
    let expected = json!({
        "@timestamp": super::DOCKERS,
        "message": "x",
        "ecs.version": "8.11.0",
        "agent.type": "log-shipper",
        "agent.version": "0.1.0",
        "host.name": "node-1",
        "log.file.path": "/c/0-json.log",
        "log.offset": 1_234,
        "container.id": "0123",
        "container.name": "m_web.3.t1",
        "container.image.name": "minitwit:1.2",
        "container.labels": {"a \"label\"": "é\n", "com.docker.swarm.task": "", "com.docker.swarm.task.id": "t1"},
        "docker.swarm.service": "m_web",
        "docker.swarm.stack": "m",
        "docker.swarm.task": "t1",
        "docker.swarm.slot": 3,
        "docker.swarm.node": "n1",
    });
    assert_eq!(Value::from(of(container)), expected);
}

#[test]
fn what_is_not_known_is_left_out() {
    let global = Swarm { service: "s".into(), node: "n".into(), ..Swarm::default() };
    let document = of(Container { swarm: Some(global), ..labels(&[]) });
    let known: Vec<_> =
        document.keys().filter(|name| name.starts_with("container") || name.starts_with("docker")).collect();
    assert_eq!(known, ["container.id", "docker.swarm.node", "docker.swarm.service"]);
}

#[test]
fn labels_that_elasticsearch_refuses_are_left_out() {
    let long = "n".repeat(1_025);
    let document = of(labels(&[("", "x"), ("a\0b", "x"), (&long, "x"), ("good", "nul \0")]));
    assert_eq!(document["container.labels"], json!({"good": "nul \0"}));
    assert!(!of(labels(&[("", "x")])).contains_key("container.labels"));
}

#[test]
fn labels_beyond_the_limit_are_left_out() {
    let document = of(labels(&[("a", &"x".repeat(10_000)), ("b", &"x".repeat(10_000)), ("c", "x")]));
    let left: Vec<_> = document["container.labels"].as_object().unwrap().keys().collect();
    assert_eq!(left, ["a", "c"]);
}
