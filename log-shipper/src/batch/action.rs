//! The action line of an item: written in one fixed form, so that the id can be read where it stands.

/// A document's id: 16 characters for the file, 8 for the place in it.
pub type Id = [u8; 24];

const CREATE: &[u8] = br#"{"create":{"#;
const INDEX: &[u8] = br#""_index":""#;
const ID: &[u8] = br#""_id":""#;
const END: &[u8] = br#""}}"#;

/// Appends `{"create":{"_id":"…"}}`, with the index before the id if it is another one than the URL's.
pub(super) fn write(body: &mut Vec<u8>, id: &Id, index: Option<&str>) {
    body.extend_from_slice(CREATE);
    if let Some(index) = index {
        body.extend_from_slice(INDEX);
        body.extend_from_slice(index.as_bytes());
        body.extend_from_slice(br#"","#);
    }
    body.extend_from_slice(ID);
    body.extend_from_slice(id);
    body.extend_from_slice(END);
    body.push(b'\n');
}

/// The action line and the document, each without its end.
pub(super) fn split(item: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b'\n', item).unwrap_or(item.len());
    let document = item.get(end + 1..).unwrap_or_default();
    (&item[..end], document.strip_suffix(b"\n").unwrap_or(document))
}

/// The id of an action line.
pub(super) fn id(action: &[u8]) -> &str {
    let end = action.len().saturating_sub(END.len());
    text(&action[end.saturating_sub(size_of::<Id>())..end])
}

/// The index of an action line that has one.
pub(super) fn index(action: &[u8]) -> Option<&str> {
    let rest = action.strip_prefix(CREATE)?.strip_prefix(INDEX)?;
    let tail = 2 + ID.len() + size_of::<Id>() + END.len();
    rest.get(..rest.len().checked_sub(tail)?).map(text)
}

/// Both are written from text, so this never takes the other way.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
