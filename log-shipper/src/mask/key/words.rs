//! The words of which keys of secrets are made.

/// Words that are a secret's name wherever they are in a key.
pub(in crate::mask) const STRONG: [&str; 17] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "credential",
    "mnemonic",
    "clientsecret",
    "secretaccess",
    "secretid",
    "secretvalue",
    "secretstring",
    "sharedsecret",
    "pwhash",
];

/// Words that are a secret's name if the key ends with them.
pub(in crate::mask) const WEAK: [&str; 29] = [
    "token",
    "tokenid",
    "tokenvalue",
    "session",
    "sessionid",
    "sessionkey",
    "sessiondata",
    "sessid",
    "authkey",
    "authcode",
    "authorizationcode",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "sharedkey",
    "accountkey",
    "appkey",
    "subscriptionkey",
    "storagekey",
    "hmackey",
    "sshkey",
    "keypass",
    "storepass",
    "userpass",
    "dbpass",
    "smtppass",
    "rootpass",
    "requirepass",
    "masterauth",
];

/// Words that are a secret's name if they stand alone as a key's last word.
pub(in crate::mask) const LAST: &str = "\
    pass pw sid auth";

/// Of these, the whole key, a small number tells how many there are, or which one it is.
pub(super) const COUNTED: &str = "\
    pass session sid";

/// A key that ends with one of these tells something about a secret, not the secret.
pub(super) const ABOUT: &str = "\
    age alg algo algorithm at attempts audience bits changed count created days dir disabled enabled endpoint error \
    errors expired expires expiration expiry field file format host hours in issuer kind label len length limit \
    manager max min ms name names on path placeholder policy port provider requested required reset resets retries \
    rotation scope scopes seconds size state status store strength timeout total ttl type updated usage";

/// Whether `word` is one of `words`, between which there are single spaces.
pub(in crate::mask) fn has_word(words: &str, word: &[u8]) -> bool {
    let is_space = |at: Option<&u8>| at.is_none_or(|byte| *byte == b' ');
    let bytes = words.as_bytes();
    let whole = |at: usize| is_space(bytes[..at].last()) && is_space(bytes.get(at + word.len()));
    !word.is_empty() && memchr::memmem::find_iter(bytes, word).any(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_only_if_it_is_whole() {
        let in_them = |word: &str| has_word("length len count", word.as_bytes());
        assert!(in_them("length") && in_them("len") && in_them("count"));
        assert!(!in_them("leng") && !in_them("ount") && !in_them("") && !in_them(" ") && !in_them("counts"));
    }
}
