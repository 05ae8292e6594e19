//! What is in Elasticsearch in the end.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use e2e::canary::Canary;
use e2e::search_server::{Document, SearchServer};
use elasticsearch::http::Method;
use serde_json::{Value, json};

use crate::person::Asked;
use crate::stage::TARGET;

/// Searches in one request.
const AT_ONCE: usize = 100;

/// All documents.
pub struct Found(Vec<Document>);

impl Found {
    /// Each of so many lines is one document.
    pub async fn once(server: &SearchServer, lines: u64) -> anyhow::Result<Self> {
        let documents = server.documents(TARGET).await?;
        ensure!(documents.len() as u64 == lines, "{lines} lines are {} documents", documents.len());
        Ok(Self(documents))
    }

    /// Each request is one document, whatever of it is searched for; there is none without a request.
    pub async fn has_each_request(&self, server: &SearchServer, asked: &[Asked]) -> anyhow::Result<()> {
        let requests = json!({ "term": { "event.dataset": "minitwit.request" } });
        let there = server.count(TARGET, &requests).await?;
        ensure!(there == asked.len() as u64, "{} requests are {there} documents", asked.len());
        for some in asked.chunks(AT_ONCE) {
            let by_id = some.iter().map(|asked| json!({ "term": { "http.request.id": asked.id } }));
            let by_all = by_id.clone().zip(some).map(|(id, asked)| {
                let filter = [vec![id], asked.terms()].concat();
                json!({ "bool": { "filter": filter } })
            });
            for (asked, counts) in
                some.iter().zip(counts(server, by_id).await?.iter().zip(counts(server, by_all).await?))
            {
                ensure!(*counts.0 == 1, "{asked:?} is {} documents", counts.0);
                ensure!(counts.1 == 1, "{asked:?} is not found by all that it was: {:?}", self.of(asked));
            }
        }
        self.has_groups(server, asked).await
    }

    /// A search for one user, address, route, redirect or status finds as many as there were.
    async fn has_groups(&self, server: &SearchServer, asked: &[Asked]) -> anyhow::Result<()> {
        let mut groups = BTreeMap::<String, u64>::new();
        for term in asked.iter().flat_map(Asked::terms) {
            *groups.entry(term.to_string()).or_default() += 1;
        }
        let queries: Vec<Value> = groups.keys().map(|term| serde_json::from_str(term)).collect::<Result<_, _>>()?;
        for (query, expected) in
            queries.chunks(AT_ONCE).zip(groups.values().copied().collect::<Vec<_>>().chunks(AT_ONCE))
        {
            let found = counts(server, query.iter().map(with_id)).await?;
            ensure!(found == expected, "{query:?} find {found:?}, and should {expected:?}");
        }
        Ok(())
    }

    fn of(&self, asked: &Asked) -> Option<&Value> {
        self.0.iter().map(|document| &document.source).find(|source| source["http"]["request"]["id"] == *asked.id)
    }

    /// Some came from a file, and some from a container.
    pub fn came_both_ways(&self) -> anyhow::Result<()> {
        let contained = self.0.iter().filter(|document| document.source["container.name"] == "minitwit").count();
        let beside = self.0.iter().filter(|document| document.source["container.name"].is_null()).count();
        ensure!(contained > 100 && beside > 100 && contained + beside == self.0.len(), "{contained} and {beside}");
        Ok(())
    }

    /// None of the documents has a secret, in whatever form.
    pub fn has_no_secret(&self, secrets: &[Canary]) -> anyhow::Result<()> {
        for document in &self.0 {
            let text = document.source.to_string();
            let finds: Vec<_> = secrets.iter().flat_map(|secret| secret.find(text.as_bytes())).collect();
            ensure!(finds.is_empty(), "a document has a password: {finds:?} in {text}");
        }
        Ok(())
    }
}

/// Only requests that were asked have a number; what the site tells of itself has none.
fn with_id(query: &Value) -> Value {
    json!({ "bool": { "filter": [query, { "exists": { "field": "http.request.id" } }] } })
}

/// How many documents each query finds.
async fn counts(server: &SearchServer, queries: impl Iterator<Item = Value>) -> anyhow::Result<Vec<u64>> {
    let search = |query| format!("{{}}\n{}\n", json!({ "size": 0, "track_total_hits": true, "query": query }));
    let lines: String = queries.map(search).collect();
    let answer = server.tell(Method::Post, &format!("/{TARGET}/_msearch"), Some(lines)).await?;
    let responses = answer["responses"].as_array().context("there are answers")?;
    let total = |response: &Value| response["hits"]["total"]["value"].as_u64().context("an answer has a count");
    responses.iter().map(total).collect()
}

impl Asked {
    /// What a search for this request asks for.
    fn terms(&self) -> Vec<Value> {
        let maybe = |field: &str, value: Option<&String>| match value {
            Some(value) => json!({ "term": { field: value } }),
            None => json!({ "bool": { "must_not": { "exists": { "field": field } } } }),
        };
        vec![
            json!({ "term": { "http.request.method": self.method } }),
            json!({ "term": { "minitwit.route": self.route } }),
            json!({ "term": { "http.response.status_code": self.status } }),
            json!({ "term": { "client.ip": self.client } }),
            maybe("user.name", self.user.as_ref()),
            maybe("minitwit.redirect", self.redirect.as_ref()),
        ]
    }
}
