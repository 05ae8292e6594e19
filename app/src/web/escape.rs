//! HTML escaping with the entities that Jinja writes: `&lt; &gt; &amp; &#34; &#39;`.

use std::fmt::{Result, Write};

use askama::filters::Escaper;

/// The escaper of every template, chosen in `askama.toml`. Its output is safe as the content of an element and
/// inside a quoted attribute.
///
/// Askama's own escaper is as safe but writes `&#60;` for `<`. Clients of the reference application look for Jinja's form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: Write>(&self, mut dest: W, string: &str) -> Result {
        let mut rest = string;
        while let Some(at) = rest.bytes().position(|byte| !entity(byte).is_empty()) {
            dest.write_str(&rest[..at])?;
            dest.write_str(entity(rest.as_bytes()[at]))?;
            rest = &rest[at + 1..];
        }
        dest.write_str(rest)
    }
}

const fn entity(byte: u8) -> &'static str {
    match byte {
        b'"' => "&#34;",
        b'\'' => "&#39;",
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        Html.write_escaped_str(&mut out, text).expect("a String takes any text");
        out
    }

    #[test]
    fn the_five_special_characters_become_the_entities_of_jinja() {
        assert_eq!(
            escaped(r#"<a href="x">Tom & 'Ada'</a>"#),
            "&lt;a href=&#34;x&#34;&gt;Tom &amp; &#39;Ada&#39;&lt;/a&gt;"
        );
    }

    #[test]
    fn every_other_character_stays_as_it_is() {
        let plain: String = ('\0'..='\u{ffff}').filter(|c| !"\"'&<>".contains(*c)).collect();
        assert_eq!(escaped(&plain), plain);
    }

    #[test]
    fn an_entity_in_the_text_is_escaped_once_more() {
        assert_eq!(escaped("&lt;"), "&amp;lt;");
    }

    #[test]
    fn special_characters_at_both_ends_and_side_by_side_are_all_escaped() {
        assert_eq!(escaped("<<é>>"), "&lt;&lt;é&gt;&gt;");
    }
}
