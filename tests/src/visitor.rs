//! A person's browser without a screen: it keeps cookies and sends forms, to whichever replica it is told.

use std::fmt::Write;
use std::net::SocketAddr;

use anyhow::ensure;
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};

use crate::http_client::{fetch, get};
use crate::seed::PASSWORD;
use crate::site::Cookies;

/// A browser. Replicas behind one name share its cookies.
#[derive(Default)]
pub struct Visitor {
    /// What it remembers.
    pub cookies: Cookies,
}

impl Visitor {
    /// Somebody whose password is [`PASSWORD`], just signed in at `web`: the flash is not shown yet.
    pub async fn signed_in(web: SocketAddr, name: &str) -> anyhow::Result<Self> {
        let mut visitor = Self::default();
        let answer = visitor.sign_in(web, name, PASSWORD).await?;
        ensure!(answer.status() == StatusCode::FOUND, "{name} cannot sign in: {}", answer.status());
        Ok(visitor)
    }

    /// `POST /login`
    pub async fn sign_in(&mut self, web: SocketAddr, name: &str, password: &str) -> anyhow::Result<Response<Bytes>> {
        self.submit(web, "/login", &[("username", name), ("password", password)]).await
    }

    /// `POST /add_message`
    pub async fn post(&mut self, web: SocketAddr, text: &str) -> anyhow::Result<Response<Bytes>> {
        self.submit(web, "/add_message", &[("text", text)]).await
    }

    /// Opens a page; no redirect is followed.
    pub async fn open(&mut self, web: SocketAddr, path: &str) -> anyhow::Result<Response<Bytes>> {
        let mut ask = get(web, path)?;
        ask.headers_mut().insert(header::COOKIE, self.cookies.header()?);
        let answer = fetch(web, ask).await?;
        self.cookies.keep(answer.headers());
        Ok(answer)
    }

    /// The text of a page that is there.
    pub async fn page(&mut self, web: SocketAddr, path: &str) -> anyhow::Result<String> {
        let answer = self.open(web, path).await?;
        ensure!(answer.status() == StatusCode::OK, "GET {path} answers {}", answer.status());
        Ok(String::from_utf8(answer.into_body().into())?)
    }

    /// Sends a form, as a page of the site itself would.
    pub async fn submit(
        &mut self,
        web: SocketAddr,
        path: &str,
        fields: &[(&str, &str)],
    ) -> anyhow::Result<Response<Bytes>> {
        let ask = Request::post(path)
            .header(header::HOST, web.to_string())
            .header(header::ORIGIN, format!("http://{web}"))
            .header(header::COOKIE, self.cookies.header()?)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form(fields).into())?;
        let answer = fetch(web, ask).await?;
        self.cookies.keep(answer.headers());
        Ok(answer)
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (key, value) in fields {
        let end = if form.is_empty() { "" } else { "&" };
        write!(form, "{end}{key}={}", crate::simulator::request::percent_encoded(value))
            .expect("a string can be written to");
    }
    form
}
