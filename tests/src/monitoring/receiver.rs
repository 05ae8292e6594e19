//! Whoever Alertmanager tells of alerts: keeps each message.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A message, and under which path it came.
#[derive(Clone, Debug)]
pub struct Message {
    /// The last part of the path: the receiver's name.
    pub to: String,
    /// What Alertmanager's webhook sends.
    pub body: Value,
}

/// It listens until it is dropped.
pub struct Receiver {
    /// Where.
    pub address: SocketAddr,
    messages: Arc<Mutex<Vec<Message>>>,
    task: JoinHandle<()>,
}

type Messages = Arc<Mutex<Vec<Message>>>;

impl Receiver {
    /// Begins to listen.
    pub async fn start() -> anyhow::Result<Self> {
        let messages = Messages::default();
        let router = Router::new().route("/{to}", post(take)).with_state(messages.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, messages, task })
    }

    /// All messages so far.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(messages): State<Messages>, Path(to): Path<String>, Json(body): Json<Value>) {
    messages.lock().unwrap_or_else(PoisonError::into_inner).push(Message { to, body });
}
