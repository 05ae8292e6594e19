//! Somebody with a browser: keeps cookies, follows no redirect by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use super::{Answer, Ask, TestApp, segment, wire};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// A browser at the pages of one site.
pub struct Visitor {
    address: SocketAddr,
    cookies: Mutex<BTreeMap<String, String>>,
    headers: Vec<(String, String)>,
}

impl Visitor {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: Mutex::default(), headers: Vec::new() }
    }

    /// The same browser, sent to another replica, with a copy of the cookies.
    pub fn at(&self, site: &TestApp) -> Self {
        let cookies = Mutex::new(self.cookies());
        Self { address: site.web, cookies, headers: self.headers.clone() }
    }

    /// The browser sends this header with every request, as a proxy would add it.
    pub fn always_with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What the browser keeps.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The value of a cookie, or nothing.
    pub fn cookie(&self, name: &str) -> String {
        self.cookies().remove(name).unwrap_or_default()
    }

    /// Puts a cookie into the browser, as a thief does.
    pub fn plant(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value.to_owned());
    }

    /// Sends a request with the cookies, and keeps those that come back.
    pub async fn send(&self, mut ask: Ask) -> Answer {
        let cookies: Vec<_> = self.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            ask = ask.with("cookie", &cookies.join("; "));
        }
        for (name, value) in &self.headers {
            ask = ask.with(name, value);
        }
        let answer = wire::send(self.address, ask).await;
        self.keep(&answer);
        answer
    }

    fn keep(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("our cookies are ASCII");
            let (name, value) =
                line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie is a pair");
            if line.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Ask::get(path)).await
    }

    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Ask::form(path, fields)).await
    }

    pub async fn register(&self, name: &str) -> Answer {
        let email = format!("{name}@minitwit.example");
        let fields = [("username", name), ("email", &email), ("password", PASSWORD), ("password2", PASSWORD)];
        self.submit("/register", &fields).await
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.submit("/login", &[("username", name), ("password", password)]).await
    }

    pub async fn sign_out(&self) -> Answer {
        self.submit("/logout", &[]).await
    }

    pub async fn post(&self, text: &str) -> Answer {
        self.submit("/add_message", &[("text", text)]).await
    }

    pub async fn follow(&self, name: &str) -> Answer {
        self.submit(&format!("/{}/follow", segment(name)), &[]).await
    }

    pub async fn unfollow(&self, name: &str) -> Answer {
        self.submit(&format!("/{}/unfollow", segment(name)), &[]).await
    }

    pub async fn is_signed_in(&self) -> bool {
        self.get("/public").await.navigation().contains("sign out")
    }
}
