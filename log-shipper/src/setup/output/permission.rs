//! What the user may do, and whether the index takes documents.

use serde_json::{Value, json};

use super::Check;
use crate::setup::http::{Client, Error, Reply};
use crate::setup::{Destination, Product, Server, Target};

/// For what the shipper needs them: to write, to have the data stream made, and to find out after a fault in which index
/// its documents are.
const INDEX_PRIVILEGES: [&str; 4] = ["create_doc", "auto_configure", "view_index_metadata", "read"];

/// Settings that stop writing, each with the way out.
const BLOCKS: [(&str, &str); 3] = [
    ("index.blocks.read_only_allow_delete", "the disk was almost full: make room, and the server lifts it"),
    ("index.blocks.read_only", "lift it, or roll over"),
    ("index.blocks.write", "lift it, or roll over"),
];

/// A sentence for a question that was not answered well.
pub(super) fn advice(error: &Error, privilege: &str, target: &Target) -> String {
    match error {
        Error::Refused { status: 403, .. } => {
            format!(
                "not allowed (403): give the user the privilege {privilege} for {target}; \
                 `log-shipper setup --dry-run` prints a role that has it"
            )
        }
        Error::Refused { status, .. } => format!("{error}{}", again(*status)),
        other => other.to_string(),
    }
}

/// All privileges at once, where the server can be asked for them.
pub(super) async fn privileges(client: &Client, server: &Server, target: &Target) -> Check {
    let name = "privileges";
    if server.product == Product::OpenSearch {
        return Check::ok(name, "OpenSearch cannot be asked for all at once; the following lines try them");
    }
    let question = json!({
        "cluster": ["monitor"],
        "index": [{ "names": [target.name()], "privileges": INDEX_PRIVILEGES }],
    });
    match client.post("/_security/user/_has_privileges", &question).await {
        Ok(answer) if answer.is_good() => has(&answer.body, target),
        Ok(answer) if is_without_security(&answer) => {
            Check::ok(name, "the server's security is off: everybody may do everything")
        }
        Ok(answer) => Check::fault(name, format!("{}{}", answer.refusal(), again(answer.status.as_u16()))),
        Err(error) => Check::fault(name, error.to_string()),
    }
}

/// Without the security feature there is nobody to answer. Which words say so depends on version and licence.
fn is_without_security(answer: &Reply) -> bool {
    let reason = answer.reason().unwrap_or_default();
    let begins = |words: &[&str]| words.iter().any(|word| reason.starts_with(word));
    match answer.status.as_u16() {
        400 | 404 => begins(&["no handler found for uri"]),
        405 => begins(&["Incorrect HTTP method for uri"]),
        500 => begins(&["Security must be explicitly enabled", "Security is not enabled"]),
        _ => false,
    }
}

/// What to do about an answer of a server, or of what is before it, that says nothing of what was asked.
const fn again(status: u16) -> &'static str {
    match status {
        429 | 500.. => "; that may pass: try again",
        _ => "",
    }
}

fn has(answer: &Value, target: &Target) -> Check {
    let missing = |granted: &Value| -> Vec<String> {
        let privileges = granted.as_object().into_iter().flatten();
        privileges.filter(|(_, granted)| **granted == false).map(|(name, _)| name.clone()).collect()
    };
    let cluster = missing(&answer["cluster"]);
    let index = missing(&answer["index"][target.name()]);
    if cluster.is_empty() && index.is_empty() {
        return Check::ok("privileges", "all that are needed");
    }
    let on_target = format!(" on {target}");
    let lacks = [(cluster, " on the cluster"), (index, on_target.as_str())];
    let lacks = lacks.iter().filter(|(names, _)| !names.is_empty());
    let lacks = lacks.map(|(names, on)| format!("{}{on}", names.join(", "))).collect::<Vec<_>>().join(" and ");
    Check::fault("privileges", format!("the user lacks {lacks}; `log-shipper setup --dry-run` prints the role to give"))
}

/// Whether the written index takes documents, as far as can be told without one.
pub(super) async fn write(client: &Client, server: &Server, target: &Target, destination: &Destination) -> Check {
    let name = "write";
    let index = destination.written(target).unwrap_or(target.name());
    let settings = match client.get(&format!("/{index}/_settings?flat_settings=true")).await.and_then(Reply::good) {
        Ok(settings) => settings,
        Err(error) => return Check::fault(name, advice(&error, "view_index_metadata", target)),
    };
    let blocked =
        |block: &str| settings.as_object().into_iter().flatten().any(|(_, of)| of["settings"][block] == "true");
    if let Some((block, way_out)) = BLOCKS.iter().find(|(block, _)| blocked(block)) {
        return Check::fault(name, format!("{index} has the block {block}; {way_out}"));
    }
    match destination {
        Destination::DataStream { .. } if server.product == Product::OpenSearch => try_in_vain(client, target).await,
        _ => Check::ok(name, "nothing blocks it"),
    }
}

/// A data stream refuses a document without `@timestamp`, but only after it has looked at the user's privileges.
/// Elasticsearch can be asked outright, and could keep the document in a failure store.
async fn try_in_vain(client: &Client, target: &Target) -> Check {
    let answer = client.post_lines(&format!("/{target}/_bulk"), "{\"create\":{}}\n{}\n".to_owned()).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Check::fault("write", error.to_string()),
    };
    match (answer.status.as_u16(), answer.body["items"][0]["create"]["status"].as_u64()) {
        (403, _) | (_, Some(403)) => {
            Check::fault("write", "not allowed (403): give the user the right to create documents")
        }
        (200, Some(400)) => Check::ok("write", "allowed, and nothing blocks it"),
        _ => Check::fault("write", format!("a document that had to be refused was not (status {})", answer.status)),
    }
}

/// After a fault the shipper looks its documents up by their ids.
pub(super) async fn look_up(client: &Client, target: &Target) -> Check {
    let name = "look-up";
    match client.post(&format!("/{target}/_search?size=0&terminate_after=1"), &json!({})).await.and_then(Reply::good) {
        Ok(_) => Check::ok(name, "documents can be looked up"),
        Err(error) => Check::fault(name, advice(&error, "read", target)),
    }
}
