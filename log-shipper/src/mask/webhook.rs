//! URLs that whoever knows them may use: of chats' webhooks and of their bots.

use std::ops::Range;

use super::Secret;
use super::shape::is_token_byte;
use super::text::Text;

/// What is secret of such a URL has no fewer characters.
const MIN: usize = 16;

/// Slack's and Microsoft's: a host and the path before the secret, in lower case.
const PATHS: [(&[u8], &[u8]); 5] = [
    (b"hooks.slack.com", b"services"),
    (b"hooks.slack.com", b"workflows"),
    (b"hooks.slack.com", b"triggers"),
    (b"office.com", b"webhookb2"),
    (b"office.com", b"webhook"),
];

/// A number of Discord's or Telegram's has no fewer digits.
const NUMBER_MIN: usize = 6;

/// The path of a webhook around `hint`, or its token.
pub(super) fn webhook(text: &Text<'_>, hint: &Range<usize>) -> Option<Secret> {
    let hint_is_in = |word: &[u8]| memchr::memmem::find(word, &text.folded[hint.clone()]);
    let path = |(host, path): (&[u8], &[u8])| {
        let behind = match hint_is_in(host) {
            Some(part) => hint.start.checked_sub(part).filter(|start| text.has(*start, host))? + host.len(),
            None => before_slash(text, hint.start.checked_sub(hint_is_in(path)?)?, host)?,
        };
        segment(text, segment(text, behind, path)?, b"")
    };
    match PATHS.into_iter().find_map(path) {
        Some(start) => {
            let end = text.skip(start, |byte| is_token_byte(byte) || b"/@%.\\".contains(&byte));
            hide(start, end - text.run_before(end, start))
        }
        None => numbered(text, segment(text, text.has(hint.end, b"s").then_some(hint.end + 1)?, b"")?, b'/'),
    }
}

/// Where the segment of a path at `at` ends, whose slash JSON may write as `\/`.
fn segment(text: &Text<'_>, at: usize, name: &[u8]) -> Option<usize> {
    let slash = at + text.run(at);
    (text.get(slash)? == b'/' && text.has(slash + 1, name)).then_some(slash + 1 + name.len())
}

/// Where `host` ends, if the segment at `at` is the first behind it.
fn before_slash(text: &Text<'_>, at: usize, host: &[u8]) -> Option<usize> {
    let before = text.folded[..at].strip_suffix(b"/")?;
    let before = before.strip_suffix(b"\\").unwrap_or(before);
    before.ends_with(host).then_some(before.len())
}

/// `/bot123456:TOKEN/` of Telegram.
pub(super) fn bot(text: &Text<'_>, hint: &Range<usize>) -> Option<Secret> {
    numbered(text, hint.end, b':')
}

/// What is behind a number, which is no secret, and a sign.
fn numbered(text: &Text<'_>, start: usize, sign: u8) -> Option<Secret> {
    let digits = text.skip(start, |byte| byte.is_ascii_digit());
    (digits - start >= NUMBER_MIN).then_some(())?;
    let at = digits + text.run(digits);
    let behind =
        if text.get(at)? == sign { at + 1 } else { text.coded(at, 1).filter(|byte| *byte == sign).map(|_| at + 3)? };
    hide(behind, text.skip(behind, is_token_byte))
}

fn hide(start: usize, end: usize) -> Option<Secret> {
    (end - start >= MIN).then(|| Secret::plain(start..end))
}
