//! Who a container is, by what Docker keeps beside its log: `config.v2.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::{Container, Hints, Swarm};

const HINT: &str = "log-shipper.";

/// The part of the file that matters here. Docker writes more, and `null` where it has nothing.
#[derive(Deserialize)]
struct Config {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "Name", default)]
    name: Option<String>,
    #[serde(rename = "Config", default)]
    settings: Option<Settings>,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(rename = "Image", default)]
    image: Option<String>,
    #[serde(rename = "Labels", default)]
    labels: Option<BTreeMap<String, String>>,
}

/// Reads the file; `None` if it is not whole (yet), or another container's.
#[must_use]
pub fn describe(id: &str, config: &[u8]) -> Option<Container> {
    let config: Config = serde_json::from_slice(config).ok().filter(|config: &Config| config.id == id)?;
    let settings = config.settings.unwrap_or_default();
    let name = config.name.unwrap_or_default().trim_start_matches('/').to_owned();
    let labels = settings.labels.unwrap_or_default();
    let image = settings.image.unwrap_or_default();
    let image = image.split('@').next().unwrap_or_default().to_owned();
    let swarm = swarm(&labels);
    Some(Container { id: id.to_owned(), name, image, labels, swarm, known: true })
}

fn swarm(labels: &BTreeMap<String, String>) -> Option<Swarm> {
    let label = |name: &str| labels.get(name).cloned().unwrap_or_default();
    let service = labels.get("com.docker.swarm.service.name")?.clone();
    let task_name = label("com.docker.swarm.task.name");
    // The name is SERVICE.SLOT.TASK; a service may have dots in its name.
    let slot = task_name.rsplit('.').nth(1).and_then(|slot| slot.parse().ok()).unwrap_or_default();
    Some(Swarm {
        service,
        stack: label("com.docker.stack.namespace"),
        task: label("com.docker.swarm.task.id"),
        slot,
        node: label("com.docker.swarm.node.id"),
    })
}

/// What the container's labels wish; a wish that cannot be understood is none, and named in the error.
pub fn hints(labels: &BTreeMap<String, String>) -> (Hints, Option<String>) {
    let label = |name: &str| labels.get(&format!("{HINT}{name}")).map(String::as_str);
    let mut hints = Hints { mask: label("mask") != Some("off"), ..Hints::default() };
    let mut error = None;
    if let Some(dataset) = label("dataset") {
        if is_dataset(dataset) {
            hints.dataset = Some(dataset.to_owned());
        } else {
            error = Some("label log-shipper.dataset is no name of a data set (a-z 0-9 _ . at most 100)".into());
        }
    }
    if let Some(pattern) = label("multiline") {
        match regex::bytes::RegexBuilder::new(pattern).size_limit(1 << 20).build() {
            Ok(pattern) => hints.multiline = Some(pattern),
            Err(_) => error = Some("label log-shipper.multiline is no regular expression that can be used".into()),
        }
    }
    (hints, error)
}

/// What Elasticsearch accepts between the hyphens of `logs-DATASET-default`.
fn is_dataset(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
    !name.is_empty() && name.len() <= 100 && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = r#"{"StreamConfig":{},"ID":"abc","Name":"/shop.web.3.q1w2","Config":{"Hostname":"x",
        "Image":"minitwit:1.2@sha256:ffff","Labels":{"com.docker.swarm.service.name":"shop.web",
        "com.docker.stack.namespace":"shop","com.docker.swarm.task":"","com.docker.swarm.task.id":"q1w2",
        "com.docker.swarm.task.name":"shop.web.3.q1w2","com.docker.swarm.node.id":"n0de"}},"Driver":"overlay2"}"#;

    #[test]
    fn a_task_of_a_swarm_is_told_with_service_stack_slot_task_and_node() {
        let container = describe("abc", TASK.as_bytes()).unwrap();
        assert_eq!((&*container.name, &*container.image), ("shop.web.3.q1w2", "minitwit:1.2"));
        let swarm = container.swarm.unwrap();
        assert_eq!((&*swarm.service, &*swarm.stack, &*swarm.task), ("shop.web", "shop", "q1w2"));
        assert_eq!((swarm.slot, &*swarm.node), (3, "n0de"));
    }

    #[test]
    fn a_global_service_has_no_slot() {
        let config = TASK.replace("web.3.q1w2\",\"com.docker.swarm.node", "web.n0de.q1w2\",\"com.docker.swarm.node");
        assert_eq!(describe("abc", config.as_bytes()).unwrap().swarm.unwrap().slot, 0);
    }

    #[test]
    fn a_container_without_labels_has_a_name_and_an_image() {
        let config = r#"{"ID":"abc","Name":"/db","Config":{"Image":"postgres:17","Labels":null}}"#;
        let container = describe("abc", config.as_bytes()).unwrap();
        assert_eq!((&*container.name, &*container.image, container.swarm), ("db", "postgres:17", None));
    }

    #[test]
    fn half_a_file_and_that_of_another_container_say_nothing() {
        assert!(describe("abc", &TASK.as_bytes()[..TASK.len() - 1]).is_none());
        assert!(describe("abd", TASK.as_bytes()).is_none());
        assert!(describe("abc", b"").is_none());
    }

    #[test]
    fn labels_choose_data_set_pattern_and_mask() {
        let labels = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| (format!("{HINT}{name}"), (*value).to_owned())).collect()
        };
        let (wishes, error) = hints(&labels(&[("dataset", "shop.web"), ("multiline", r"^\S"), ("mask", "off")]));
        assert_eq!((wishes.dataset.as_deref(), wishes.mask, error), (Some("shop.web"), false, None));
        assert!(wishes.multiline.unwrap().is_match(b"x"));
        for (name, value) in [("dataset", "A-b"), ("dataset", ""), ("multiline", "(")] {
            let (wishes, error) = hints(&labels(&[(name, value)]));
            assert!(error.unwrap().contains(name));
            assert!(wishes.dataset.is_none() && wishes.multiline.is_none() && wishes.mask);
        }
    }
}
