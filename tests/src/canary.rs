//! A secret that nobody else has, and the search for it in whatever form it was written down.

pub mod forms;

use std::hash::{BuildHasher, Hasher, RandomState};

/// A password of random words joined by every character that some encoding treats as special.
pub struct Canary {
    /// The password as it is typed. It can pass for a name, and for an address, too.
    pub whole: String,
    /// Its first word, of letters and digits alone, for places that take nothing else; each word gives it away.
    pub word: String,
    needles: Vec<Needle>,
    /// The needles by their first two bytes, in lower case.
    by_pair: Vec<Vec<usize>>,
}

struct Needle {
    form: String,
    bytes: Vec<u8>,
}

/// A place where the secret is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Find<'a> {
    /// How many bytes stand before it.
    pub at: usize,
    /// How many bytes it has there.
    pub length: usize,
    /// In which form.
    pub form: &'a str,
}

impl Canary {
    /// Another one in each run.
    #[must_use]
    pub fn fresh() -> Self {
        // Letters of both cases and digits, so that neither a name of the web nor a version number looks like it.
        Self::of(&format!("Kq7{}", random_letters()), &format!("Zj4{}", random_letters()))
    }

    fn of(first: &str, last: &str) -> Self {
        let whole = format!("{first}&\"<é'>@%\\ +{last}");
        let texts = [("the password", whole.as_str()), ("its first word", first), ("its last word", last)];
        let named = texts.iter().flat_map(|(name, text)| forms::of(text).map(move |(form, bytes)| (name, form, bytes)));
        let mut needles: Vec<Needle> = Vec::new();
        for (name, form, bytes) in named {
            // A word has no special characters, so some forms are the same.
            if needles.iter().all(|needle| !needle.bytes.eq_ignore_ascii_case(&bytes)) {
                needles.push(Needle { form: format!("{name}, {form}"), bytes });
            }
        }
        let mut by_pair = vec![Vec::new(); 1 << 16];
        for (index, needle) in needles.iter().enumerate() {
            by_pair[pair(&needle.bytes)].push(index);
        }
        Self { whole, word: first.to_owned(), needles, by_pair }
    }

    /// Everywhere it stands in `text`, whatever the case of its letters; each place once for each form that fits.
    #[must_use]
    pub fn find(&self, text: &[u8]) -> Vec<Find<'_>> {
        let mut finds = Vec::new();
        for (at, two) in text.windows(2).enumerate() {
            for needle in self.by_pair[pair(two)].iter().map(|index| &self.needles[*index]) {
                let length = needle.bytes.len();
                if text.get(at..at + length).is_some_and(|part| part.eq_ignore_ascii_case(&needle.bytes)) {
                    finds.push(Find { at, length, form: &needle.form });
                }
            }
        }
        finds
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0].to_ascii_lowercase()) << 8 | usize::from(bytes[1].to_ascii_lowercase())
}

/// 13 letters and digits; chance never writes them a second time.
fn random_letters() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghkmnpqrstuvwxyzABCDEFG256";
    let random = RandomState::new().build_hasher().finish();
    (0..13).map(|place| char::from(LETTERS[usize::try_from(random >> (5 * place) & 31).expect("five bits")])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What other programs make of the password `Kq7aaabbbcccdddx&"<é'>@%\ +Zj4eeefffggghhhy`, and of parts of it.
    const WRITTEN: &[(&str, &str)] = &[
        ("as it is", r#"x Kq7aaabbbcccdddx&"<é'>@%\ +Zj4eeefffggghhhy x"#),
        ("as it is", "host: kq7aaabbbcccdddx.example"),
        ("as it is", "KQ7AAABBBCCCDDDX"),
        ("as it is", "\"zj4eeefffggghhhy\""),
        ("percent", "/%4B%71%37%61%61%61%62%62%62%63%63%63%64%64%64%78%26/follow"),
        ("percent", "/%4b%71%37%61%61%61%62%62%62%63%63%63%64%64%64%78%26/follow"),
        ("percent, the special ones", "Kq7aaabbbcccdddx%26%22%3C%C3%A9%27%3E%40%25%5C%20%2BZj4eeefffggghhhy"),
        ("percent, the special ones", "Kq7aaabbbcccdddx%26%22%3c%c3%a9%27%3e%40%25%5c%20%2bZj4eeefffggghhhy"),
        ("as a form", "a=Kq7aaabbbcccdddx%26%22%3C%C3%A9%27%3E%40%25%5C+%2BZj4eeefffggghhhy&b"),
        ("percent twice", "%254B%2571%2537%2561%2561%2561%2562%2562%2562%2563%2563%2563%2564%2564%2564%2578"),
        (
            "percent twice, the special ones",
            "Kq7aaabbbcccdddx%2526%2522%253C%25C3%25A9%2527%253E%2540%2525%255C%2520%252BZj4eeefffggghhhy",
        ),
        ("Base64", "Basic S3E3YWFhYmJiY2NjZGRkeCYiPMOpJz5AJVwgK1pqNGVlZWZmZmdnZ2hoaHk="),
        ("Base64", "dTpLcTdhYWFiYmJjY2NkZGR4JiI8w6knPkAlXCArWmo0ZWVlZmZmZ2dnaGhoeQ=="),
        ("Base64", "dUtxN2FhYWJiYmNjY2RkZHgmIjzDqSc+QCVcICtaajRlZWVmZmZnZ2doaGh5"),
        ("Base64", "_0txN2FhYWJiYmNjY2RkZHgmIjzDqSc-QCVcICtaajRlZWVmZmZnZ2doaGh5"),
        ("Base64", "eTpLcTdhYWFiYmJjY2NkZGR4fg=="),
        ("Base64", "YUtxN2FhYWJiYmNjY2RkZHg_Pz8"),
        ("hexadecimal", "\\x4b7137616161626262636363646464782622"),
        ("hexadecimal", "4B713761616162626263636364646478"),
        ("decimal", "Bytes([75, 113, 55, 97, 97, 97, 98, 98, 98, 99, 99, 99, 100, 100, 100, 120])"),
        ("JSON", r#"{"a":"Kq7aaabbbcccdddx&\"<é'>@%\\ +Zj4eeefffggghhhy"}"#),
        (
            "JSON, all",
            r"\u004b\u0071\u0037\u0061\u0061\u0061\u0062\u0062\u0062\u0063\u0063\u0063\u0064\u0064\u0064\u0078",
        ),
        (
            "JSON, all",
            r"\u004B\u0071\u0037\u0061\u0061\u0061\u0062\u0062\u0062\u0063\u0063\u0063\u0064\u0064\u0064\u0078",
        ),
        ("HTML", "Kq7aaabbbcccdddx&amp;&quot;&lt;é&#39;&gt;@%\\ +Zj4eeefffggghhhy"),
        ("HTML, numbers", "Kq7aaabbbcccdddx&#38;&#34;&#60;é&#39;&#62;@%\\ +Zj4eeefffggghhhy"),
        ("HTML, all", "&#75;&#113;&#55;&#97;&#97;&#97;&#98;&#98;&#98;&#99;&#99;&#99;&#100;&#100;&#100;&#120;"),
        (
            "HTML, all in hexadecimal",
            "&#x4B;&#x71;&#x37;&#x61;&#x61;&#x61;&#x62;&#x62;&#x62;&#x63;&#x63;&#x63;&#x64;&#x64;&#x64;&#x78;",
        ),
        ("backslash x", r"\x4b\x71\x37\x61\x61\x61\x62\x62\x62\x63\x63\x63\x64\x64\x64\x78"),
    ];

    fn known() -> Canary {
        Canary::of("Kq7aaabbbcccdddx", "Zj4eeefffggghhhy")
    }

    #[test]
    fn each_form_is_found_as_others_write_it() {
        for (form, text) in WRITTEN {
            let canary = known();
            let found: Vec<&str> = canary.find(text.as_bytes()).iter().map(|find| find.form).collect();
            assert!(found.iter().any(|found| found.ends_with(&format!(", {form}"))), "{form}: {found:?} in {text}");
        }
    }

    #[test]
    fn utf_16_of_both_orders_is_found() {
        let units: Vec<u16> = "名Kq7aaabbbcccdddx名".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let canary = known();
        assert_eq!(
            canary.find(&little),
            [Find { at: 2, length: 32, form: "its first word, UTF-16, little end first" }]
        );
        assert_eq!(canary.find(&big), [Find { at: 2, length: 32, form: "its first word, UTF-16, big end first" }]);
    }

    #[test]
    fn other_text_is_no_find() {
        let canary = known();
        for text in ["", "Kq7aaabbbcccddd", "~e2390b5da16af66c [redacted]", "%4B%71%37", "aaabbbcccdddx", "S3E3YWFh"] {
            assert_eq!(canary.find(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn two_canaries_have_nothing_in_common() {
        let (one, other) = (Canary::fresh(), Canary::fresh());
        assert!(one.find(other.whole.as_bytes()).is_empty());
        assert_eq!(one.find(one.whole.as_bytes()).len(), 3);
        assert!(one.word.len() == 16 && one.whole.chars().count() <= 64);
    }
}
