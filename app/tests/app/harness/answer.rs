//! An answer of the site, and what a person reads in it.

use bytes::Bytes;
use hyper::{HeaderMap, Response};
use serde_json::Value;

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

/// A message in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub author: String,
    pub href: String,
    pub text: String,
    pub time: String,
    pub avatar: String,
}

impl Answer {
    pub(super) fn new(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.to_vec()).expect("answers are UTF-8");
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("our headers are ASCII"))
    }

    /// Where a 302 leads.
    pub fn redirect(&self) -> &str {
        assert_eq!(self.status, 302, "{self:#?}");
        self.header("location")
    }

    /// The one `Set-Cookie` of this name, if there is one.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().expect("ours are ASCII"));
        let mut named = lines.filter(|line| line.split('=').next() == Some(name));
        let cookie = named.next().map(str::to_owned);
        assert!(named.next().is_none(), "{name} is set twice");
        cookie
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{self:#?}");
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    /// What is shown once, in order.
    pub fn flashes(&self) -> Vec<String> {
        let list = between(&self.body, r#"<ul class="flashes">"#, "</ul>").unwrap_or_default();
        list.split("<li>").skip(1).map(|item| plain(item.split("</li>").next().unwrap_or_default())).collect()
    }

    /// The error above a form, or nothing.
    pub fn error(&self) -> String {
        let box_ = self.body.split(r#"<div class="error""#).nth(1).unwrap_or_default();
        plain(between(box_, "<strong>Error:</strong> ", "</div>").unwrap_or_default())
    }

    /// The title of the page.
    pub fn title(&self) -> String {
        plain(between(&self.body, "<title>", "</title>").expect("a page has a title"))
    }

    /// The HTML of the navigation.
    pub fn navigation(&self) -> &str {
        between(&self.body, r#"<div class="navigation">"#, "</div>").expect("a page has a navigation")
    }

    /// The HTML of the box on somebody's timeline, or nothing.
    pub fn follow_status(&self) -> &str {
        self.body
            .split(r#"<div class="followstatus""#)
            .nth(1)
            .and_then(|rest| rest.split("</div>").next())
            .unwrap_or_default()
    }

    /// The messages, in the order of the page.
    pub fn messages(&self) -> Vec<Shown> {
        assert_eq!(self.status, 200, "{self:#?}");
        let list = between(&self.body, r#"<ul class="messages">"#, "</ul>").expect("a timeline has a list");
        list.split("<li>").skip(1).filter(|item| !item.starts_with("<em>")).map(shown).collect()
    }

    /// The texts of the messages.
    pub fn texts(&self) -> Vec<String> {
        self.messages().into_iter().map(|message| message.text).collect()
    }

    /// The link to the page of older (`next`) or newer (`prev`) messages.
    pub fn link(&self, rel: &str) -> Option<String> {
        between(&self.body, &format!(r#"rel="{rel}" href=""#), "\"").map(plain)
    }
}

fn shown(item: &str) -> Shown {
    let author = item.split("<strong>").nth(1).expect("a message has an author");
    let text_onwards = item.split("</strong> ").nth(1).expect("a text comes after its author");
    Shown {
        author: plain(between(author, "\">", "</a></strong>").expect("an author is a link")),
        href: plain(between(author, "<a href=\"", "\"").expect("an author is a link")),
        text: plain(text_onwards.split(" <time").next().unwrap_or_default()),
        time: plain(between(item, "<small>", "</small>").expect("a message has a time")),
        avatar: between(item, "src=\"", "\"").map(plain).unwrap_or_default(),
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside)
}

/// HTML's text as it is read.
fn plain(html: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(html.to_owned(), |text, (entity, character)| text.replace(entity, character))
}
