//! Where a secret may be: the few letters without which there is none, found in one pass.

use std::ops::Range;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::command::{self, Program};
use super::vendor::{self, Token};

/// Which rule looks at a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Part of a key whose value may be secret.
    Key,
    /// Part of `://`, percent-encoded.
    CodedUrl,
    /// Part of the line that begins a private key.
    Pem,
    /// A JSON object in base64.
    Jwt,
    /// Part of the word `bearer`.
    Bearer,
    /// Part of the word `basic`.
    Basic,
    /// What a password's hash begins with.
    Hash,
    /// Part of what vendors' tokens begin with.
    Token(&'static [Token]),
    /// Part of a webhook's URL.
    Webhook,
    /// What is before a bot's number in a URL.
    Bot,
    /// Part of the word `identified`.
    Sql,
    /// Part of a program's name.
    Program(Program),
}

/// In lower case, and parts of what is meant that are rare in logs. These very letters in this very order are five times
/// as fast on the site's lines as others that mean the same: the search compares the half bytes of three letters of all at
/// once, and is fast as long as few other letters look like them. It takes no more than 64. `benches/document.rs` tells.
pub(super) const HINTS: [(&str, Kind); 64] = [
    ("sess", Kind::Key),
    ("f%2f", Kind::CodedUrl),
    ("in -", Kind::Program(command::LOGIN)),
    ("mysql", Kind::Program(command::MYSQL)),
    ("npm_", Kind::Token(vendor::NPM)),
    ("pw'", Kind::Key),
    ("/bot", Kind::Bot),
    ("xapp-", Kind::Token(vendor::SLACK)),
    ("ghp_", Kind::Token(vendor::GITHUB)),
    ("tified", Kind::Sql),
    ("tok", Kind::Key),
    ("ghu_", Kind::Token(vendor::GITHUB)),
    ("iadb", Kind::Program(command::MARIADB)),
    ("sk-", Kind::Token(vendor::MODELS)),
    ("curl", Kind::Program(command::CURL)),
    ("kia", Kind::Token(vendor::AMAZON)),
    ("s-cli", Kind::Program(command::REDIS)),
    ("cred", Kind::Key),
    ("hvs.", Kind::Token(vendor::VAULT)),
    ("$6$", Kind::Hash),
    ("nemo", Kind::Key),
    ("pw\"", Kind::Key),
    ("gho_", Kind::Token(vendor::GITHUB)),
    ("glpat-", Kind::Token(vendor::GITLAB)),
    ("pw_", Kind::Key),
    ("eyj", Kind::Jwt),
    ("sig=", Kind::Key),
    ("hf_", Kind::Token(vendor::HUGGING_FACE)),
    ("bhook", Kind::Webhook),
    ("pw=", Kind::Key),
    ("k_live", Kind::Token(vendor::STRIPE)),
    ("$2a$", Kind::Hash),
    ("sic ", Kind::Basic),
    ("-beg", Kind::Pem),
    ("ghs_", Kind::Token(vendor::GITHUB)),
    ("glsa_", Kind::Token(vendor::GRAFANA)),
    ("slack.", Kind::Webhook),
    ("k_test", Kind::Token(vendor::STRIPE)),
    ("ghr_", Kind::Token(vendor::GITHUB)),
    ("xox", Kind::Token(vendor::SLACK)),
    ("aiza", Kind::Token(vendor::GOOGLE)),
    ("sid", Kind::Key),
    ("whsec_", Kind::Token(vendor::STRIPE)),
    ("pass", Kind::Key),
    // A letter of a key, as JSON may spell it.
    ("\\u0", Kind::Key),
    ("sg.", Kind::Token(vendor::SENDGRID)),
    ("sshpa", Kind::Program(command::SSHPASS)),
    ("$2b$", Kind::Hash),
    ("pbkdf2", Kind::Hash),
    ("kie", Kind::Key),
    ("shp", Kind::Token(vendor::SHOPIFY)),
    ("$2y$", Kind::Hash),
    ("pwh", Kind::Key),
    ("auth", Kind::Key),
    ("$argo", Kind::Hash),
    ("gnatu", Kind::Key),
    ("pypi-", Kind::Token(vendor::PYPI)),
    ("pwd", Kind::Key),
    ("_pat_", Kind::Token(vendor::PERSONAL)),
    ("key", Kind::Key),
    ("id=", Kind::Key),
    ("pw:", Kind::Key),
    ("secret", Kind::Key),
    ("bear", Kind::Bearer),
];

/// A place to look at.
#[derive(Clone, Debug)]
pub(super) struct Hint {
    pub span: Range<usize>,
    pub kind: Kind,
}

/// The search for all of them.
#[derive(Debug)]
pub(super) enum Hints {
    Vectors(Searcher),
    /// For a processor that cannot do that.
    Automaton(AhoCorasick),
}

impl Hints {
    pub(super) fn new() -> Self {
        let words = HINTS.iter().map(|(word, _)| word);
        let mut vectors = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder();
        match vectors.extend(words.clone()).build() {
            Some(searcher) => Self::Vectors(searcher),
            None => Self::automaton(words),
        }
    }

    fn automaton<'w>(words: impl Iterator<Item = &'w &'static str>) -> Self {
        let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
        Self::Automaton(search.expect("few words fit into any automaton"))
    }

    /// The next at `from` or behind it.
    #[inline]
    pub(super) fn next(&self, folded: &[u8], from: usize) -> Option<Hint> {
        let span = (from..folded.len()).into();
        let found = match self {
            Self::Vectors(search) => search.find_in(folded, span),
            Self::Automaton(search) => search.find(Input::new(folded).span(span)),
        }?;
        Some(Hint { span: found.range(), kind: HINTS[found.pattern().as_usize()].1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_searches_find_the_same() {
        let both = [Hints::new(), Hints::automaton(HINTS.iter().map(|(word, _)| word))];
        let text: Vec<_> = HINTS.iter().flat_map(|(word, _)| [word.as_bytes(), b"pas-x"]).flatten().copied().collect();
        let found = both.map(|hints| {
            let all = (0..text.len()).filter_map(|from| hints.next(&text, from));
            all.map(|hint| (hint.span, hint.kind)).collect::<Vec<_>>()
        });
        assert_eq!(found[0], found[1]);
        assert!(found[0].len() > HINTS.len());
    }
}
