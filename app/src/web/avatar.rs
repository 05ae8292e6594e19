//! The picture beside a message: a Gravatar, or an identicon drawn here.

use md5::{Digest, Md5};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// A picture of 48 by 48 CSS pixels that stands for an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Avatar {
    /// A picture that the reader's browser fetches from gravatar.com.
    Gravatar {
        /// Absolute and not yet escaped for HTML.
        url: String,
    },
    /// A picture that is part of the page and asks nobody.
    Local {
        /// A whole `<svg>` element, safe to put into HTML as it is.
        svg: String,
    },
}

/// The Gravatar of `email`; for an address that is not registered there, Gravatar draws an identicon.
///
/// The digest is the MD5 of the address without surrounding white space and in lower case
/// (Gravatar's "Creating the hash").
#[must_use]
pub fn gravatar(email: &str) -> Avatar {
    let mut url = String::with_capacity(81);
    url.push_str("https://www.gravatar.com/avatar/");
    for byte in digest(email) {
        url.push(HEX[usize::from(byte >> 4)].into());
        url.push(HEX[usize::from(byte & 15)].into());
    }
    url.push_str("?d=identicon&s=48");
    Avatar::Gravatar { url }
}

/// A picture of five by five cells, mirrored left to right, that only `email` decides. It is decoration: hidden from
/// screen readers, and coloured by presentation attributes because the pages' policy forbids inline styles.
#[must_use]
pub fn identicon(email: &str) -> Avatar {
    let digest = digest(email);
    let hue = u16::from_be_bytes([digest[14], digest[15]]) % 360;
    let mut svg = format!(
        r#"<svg class="avatar" width="48" height="48" viewBox="-.5 -.5 6 6" aria-hidden="true"><path fill="hsl({hue},50%,50%)" d=""#
    );
    svg.reserve(15 * RUN_LENGTH + CLOSING.len());
    for (y, cells) in (0_u8..).zip(digest.chunks_exact(3).map(mirrored)) {
        draw_row(&mut svg, y, cells);
    }
    svg.push_str(CLOSING);
    Avatar::Local { svg }
}

/// Bytes of one `M0 0h1v1h-1z`; a row has at most three of them.
const RUN_LENGTH: usize = 12;
const CLOSING: &str = r#""/></svg>"#;

fn digest(email: &str) -> [u8; 16] {
    Md5::digest(email.trim().to_lowercase()).into()
}

/// A row of the picture from three bytes: the outer, the inner and the middle column.
fn mirrored(bytes: &[u8]) -> [bool; 5] {
    [0, 1, 2, 1, 0].map(|column: usize| bytes[column] & 1 == 1)
}

/// Neighbours are drawn as one rectangle, so that no hair line shows between them.
fn draw_row(path: &mut String, y: u8, cells: [bool; 5]) {
    let mut x = 0;
    for run in cells.chunk_by(PartialEq::eq) {
        let width = u8::try_from(run.len()).expect("a row has five cells");
        if run[0] {
            path.extend(['M', digit(x), ' ', digit(y), 'h', digit(width), 'v', '1', 'h', '-', digit(width), 'z']);
        }
        x += width;
    }
}

fn digit(value: u8) -> char {
    char::from(HEX[usize::from(value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(email: &str) -> String {
        let Avatar::Gravatar { url } = gravatar(email) else { panic!("not a Gravatar") };
        url
    }

    fn svg(email: &str) -> String {
        let Avatar::Local { svg } = identicon(email) else { panic!("not an identicon") };
        svg
    }

    fn drawn(cells: [bool; 5]) -> String {
        let mut path = String::new();
        draw_row(&mut path, 2, cells);
        path
    }

    #[test]
    fn the_gravatar_is_the_one_that_gravatar_documents() {
        let documented = "https://www.gravatar.com/avatar/0bc83cb571cd1c50ba6f3e8a78ef1346?d=identicon&s=48";
        assert_eq!(url("MyEmailAddress@example.com "), documented);
    }

    #[test]
    fn the_url_fits_the_space_set_aside_for_it() {
        assert_eq!(url("ada@example.com").len(), 81);
    }

    #[test]
    fn case_and_surrounding_space_change_no_picture() {
        assert_eq!(url("\tAda@Example.COM "), url("ada@example.com"));
        assert_eq!(svg("\tAda@Example.COM "), svg("ada@example.com"));
    }

    #[test]
    fn an_identicon_depends_on_the_address_alone() {
        assert_eq!(svg("ada@example.com"), svg("ada@example.com"));
        assert_ne!(svg("ada@example.com"), svg("bob@example.com"));
    }

    #[test]
    fn every_row_of_an_identicon_reads_the_same_from_both_sides() {
        for byte in 0..8 {
            let row = mirrored(&[byte, byte >> 1, byte >> 2]);
            assert_eq!(row, [row[4], row[3], row[2], row[1], row[0]]);
            assert_eq!(row[..3], [byte & 1 == 1, byte & 2 == 2, byte & 4 == 4]);
        }
    }

    #[test]
    fn neighbouring_cells_are_one_rectangle() {
        assert_eq!(drawn([true, true, false, true, true]), "M0 2h2v1h-2zM3 2h2v1h-2z");
        assert_eq!(drawn([true; 5]), "M0 2h5v1h-5z");
        assert_eq!(drawn([false; 5]), "");
    }

    #[test]
    fn an_identicon_has_no_style_that_the_pages_policy_would_refuse() {
        let svg = svg("ada@example.com");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style"), "{svg}");
        assert!(svg.contains(r#"aria-hidden="true""#), "{svg}");
    }
}
