//! Hosts, referrers and redirects: which place on the web, without what was carried there.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::{HashKey, Paths, Query};

/// The hosts that are ours.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Takes the names that the site is reached by, without ports. `localhost` and addresses are ours as well.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(names.into_iter().map(|name| name.into().to_ascii_lowercase()).collect())
    }

    /// The host of a `Host` header or of a request's target: ours by its name, without the port, any other as a hash.
    #[must_use]
    pub fn domain<'a>(&'a self, authority: &'a str, key: &HashKey) -> Cow<'a, str> {
        let own = Authority::parse(authority).and_then(|authority| self.own(authority.host));
        own.unwrap_or_else(|| Cow::Owned(key.mark(authority.as_bytes())))
    }

    /// A `Referer`: of another site its origin, of ours the path too; a hash if it is no plain `http` address.
    #[must_use]
    pub fn referrer(&self, value: &str, paths: &Paths<'_>) -> String {
        self.address(value, paths).unwrap_or_else(|| paths.key.mark(value.as_bytes()))
    }

    /// A `Location`: a path of ours with its allowed query, or else like a referrer.
    #[must_use]
    pub fn location(&self, value: &str, paths: &Paths<'_>) -> String {
        if !value.starts_with('/') || value.starts_with("//") {
            return self.referrer(value, paths);
        }
        let (path, query) = without_fragment(value).split_once('?').unwrap_or((without_fragment(value), ""));
        let (mut shown, query) = (paths.unmatched(path), Query::parse(query).shown);
        if !query.is_empty() {
            shown.push('?');
            shown.push_str(&query);
        }
        shown
    }

    fn address(&self, value: &str, paths: &Paths<'_>) -> Option<String> {
        let (scheme, rest) = scheme(value)?;
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let authority = Authority::parse(authority)?;
        let own = self.own(authority.host);
        let mut shown = String::with_capacity(64);
        shown.push_str(scheme);
        shown.push_str(own.as_deref().or_else(|| is_public_name(authority.host).then_some(authority.host))?);
        if let Some(port) = authority.port {
            shown.push(':');
            shown.push_str(itoa::Buffer::new().format(port));
        }
        if own.is_some() {
            paths.unmatched_into(without_fragment(rest).split('?').next().unwrap_or_default(), &mut shown);
        }
        Some(shown)
    }

    fn own<'a>(&'a self, host: &'a str) -> Option<Cow<'a, str>> {
        if host.eq_ignore_ascii_case("localhost") {
            return Some(Cow::Borrowed("localhost"));
        }
        let name = self.0.iter().find(|name| name.eq_ignore_ascii_case(host));
        name.map(|name| Cow::Borrowed(name.as_str())).or_else(|| ip_literal(host))
    }
}

/// A host and perhaps a port; an authority with user information is none, since a password may be in it.
struct Authority<'a> {
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Authority<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let name_end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
        let (host, port) = text.split_at(name_end);
        let digits = port.strip_prefix(':').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        match (port, digits.and_then(|digits| digits.parse().ok())) {
            ("", _) => Some(Self { host, port: None }),
            (_, Some(port)) => Some(Self { host, port: Some(port) }),
            _ => None,
        }
    }
}

fn scheme(value: &str) -> Option<(&'static str, &str)> {
    ["https://", "http://"].into_iter().find_map(|scheme| Some((scheme, value.strip_prefix(scheme)?)))
}

fn without_fragment(value: &str) -> &str {
    value.split('#').next().unwrap_or_default()
}

/// An address as a host, in its canonical form.
fn ip_literal(host: &str) -> Option<Cow<'_, str>> {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().ok().map(|ip| Cow::Owned(format!("[{ip}]")));
    }
    // The parser takes the canonical form alone.
    host.parse::<Ipv4Addr>().ok().map(|_| Cow::Borrowed(host))
}

/// A DNS name (RFC 1123) as a browser writes it: lower case, at least two labels, the last of letters or punycode, and
/// no label that looks like a token.
fn is_public_name(host: &str) -> bool {
    let mut last = "";
    let labels = host.split('.').inspect(|label| last = label).filter(|label| is_label(label)).count();
    labels >= 2
        && labels == host.split('.').count()
        && host.len() <= 253
        && (last.starts_with("xn--") || last.bytes().all(|b| b.is_ascii_lowercase()))
}

fn is_label(label: &str) -> bool {
    let digits = label.bytes().filter(u8::is_ascii_digit).count();
    let like_a_token = digits >= 8 || (digits > 0 && label.len() >= 16 && !label.starts_with("xn--"));
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !like_a_token
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Names, Vocabulary};

    fn check(what: impl Fn(&Hosts, &Paths<'_>, &dyn Fn(&str) -> String)) {
        let mut names = Names::default();
        names.confirm("ada");
        let (key, vocabulary) = (HashKey::new(&[7; 32]), Vocabulary::default());
        let paths = Paths { names: &names, key: &key, vocabulary: &vocabulary };
        what(&Hosts::new(["MiniTwit.example"]), &paths, &|value| key.mark(value.as_bytes()));
    }

    #[test]
    fn a_host_is_shown_if_it_is_ours() {
        check(|hosts, paths, mark| {
            for (host, shown) in [
                ("minitwit.EXAMPLE:8000", "minitwit.example"),
                ("localhost:8000", "localhost"),
                ("127.0.0.1", "127.0.0.1"),
                ("[::0001]:80", "[::1]"),
            ] {
                assert_eq!(hosts.domain(host, paths.key), shown);
            }
            for host in ["hunter2", "a@minitwit.example", "minitwit.example:x", "evil.com", "", "[::1", "127.1"] {
                assert_eq!(hosts.domain(host, paths.key), mark(host));
            }
        });
    }

    #[test]
    fn a_foreign_referrer_is_its_origin_and_our_own_has_its_path() {
        check(|hosts, paths, mark| {
            for (value, shown) in [
                ("https://news.example.org/item?id=hunter2#x", "https://news.example.org"),
                ("http://example.org:8080", "http://example.org:8080"),
                ("https://xn--mnchen-3ya.de/", "https://xn--mnchen-3ya.de"),
                ("http://minitwit.example/ada?x=hunter2", "http://minitwit.example/ada"),
                ("http://localhost:8000/login#hunter2", "http://localhost:8000/login"),
            ] {
                assert_eq!(hosts.referrer(value, paths), shown);
            }
            let hashed = format!("http://localhost/{}", mark("login;password=hunter2"));
            assert_eq!(hosts.referrer("http://localhost/login;password=hunter2", paths), hashed);
        });
    }

    #[test]
    fn a_referrer_that_is_no_plain_address_is_a_hash() {
        check(|hosts, paths, mark| {
            for value in [
                "http://ada:hunter2@localhost/",
                "http://hunter2SECRET/",
                "http://hunter2SECRET.example.org/",
                "http://hunter2/",
                "http://4111111111111111.example.org/",
                "http://c2ltdwxhdg9yonn1cgvy.example.org/",
                "http://example.org:hunter2/",
                "javascript:hunter2",
                "hunter2",
                "//example.org/",
                "http:/\\example.org",
                "HTTP://example.org",
                "http://example.o2g/",
                "http://.org/",
                "",
            ] {
                assert_eq!(hosts.referrer(value, paths), mark(value));
            }
        });
    }

    #[test]
    fn a_redirect_keeps_our_paths_and_pages() {
        check(|hosts, paths, mark| {
            for (value, shown) in [
                ("/", "/"),
                ("/ada?before=17&token=hunter2", "/ada?before=17"),
                ("/public#token=hunter2", "/public"),
                ("/login?password=hunter2", "/login"),
                ("https://example.org/hunter2", "https://example.org"),
            ] {
                assert_eq!(hosts.location(value, paths), shown);
            }
            assert_eq!(hosts.location("/hunter2", paths), format!("/{}", mark("hunter2")));
            assert_eq!(hosts.location("//example.org/hunter2", paths), mark("//example.org/hunter2"));
        });
    }
}
