//! Elements of XML and HTML whose name, or the name that an attribute or another element gives them, says that they are
//! secret.

use std::ops::Range;

use crate::mask::Secret;
use crate::mask::key::Key;
use crate::mask::quote::Quote;
use crate::mask::text::Text;

/// An element's attributes have no more bytes.
const ATTRIBUTES_MAX: usize = 256;

/// The text of an element that may be another one's label has no more bytes.
const CONTENT_MAX: usize = 1_024;

/// The name of a name space has no more characters.
const SPACE_MAX: usize = 32;

/// The begin and the end of a tag, in lower case: as they are, in XML inside of XML, in JSON that is safe in HTML, in URLs.
const TAGS: [[&[u8]; 2]; 4] = [[b"<", b">"], [b"&lt;", b"&gt;"], [b"u003c", b"u003e"], [b"%3c", b"%3e"]];

/// What names another element: `<key>password</key><string>…`
const NAMES: [&[u8]; 2] = [b"name>", b"key>"];

/// What is in the element; `quote` closes the key.
pub(super) fn secret(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> Option<Secret> {
    let start = match quote {
        None => named_so(text, key).or_else(|| named_before(text, key))?,
        Some(quote) => named_by_attribute(text, key, quote)?,
    };
    Some(Secret::plain(content(text, start)))
}

/// `<password …>`, `<ns:password>`: where its text begins.
fn named_so(text: &Text<'_>, key: &Key) -> Option<usize> {
    let before = &text.folded[..key.start];
    let before = before.strip_suffix(b":").map_or(before, |before| {
        let letters = before.iter().rev().take(SPACE_MAX).take_while(|byte| byte.is_ascii_alphanumeric());
        // Those of an escape are none of the name.
        let floor = before.len() - letters.count();
        let escape =
            TAGS.iter().find_map(|[begin, _]| memchr::memmem::find(&before[floor..], begin).map(|at| at + begin.len()));
        &before[..floor + escape.unwrap_or(0)]
    });
    let [begin, end] = TAGS.into_iter().find(|[begin, _]| before.ends_with(begin))?;
    let attributes = &text.folded[key.end..text.bytes.len().min(key.end + ATTRIBUTES_MAX)];
    let length = memchr::memmem::find(attributes, end)?;
    memchr::memmem::find(&attributes[..length], begin).is_none().then_some(key.end + length + end.len())
}

/// `<property name="password">`
fn named_by_attribute(text: &Text<'_>, key: &Key, quote: Quote) -> Option<usize> {
    let before = &text.folded[..key.start.checked_sub(quote.end - quote.start)?];
    (before.ends_with(b"name=") || before.ends_with(b"key=")).then_some(())?;
    let rest = &text.bytes[quote.end..text.bytes.len().min(quote.end + ATTRIBUTES_MAX)];
    let end = memchr::memchr2(b'<', b'>', rest).filter(|end| rest[*end] == b'>' && !rest[..*end].ends_with(b"/"))?;
    let start = quote.end + end + 1;
    let content = &text.bytes[start..text.bytes.len().min(start + CONTENT_MAX)];
    let end = start + memchr::memchr(b'<', content)?;
    text.has(end, b"</").then_some(start)
}

/// `<name>password</name><value>`
fn named_before(text: &Text<'_>, key: &Key) -> Option<usize> {
    let before = &text.folded[..key.start];
    (NAMES.iter().any(|name| before.ends_with(name)) && text.has(key.end, b"</")).then_some(())?;
    let near = &text.bytes[..text.bytes.len().min(key.end + ATTRIBUTES_MAX)];
    let end = |at: usize| memchr::memchr(b'>', &near[at..]).map(|end| at + end + 1);
    let mut open = text.skip_spaces(end(key.end)?);
    while let Some(line) = text.new_line(open) {
        open = text.skip_spaces(line);
    }
    (text.get(open)? == b'<' && text.get(open + 1)? != b'/').then(|| end(open.min(near.len())))?
}

/// The text from `start` to the next tag, or to the end of the string that it is in.
fn content(text: &Text<'_>, start: usize) -> Range<usize> {
    const DATA: &[u8] = b"<![cdata[";
    let is_data = text.has(start, DATA);
    let start = if is_data { start + DATA.len() } else { start };
    let is_tag = |at: usize| TAGS.iter().any(|[begin, _]| text.has(at, begin));
    let is_end = |at: &usize| if is_data { text.has(*at, b"]]>") } else { is_tag(*at) };
    let is_quote = |at: &usize| text.json && text.bytes[*at] == b'"';
    let end = (start..text.bytes.len()).find(|at| is_quote(at) || is_end(at)).unwrap_or(text.bytes.len());
    start..end - text.run_before(end, start)
}
