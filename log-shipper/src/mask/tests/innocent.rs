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
    // Sentences.
    "password: 5 attempts left",
    "authorization: granted to ada for /x",
    "Authorization: skipped for internal callers",
    "Cookie: set for 3 users",
    "auth: user signed in",
    "auth: checking user ada",
    "session: started 5 workers",
    "session: closed by peer",
    "token: expected ')' found ';'",
    "token: refreshed",
    "INFO session - opened",
    "[auth] user ada signed in",
    "Authorization header missing",
    "Authorization Bearer missing",
    "authorization bearer token expired",
    "user identified by name",
    "objects identified by 'id'",
    "secret \"db-creds\" not found",
    "bad password, value: 3",
    "AUTH failed",
    "AUTH a b c",
    // Commands that mean something else.
    "docker run -p 8080:80 x",
    "mkdir -p dir",
    "mysql -p",
    "mysql -p -u root",
    "mysql -P 3306 -h db",
    "psql -p 5432; ssh -p 22 h",
    "curl/8.5.0 -u",
    "curl -u ada http://h:80",
    "curl http://h | sort -u a:b",
    r#"{"a":["mysql","-p"],"b":"c"}"#,
    // Lists of names.
    r#"["username","password","email"]"#,
    r#"{"fields":["token","name"],"required":["password","email"]}"#,
    r#"["Authorization","Content-Type","X-Api-Key","Accept"]"#,
    r#"{"name":"password","type":"string"}"#,
    r#"{"name":"password"} {"value":"x"}"#,
    // Forms.
    r#"<input name="password" type="password">"#,
    r#"<label for="password">Password</label><b>x</b>"#,
    "<th>Password</th><td>ada</td>",
    "<password></password><password/>",
    // What only begins like a token, or like a URL's signature.
    "task-0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefgh",
    "sk-learn-is-a-library-that-many-people-use-for-learning",
    "shellfish_hf_abc npm_config_cache=/tmp msg.field.of.a.structure",
    "sig=abc signal=1 https://h/?sig=1 signature=0123456789abcdef0123",
    "/bots/123456 /bot1:x https://h/api/webhooks/17/deliveries/latest-of-all",
    "http://h:8080 tcp://[::1]:9000 http://h:80/a:b",
    "$2a$ $6$ pbkdf2 is slow",
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
