//! Where a secret may be: the few words without which there is none, found in one pass.

use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, MatchKind};

/// Which rule looks at a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Part of a key whose value may be secret.
    Key,
    /// `://`
    Url,
    /// The same, percent-encoded.
    CodedUrl,
    /// What follows the password in a data source name of `MySQL`.
    Dsn,
    /// The line that begins a private key.
    Pem,
    /// A JSON object in base64.
    Jwt,
    /// The word `bearer`.
    Bearer,
    /// What a vendor's tokens begin with.
    Token {
        /// Such tokens have at least so many more characters.
        length: usize,
    },
}

/// In lower case. All have three letters or more: the search is slower with shorter ones.
const HINTS: &[(&str, Kind)] = &[
    ("bearer", Kind::Bearer),
    ("pas", Kind::Key),
    ("pwd", Kind::Key),
    ("pw_", Kind::Key),
    ("pw=", Kind::Key),
    ("pw:", Kind::Key),
    ("pw\"", Kind::Key),
    ("pw\\", Kind::Key),
    ("ecret", Kind::Key),
    ("cred", Kind::Key),
    ("token", Kind::Key),
    ("key", Kind::Key),
    ("auth", Kind::Key),
    ("cookie", Kind::Key),
    ("sess", Kind::Key),
    ("sid=", Kind::Key),
    ("sid:", Kind::Key),
    ("sid\"", Kind::Key),
    ("sid\\", Kind::Key),
    ("mnemonic", Kind::Key),
    // A letter of a key, as JSON may spell it.
    ("\\u00", Kind::Key),
    ("://", Kind::Url),
    (":\\/\\/", Kind::Url),
    ("%3a%2f%2f", Kind::CodedUrl),
    ("@tcp(", Kind::Dsn),
    ("@unix(", Kind::Dsn),
    ("-----begin", Kind::Pem),
    ("eyj", Kind::Jwt),
    ("akia", Kind::Token { length: 16 }),
    ("asia", Kind::Token { length: 16 }),
    ("aiza", Kind::Token { length: 30 }),
    ("ghp_", Kind::Token { length: 30 }),
    ("gho_", Kind::Token { length: 30 }),
    ("ghs_", Kind::Token { length: 30 }),
    ("github_pat_", Kind::Token { length: 30 }),
    ("glpat-", Kind::Token { length: 16 }),
    ("xoxb-", Kind::Token { length: 16 }),
    ("xoxp-", Kind::Token { length: 16 }),
    ("sk_live_", Kind::Token { length: 16 }),
];

/// A place to look at.
#[derive(Clone, Debug)]
pub(super) struct Hint {
    pub span: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) struct Hints(AhoCorasick);

impl Hints {
    pub(super) fn new() -> Self {
        let words = HINTS.iter().map(|(word, _)| word);
        let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
        Self(search.expect("few words fit into any automaton"))
    }

    /// The next at `from` or behind it.
    #[inline]
    pub(super) fn next(&self, folded: &[u8], from: usize) -> Option<Hint> {
        let found = self.0.find(Input::new(folded).span(from..folded.len()))?;
        Some(Hint { span: found.range(), kind: HINTS[found.pattern().as_usize()].1 })
    }
}
