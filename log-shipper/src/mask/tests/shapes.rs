//! Secrets that are known by how they look.

use rstest::rstest;

use super::{assert_stable, masked};

/// As many letters as are needed, of both cases and digits.
fn letters(count: usize) -> String {
    "aB3dE6gH1jK8".chars().cycle().take(count).collect()
}

/// A token of a vendor, written so that nobody takes it for one.
#[rstest]
#[case(&["sk_", "live_"], 24)]
#[case(&["sk_", "test_"], 24)]
#[case(&["rk_", "live_"], 24)]
#[case(&["rk_", "test_"], 24)]
#[case(&["whsec", "_"], 32)]
#[case(&["AI", "za"], 35)]
#[case(&["npm", "_"], 36)]
#[case(&["hf", "_"], 34)]
#[case(&["gh", "p_"], 36)]
#[case(&["gh", "o_"], 36)]
#[case(&["gh", "u_"], 36)]
#[case(&["gh", "s_"], 36)]
#[case(&["gh", "r_"], 36)]
#[case(&["github", "_pat_"], 82)]
#[case(&["dckr", "_pat_"], 27)]
#[case(&["gl", "pat-"], 20)]
#[case(&["gl", "sa_"], 41)]
#[case(&["xox", "b-123-"], 24)]
#[case(&["xox", "p-123-"], 24)]
#[case(&["xapp", "-1-A0-"], 24)]
#[case(&["pypi", "-AgE"], 80)]
#[case(&["sk", "-ant-api03-"], 95)]
#[case(&["sk", "-proj-"], 48)]
#[case(&["sk", "-"], 48)]
#[case(&["hv", "s."], 24)]
#[case(&["shp", "at_"], 32)]
fn a_token_of_a_vendor_is_hidden_wherever_it_is(#[case] begin: &[&str], #[case] length: usize) {
    let token = begin.concat() + &letters(length);
    let lines = ["{}", "push {} x", "a={}&b", "'{}'", "({})", r#"{"m":"a\n{}\nb"}"#, "x%3D{}", "https://h/{}?x", "{}."];
    for line in lines {
        let (out, count) = masked(&line.replace("{}", &token));
        assert_eq!((out.as_str(), count), (line.replace("{}", "[masked]").as_str(), 1));
    }
    let inside = format!("x{token} 9{token}");
    assert_eq!(masked(&inside), (inside.clone(), 0), "it is a part of something else");
}

#[rstest]
#[case(&["sk_", "live_"], 8)]
#[case(&["AI", "za"], 34)]
#[case(&["npm", "_"], 35)]
#[case(&["sk", "-"], 20)]
fn what_is_too_short_is_no_token(#[case] begin: &[&str], #[case] length: usize) {
    let word = begin.concat() + &letters(length);
    assert_eq!(masked(&word), (word.clone(), 0));
}

#[test]
fn a_token_with_a_dot_is_hidden_to_its_end() {
    let token = format!("SG{}{}.{}", ".", letters(22), letters(43));
    assert_eq!(masked(&format!("key {token}. Next")), ("key [masked]. Next".into(), 1));
}

#[rstest]
#[case("https://hooks.slack.com/services/", "T00000000/B00000000/{}")]
#[case(r"https:\/\/hooks.slack.com\/services\/", r"T00000000\/B00000000\/{}")]
#[case("https://discord.com/api/webhooks/123456789012345678/", "{}-_{}")]
#[case(r"https:\/\/discord.com\/api\/webhooks\/123456789012345678\/", "{}")]
#[case("https://x.webhook.office.com/webhookb2/", "{}@0/IncomingWebhook/{}/0")]
#[case("https://outlook.office.com/webhook/", "{}@0/IncomingWebhook/{}/0")]
#[case("https://api.telegram.org/bot123456789:", "AA{}")]
#[case("https://api.telegram.org/bot123456789%3A", "AA{}")]
fn what_a_webhook_is_known_by_is_hidden(#[case] begin: &str, #[case] secret: &str) {
    let secret = secret.replace("{}", &letters(24));
    let line = format!(r#"{{"m":"POST {begin}{secret}","a":1}}"#);
    assert_eq!(masked(&line), (line.replace(&secret, "[masked]"), 1));
    assert_stable(&line.replace(&secret, "[masked]"));
}

#[rstest]
#[case("$2b$12$", 53)]
#[case("$2y$10$", 53)]
#[case("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$", 43)]
#[case("$6$salt$", 86)]
#[case("pbkdf2:sha256:50000$salt$", 64)]
#[case("pbkdf2_sha256$600000$salt$", 43)]
fn a_hash_of_a_password_is_hidden(#[case] begin: &str, #[case] length: usize) {
    let hash = format!("{begin}{}", letters(length));
    for line in ["{}", "ada:{}:x", r#"["ada","{}"]"#, r#"{"m":"\n{}, x"}"#] {
        let line = if line.contains(":x") && begin.starts_with('p') { "ada {} x" } else { line };
        let (out, count) = masked(&line.replace("{}", &hash));
        assert!(count == 1 && !out.contains(&letters(length)), "{out}");
    }
}

#[test]
fn a_user_and_a_password_in_base64_are_hidden_where_no_header_is_named() {
    assert_eq!(masked(r#""-" "curl" "Basic YWRhOmh1bnRlcjI=""#), (r#""-" "curl" "Basic [masked]""#.into(), 1));
    let innocent = "basic authentication Basic UserService12 basic auth";
    assert_eq!(masked(innocent), (innocent.into(), 0));
}

#[test]
fn an_encrypted_token_is_hidden() {
    let token = format!("{}{}..{}.{}.{}", "ey", "JhbGciOiJkaXIi", letters(16), letters(40), letters(22));
    assert_eq!(masked(&format!("a {token} b")), ("a [masked] b".into(), 1));
}

#[rstest]
#[case(64)]
#[case(70)]
fn a_line_of_a_private_key_is_hidden_although_its_first_line_is_another(#[case] length: usize) {
    let line = letters(length - 2) + "+/";
    assert_eq!(masked(&line), ("[masked]".into(), 1));
    assert_eq!(masked(&format!("{line}\r")), ("[masked]".into(), 1));
    for other in [line[1..].to_owned(), line.replace('+', " "), "0123456789abcdef".repeat(4), "a".repeat(64)] {
        assert_eq!(masked(&other), (other.clone(), 0));
    }
}

#[test]
fn a_private_key_without_its_end_is_hidden_although_a_part_of_it_is_already() {
    let begin = concat!("-----BEGIN PRI", "VATE KEY-----");
    for body in ["\nhunter2 a:hunter2@tcp(h) hunter2", "\nhunter2 [masked] hunter2"] {
        assert_eq!(masked(&format!("{begin}{body}")).0, format!("{begin}[masked]"));
    }
    let long = format!(r#"{{"k":"{begin}{}","a":1}}"#, "hunter2 ".repeat(4_000));
    assert_eq!(masked(&long).0, format!(r#"{{"k":"{begin}[masked]","a":1}}"#));
}

#[rstest]
#[case("postgres://mt:hunter2", "postgres://mt:[masked]")]
#[case(r#"{"u":"redis://:hun/ter2"#, r#"{"u":"redis://:[masked]"#)]
#[case("x http://h:8080", "x http://h:8080")]
#[case("x http://h:8080/a:b", "x http://h:8080/a:b")]
fn a_url_that_was_cut_within_its_password_hides_what_is_there(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(masked(line).0, expected);
    assert_stable(expected);
}
