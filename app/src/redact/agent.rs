//! `User-Agent`, rebuilt from product names, platform words and version numbers that everybody has.

use std::ops::Range;
use std::sync::Arc;

use quick_cache::sync::Cache;

use super::HashKey;

/// The longest value that is read.
const AGENT_MAX_BYTES: usize = 256;

/// Sorted. Products and words of their comments (RFC 9110, section 10.1.5) of the browsers, libraries, probes and
/// crawlers that are commonly seen.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "20100101", "Android", "AppleWebKit", "Applebot", "Baiduspider", "Blackbox", "Build", "CPU", "Chrome",
    "Chromium", "CrOS", "CriOS", "Dalvik", "Debian", "DuckDuckBot", "ELB-HealthChecker", "Edg", "EdgA",
    "EdgiOS", "Electron", "Exporter", "FBAN", "FBAV", "Fedora", "Firefox", "FxiOS", "GPTBot", "Gecko",
    "Go-http-client", "Googlebot", "HeadlessChrome", "Intel", "Java", "KHTML", "Linux", "Mac", "Macintosh",
    "Mobile", "Mozilla", "NT", "OPR", "OS", "Opera", "PPC", "Pingdom.com_bot", "PostmanRuntime", "Prometheus",
    "Python", "Python-urllib", "Safari", "SamsungBrowser", "Trident", "U", "Ubuntu", "UptimeRobot", "Version",
    "Vivaldi", "WOW64", "Wget", "Win64", "Windows", "X", "X11", "YandexBot", "aarch64", "ab", "aiohttp",
    "amd64", "arm64", "armv7l", "axios", "bingbot", "bot", "compatible", "curl", "de", "de-DE", "en", "en-GB",
    "en-US", "facebookexternalhit", "guzzle", "hey", "http.rb", "httpx", "i686", "iOS", "iPad", "iPhone", "k6",
    "kube-probe", "libwww-perl", "like", "linux-gnu", "log-shipper", "masscan", "minitwit", "nginx", "node",
    "node-fetch", "oha", "okhttp", "python-httpx", "python-requests", "reqwest", "rv", "sqlmap", "undici",
    "wrk", "wv", "x64", "x86_64", "zgrab",
];

/// The user agent with `~` for each word that nobody else has to have, followed by the hash of the whole if there is any;
/// the hash alone if the value has more than 256 bytes, is not printable ASCII, or has no known word.
///
/// Products and versions are what a line is searched for. A rule about shapes instead (`token/digits`) would show a
/// password that was pasted there; the price is that an unknown device model is a `~`.
#[must_use]
pub fn user_agent(value: &[u8], key: &HashKey) -> String {
    let readable = std::str::from_utf8(value).ok().filter(|text| text.len() <= AGENT_MAX_BYTES && printable(text));
    let rebuilt = readable.map(rebuild).unwrap_or_default();
    match (rebuilt.known, rebuilt.unknown) {
        (0, _) => key.mark(value),
        (_, 0) => rebuilt.text,
        _ => rebuilt.text + " " + &key.mark(value),
    }
}

/// How many different values are remembered; a site sees a few hundred.
const REMEMBERED: usize = 512;

/// [`user_agent`] with a memory: clients send the same few values all the time, and a browser's has fifteen words.
#[derive(Debug)]
pub struct UserAgents {
    key: HashKey,
    shown: Cache<Box<[u8]>, Arc<str>>,
}

impl UserAgents {
    /// `key` hashes what is not shown.
    #[must_use]
    pub fn new(key: HashKey) -> Self {
        Self { key, shown: Cache::new(REMEMBERED) }
    }

    /// The value as a line shows it.
    #[must_use]
    pub fn shown(&self, value: &[u8]) -> Arc<str> {
        if let Some(shown) = self.shown.get(value) {
            return shown;
        }
        let shown: Arc<str> = user_agent(value, &self.key).into();
        if value.len() <= AGENT_MAX_BYTES {
            self.shown.insert(value.into(), shown.clone());
        }
        shown
    }
}

#[derive(Default)]
struct Rebuilt {
    text: String,
    known: usize,
    unknown: usize,
}

fn rebuild(text: &str) -> Rebuilt {
    let mut rebuilt = Rebuilt { text: String::with_capacity(text.len() + 18), ..Rebuilt::default() };
    let (accounts, mut at) = (accounts(text), 0);
    for piece in text.split_inclusive(is_delimiter) {
        let word = piece.trim_end_matches(is_delimiter);
        let named = WORDS.binary_search(&word).is_ok();
        let of_account = accounts.iter().any(|account| account.start < at + word.len() && at < account.end);
        at += piece.len();
        if named || word.is_empty() || (is_version(word) && !of_account) {
            rebuilt.known += usize::from(named);
            rebuilt.text.push_str(word);
        } else {
            rebuilt.unknown += 1;
            rebuilt.text.push('~');
        }
        rebuilt.text.push_str(&piece[word.len()..]);
    }
    rebuilt
}

fn printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

fn is_delimiter(c: char) -> bool {
    " /;:,()".contains(c)
}

/// One to four numbers of at most five digits, joined by `.` or `_`; or a mobile build such as `15E148`.
fn is_version(word: &str) -> bool {
    let number = |part: &str| (1..=5).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let numbers = word.split(['.', '_']).count() <= 4 && word.split(['.', '_']).all(number);
    numbers
        || matches!(word.as_bytes(), [b'1'..=b'9', b'0'..=b'9', b'A'..=b'Z', rest @ ..] if rest.len() == 3 && rest.is_ascii() && number(&word[3..]))
}

/// The numbers that may be a card's, an account's or a telephone's, although each group of their digits looks like a
/// version: three or more groups of four, or more than ten digits whose groups are joined by anything but a dot.
fn accounts(text: &str) -> Vec<Range<usize>> {
    let groups = groups(text);
    let four = |group: &Range<usize>| group.len() == 4;
    let cards = groups.chunk_by(|a, b| four(a) && four(b) && joint(text, a, b).is_some());
    let cards = cards.filter(|chain| chain.len() >= 3);
    let others = groups.chunk_by(|a, b| joint(text, a, b).is_some_and(|joint| joint != b'.'));
    let others = others.filter(|chain| chain.iter().map(ExactSizeIterator::len).sum::<usize>() > 10);
    cards.chain(others).map(|chain| chain[0].start..chain[chain.len() - 1].end).collect()
}

/// Where the digits are.
fn groups(text: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for at in (0..text.len()).filter(|at| text.as_bytes()[*at].is_ascii_digit()) {
        match groups.last_mut() {
            Some(group) if group.end == at => group.end += 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// The one character between two groups of digits, if there is one and it belongs to no word.
fn joint(text: &str, before: &Range<usize>, after: &Range<usize>) -> Option<u8> {
    let between = &text.as_bytes()[before.end..after.start];
    (between.len() == 1).then(|| between[0]).filter(|byte| !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> String {
        user_agent(value.as_bytes(), &HashKey::new(&[7; 32]))
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted(), "{:?}", WORDS.windows(2).find(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn common_agents_are_shown_as_they_are() {
        for agent in [
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.129 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.109 Safari/537.36 Edg/120.0.2210.91",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.6045.1234 Safari/537.36 OPR/105.0.4970.1060",
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
            "Mozilla/5.0 (Linux; Android 10; en-US) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.230 Mobile Safari/537.36",
            "Mozilla/5.0 (Android 14; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0",
            "Mozilla/5.0 (iPad; CPU OS 16_7_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
            "python-requests/2.31.0",
            "curl/8.5.0",
            "Go-http-client/1.1",
        ] {
            assert_eq!(shown(agent), agent);
        }
    }

    #[test]
    fn a_number_in_groups_is_no_version() {
        for number in [
            "4111 1111 1111 1111",
            "4111_1111_1111_1111",
            "4111-1111-1111-1111",
            "4111.1111.1111.1111",
            "4111/1111/1111",
            "41111 11111 1",
            "45 12 34 56 78 90",
            "123:45678:9012",
            "1.4111 1111 1111",
        ] {
            let shown = shown(&format!("curl/8.5.0 ({number}) Firefox/121.0"));
            let (rebuilt, _hash) = shown.rsplit_once(" ~").unwrap();
            let rest = rebuilt.strip_prefix("curl/8.5.0 (").and_then(|rest| rest.strip_suffix(") Firefox/121.0"));
            assert!(rest.is_some_and(|rest| !rest.contains(|c: char| c.is_ascii_digit())), "{number}: {shown}");
        }
    }

    #[test]
    fn an_unknown_word_is_a_tilde_and_the_whole_gets_a_hash() {
        let agent = "Mozilla/5.0 (Linux; Android 13; SM-S901B) Chrome/120.0 hunter2SECRET/1.0";
        let hash = HashKey::new(&[7; 32]).mark(agent.as_bytes());
        assert_eq!(shown(agent), format!("Mozilla/5.0 (Linux; Android 13; ~) Chrome/120.0 ~/1.0 {hash}"));
        let bot = shown("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
        assert!(bot.starts_with("Mozilla/5.0 (compatible; Googlebot/2.1; ~://~/~) ~"), "{bot}");
    }

    #[test]
    fn an_agent_without_a_known_word_is_a_hash() {
        let long = "curl/1 ".repeat(40);
        for agent in ["hunter2SECRET", "9876543210123", "12345", "password=x", "", "a@b", "curl\u{7f}", "Zoë", &long] {
            assert_eq!(shown(agent), HashKey::new(&[7; 32]).mark(agent.as_bytes()));
        }
    }
}
