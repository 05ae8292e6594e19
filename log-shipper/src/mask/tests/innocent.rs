//! Lines without secrets, of which nothing may be hidden.

use super::masked;

const INNOCENT: &[&str] = &[
    "passport=X123 compass=north bypass=true passed=5",
    "tokens: 5 used, max_tokens=100, tokenizer=x",
    "session started for user ada",
    "pam_unix(sshd:session): session opened for user root",
    "password:\x1b[0m must be at least 8 characters",
    "password=\x1b[0m next=1",
    "--- PASS: TestLogin (0.00s)",
    "pass=12 fail=3 session: 42 sid=7",
    r#"{"pass":12,"session":42}"#,
    "session_timeout=30 sessions=4 sessionCount=3",
    "password reset requested",
    "password must be at least 8 characters",
    "password: must be at least 8 characters",
    "Password: required",
    "Invalid token: unexpected end of file",
    "Unexpected token: }",
    "authorization: failed for user",
    "password_length=8 passwordPolicy=strict password_changed_at=2026-11-25",
    "token_type=bearer expires_in=3600 token_count=7",
    "secretary=Bob",
    "secret_name=db-creds secrets: 5 loaded",
    "POSTGRES_PASSWORD_FILE=/run/secrets/db",
    "PWD=/root OLDPWD=/tmp",
    "key=value monkey=1 public_key=abc keyword: x",
    "author: Bob authority=h",
    "http://example.org:8080/a@b?c=d",
    "https://git@github.com/x ssh://git@h:22/x",
    "mail ada@example.org at 10:00",
    "use --token to sign in, or --password --force",
    "INFO app::auth::token: refreshing",
    "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
    "eyJhbGciOiJIUzI1NiJ9 alone is no token",
    "the bearer of this letter",
    "Asia/Tokyo ASIA AKIA",
    "password=",
    "password= next=1",
    "GET /?token=&a=b HTTP/1.1",
    r#""http://h/?token=" "Mozilla/5.0""#,
    "password=[redacted] token=[masked] secret=*** pwd=<redacted>",
    "Authorization: [redacted]",
    "Authorization: Basic [redacted]",
    "Cookie: [masked]; a",
    r#"{"password":"","token":null,"secret":true,"pwd":"[redacted]"}"#,
    r#"{"session":{"user":"ada","count":3},"auth":{"user":"ada"}}"#,
    r#"{"m":"password="}"#,
    r#"{"m":"password=","a":"b"}"#,
    r#"{"m":"token: ","a":"b"}"#,
    r#"{"c":"{\"m\":\"password=\",\"a\":1}"}"#,
    r#"{"field":"password","error":"too short"}"#,
    r#"{"token_type":"bearer","tokens":5,"passwords":3}"#,
    r#"{"http":{"request":{"body":{"bytes":29,"content":"{\"username\":\"ada\",\"password\":\"[redacted]\"}"}}}}"#,
];

#[test]
fn innocent_lines_stay_as_they_are() {
    let wrong = INNOCENT.iter().filter(|text| {
        let (out, count) = masked(text);
        let right = out == **text && count == 0;
        if !right {
            println!("   {text}\n-> {out} ({count})\n");
        }
        !right
    });
    assert_eq!(wrong.count(), 0);
}
