//! Whoever Alertmanager tells of alerts, by webhook and by e-mail: keeps each message.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Router, serve};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// To whom each is, and all of it.
type Messages = Arc<Mutex<Vec<(String, String)>>>;

/// It listens until it is dropped.
pub struct Receiver {
    /// Where for webhooks.
    pub address: SocketAddr,
    /// Where for mail (SMTP).
    pub mail: SocketAddr,
    messages: Messages,
    _listening: JoinSet<()>,
}

impl Receiver {
    /// Begins to listen.
    pub async fn start() -> anyhow::Result<Self> {
        let messages = Messages::default();
        let [hooks, mail] = [TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?];
        let (address, mail_address) = (hooks.local_addr()?, mail.local_addr()?);
        let router = Router::new().route("/{to}", post(take)).with_state(messages.clone());
        let mut listening = JoinSet::new();
        listening.spawn(async move { drop(serve(hooks, router).await) });
        listening.spawn(relay(mail, messages.clone()));
        Ok(Self { address, mail: mail_address, messages, _listening: listening })
    }

    /// All messages so far to somebody, the oldest first: of a webhook its last part says to whom, and mail is for `mail`.
    #[must_use]
    pub fn to(&self, whom: &str) -> Vec<String> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().filter(|(to, _)| to == whom).map(|(_, text)| text.clone()).collect()
    }
}

fn keep(messages: &Messages, to: &str, text: String) {
    messages.lock().unwrap_or_else(PoisonError::into_inner).push((to.to_owned(), text));
}

/// A chat says that it has understood.
async fn take(State(messages): State<Messages>, Path(to): Path<String>, body: Bytes) -> &'static str {
    keep(&messages, &to, String::from_utf8_lossy(&body).into_owned());
    "ok"
}

async fn relay(listener: TcpListener, messages: Messages) {
    while let Ok((stream, _)) = listener.accept().await {
        let messages = messages.clone();
        // A client that does not keep to the rules has sent nothing.
        tokio::spawn(async move { drop(take_mail(stream, messages).await) });
    }
}

/// As much of RFC 5321 as a client needs to get rid of its mail.
async fn take_mail(mut stream: TcpStream, messages: Messages) -> std::io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" => b"250-mail\r\n250 AUTH PLAIN\r\n",
            "AUTH" => b"235 2.7.0 welcome\r\n",
            "QUIT" => return writer.write_all(b"221 2.0.0 bye\r\n").await,
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                keep(&messages, "mail", text);
                b"250 2.0.0 kept\r\n"
            }
            _ => b"250 2.0.0 fine\r\n",
        };
        writer.write_all(answer).await?;
    }
    Ok(())
}
