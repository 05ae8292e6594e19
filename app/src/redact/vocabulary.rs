//! The path segments that mean something to everybody: those of our routes, and what scanners look for.

/// Sorted. Most of what is asked for and not found is one of these; seeing which tells a scanner from a broken link.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    ".aws", ".env", ".git", ".svn", ".vscode", ".well-known", "HEAD", "acme-challenge", "actuator",
    "add_message", "admin", "ads.txt", "api", "apple-touch-icon-precomposed.png", "apple-touch-icon.png",
    "assets", "backup", "boaform", "cgi-bin", "config", "config.json", "console", "credentials", "docs",
    "favicon.ico", "feed", "fllws", "follow", "graphql", "health", "healthz", "humans.txt", "index.html",
    "index.php", "latest", "login", "logout", "manager", "manifest.json", "metrics", "msgs", "openapi.json",
    "phpmyadmin", "public", "readyz", "register", "robots.txt", "rss", "security.txt", "server-status", "setup",
    "shell", "simulator", "sitemap.xml", "solr", "static", "status", "style.css", "swagger", "test", "unfollow",
    "v1", "vendor", "wordpress", "wp-admin", "wp-content", "wp-includes", "wp-login.php", "xmlrpc.php",
];

/// The path segments that may be shown wherever they stand.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(Vec<String>);

impl Vocabulary {
    /// Adds words of the program's own, such as the file names of its embedded assets.
    #[must_use]
    pub fn with(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut words: Vec<String> = words.into_iter().map(Into::into).collect();
        words.sort();
        Self(words)
    }

    /// Whether this is exactly one of the words.
    #[must_use]
    pub fn has(&self, segment: &str) -> bool {
        WORDS.binary_search(&segment).is_ok() || self.0.binary_search_by(|word| word.as_str().cmp(segment)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_and_each_is_found() {
        assert!(WORDS.is_sorted());
        let vocabulary = Vocabulary::with(["z.css", "a.js"]);
        assert!(WORDS.iter().all(|word| vocabulary.has(word)));
        assert!(vocabulary.has("a.js") && vocabulary.has("z.css"));
        assert!(!vocabulary.has("Login") && !vocabulary.has("login;x") && !vocabulary.has("a.jsx"));
    }
}
