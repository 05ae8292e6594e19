//! Vendors' tokens, each known by what it begins with.

use std::ops::Range;

use super::Secret;
use super::shape::is_token_byte;
use super::text::Text;

/// A token has no fewer characters, if its vendor does not say more.
const MIN: usize = 20;

/// What a token consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    /// Capitals and digits alone, so `Akiashvili` is none.
    Capitals,
    /// Letters, digits, `-` and `_`.
    Words,
    /// The same, and dots.
    Dotted,
    /// The same in base64.
    Base64,
    /// Letters and digits, of which some are capitals and some are not.
    Mixed,
}

/// How the tokens of one kind look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// In lower case.
    begin: &'static str,
    letters: Letters,
    /// Characters, with those of `begin`.
    min: usize,
}

const fn words(begin: &'static str, min: usize) -> Token {
    Token { begin, letters: Letters::Words, min }
}

pub(super) const AMAZON: &[Token] = &[Token { begin: "akia", letters: Letters::Capitals, min: MIN }];
pub(super) const GITHUB: &[Token] =
    &[words("ghp_", MIN), words("gho_", MIN), words("ghu_", MIN), words("ghs_", MIN), words("ghr_", MIN)];
/// GitHub's that are for some repositories alone, and Docker Hub's.
pub(super) const PERSONAL: &[Token] = &[words("github_pat_", MIN), words("dckr_pat_", MIN)];
pub(super) const GITLAB: &[Token] = &[Token { begin: "glpat-", letters: Letters::Dotted, min: MIN }];
pub(super) const GOOGLE: &[Token] = &[words("aiza", 39)];
pub(super) const GRAFANA: &[Token] = &[words("glsa_", 30)];
pub(super) const HUGGING_FACE: &[Token] = &[words("hf_", 34)];
pub(super) const MODELS: &[Token] = &[
    words("sk-ant-", 32),
    words("sk-proj-", 32),
    words("sk-svcacct-", 32),
    words("sk-or-v1-", 32),
    Token { begin: "sk-", letters: Letters::Mixed, min: 35 },
];
pub(super) const NPM: &[Token] = &[words("npm_", 40)];
pub(super) const PYPI: &[Token] = &[words("pypi-age", 40)];
pub(super) const SENDGRID: &[Token] = &[Token { begin: "sg.", letters: Letters::Dotted, min: 60 }];
pub(super) const SHOPIFY: &[Token] =
    &[words("shpat_", 32), words("shpss_", 32), words("shpca_", 32), words("shppa_", 32)];
pub(super) const SLACK: &[Token] = &[words("xox", MIN), words("xapp-", MIN)];
pub(super) const STRIPE: &[Token] = &[
    words("sk_live_", MIN),
    words("rk_live_", MIN),
    words("sk_test_", MIN),
    words("rk_test_", MIN),
    Token { begin: "whsec_", letters: Letters::Base64, min: MIN },
];
pub(super) const VAULT: &[Token] = &[words("hvs.", 28)];

/// The token of one of these kinds around `hint`.
pub(super) fn token(text: &Text<'_>, hint: &Range<usize>, kinds: &[Token]) -> Option<Secret> {
    kinds.iter().find_map(|kind| kind.at(text, hint))
}

impl Token {
    fn at(&self, text: &Text<'_>, hint: &Range<usize>) -> Option<Secret> {
        let begin = self.begin.as_bytes();
        let start = hint.start.checked_sub(memchr::memmem::find(begin, &text.folded[hint.clone()])?)?;
        // Before the token is read, which may hold many more hints.
        (text.has(start, begin) && text.is_word_start(start)).then_some(())?;
        let end = self.end(text, start);
        let is_whole = !text.get(end).is_some_and(is_token_byte);
        let token = &text.bytes[start..end];
        let is_mixed = self.letters != Letters::Mixed
            || (token.iter().any(u8::is_ascii_uppercase) && token.iter().any(u8::is_ascii_digit));
        (is_whole && is_mixed && token.len() >= self.min).then(|| Secret::plain(start..end))
    }

    /// Where the one that begins at `start` ends.
    fn end(&self, text: &Text<'_>, start: usize) -> usize {
        let at = start + self.begin.len();
        match self.letters {
            Letters::Capitals => text.skip(start, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
            Letters::Words => text.skip(at, is_token_byte),
            Letters::Dotted => {
                let end = text.skip(at, |byte| is_token_byte(byte) || byte == b'.');
                end - text.bytes[at..end].iter().rev().take_while(|byte| **byte == b'.').count()
            }
            Letters::Base64 => text.skip(at, |byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)),
            Letters::Mixed => text.skip(at, |byte| byte.is_ascii_alphanumeric()),
        }
    }
}
