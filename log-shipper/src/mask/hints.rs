//! Where a secret may be: the few letters without which there is none, found in one pass.

use std::ops::Range;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, Input, MatchKind};

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
    /// Part of what a vendor's tokens begin with.
    Token(&'static [u8]),
}

/// In lower case, and parts of what is meant that are rare in logs. These very letters in this very order are four times
/// as fast on the site's lines as others that mean the same: the search compares three half bytes of all at once, and is
/// fast as long as few other letters look like them. `benches/document.rs` tells.
pub(super) const HINTS: [(&str, Kind); 31] = [
    ("bear", Kind::Bearer),
    // A letter of a key, as JSON may spell it.
    ("\\u0", Kind::Key),
    ("glpat-", Kind::Token(b"glpat-")),
    ("key", Kind::Key),
    ("-beg", Kind::Pem),
    ("ghs_", Kind::Token(b"ghs_")),
    ("kie", Kind::Key),
    ("secret", Kind::Key),
    ("tok", Kind::Key),
    ("auth", Kind::Key),
    ("pwd", Kind::Key),
    ("xox", Kind::Token(b"xox")),
    ("pw=", Kind::Key),
    ("cred", Kind::Key),
    ("gho_", Kind::Token(b"gho_")),
    ("sess", Kind::Key),
    ("kia", Kind::Token(b"akia")),
    ("f%2f", Kind::CodedUrl),
    ("id=", Kind::Key),
    ("pw_", Kind::Key),
    ("pw\"", Kind::Key),
    ("pw:", Kind::Key),
    ("pw'", Kind::Key),
    ("pwh", Kind::Key),
    ("sid", Kind::Key),
    ("pass", Kind::Key),
    ("nemo", Kind::Key),
    ("_pat_", Kind::Token(b"github_pat_")),
    ("eyj", Kind::Jwt),
    ("k_live", Kind::Token(b"sk_live_")),
    ("ghp_", Kind::Token(b"ghp_")),
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
