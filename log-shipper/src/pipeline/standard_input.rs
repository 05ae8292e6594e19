//! Standard input: a source without a file. What was read of it cannot be read again, so nothing is kept of it.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, sync_channel};
use std::thread;

use super::chain::Part;
use super::event::{Event, tell};
use super::reader::Reader;
use super::writer::Imprint;
use crate::checkpoint::{Identity, Known};
use crate::discover::{SourceId, Stamp};
use crate::document::IdPrefix;
use crate::place::{FileKey, Window};
use crate::source::{Hints, Source};
use crate::tail::{Content, Followed, Stream};

/// Bytes that are read at once, and how many times that may wait for the reader.
const CHUNK: usize = 64 * 1024;
const CHUNKS: usize = 4;

/// No finder gives it.
const SOURCE: SourceId = SourceId(0);

/// News of it.
#[derive(Debug)]
pub enum Input {
    /// It is read from now on.
    Begins(Box<Stream>, Hints),
    /// There are more bytes, or none any more.
    Goes,
    /// It cannot be read on.
    Breaks(io::Error),
}

/// Reads `from` to its end in a thread of its own; then everything else is read to its end as well.
pub(super) fn feed(from: impl Read + Send + 'static, hints: Hints, events: &Sender<Event>) -> io::Result<()> {
    let (chunks, received) = sync_channel(CHUNKS);
    tell(events, Event::Input(Input::Begins(Box::new(Stream::new(received)), hints)));
    let events = events.clone();
    thread::Builder::new().name("input".into()).spawn(move || {
        let passed = pass_on(from, &chunks, &events);
        // This is what ends the stream.
        drop(chunks);
        if let Err(error) = passed {
            tell(&events, Event::Input(Input::Breaks(error)));
        }
        tell(&events, Event::Input(Input::Goes));
        tell(&events, Event::Drain);
    })?;
    Ok(())
}

fn pass_on(mut from: impl Read, chunks: &SyncSender<Vec<u8>>, events: &Sender<Event>) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            // Nobody reads any more.
            Ok(read) if chunks.send(buffer[..read].to_vec()).is_err() => return Ok(()),
            Ok(_) => tell(events, Event::Input(Input::Goes)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

impl Reader {
    pub(super) fn take_input(&mut self, input: Input) {
        match input {
            Input::Begins(stream, hints) => self.begin_input(*stream, hints),
            Input::Goes => self.input.into_iter().for_each(|chain| self.enqueue(chain)),
            Input::Breaks(error) => {
                tracing::warn!(error = %error, "standard input cannot be read");
                self.tally.break_input(error.to_string());
            }
        }
    }

    fn begin_input(&mut self, stream: Stream, hints: Hints) {
        tracing::warn!("what was read of standard input cannot be read again: if the shipper is stopped, it is lost");
        let source = Arc::new(Source { name: "stdin".to_owned(), container: None, hints });
        let known = known();
        let imprint = Imprint::new(&self.options.agent, &source, Path::new(""), &self.options.target, &known);
        let stamp = Stamp { device: 0, inode: 0, born: 0 };
        let file = Followed::new(known, stamp, Content::Stream(Box::new(stream)));
        let chain = self.begin_chain(SOURCE, &source, file.key);
        self.metrics.files_followed.increment(1.0);
        if let Some(chain) = self.chains.get_mut(&chain) {
            chain.insert(Part { file, imprint, rank: 0 });
        }
        self.input = Some(chain);
        self.enqueue(chain);
    }
}

/// Nothing; the ids are of this run alone.
fn known() -> Known {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).expect("the system has random bytes");
    let identity = Identity {
        source: "stdin".into(),
        path: Path::new("").into(),
        device: 0,
        inode: 0,
        head: Window::of(&[]),
        generation: 0,
        id_prefix: IdPrefix::new([&nonce[..]]).to_bytes(),
        compressed: false,
    };
    let (sent, cuts) = (Vec::new(), Vec::new());
    Known { key: FileKey::INPUT, identity, progress: None, sent, cuts, size_seen: 0, last_seen: 0 }
}
