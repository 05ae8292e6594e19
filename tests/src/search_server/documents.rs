//! What a server has stored for a target, in all of its indices.

use anyhow::{Context, ensure};
use elasticsearch::http::Method;
use serde_json::{Value, json};

use super::SearchServer;

/// Documents of one answer.
const PAGE: usize = 5_000;

/// A document as it is stored.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id, which another index may have too.
    pub id: String,
    /// The index that it is in.
    pub index: String,
    /// The document.
    pub source: Value,
}

impl SearchServer {
    /// How many documents a search finds now in all indices of a target; none while there is no index, or only half of one.
    pub async fn count(&self, target: &str, query: &Value) -> anyhow::Result<u64> {
        self.ask(Method::Post, &format!("/{target}/_refresh"), None).await?;
        let body = json!({ "query": query }).to_string();
        let (status, answer) = self.ask(Method::Post, &format!("/{target}/_count"), Some(body)).await?;
        ensure!(
            status.is_success() || [404, 503].contains(&status.as_u16()),
            "a search is answered {status}: {answer}"
        );
        Ok(answer["count"].as_u64().unwrap_or_default())
    }

    /// All documents of a target, each as often as it is there.
    pub async fn documents(&self, target: &str) -> anyhow::Result<Vec<Document>> {
        self.tell(Method::Post, &format!("/{target}/_refresh"), None).await?;
        let first = format!("/{target}/_search?scroll=1m&size={PAGE}&sort=_doc");
        let mut answer = self.tell(Method::Post, &first, None).await?;
        let mut documents = Vec::new();
        loop {
            let scroll = answer["_scroll_id"].as_str().context("the search goes on")?.to_owned();
            let hits = answer["hits"]["hits"].as_array_mut().context("the answer has hits")?;
            if hits.is_empty() {
                let body = json!({ "scroll_id": scroll }).to_string();
                self.tell(Method::Delete, "/_search/scroll", Some(body)).await?;
                return Ok(documents);
            }
            documents.extend(hits.drain(..).filter_map(document));
            let body = json!({ "scroll": "1m", "scroll_id": scroll }).to_string();
            answer = self.tell(Method::Post, "/_search/scroll", Some(body)).await?;
        }
    }
}

fn document(mut hit: Value) -> Option<Document> {
    let source = hit["_source"].take();
    Some(Document { id: hit["_id"].as_str()?.to_owned(), index: hit["_index"].as_str()?.to_owned(), source })
}
