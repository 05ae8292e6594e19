//! One thing that a client sends, and what becomes of it.

use e2e::site::Site;
use http::Method;

use crate::wire::Manner;

/// Where a client knocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Web,
    Api,
    Ops,
}

impl Door {
    pub fn address(self, site: &Site) -> std::net::SocketAddr {
        match self {
            Self::Web => site.web,
            Self::Api => site.api,
            Self::Ops => site.ops,
        }
    }
}

/// What is sent on one connection.
#[derive(Clone, Debug)]
pub struct Wish {
    pub door: Door,
    pub pieces: Vec<Vec<u8>>,
    pub manner: Manner,
    /// How many lines of the transaction log there must be about it.
    pub lines: usize,
    /// The status that it must get, where that is the point.
    pub status: Option<u16>,
    /// Whether the page that comes back holds a form with the name and the address as they were typed.
    pub form_returns: bool,
}

impl Wish {
    /// Bytes as they are.
    pub fn raw(door: Door, bytes: impl Into<Vec<u8>>) -> Self {
        let lines = usize::from(door != Door::Ops);
        let pieces = vec![bytes.into()];
        Self { door, pieces, manner: Manner::Listens, lines, status: None, form_returns: false }
    }

    pub fn answered(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    pub fn form_returns(self) -> Self {
        Self { form_returns: true, ..self.answered(200) }
    }

    /// It is in the log so often.
    pub fn logged(self, lines: usize) -> Self {
        Self { lines, ..self }
    }

    /// Then the client is gone, before anybody can have noticed it.
    pub fn leaving_at_once(self) -> Self {
        Self { manner: Manner::LeavesAtOnce, ..self.logged(0) }
    }

    /// The head alone, then the body, in such a manner.
    pub fn in_the_body(self, manner: Manner) -> Self {
        let bytes = self.pieces.concat();
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
        let (head, body) = bytes.split_at(end);
        let head = [&head[..end - 2], b"Expect: 100-continue\r\n\r\n"].concat();
        Self { pieces: vec![head, body.to_vec()], manner, ..self }
    }

    /// In pieces of so many bytes.
    pub fn split(self, size: usize) -> Self {
        let pieces = self.pieces.concat().chunks(size).map(<[u8]>::to_vec).collect();
        Self { pieces, ..self }
    }

    /// Its beginning, for people.
    pub fn shown(&self) -> String {
        let bytes = self.pieces.concat();
        format!("{:?}: {}", self.door, bytes[..bytes.len().min(600)].escape_ascii())
    }
}

/// An HTTP request that is being written.
#[derive(Clone)]
pub struct Request {
    door: Door,
    method: Vec<u8>,
    target: Vec<u8>,
    version: &'static str,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub fn get(door: Door, target: impl AsRef<[u8]>) -> Self {
        Self::of(door, Method::GET.as_str(), target)
    }

    pub fn of(door: Door, method: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        let (method, target) = (method.as_ref().to_vec(), target.as_ref().to_vec());
        Self { door, method, target, version: "HTTP/1.1", headers: Vec::new(), body: None }
    }

    /// A POST with a body of a type.
    pub fn post(door: Door, target: &str, media_type: impl AsRef<[u8]>, body: impl Into<Vec<u8>>) -> Self {
        let request = Self::of(door, Method::POST.as_str(), target).header("Content-Type", media_type);
        Self { body: Some(body.into()), ..request }
    }

    /// As a page of the site sends a form.
    pub fn form(target: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::post(Door::Web, target, FORM, body)
    }

    /// As the simulator sends an object.
    pub fn json(target: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::post(Door::Api, target, "application/json", body)
    }

    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.as_ref().to_vec(), value.as_ref().to_vec()));
        self
    }

    pub fn old(self) -> Self {
        Self { version: "HTTP/1.0", ..self }
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The bytes, with the headers that a request needs and that are not given.
    pub fn wish(mut self) -> Wish {
        if !self.has("host") {
            self = self.header("Host", "localhost");
        }
        if let Some(length) =
            self.body.as_ref().map(Vec::len).filter(|_| !self.has("content-length") && !self.has("transfer-encoding"))
        {
            self = self.header("Content-Length", length.to_string());
        }
        if !self.has("connection") {
            self = self.header("Connection", "close");
        }
        let mut bytes = [&self.method[..], b" ", &self.target, b" ", self.version.as_bytes(), b"\r\n"].concat();
        for (name, value) in &self.headers {
            bytes.extend([&name[..], b": ", value, b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(self.body.unwrap_or_default());
        Wish::raw(self.door, bytes)
    }
}

pub const FORM: &str = "application/x-www-form-urlencoded";
