//! Keys that no sign is behind.

use super::sign::Sign;
use super::{bare, beside, element, named, part, php};
use crate::mask::Secret;
use crate::mask::key::{Key, Kind};
use crate::mask::quote::Quote;
use crate::mask::text::Text;

/// What belongs to such a key.
pub(super) enum Unsigned {
    /// A value that begins there, as if a key with this quote and the sign were before it.
    Value(Option<Quote>, Sign, usize),
    Secret(Secret),
    /// It is an option without a value.
    Nothing,
}

/// What belongs to the key, which `quote` closes.
pub(super) fn find(text: &Text<'_>, key: &Key, kind: Kind, quote: Option<Quote>) -> Option<Unsigned> {
    let found = argument(text, key, quote)
        .or_else(|| element::secret(text, key, quote).map(Unsigned::Secret))
        .or_else(|| named::behind(text, key, quote).map(|(quote, sign, start)| Unsigned::Value(quote, sign, start)));
    found.or_else(|| match quote {
        Some(quote) => quoted(text, key, kind, quote),
        None => bare::value(text, key, kind)
            .map(|start| Unsigned::Value(None, Sign::Argument, start))
            .or_else(|| bare::command(text, key).map(Unsigned::Secret)),
    })
}

fn quoted(text: &Text<'_>, key: &Key, kind: Kind, quote: Quote) -> Option<Unsigned> {
    let secret = part::secret(text, key, quote)
        .or_else(|| php::serialized(text, quote).map(Secret::plain))
        .or_else(|| beside::secret(text, key, kind, quote))
        .or_else(|| named::before(text, key, quote).map(Secret::plain));
    secret.map(Unsigned::Secret)
}

/// The value of an option, if the key is one: `--password hunter2`, `"-storepass", "hunter2"`.
fn argument(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> Option<Unsigned> {
    let is_apart = text.before(key.start).is_none_or(|byte| b" \t\"',".contains(&byte));
    let is_long = text.bytes[key.start..].starts_with(b"--");
    let is_short = is_apart && text.bytes[key.start] == b'-';
    (is_long || is_short).then_some(())?;
    let at = text.skip_gap(quote.map_or(key.end, |quote| quote.end));
    let comma = quote.is_some() && text.has(at, b",");
    let has_value = comma || at > key.end;
    let value = || Unsigned::Value(quote, Sign::Argument, text.skip_gap(at + usize::from(comma)));
    Some(if has_value { value() } else { Unsigned::Nothing })
}
