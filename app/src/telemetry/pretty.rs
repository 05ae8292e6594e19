//! The same facts as one readable line for a person at a terminal.

use std::fmt::Display;
use std::io::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use super::entry::{CLIENT_GONE, Entry};
use super::note::Note;
use crate::redact::escape;

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default().bold();

/// `12:30:45.123 302 POST /login 1.2ms ada@127.0.0.1 → / «You were logged in»`.
pub(super) fn entry(out: &mut Vec<u8>, entry: &Entry<'_>, color: bool) {
    let mut line = Line { out, color };
    line.time(entry.at);
    line.part(status_style(entry.status), entry.status);
    line.part(BOLD, entry.request.method.unwrap_or("-"));
    line.text(BOLD, &url(entry));
    line.part(DIM, format_args!("{:?}", rounded(entry.duration)));
    let who = entry.user.map_or("", |(_, name)| name);
    line.text(CYAN, &[who, &entry.client.map(|ip| format!("@{ip}")).unwrap_or_default()].concat());
    entry.site.redirect.into_iter().for_each(|to| line.text(DIM, &format!("→ {to}")));
    entry.site.flash.into_iter().for_each(|flash| line.text(GREEN, &format!("«{flash}»")));
    entry.request.content.into_iter().for_each(|content| line.readable(DIM, content));
    entry.site.body_hash.into_iter().for_each(|hash| line.text(DIM, &format!("body ~{hash}")));
    entry.error.iter().for_each(|(kind, message)| line.text(status_style(entry.status), &format!("{kind}: {message}")));
}

/// `12:30:45.123 INFO listening address=127.0.0.1:8000`.
pub(super) fn note(out: &mut Vec<u8>, note: &Note<'_>, color: bool) {
    let mut line = Line { out, color };
    line.time(note.at);
    line.part(level_style(note.level), note.level.to_uppercase());
    line.text(Style::new(), note.message);
    note.labels.iter().for_each(|(name, value)| line.text(DIM, &format!("{name}={value}")));
    note.error.iter().for_each(|(kind, message)| line.text(RED, &format!("{kind}: {message}")));
}

/// A line of parts, each after a space.
struct Line<'a> {
    out: &'a mut Vec<u8>,
    color: bool,
}

impl Line<'_> {
    fn time(&mut self, micros: i64) {
        let time = Timestamp::from_microsecond(micros).unwrap_or_default();
        self.styled(DIM, |out| write!(out, "{}", time.strftime("%H:%M:%S%.3f")).expect("a Vec takes all"));
    }

    /// A part that is ours, and needs no escape.
    fn part(&mut self, style: Style, part: impl Display) {
        self.out.push(b' ');
        self.styled(style, |out| write!(out, "{part}").expect("a Vec takes all"));
    }

    /// A part that may hold anything: what could leave the line is escaped. An empty one is left out.
    fn text(&mut self, style: Style, text: &str) {
        if !text.is_empty() {
            self.out.push(b' ');
            self.styled(style, |out| escape(out, text));
        }
    }

    /// A JSON text that is already escaped once.
    fn readable(&mut self, style: Style, json: &str) {
        self.out.push(b' ');
        self.styled(style, |out| out.extend_from_slice(json.as_bytes()));
    }

    fn styled(&mut self, style: Style, write: impl FnOnce(&mut Vec<u8>)) {
        let style = if self.color { style } else { Style::new() };
        write!(self.out, "{style}").expect("a Vec takes all");
        write(self.out);
        write!(self.out, "{style:#}").expect("a Vec takes all");
    }
}

fn url(entry: &Entry<'_>) -> String {
    let joint = if entry.url.query.is_empty() { "" } else { "?" };
    [entry.url.path.unwrap_or("-"), joint, entry.url.query].concat()
}

fn rounded(nanos: u64) -> Duration {
    Duration::from_micros(nanos / 1000)
}

fn status_style(status: u16) -> Style {
    match status {
        500.. => RED,
        CLIENT_GONE | 400.. => YELLOW,
        300.. => CYAN,
        _ => GREEN,
    }
}

fn level_style(level: &str) -> Style {
    match level {
        "error" => RED,
        "warn" => YELLOW,
        "info" => GREEN,
        _ => DIM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::entry::{RequestFacts, SiteFacts, UrlFacts};

    fn line(color: bool) -> String {
        let mut out = Vec::new();
        let it = Entry {
            at: 1_582_246_860_738_000,
            duration: 1_234_567,
            status: 302,
            request: RequestFacts { method: Some("POST"), ..RequestFacts::default() },
            url: UrlFacts { path: Some("/login"), query: "p=1", domain: None },
            user: Some((1, "ada\u{1b}[31m")),
            client: Some([127, 0, 0, 1].into()),
            site: SiteFacts { redirect: Some("/"), flash: Some("You were logged in"), ..SiteFacts::default() },
            ..Entry::default()
        };
        entry(&mut out, &it, color);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_request_is_one_readable_line() {
        let expected = "01:01:00.738 302 POST /login?p=1 1.234ms ada\\u001b[31m@127.0.0.1 → / «You were logged in»";
        assert_eq!(line(false), expected);
    }

    #[test]
    fn colours_come_from_us_alone() {
        let colored = line(true);
        assert!(colored.contains("\u{1b}[36m302\u{1b}[0m") && !colored.contains("\u{1b}[31m"), "{colored:?}");
    }
}
