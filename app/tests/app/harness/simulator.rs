//! The simulator: JSON, a credential, and a number with each request.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{Answer, Ask, PASSWORD, segment, wire};

/// Who may use the API.
pub struct Simulator {
    address: SocketAddr,
    credential: String,
}

impl Simulator {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, credential: "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh".into() }
    }

    /// The same with another `Authorization`.
    pub fn saying(self, credential: &str) -> Self {
        Self { credential: credential.to_owned(), ..self }
    }

    pub async fn send(&self, ask: Ask) -> Answer {
        wire::send(self.address, ask.with("authorization", &self.credential)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Ask::get(path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Ask::json(path, body)).await
    }

    pub async fn register(&self, name: &str) -> Answer {
        let email = format!("{name}@minitwit.example");
        self.post("/register", &json!({"username": name, "email": email, "pwd": PASSWORD})).await
    }

    pub async fn tweet(&self, name: &str, content: &str) -> Answer {
        self.post(&format!("/msgs/{}", segment(name)), &json!({"content": content})).await
    }

    pub async fn follow(&self, who: &str, whom: &str) -> Answer {
        self.post(&format!("/fllws/{}", segment(who)), &json!({"follow": whom})).await
    }

    pub async fn unfollow(&self, who: &str, whom: &str) -> Answer {
        self.post(&format!("/fllws/{}", segment(who)), &json!({"unfollow": whom})).await
    }

    /// Whom `who` follows.
    pub async fn follows(&self, who: &str) -> Vec<String> {
        let answer = self.get(&format!("/fllws/{}", segment(who))).await.json();
        serde_json::from_value(answer["follows"].clone()).expect("a list of names")
    }

    /// The contents of the list at `path`.
    pub async fn contents(&self, path: &str) -> Vec<String> {
        let list = self.get(path).await.json();
        let list = list.as_array().expect("a list of messages").iter();
        list.map(|message| message["content"].as_str().expect("content is a string").to_owned()).collect()
    }

    pub async fn latest(&self) -> i64 {
        let answer = self.get("/latest").await;
        assert_eq!(answer.status, 200);
        answer.json()["latest"].as_i64().expect("latest is an integer")
    }
}
