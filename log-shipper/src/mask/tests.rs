//! What is hidden, and what is not.

mod corpus;
mod extra;
mod hostile;
mod innocent;
mod properties;
mod shapes;

use std::sync::LazyLock;

use super::{Masker, Scratch};

static MASKER: LazyLock<Masker> = LazyLock::new(|| Masker::new(&[]).unwrap());

/// The text without its secrets, and how many there were.
fn masked(text: &str) -> (String, u32) {
    by(&MASKER, text)
}

fn masked_with(extra: &[&str], text: &str) -> (String, u32) {
    let extra: Vec<_> = extra.iter().map(|pattern| (*pattern).to_owned()).collect();
    by(&Masker::new(&extra).unwrap(), text)
}

fn by(masker: &Masker, text: &str) -> (String, u32) {
    let mut scratch = Scratch::default();
    let (out, count) = masker.mask(text.as_bytes(), &mut scratch);
    (String::from_utf8(out.to_vec()).unwrap(), count)
}

/// That hiding what is hidden changes nothing.
fn assert_stable(masked: &str) {
    assert_eq!(self::masked(masked), (masked.to_owned(), 0));
}
