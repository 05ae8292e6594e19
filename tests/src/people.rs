//! People of a site, who came and write through the simulator's door: quicker than by pages.

use anyhow::ensure;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::http_client::fetch;
use crate::seed::PASSWORD;
use crate::simulator::CREDENTIAL;
use crate::simulator::request::percent_encoded;
use crate::site::Site;

impl Site {
    /// Registers people, whose password is [`PASSWORD`].
    pub async fn welcome(&self, names: &[&str]) -> anyhow::Result<()> {
        for name in names {
            let email = format!("{}@minitwit.example", name.replace(' ', "."));
            self.tell("/register", json!({ "username": name, "email": email, "pwd": PASSWORD })).await?;
        }
        Ok(())
    }

    /// `author` writes a message.
    pub async fn write(&self, author: &str, text: &str) -> anyhow::Result<()> {
        self.tell(&format!("/msgs/{}", percent_encoded(author)), json!({ "content": text })).await
    }

    /// `reader` follows `author` from now on.
    pub async fn follow(&self, reader: &str, author: &str) -> anyhow::Result<()> {
        self.tell(&format!("/fllws/{}", percent_encoded(reader)), json!({ "follow": author })).await
    }

    async fn tell(&self, path: &str, body: Value) -> anyhow::Result<()> {
        let ask = Request::post(path)
            .header(header::HOST, self.api.to_string())
            .header(header::AUTHORIZATION, CREDENTIAL)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string().into())?;
        let status = fetch(self.api, ask).await?.status();
        ensure!(status == StatusCode::NO_CONTENT, "POST {path} answers {status}");
        Ok(())
    }
}
