//! A target of a test's own on a server that tests share.

use anyhow::{Context, ensure};
use e2e::search_server::{Kind, SearchServer, User};
use elasticsearch::http::Method;
use log_shipper::deliver::{Access, Credentials};
use log_shipper::setup::{self, Client, Plan, Retention, Target};
use serde_json::{Value, json};

pub struct Stage {
    pub server: &'static SearchServer,
    pub target: Target,
}

impl Stage {
    /// Nothing is on the server for the data set yet; `None` where the server is missing.
    pub async fn bare(kind: Kind, dataset: &str) -> anyhow::Result<Option<Self>> {
        let Some(server) = SearchServer::shared(kind).await? else { return Ok(None) };
        Ok(Some(Self { server, target: format!("logs-{dataset}-default").parse()? }))
    }

    /// The template is there.
    pub async fn set_up(kind: Kind, dataset: &str) -> anyhow::Result<Option<Self>> {
        let Some(stage) = Self::bare(kind, dataset).await? else { return Ok(None) };
        stage.plan().await?.apply(&stage.client(User::Admin)?).await?;
        Ok(Some(stage))
    }

    pub fn client(&self, user: User) -> anyhow::Result<Client> {
        let credentials = self.server.credentials(user);
        let credentials = credentials.map(|(name, password)| Credentials::Basic(name.to_owned(), password.into()));
        Ok(Client::new(&self.server.url().parse()?, &Access { credentials, ..Access::default() })?)
    }

    pub async fn plan(&self) -> anyhow::Result<Plan> {
        Ok(setup::plan(&self.client(User::Admin)?, &self.target, Retention::default()).await?)
    }

    /// Sends documents as the shipper does; gives back each one's status, and why it was refused.
    pub async fn create(&self, documents: &[Value]) -> anyhow::Result<Vec<(u64, String)>> {
        let lines: Vec<String> = documents.iter().map(Value::to_string).collect();
        self.create_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// The same of lines as they are; the ids are their numbers from 0 on.
    pub async fn create_lines(&self, lines: &[&str]) -> anyhow::Result<Vec<(u64, String)>> {
        let action = |id: usize| json!({ "create": { "_id": id.to_string() } });
        let bulk: Vec<String> =
            lines.iter().enumerate().map(|(id, line)| format!("{}\n{line}\n", action(id))).collect();
        let client = self.client(User::Shipper)?;
        let answer = client.post_lines(&format!("/{}/_bulk", self.target), bulk.concat()).await?.good()?;
        self.server.tell(Method::Post, &format!("/{}/_refresh", self.target), None).await?;
        let items = answer["items"].as_array().context("the answer has items")?;
        let told = |item: &Value| (item["create"]["status"].as_u64().unwrap_or(0), item["create"]["error"].to_string());
        Ok(items.iter().map(told).collect())
    }

    /// Sends documents of which each has to be taken.
    pub async fn store(&self, documents: &[Value]) -> anyhow::Result<()> {
        for (document, (status, reason)) in documents.iter().zip(self.create(documents).await?) {
            ensure!(status == 201, "{document} is answered {status}: {reason}");
        }
        Ok(())
    }

    /// The ids of the documents that a query finds, in order.
    pub async fn find(&self, query: &Value) -> anyhow::Result<Vec<String>> {
        let search = json!({ "query": query, "size": 1000 }).to_string();
        let answer = self.server.tell(Method::Post, &format!("/{}/_search", self.target), Some(search)).await?;
        let hits = answer["hits"]["hits"].as_array().context("the answer has hits")?;
        let mut ids: Vec<String> = hits.iter().filter_map(|hit| Some(hit["_id"].as_str()?.to_owned())).collect();
        ids.sort();
        Ok(ids)
    }

    /// The mapping of each index behind the target.
    pub async fn mapping(&self) -> anyhow::Result<Value> {
        self.server.tell(Method::Get, &format!("/{}/_mapping", self.target), None).await
    }
}
