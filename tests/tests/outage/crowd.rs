//! People and simulators who all come at once, to every kind of route.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bytes::Bytes;
use e2e::http_client::{Ask, fetch, get};
use e2e::seed::{PASSWORD, READER};
use e2e::simulator::CREDENTIAL;
use e2e::site::Site;
use e2e::visitor::Visitor;
use http::{HeaderValue, Request, Response, StatusCode, header};
use tokio::task::JoinSet;

/// The site's `--database-timeout` in these tests.
pub const TIMEOUT: &str = "1s";
/// How long an answer may take: the time-out, once, and something for the hashing of passwords on a busy machine.
pub const SITE_LIMIT: Duration = Duration::from_millis(3_500);

/// Who comes, each with what they need for it.
pub struct Crowd {
    session: HeaderValue,
    visits: usize,
}

/// What one of them got.
pub struct Answer {
    pub path: String,
    pub writes: bool,
    pub status: StatusCode,
    pub took: Duration,
    /// A page on the site's own door, an error object on the API.
    pub in_style: bool,
}

impl Crowd {
    /// Registers [`READER`], who then signs in.
    pub async fn gather(site: &Site) -> anyhow::Result<Self> {
        site.welcome(&[READER]).await?;
        let mut reader = Visitor::signed_in(site.web, READER).await?;
        reader.page(site.web, "/").await?;
        Ok(Self { session: reader.cookies.header()?, visits: 0 })
    }

    /// Comes in such numbers that every connection with the database is open and in use, and is served whole.
    pub async fn warm_up(&mut self, site: &Site) -> anyhow::Result<()> {
        let good = self.visit(site, 100).await?.iter().all(|answer| answer.status.is_success());
        ensure!(good, "not everybody is served before the outage");
        Ok(())
    }

    /// So many requests at once; all answers, redirects counted as the success that they are.
    pub async fn visit(&mut self, site: &Site, people: usize) -> anyhow::Result<Vec<Answer>> {
        let mut asked = JoinSet::new();
        for _ in 0..people {
            self.visits += 1;
            let (address, writes, ask) = self.wish(site)?;
            asked.spawn(answer(address, writes, ask));
        }
        asked.join_all().await.into_iter().collect()
    }

    fn wish(&self, site: &Site) -> anyhow::Result<(SocketAddr, bool, Ask)> {
        let number = self.visits;
        // Few of them bring a password: hashing takes its time whatever the database does.
        match number % 20 {
            0 => return Ok((site.web, true, sign_in(site.web)?)),
            1 => return Ok((site.api, true, registration(site.api, number)?)),
            _ => {}
        }
        Ok(match number % 7 {
            0 => (site.web, false, get(site.web, "/public")?),
            1 => (site.web, false, self.with_session(get(site.web, "/")?)),
            2 => (site.web, true, self.with_session(form(site.web, "/add_message", format!("text=visit+{number}"))?)),
            3 => (site.api, false, get(site.api, "/latest")?),
            4 => (site.api, false, authorized(get(site.api, "/msgs?no=20")?)),
            5 => (
                site.api,
                true,
                json(site.api, &format!("/msgs/{READER}?latest={number}"), r#"{"content":"a visit"}"#)?,
            ),
            _ => {
                let follow = format!(r#"{{"follow":"{READER}"}}"#);
                (site.api, true, json(site.api, &format!("/fllws/{READER}?latest={number}"), &follow)?)
            }
        })
    }

    fn with_session(&self, mut ask: Ask) -> Ask {
        ask.headers_mut().insert(header::COOKIE, self.session.clone());
        ask
    }
}

fn authorized(mut ask: Ask) -> Ask {
    ask.headers_mut().insert(header::AUTHORIZATION, HeaderValue::from_static(CREDENTIAL));
    ask
}

fn form(web: SocketAddr, path: &str, body: String) -> anyhow::Result<Ask> {
    let ask = Request::post(path).header(header::HOST, web.to_string()).header(header::ORIGIN, format!("http://{web}"));
    Ok(ask.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.into())?)
}

fn json(api: SocketAddr, path: &str, body: &str) -> anyhow::Result<Ask> {
    Ok(authorized(Request::post(path).header(header::HOST, api.to_string()).body(body.to_owned().into())?))
}

fn sign_in(web: SocketAddr) -> anyhow::Result<Ask> {
    form(web, "/login", format!("username={READER}&password={}", PASSWORD.replace(' ', "+")))
}

fn registration(api: SocketAddr, number: usize) -> anyhow::Result<Ask> {
    let body = format!(r#"{{"username":"visitor {number}","email":"v@minitwit.example","pwd":"{PASSWORD}"}}"#);
    json(api, &format!("/register?latest={number}"), &body)
}

async fn answer(address: SocketAddr, writes: bool, ask: Ask) -> anyhow::Result<Answer> {
    let path = format!("{} {}", ask.method(), ask.uri().path());
    let began = Instant::now();
    let answer = fetch(address, ask).await.with_context(|| format!("{path}, after {:?}", began.elapsed()))?;
    let took = began.elapsed();
    let status = if answer.status() == StatusCode::FOUND { StatusCode::OK } else { answer.status() };
    Ok(Answer { path, writes, status, took, in_style: in_style(&answer) })
}

fn in_style(answer: &Response<Bytes>) -> bool {
    let object: Option<serde_json::Value> = serde_json::from_slice(answer.body()).ok();
    match answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes) {
        Some(b"application/json") => {
            object.is_some_and(|object| object["status"] == answer.status().as_u16() && object["error_msg"].is_string())
        }
        Some(b"text/html; charset=utf-8") => String::from_utf8_lossy(answer.body()).contains("| MiniTwit</title>"),
        _ => false,
    }
}
