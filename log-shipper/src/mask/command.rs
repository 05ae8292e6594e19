//! Command lines of programs that take a password behind a short option, which means something else elsewhere.

use std::ops::Range;

use super::Secret;
use super::quote::Quote;
use super::text::Text;
use super::value::word_end;

/// Options are looked for in so many bytes behind the program's name.
const REACH: usize = 256;

/// A program's name goes on with no more letters, as in `mysqldump`.
const NAME_MAX: usize = 16;

/// Letters of short options that are written as one word, of which the last takes the value.
const JOINED_MAX: usize = 5;

/// A program, and how it is given a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Program {
    /// What its name begins with, in lower case, and more that has to follow.
    begin: &'static [u8],
    /// So many bytes of that are of its name.
    name: usize,
    /// The letter of the short option.
    short: u8,
    /// Its long form, if that does not say by itself what it is, and the value is a user, a colon and the password.
    user: Option<&'static [u8]>,
}

pub(super) const CURL: Program = Program { begin: b"curl", name: 4, short: b'u', user: Some(b"--user") };
pub(super) const LOGIN: Program = password(b"login -", 5, b'p');
pub(super) const MARIADB: Program = password(b"mariadb", 7, b'p');
pub(super) const MYSQL: Program = password(b"mysql", 5, b'p');
pub(super) const REDIS: Program = password(b"redis-cli", 9, b'a');
pub(super) const SSHPASS: Program = password(b"sshpass", 7, b'p');

const fn password(begin: &'static [u8], name: usize, short: u8) -> Program {
    Program { begin, name, short, user: None }
}

/// The password among the arguments of the program around `hint`.
pub(super) fn password_of(text: &Text<'_>, hint: &Range<usize>, program: Program) -> Option<Secret> {
    let start = hint.start.checked_sub(memchr::memmem::find(program.begin, &text.folded[hint.clone()])?)?;
    (text.has(start, program.begin) && text.is_word_start(start)).then_some(())?;
    let name = start + program.name;
    let rest = text.bytes[name..].iter().take(NAME_MAX);
    let name = name + rest.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    let rest = &text.bytes[name..text.bytes.len().min(name + REACH)];
    let rest = &rest[..memchr::memchr3(b'|', b';', b'\n', rest).unwrap_or(rest.len())];
    let mut options = memchr::memchr_iter(b'-', rest).map(|at| name + at);
    let option =
        |at: usize| Some((text.before(at).filter(|byte| is_separator(*byte))?, program.behind_option(text, at)?));
    let (before, behind) = is_separator(*rest.first()?).then(|| options.find_map(option))??;
    let Range { start, end } = value(text, behind, before == b'"' || before == b'\'')?;
    let user = match program.user {
        Some(_) => memchr::memchr(b':', &text.bytes[start..end])? + 1,
        None => 0,
    };
    Some(Secret::plain(start + user..end))
}

fn is_separator(byte: u8) -> bool {
    b" \t\"',\\".contains(&byte)
}

impl Program {
    /// Where the option that begins at `at` ends, if it is the one.
    fn behind_option(&self, text: &Text<'_>, at: usize) -> Option<usize> {
        let long = self.user.filter(|long| text.bytes[at..].starts_with(long)).map(|long| at + long.len());
        let long = long.filter(|end| text.get(*end).is_some_and(|byte| byte == b'=' || is_separator(byte)));
        let short = || {
            let letters = text.bytes[at + 1..].iter().take(JOINED_MAX).take_while(|byte| byte.is_ascii_alphabetic());
            let last = at + letters.count();
            let is_joined = text.get(last) == Some(self.short) && text.get(last + 1).is_some_and(is_separator);
            if text.get(at + 1) == Some(self.short) { Some(at + 2) } else { is_joined.then_some(last + 1) }
        };
        long.or_else(short)
    }
}

/// The value behind an option that ends at `at`, and is the begin of a string or all of it.
fn value(text: &Text<'_>, at: usize, in_quotes: bool) -> Option<Range<usize>> {
    let start = match Quote::at(text, at).filter(|_| in_quotes) {
        Some(close) => text.skip_spaces(text.has(close.end, b",").then_some(close.end + 1)?),
        None => text.skip_spaces(at + usize::from(text.has(at, b"="))),
    };
    let is_apart = start > at;
    match Quote::at(text, start) {
        Some(quote) => (!quote.closes(text)).then(|| quote.end..quote.content_end(text)),
        None => (!is_apart || text.get(start) != Some(b'-')).then(|| start..word_end(text, start, 0)),
    }
}
