//! Paths, segment by segment: what the route says, what everybody knows, who exists; the rest as hashes.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{HashKey, Names, Vocabulary};

/// More segments than any route has; what follows is one hash, so that a path of slashes costs no more than another.
const SEGMENTS_MAX: usize = 8;

/// A name's characters that need no encoding in a path (RFC 3986, unreserved), but for `~`, which begins a hash.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// What a line may show of paths: bound to the names of one request.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'a> {
    /// The names that may be shown.
    pub names: &'a Names,
    /// Hashes what may not.
    pub key: &'a HashKey,
    /// The segments that may be shown anywhere.
    pub vocabulary: &'a Vocabulary,
}

impl Paths<'_> {
    /// The path of a request that met the route `template` (axum's syntax): static parts as the template has them,
    /// `{username}` as a name, any other parameter as in an unknown path.
    #[must_use]
    pub fn matched<'t>(&self, template: &'t str, path: &str) -> Cow<'t, str> {
        if !template.contains('{') {
            return Cow::Borrowed(template);
        }
        let mut shape = template.split('/');
        let mut shown = String::with_capacity(64);
        self.rebuild(path, &mut shown, |segment, out| match shape.next() {
            Some("{username}") => self.name(segment, out),
            Some(fixed) if !fixed.starts_with('{') => out.push_str(fixed),
            _ => self.word(segment, out),
        });
        Cow::Owned(shown)
    }

    /// The path of a request that met no route, of a referrer, or of a redirect.
    #[must_use]
    pub fn unmatched(&self, path: &str) -> String {
        let mut shown = String::with_capacity(64);
        self.unmatched_into(path, &mut shown);
        shown
    }

    pub(super) fn unmatched_into(&self, path: &str, out: &mut String) {
        self.rebuild(path, out, |segment, out| self.word(segment, out));
    }

    fn rebuild(&self, path: &str, out: &mut String, mut segment: impl FnMut(&str, &mut String)) {
        for (index, part) in path.splitn(SEGMENTS_MAX + 1, '/').enumerate() {
            if index > 0 {
                out.push('/');
            }
            if index == SEGMENTS_MAX {
                out.push_str(&self.key.mark(part.as_bytes()));
            } else {
                segment(part, out);
            }
        }
    }

    fn word(&self, segment: &str, out: &mut String) {
        if segment.is_empty() || self.vocabulary.has(segment) {
            out.push_str(segment);
        } else {
            self.name(segment, out);
        }
    }

    /// Decodes once, as the router does; the hash is of the decoded bytes, so that it is the hash of a name.
    fn name(&self, segment: &str, out: &mut String) {
        let bytes: Cow<'_, [u8]> = percent_decode_str(segment).into();
        match std::str::from_utf8(&bytes) {
            Ok(name) if self.names.confirms(name) => out.extend(utf8_percent_encode(name, NAME)),
            _ => out.push_str(&self.key.mark(&bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(names: &Names, check: impl Fn(Paths<'_>, &dyn Fn(&str) -> String)) {
        let (key, vocabulary) = (HashKey::new(&[7; 32]), Vocabulary::default());
        check(Paths { names, key: &key, vocabulary: &vocabulary }, &|value| key.mark(value.as_bytes()));
    }

    #[test]
    fn a_user_that_exists_is_shown_and_another_hashed() {
        let mut names = Names::default();
        names.confirm("Zoë ~B");
        with(&names, |paths, mark| {
            assert_eq!(paths.matched("/{username}/follow", "/Zo%C3%AB%20~B/follow"), "/Zo%C3%AB%20%7EB/follow");
            assert_eq!(paths.matched("/{username}", "/hunter2"), format!("/{}", mark("hunter2")));
            assert_eq!(paths.matched("/msgs/{username}", "/msgs/a%2fb"), format!("/msgs/{}", mark("a/b")));
            assert_eq!(paths.unmatched("/Zo%C3%AB%20~B/x"), format!("/Zo%C3%AB%20%7EB/{}", mark("x")));
        });
    }

    #[test]
    fn a_static_part_is_the_templates() {
        with(&Names::default(), |paths, mark| {
            assert_eq!(paths.matched("/login", "/login"), "/login");
            assert_eq!(paths.matched("/x/{username}", "/%78/a"), format!("/x/{}", mark("a")));
            assert_eq!(paths.matched("/static/{*file}", "/static/style.css"), "/static/style.css");
            assert_eq!(paths.matched("/static/{*file}", "/static/a/b"), format!("/static/{}/{}", mark("a"), mark("b")));
        });
    }

    #[test]
    fn of_an_unknown_path_only_known_words_are_shown() {
        with(&Names::default(), |paths, mark| {
            assert_eq!(paths.unmatched("/.git/HEAD"), "/.git/HEAD");
            assert_eq!(paths.unmatched("//wp-login.php"), "//wp-login.php");
            assert_eq!(paths.unmatched("/login;password=x"), format!("/{}", mark("login;password=x")));
            assert_eq!(
                paths.unmatched("/%6cogin/%FF"),
                format!("/{}/{}", mark("login"), HashKey::new(&[7; 32]).mark(b"\xff"))
            );
            assert_eq!(paths.unmatched("*"), mark("*"));
        });
    }

    #[test]
    fn a_path_of_a_thousand_segments_is_cut() {
        with(&Names::default(), |paths, _| assert_eq!(paths.unmatched(&"/api".repeat(1000)).matches('/').count(), 8));
    }
}
