//! The program's own sentences, checked once more: a cause that a driver or a library worded may repeat a statement, an
//! address with a password, or input.

use std::net::{IpAddr, SocketAddr};

/// The longest sentence.
const SENTENCE_MAX_BYTES: usize = 1024;

/// The longest plain word.
const WORD_MAX_BYTES: usize = 24;

/// The sentence with `~` for each word that is not plain: letters of one case (or a capital first), words joined by
/// `-`, `_`, `.` or `/`, a number of at most ten digits with a unit, a short code such as `SQLSTATE` or `08006`, an
/// IP address with a port, a link to our own listener.
///
/// This is the second line of defence: messages are constants in our own words already.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SENTENCE_MAX_BYTES));
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim();
        if shown.len() + piece.len() > SENTENCE_MAX_BYTES {
            shown.push('…');
            break;
        }
        shown.push_str(if word.is_empty() || is_plain(word) { word } else { "~" });
        shown.push_str(if piece.ends_with(char::is_whitespace) { " " } else { "" });
    }
    shown
}

fn is_plain(word: &str) -> bool {
    let bare = word.trim_matches(['.', ',', ';', ':', '!', '?', '(', ')', '"', '\'', '“', '”', '‘', '’', '…', '–']);
    bare.is_empty()
        || is_number(bare)
        || is_code(bare)
        || is_address(bare)
        || bare.split(['-', '_', '.', '/', '’', '\'']).all(is_word)
}

fn is_word(part: &str) -> bool {
    let lower = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase());
    part.len() <= WORD_MAX_BYTES
        && (lower(part) || part.get(1..).is_some_and(lower) && part.as_bytes()[0].is_ascii_uppercase())
}

/// `65536`, `0.3`, `2s`, `8KiB`, `99%`.
fn is_number(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = &text[..text.len() - unit.len()];
    (1..=10).contains(&digits.len())
        && matches!(unit, "" | "s" | "ms" | "µs" | "%" | "B" | "KiB" | "MiB" | "GiB" | "st" | "nd" | "rd" | "th")
}

/// `TLS`, `UTF-8`, `HTTP/1.1`, `SQLSTATE`, `23505`, `08P01`.
fn is_code(text: &str) -> bool {
    text.len() <= 8 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-/.".contains(&b))
}

fn is_address(text: &str) -> bool {
    let authority = text.strip_prefix("http://").map_or(text, |rest| rest.strip_suffix('/').unwrap_or(rest));
    authority.parse::<SocketAddr>().is_ok()
        || authority.parse::<IpAddr>().is_ok()
        || authority.strip_prefix("localhost:").is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_sentences_are_kept() {
        for text in [
            "The request is too large: at most 65536 bytes",
            "You are not authorized to use this resource!",
            "the database did not answer within 2s (pool_timeout), SQLSTATE 08006",
            "listening on http://127.0.0.1:8000/ and [::1]:8001",
            "cannot open data/minitwit.db: Permission denied",
            "That is not UTF-8, and it's not HTTP/1.1.",
            "",
        ] {
            assert_eq!(sentence(text), text);
        }
    }

    #[test]
    fn what_a_driver_repeats_is_not() {
        for (text, shown) in [
            ("error connecting to postgres://mt:hunter2SECRET@db/mt", "error connecting to ~"),
            ("postgres://mt:hunter@db/mt", "~"),
            ("SELECT id WHERE pw_hash='hunter2SECRET'", "SELECT id WHERE ~"),
            ("Key (username)=(hunter2SECRET) already exists.", "Key ~ already exists."),
            ("unknown variant `hunter2SECRET`", "unknown variant ~"),
            ("card 4111111111111111", "card ~"),
            ("a\r\nb\u{1b}[31mc", "a  ~"),
            ("c2ltdWxhdG9yOnN1cGVyX3NhZmUh", "~"),
        ] {
            assert_eq!(sentence(text), shown);
        }
        assert!(sentence(&"word ".repeat(1000)).len() <= 1024 + '…'.len_utf8());
    }
}
