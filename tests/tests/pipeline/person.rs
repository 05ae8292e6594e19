//! Somebody who uses a site, and notes of each request what its line in the log has to say.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context, ensure};
use e2e::http_client::fetch;
use e2e::simulator::CREDENTIAL;
use e2e::simulator::request::percent_encoded;
use e2e::site::Cookies;
use http::{HeaderValue, Request, header};
use serde_json::Value;

/// A request, by the names that its document has for its parts.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `http.request.id`
    pub id: String,
    /// `http.request.method`
    pub method: &'static str,
    /// `minitwit.route`
    pub route: &'static str,
    /// `http.response.status_code`
    pub status: u16,
    /// `user.name`
    pub user: Option<String>,
    /// `client.ip`
    pub client: IpAddr,
    /// `minitwit.redirect`
    pub redirect: Option<String>,
}

/// A person at their browser, or the simulator that acts for them.
pub struct Person {
    pub name: String,
    /// Where a proxy says that they are; without one they are on this machine.
    pub behind: Option<IpAddr>,
    pub asked: Vec<Asked>,
    cookies: Cookies,
    signed_in: bool,
}

/// What is asked, and what must come of it.
pub struct Wish<'a> {
    pub path: &'a str,
    pub route: &'static str,
    pub status: u16,
}

impl Person {
    pub fn new(name: String, behind: Option<IpAddr>) -> Self {
        Self { name, behind, asked: Vec::new(), cookies: Cookies::default(), signed_in: false }
    }

    /// Opens a page.
    pub async fn open(&mut self, web: SocketAddr, wish: Wish<'_>) -> anyhow::Result<()> {
        let user = self.signed_in;
        self.ask(web, "GET", wish, user, |request| request, String::new()).await
    }

    /// Sends a form, as a page of the site itself would. `user` says whether the line names the person afterwards.
    pub async fn submit(
        &mut self,
        web: SocketAddr,
        wish: Wish<'_>,
        fields: &[(&str, &str)],
        user: bool,
    ) -> anyhow::Result<()> {
        let pairs = fields.iter().map(|(key, value)| format!("{key}={}", percent_encoded(value)));
        let form = pairs.collect::<Vec<_>>().join("&");
        let head = |request: http::request::Builder| {
            let request = request.header(header::ORIGIN, format!("http://{web}"));
            request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        };
        self.ask(web, "POST", wish, user, head, form).await
    }

    /// Lets the simulator ask.
    pub async fn simulate(
        &mut self,
        api: SocketAddr,
        method: &'static str,
        wish: Wish<'_>,
        body: Option<Value>,
        user: bool,
    ) -> anyhow::Result<()> {
        let body = body.map_or_else(String::new, |body| body.to_string());
        self.ask(api, method, wish, user, |request| request.header(header::AUTHORIZATION, CREDENTIAL), body).await
    }

    /// Whether the site knows who asks from now on.
    pub fn signed_in(&mut self, signed_in: bool) {
        self.signed_in = signed_in;
    }

    async fn ask(
        &mut self,
        door: SocketAddr,
        method: &'static str,
        wish: Wish<'_>,
        user: bool,
        head: impl FnOnce(http::request::Builder) -> http::request::Builder,
        body: String,
    ) -> anyhow::Result<()> {
        let Wish { path, route, status } = wish;
        let request = Request::builder().method(method).uri(path).header(header::HOST, door.to_string());
        let mut request = head(request).header(header::COOKIE, self.cookies.header()?).body(body.into())?;
        if let Some(address) = self.behind {
            let list = format!("10.9.8.7, {address}");
            request.headers_mut().insert("x-forwarded-for", HeaderValue::from_str(&list)?);
        }
        let answer = fetch(door, request).await?;
        ensure!(answer.status() == status, "{method} {path} of {} is answered {}", self.name, answer.status());
        self.cookies.keep(answer.headers());
        let text = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        self.asked.push(Asked {
            id: text(header::HeaderName::from_static("x-request-id")).context("an answer has a number")?,
            method,
            route,
            status,
            user: user.then(|| self.name.clone()),
            client: self.behind.unwrap_or(Ipv4Addr::LOCALHOST.into()),
            redirect: text(header::LOCATION),
        });
        Ok(())
    }
}
