//! A server that gives prepared answers in turn, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A status and a body.
pub type Answer = (u16, String);

/// What somebody asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET /api/status`
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What came behind the headers.
    pub body: String,
}

/// A server on a port of its own, for as long as this process lives.
pub struct Server {
    /// Where it answers.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// One that gives these answers in turn; a status of 0 is no answer at all. After the last it closes every connection.
    pub fn with(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answers, noted) = (answers.to_vec(), asked.clone());
        thread::spawn(move || {
            let mut answers = answers.into_iter();
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &mut answers, &noted);
            }
        });
        Self { url, asked }
    }

    /// Everything that it was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn answer(mut stream: &TcpStream, answers: &mut impl Iterator<Item = Answer>, asked: &Mutex<Vec<Asked>>) {
    let Some(request) = read(stream) else { return };
    asked.lock().unwrap().push(request);
    let Some((status, body)) = answers.next().filter(|(status, _)| *status > 0) else { return };
    let head = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    let away = if (300..400).contains(&status) { "location: /login\r\n" } else { "" };
    // Who asks may be gone.
    let _ = stream.write_all(format!("{head}{away}\r\n{body}").as_bytes());
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    let line = next()?;
    let mut headers = Vec::new();
    while let Some((name, value)) = next()?.split_once(": ") {
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { line, headers, body: String::from_utf8(body).unwrap() })
}
