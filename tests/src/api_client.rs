//! A client of the simulator's API that sees each answer, good or bad.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::http_client::fetch;
use crate::seed::PASSWORD;
use crate::simulator::CREDENTIAL;
use crate::simulator::request::percent_encoded;

/// Where a replica's API is. Each request has a connection of its own, as the simulator's have.
#[derive(Clone, Copy, Debug)]
pub struct ApiClient(pub SocketAddr);

impl ApiClient {
    /// `POST /register`
    pub async fn register(&self, name: &str, latest: i64) -> anyhow::Result<StatusCode> {
        let email = format!("{}@minitwit.example", percent_encoded(name));
        self.post("/register", latest, json!({ "username": name, "email": email, "pwd": PASSWORD })).await
    }

    /// `POST /msgs/{name}`
    pub async fn tweet(&self, name: &str, text: &str, latest: i64) -> anyhow::Result<StatusCode> {
        self.post(&format!("/msgs/{}", percent_encoded(name)), latest, json!({ "content": text })).await
    }

    /// `POST /fllws/{name}`, where `verb` is `follow` or `unfollow`.
    pub async fn relate(&self, name: &str, verb: &str, other: &str, latest: i64) -> anyhow::Result<StatusCode> {
        self.post(&format!("/fllws/{}", percent_encoded(name)), latest, json!({ verb: other })).await
    }

    /// `GET /latest`
    pub async fn latest(&self) -> anyhow::Result<i64> {
        self.json("/latest").await?["latest"].as_i64().context("latest is an integer")
    }

    /// The texts of `GET /msgs` or `GET /msgs/{name}`, newest first.
    pub async fn texts(&self, path: &str) -> anyhow::Result<Vec<String>> {
        let messages = self.json(path).await?;
        let texts = messages.as_array().context("a list")?.iter().map(|message| message["content"].as_str());
        texts.map(|text| text.map(str::to_owned).context("a text")).collect()
    }

    /// Whom `name` follows, at most 1,000.
    pub async fn follows(&self, name: &str) -> anyhow::Result<Vec<String>> {
        let answer = self.json(&format!("/fllws/{}?no=1000", percent_encoded(name))).await?;
        let names = answer["follows"].as_array().context("a list")?.iter();
        names.map(|name| name.as_str().map(str::to_owned).context("a name")).collect()
    }

    /// A GET, whatever the answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<Response<Bytes>> {
        let ask = Request::get(path).header(header::HOST, self.0.to_string()).header(header::AUTHORIZATION, CREDENTIAL);
        fetch(self.0, ask.body(Bytes::new().into())?).await
    }

    async fn json(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.get(path).await?;
        ensure!(answer.status() == StatusCode::OK, "GET {path} answers {}", answer.status());
        Ok(serde_json::from_slice(answer.body())?)
    }

    async fn post(&self, path: &str, latest: i64, body: Value) -> anyhow::Result<StatusCode> {
        let ask = Request::post(format!("{path}?latest={latest}"))
            .header(header::HOST, self.0.to_string())
            .header(header::AUTHORIZATION, CREDENTIAL)
            .header(header::CONNECTION, "close")
            .body(body.to_string().into())?;
        Ok(fetch(self.0, ask).await?.status())
    }
}
