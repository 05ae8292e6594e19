//! Patterns of the settings.

use rstest::rstest;

use super::masked_with;
use crate::mask::{MaskError, Masker};

#[rstest]
#[case(&[r"\d{3}-\d{2}-\d{4}"], "ssn 123-45-6789 and 123-45-6780", "ssn [masked] and [masked]", 2)]
#[case(&[r"card=(?<secret>\d+)"], "card=4111 cards=1", "card=[masked] cards=1", 1)]
#[case(&[r"pin=(\d+)(;?)"], "pin=4111; pins", "pin=[masked]; pins", 1)]
#[case(&["(a)(?<secret>b)"], "ab", "a[masked]", 1)]
#[case(&["ada", "b[o]b"], "ada and bob and Ada", "[masked] and [masked] and Ada", 2)]
#[case(&["ada"], "ada has password=hunter2", "[masked] has password=[masked]", 2)]
#[case(&["x|(?<secret>y)"], "x y", "x [masked]", 1)]
#[case(&["masked|.masked."], "password=[masked]", "password=[masked]", 0)]
fn patterns_hide_more(#[case] patterns: &[&str], #[case] text: &str, #[case] expected: &str, #[case] count: u32) {
    assert_eq!(masked_with(patterns, text), (expected.to_owned(), count));
}

#[test]
fn a_pattern_matches_bytes_that_are_no_text() {
    let masker = Masker::new(&[r"(?-u:\xff)+".into()]).unwrap();
    assert_eq!(masker.mask(b"a\xff\xffb", &mut super::Scratch::default()), (&b"a[masked]b"[..], 1));
}

#[rstest]
#[case("a(b", "mask pattern 2 `a(b` cannot be used: unclosed group (the syntax is that of the crate `regex`)")]
#[case("a*", "mask pattern 2 `a*` matches the empty text; let it begin or end with what a secret always has")]
fn a_wrong_pattern_is_named(#[case] pattern: &str, #[case] message: &str) {
    let error = Masker::new(&["fine".into(), pattern.into()]).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_pattern_that_needs_too_much_memory_is_refused() {
    let error = Masker::new(&[r"\w{1000}{100}".into()]).unwrap_err();
    assert!(matches!(error, MaskError::Invalid { number: 1, .. }), "{error}");
    assert!(error.to_string().contains("size limit"), "{error}");
}

#[test]
fn more_than_a_hundred_patterns_are_refused() {
    let error = Masker::new(&vec!["x".to_owned(); 101]).unwrap_err();
    assert!(matches!(error, MaskError::TooMany(101)), "{error}");
}
