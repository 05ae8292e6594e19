//! What the server answers, byte for byte.

use serde_json::{Value, json};

use super::store::Store;

pub(super) struct Answer {
    status: u16,
    headers: String,
    body: String,
    /// Bytes of it that are sent, if not all.
    cut: Option<usize>,
    /// The connection is closed after it.
    pub(super) closes: bool,
    /// It never comes.
    pub(super) stalls: bool,
}

impl Answer {
    pub(super) fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: String::new(), body: body.into(), cut: None, closes: false, stalls: false }
    }

    pub(super) fn error(status: u16, kind: &str) -> Self {
        let error = json!({"error": {"root_cause": [], "type": kind, "reason": "told to"}, "status": status});
        Self::new(status, error.to_string())
    }

    pub(super) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers = format!("{}{name}: {value}\r\n", self.headers);
        self
    }

    /// Only the first `bytes` of the body are sent, then the connection is closed.
    pub(super) fn cut(self, bytes: usize) -> Self {
        Self { cut: Some(bytes), closes: true, ..self }
    }

    /// Nothing is sent, and the connection is closed.
    pub(super) fn none() -> Self {
        Self { status: 0, closes: true, ..Self::new(0, "") }
    }

    /// Nothing is sent, and the connection stays open.
    pub(super) fn never() -> Self {
        Self { stalls: true, ..Self::new(0, "") }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.status == 0 {
            return Vec::new();
        }
        let Self { status, headers, body, .. } = self;
        let sent = &body.as_bytes()[..self.cut.unwrap_or(body.len()).min(body.len())];
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), sent].concat()
    }
}

/// The answer to `_resolve/index`; every target is a data stream.
pub(super) fn resolved(indices: &[String]) -> Answer {
    if indices.is_empty() {
        return Answer::error(404, "index_not_found_exception");
    }
    Answer::new(200, json!({"data_streams": [{"backing_indices": indices}]}).to_string())
}

/// The answer to `_mget`.
pub(super) fn looked_up(store: &Store, index: &str, body: &[u8]) -> Answer {
    let asked: Value = serde_json::from_slice(body).unwrap();
    let found = |id: &Value| json!({"_id": id, "found": store.has(index, id.as_str().unwrap())});
    let documents: Vec<Value> = asked["ids"].as_array().unwrap().iter().map(found).collect();
    Answer::new(200, json!({"docs": documents}).to_string())
}

/// An item of the answer to `_bulk`.
pub(super) fn item(status: u16, kind: &str, failure_store: Option<&str>) -> Value {
    let mut inner = json!({"status": status});
    if !kind.is_empty() {
        inner["error"] = json!({"type": kind, "reason": "told to"});
    }
    if let Some(failure_store) = failure_store {
        inner["failure_store"] = failure_store.into();
    }
    json!({"create": inner})
}

/// The answer to `_bulk`.
pub(super) fn items(items: &[Value]) -> Answer {
    let errors = items.iter().any(|item| item["create"]["status"] != 201);
    Answer::new(200, json!({"errors": errors, "items": items}).to_string())
}
