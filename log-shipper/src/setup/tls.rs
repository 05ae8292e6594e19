//! What is to be done when no encrypted connection comes about.

/// rustls words all its errors itself, and nothing else tells them from a plain refusal.
const TLS: [&str; 4] = ["certificate", "received corrupt message", "received fatal alert", "handshake"];

/// What the words of an error ask for.
const ADVICE: [(&str, &str); 7] = [
    ("received corrupt message", "the server seems to speak no TLS: then its URL begins with http://"),
    ("UnknownIssuer", "name who signed the server's certificate by --ca-file, or pin it by --ca-fingerprint"),
    ("CaUsedAsEndEntity", "the server's certificate is an authority's own: pin it by --ca-fingerprint"),
    ("valid for name", "the server's certificate is for another name: use that in the URL, or --ca-fingerprint"),
    ("NotValidForName", "the server's certificate is for another name: use that in the URL, or --ca-fingerprint"),
    ("xpired", "the server's certificate has expired"),
    ("received fatal alert", "the server may ask for a certificate: --client-certificate-file and --client-key-file"),
];

/// Whether an error's words are of TLS.
pub(super) fn is_meant(words: &str) -> bool {
    TLS.iter().any(|word| words.contains(word))
}

/// What to do about it, as the end of a sentence.
pub(super) fn advice(words: &str) -> &'static str {
    let found = ADVICE.iter().find(|(word, _)| words.contains(word));
    found.map_or("trust is given by --ca-file or --ca-fingerprint", |(_, advice)| advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_rustls_are_followed_by_what_to_do() {
        for (words, way_out) in [
            ("invalid peer certificate: UnknownIssuer", "--ca-file"),
            ("received corrupt message of type InvalidContentType", "http://"),
            ("invalid peer certificate: certificate not valid for name \"a\"; certificate is only valid for …", "URL"),
            ("invalid peer certificate: certificate expired: verification time …", "expired"),
            ("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", "--ca-fingerprint"),
            ("received fatal alert: CertificateRequired", "--client-certificate-file"),
            ("invalid peer certificate: BadEncoding", "--ca-file"),
        ] {
            assert!(is_meant(words) && advice(words).contains(way_out), "{words}");
        }
        assert!(!is_meant("Connection refused (os error 111)"));
    }
}
