//! What Elasticsearch has of the site.

use anyhow::Context;
use serde_json::{Value, json};

use super::Swarm;

/// As many as one answer has.
const PAGE: usize = 10_000;

impl Swarm {
    /// How many documents match; a filter of Elasticsearch's own.
    pub async fn documents(&self, filter: &Value) -> anyhow::Result<u64> {
        let answer = self.search("_count", &json!({ "query": { "bool": { "filter": filter } } })).await?;
        answer["count"].as_u64().with_context(|| answer.to_string())
    }

    /// These fields of all documents that match, the oldest first.
    pub async fn sources(&self, filter: &Value, fields: &[&str]) -> anyhow::Result<Vec<Value>> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let query = json!({ "bool": { "filter": filter } });
            let order = json!([{ "@timestamp": "asc" }, { "log.offset": "asc" }]);
            let mut body = json!({ "query": query, "size": PAGE, "_source": fields, "sort": order });
            after.take().into_iter().for_each(|after: Value| body["search_after"] = after);
            let answer = self.search("_search", &body).await?;
            let hits = answer["hits"]["hits"].as_array().with_context(|| answer.to_string())?;
            after = hits.last().map(|hit| hit["sort"].clone());
            all.extend(hits.iter().map(|hit| hit["_source"].clone()));
            if hits.len() < PAGE {
                return Ok(all);
            }
        }
    }

    async fn search(&self, what: &str, body: &Value) -> anyhow::Result<Value> {
        let ask = "exec curl --silent --fail-with-body --header 'Content-Type: application/json' --data \"$0\" \
            --user \"grafana:$(cat /run/secrets/grafana_elasticsearch_password)\" \
            \"http://127.0.0.1:9200/logs-minitwit-default/$1\"";
        let words = ["sh", "-c", ask, &body.to_string(), what];
        Ok(serde_json::from_str(&self.inside("elasticsearch", &words).await?)?)
    }
}
