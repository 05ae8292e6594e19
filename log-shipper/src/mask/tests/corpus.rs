//! Lines with secrets, each as it is and as it becomes.

mod commands;
mod cut;
mod dumps;
mod lists;
mod markup;
mod sql;

use super::{assert_stable, masked};
use crate::mask::key::words::{LAST, STRONG, WEAK};

/// All of them.
pub(super) fn rows() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [CORPUS, commands::ROWS, cut::ROWS, dumps::ROWS, lists::ROWS, markup::ROWS, sql::ROWS].into_iter().flatten()
}

const CORPUS: &[(&str, &str)] = &[
    // Forms, queries, lists of pairs.
    ("password=hunter2", "password=[masked]"),
    ("PASSWORD=hunter2", "PASSWORD=[masked]"),
    ("username=a&password=hunter2&next=/", "username=a&password=[masked]&next=/"),
    ("username=a;password=hunter2;x=y", "username=a;password=[masked];x=y"),
    ("username=a&pass%77ord=hunter2", "username=a&pass%77ord=[masked]"),
    ("password=x&password=hunter2", "password=[masked]&password=[masked]"),
    ("user%5Bpassword%5D=hunter2&a=b", "user%5Bpassword%5D=[masked]&a=b"),
    ("user[password]=hunter2&a=b", "user[password]=[masked]&a=b"),
    ("body=user%3Da%26password%3Dhunter2%26b%3Dc", "body=user%3Da%26password%3D[masked]%26b%3Dc"),
    ("x=password%253Dhunter2%2526b", "x=password%253D[masked]%2526b"),
    ("b=%7B%22pwd%22%3A%22hunter2%22%2C%22a%22%3A1%7D", "b=%7B%22pwd%22%3A%22[masked]%22%2C%22a%22%3A1%7D"),
    ("/login?password=hunter2", "/login?password=[masked]"),
    ("/timeline#token=hunter2", "/timeline#token=[masked]"),
    ("/cb?access_token=hunter2&state=1", "/cb?access_token=[masked]&state=1"),
    ("refresh_token=hunter2", "refresh_token=[masked]"),
    ("client_secret=hunter2", "client_secret=[masked]"),
    ("?api_key=hunter2&apikey=hunter2&api-key=hunter2", "?api_key=[masked]&apikey=[masked]&api-key=[masked]"),
    ("session=hunter2 sessionid=hunter2", "session=[masked] sessionid=[masked]"),
    ("PHPSESSID=hunter2; JSESSIONID=hunter2", "PHPSESSID=[masked]; JSESSIONID=[masked]"),
    ("Referer: http://h/login?password=hunter2", "Referer: http://h/login?password=[masked]"),
    (r#"10.0.0.1 - - "GET /?pwd=hunter2 HTTP/1.1" 302"#, r#"10.0.0.1 - - "GET /?pwd=[masked] HTTP/1.1" 302"#),
    (r#""GET /?token=hunter2" "Mozilla/5.0""#, r#""GET /?token=[masked]" "Mozilla/5.0""#),
    // Settings, variables, arguments.
    ("password: hunter2", "password: [masked]"),
    ("Password : hunter2", "Password : [masked]"),
    ("level=info passwd=hunter2 user=ada", "level=info passwd=[masked] user=ada"),
    (r#"password = "hunter two" # x"#, r#"password = "[masked]" # x"#),
    ("password = 'hunter two' # x", "password = '[masked]' # x"),
    ("DATABASE_PASSWORD=hunter2", "DATABASE_PASSWORD=[masked]"),
    ("db_password: hunter2,", "db_password: [masked],"),
    ("MYSQL_ROOT_PASSWORD=hunter2 x", "MYSQL_ROOT_PASSWORD=[masked] x"),
    ("PGPASSWORD=hunter2 psql", "PGPASSWORD=[masked] psql"),
    ("pass=hunter2 db.pass=hunter2", "pass=[masked] db.pass=[masked]"),
    ("userPass=hunter2, dbPassword2=hunter2", "userPass=[masked], dbPassword2=[masked]"),
    ("spring.datasource.password: hunter2", "spring.datasource.password: [masked]"),
    ("AWS_SECRET_ACCESS_KEY=hunter2/+x", "AWS_SECRET_ACCESS_KEY=[masked]"),
    ("aws_session_token = hunter2", "aws_session_token = [masked]"),
    ("mysqld --password hunter2 --port 1", "mysqld --password [masked] --port 1"),
    ("mysqld --password=hunter2", "mysqld --password=[masked]"),
    (r#"Cmd:["mysqld","--password","hunter2"]"#, r#"Cmd:["mysqld","--password","[masked]"]"#),
    ("Server=x;Password=hunter2;Database=y", "Server=x;Password=[masked];Database=y"),
    ("User(name=ada, password=hunter2)", "User(name=ada, password=[masked])"),
    ("{Name:ada Password:hunter2 Age:3}", "{Name:ada Password:[masked] Age:3}"),
    (r#"{Name:"ada" Password:"hunter two"}"#, r#"{Name:"ada" Password:"[masked]"}"#),
    (r#"{ user: "ada", password: "hunter2" }"#, r#"{ user: "ada", password: "[masked]" }"#),
    ("{'user': 'ada', 'password': 'hun\\'ter2'}", "{'user': 'ada', 'password': '[masked]'}"),
    ("array('password' => 'hunter2')", "array('password' => '[masked]')"),
    ("$_POST['password'] = 'hunter2';", "$_POST['password'] = '[masked]';"),
    ("WHERE pw_hash='hunter2' AND a='b'", "WHERE pw_hash='[masked]' AND a='b'"),
    ("SET password = 'it''s hunter2' x", "SET password = '[masked]' x"),
    ("passphrase: correct horse battery", "passphrase: [masked]"),
    ("secret := \"hunter2\"", "secret := \"[masked]\""),
    ("if password == \"hunter2\" {", "if password == \"[masked]\" {"),
    ("Uid=sa;Pwd=/hunter2", "Uid=sa;Pwd=[masked]"),
    ("Pwd=/hunter2 pwd=/hunter2", "Pwd=[masked] pwd=[masked]"),
    ("Uid=sa;PWD=/hunter2", "Uid=sa;PWD=[masked]"),
    ("pass=123456 db.pass=12", "pass=[masked] db.pass=[masked]"),
    // Headers.
    ("Authorization: Basic hunter2==", "Authorization: [masked]"),
    ("authorization: bearer hunter2 status=200", "authorization: [masked] status=200"),
    ("Proxy-Authorization: Basic hunter2", "Proxy-Authorization: [masked]"),
    ("X-Forwarded-Authorization: Basic hunter2", "X-Forwarded-Authorization: [masked]"),
    ("Authorization: Foo hunter2 bar", "Authorization: [masked]"),
    ("Authorization: hunter2", "Authorization: [masked]"),
    (r#"Authorization: Digest username="a", response="hunter2""#, "Authorization: [masked]"),
    ("Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=hunter2", "Authorization: [masked]"),
    (r#"curl -H "Authorization: Bearer hunter2" http://h"#, r#"curl -H "Authorization: [masked]" http://h"#),
    ("curl -H 'Authorization: Foo hunter2' http://h", "curl -H 'Authorization: [masked]' http://h"),
    ("map[Accept:[*/*] Authorization:[Bearer hunter2]]", "map[Accept:[*/*] Authorization:[masked]]"),
    ("a: b\r\nAuthorization: Foo hunter2\r\nHost: x", "a: b\r\nAuthorization: [masked]\r\nHost: x"),
    (r#"{"m":"Authorization: Foo hunter2\r\nHost: x"}"#, r#"{"m":"Authorization: [masked]\r\nHost: x"}"#),
    (r#"{"headers":{"Authorization":"Foo hunter2"}}"#, r#"{"headers":{"Authorization":"[masked]"}}"#),
    (r#"{"authorization":["Foo hunter2"],"a":1}"#, r#"{"authorization":"[masked]","a":1}"#),
    ("Cookie: session=hunter2; a=hunter2", "Cookie: [masked]"),
    ("Set-Cookie: id=hunter2; Path=/; HttpOnly", "Set-Cookie: [masked]"),
    ("cookie=a=hunter2; b=hunter2 status=200", "cookie=[masked] status=200"),
    (r#"{"cookie":"a=hunter2; b=\"x\"","c":1}"#, r#"{"cookie":"[masked]","c":1}"#),
    ("X-Api-Key: hunter2", "X-Api-Key: [masked]"),
    ("X-Auth-Token: hunter2 x", "X-Auth-Token: [masked] x"),
    ("sent bearer hunter2hunter2hunter2 to h", "sent bearer [masked] to h"),
    // JSON, and JSON inside of strings.
    (r#"{"pwd":"hunter2"}"#, r#"{"pwd":"[masked]"}"#),
    (r#"[{"pwd":"hunter2"}]"#, r#"[{"pwd":"[masked]"}]"#),
    (r#"{"PassWord" : "hunter2", "a":1}"#, r#"{"PassWord" : "[masked]", "a":1}"#),
    (r#"{"pwd":"a\"hunter2\\"}"#, r#"{"pwd":"[masked]"}"#),
    (r#"{"pwd":9876543210123}"#, r#"{"pwd":"[masked]"}"#),
    (r#"{"pwd":-1.5e3,"a":1}"#, r#"{"pwd":"[masked]","a":1}"#),
    (r#"{"password":["hun]ter2",{"a":"hunter2"}],"b":1}"#, r#"{"password":"[masked]","b":1}"#),
    (r#"{"secret":{"a":"hun}ter2"},"b":1}"#, r#"{"secret":"[masked]","b":1}"#),
    (r#"{"credentials":{"a":"hunter2"}}"#, r#"{"credentials":"[masked]"}"#),
    (r#"{"username":"a","pwd":"hunter2"#, r#"{"username":"a","pwd":"[masked]"#),
    ("\u{feff}{\"pwd\":\"hunter2\"}", "\u{feff}{\"pwd\":\"[masked]\"}"),
    (r#"{"p\u0077d":"hunter2"}"#, r#"{"p\u0077d":"[masked]"}"#),
    (r#"{"\u0070assword":"hunter2"}"#, r#"{"\u0070assword":"[masked]"}"#),
    (r#"{"accessToken":"hunter2","id":1}"#, r#"{"accessToken":"[masked]","id":1}"#),
    (r#"{"private_key":"hunter2"}"#, r#"{"private_key":"[masked]"}"#),
    (r#"{"c":"{\"pwd\":\"hunter2\",\"a\":1}"}"#, r#"{"c":"{\"pwd\":\"[masked]\",\"a\":1}"}"#),
    (r#"{"c":"{\"pwd\":\"hun\\\"ter2\",\"a\":1}"}"#, r#"{"c":"{\"pwd\":\"[masked]\",\"a\":1}"}"#),
    (r#"{"c":"{\"pwd\":\"hunter2"}"#, r#"{"c":"{\"pwd\":\"[masked]"}"#),
    (r#"{"c":"{\"pwd\":123,\"a\":1}"}"#, r#"{"c":"{\"pwd\":\"[masked]\",\"a\":1}"}"#),
    (r#"{"c":"{\"d\":\"{\\\"pwd\\\":\\\"hunter2\\\"}\"}"}"#, r#"{"c":"{\"d\":\"{\\\"pwd\\\":\\\"[masked]\\\"}\"}"}"#),
    (r#"{"m":"password=\"hunter two\" x"}"#, r#"{"m":"password=\"[masked]\" x"}"#),
    (r#"{"m":"password='hunter two' x"}"#, r#"{"m":"password='[masked]' x"}"#),
    (r#"{"m":"password=hunter2"}"#, r#"{"m":"password=[masked]"}"#),
    (r#"{"m":"password=hunter2\nnext"}"#, r#"{"m":"password=[masked]\nnext"}"#),
    (r#"{"u":"/l?password=hunter2\u0026a=b"}"#, r#"{"u":"/l?password=[masked]\u0026a=b"}"#),
    (r#"{"u":"a=b\u0026token\u003dhunter2\u0026a"}"#, r#"{"u":"a=b\u0026token\u003d[masked]\u0026a"}"#),
    (r#"[{"name":"DB_PASSWORD","value":"hunter2"}]"#, r#"[{"name":"DB_PASSWORD","value":"[masked]"}]"#),
    (r#"INFO body={"pwd":"hunter2"} done"#, r#"INFO body={"pwd":"[masked]"} done"#),
    ("&quot;password&quot;:&quot;hunter2&quot;,", "&quot;password&quot;:&quot;[masked]&quot;,"),
    (r#"{"m":"password=\"C:\\","user":"ada"}"#, r#"{"m":"password=\"[masked]","user":"ada"}"#),
    // Texts of programs.
    (r#"User { password: Some("hunter two"), a: 1 }"#, "User { password: [masked], a: 1 }"),
    (r#"secret: SecretString("hun) ter2") x"#, "secret: [masked] x"),
    (r#"password = f"hunter two" x"#, "password = [masked] x"),
    (r#"password = r"hunter two"; x"#, "password = [masked]; x"),
    ("password = f'hunter two' x", "password = [masked] x"),
    ("get(url, auth=('ada', 'hunter two'), x=1)", "get(url, auth=[masked], x=1)"),
    (r#"{"password": b"hunter two", "a": 1}"#, r#"{"password": "[masked]", "a": 1}"#),
    (r#"{"password": Some("hunter two"), "a": 1}"#, r#"{"password": "[masked]", "a": 1}"#),
    (r#"{"m":"password: Some(\"hunter two\"), a","b":"(c)"}"#, r#"{"m":"password: [masked], a","b":"(c)"}"#),
    (r#"{"m":"password=hun(ter2","b":"c)"}"#, r#"{"m":"password=[masked]","b":"c)"}"#),
    (r#"say "password=hunter2". Or "b"."#, r#"say "password=[masked]". Or "b"."#),
    // Colors.
    (
        "\x1b[3mpassword\x1b[0m\x1b[2m=\x1b[0mhunter2 \x1b[3ma\x1b[0m",
        "\x1b[3mpassword\x1b[0m\x1b[2m=\x1b[0m[masked] \x1b[3ma\x1b[0m",
    ),
    ("\x1b[1;3mpass\x1b[0m=hunter2", "\x1b[1;3mpass\x1b[0m=[masked]"),
    ("password=\x1b[35mhunter2\x1b[0m x", "password=\x1b[35m[masked]\x1b[0m x"),
    ("\x1b[36mAuthorization:\x1b[0m Basic hunter2\x1b[0m", "\x1b[36mAuthorization:\x1b[0m [masked]\x1b[0m"),
    ("\x1b[34m\"pwd\"\x1b[0m:\x1b[32m\"hunter2\"", "\x1b[34m\"pwd\"\x1b[0m:\x1b[32m\"[masked]\""),
    (
        r#"{"m":"\u001b[3mpassword\u001b[0m\u001b[2m=\u001b[0mhunter2\u001b[0m"}"#,
        r#"{"m":"\u001b[3mpassword\u001b[0m\u001b[2m=\u001b[0m[masked]\u001b[0m"}"#,
    ),
    (r#"{"m":"\u001B[3mpass\u001B[0m=hunter2"}"#, r#"{"m":"\u001B[3mpass\u001B[0m=[masked]"}"#),
    // Other shapes.
    ("postgres://mt:hunter2@db/mt", "postgres://mt:[masked]@db/mt"),
    ("redis://:hun@ter2@h:6379/0 x", "redis://:[masked]@h:6379/0 x"),
    ("amqp://u:hun/ter2@h/v", "amqp://u:[masked]@h/v"),
    (r#"{"u":"https:\/\/u:hunter2@h\/x"}"#, r#"{"u":"https:\/\/u:[masked]@h\/x"}"#),
    ("u=postgres%3A%2F%2Fu%3Ahunter2%40h%2Fd", "u=postgres%3A%2F%2Fu%3A[masked]%40h%2Fd"),
    ("https://0123456789abcdef0123@sentry.example/1", "https://[masked]@sentry.example/1"),
    ("dsn root:hunter2@tcp(db:3306)/x", "dsn root:[masked]@tcp(db:3306)/x"),
    ("<user>a</user><password>hunter2</password>", "<user>a</user><password>[masked]</password>"),
    (r#"<wsse:Password Type="t">hunter2</wsse:Password>"#, r#"<wsse:Password Type="t">[masked]</wsse:Password>"#),
    (r#"<user name="a" password="hunter2"/>"#, r#"<user name="a" password="[masked]"/>"#),
    (
        "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n[masked]\r\n--b--",
    ),
    (
        r#"{"b":"; name=\"pwd\"\r\nContent-Type: text/plain\r\n\r\nhunter2\r\n--b"}"#,
        r#"{"b":"; name=\"pwd\"\r\nContent-Type: text/plain\r\n\r\n[masked]\r\n--b"}"#,
    ),
    (
        r#"{"b":"name=\"password\"\r\n\r\nhun\"ter2\r\n--b--","a":1}"#,
        r#"{"b":"name=\"password\"\r\n\r\n[masked]\r\n--b--","a":1}"#,
    ),
    (r#"{"b":"name=\"password\"\r\n\r\nhun\"ter2","a":1}"#, r#"{"b":"name=\"password\"\r\n\r\n[masked]","a":1}"#),
    ("name=\"password\"\r\n\r\nhun\"ter2\r\n--b--", "name=\"password\"\r\n\r\n[masked]\r\n--b--"),
    (
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----[masked]-----END RSA PRIVATE KEY-----",
    ),
    (
        r#"{"k":"-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"}"#,
        r#"{"k":"-----BEGIN PRIVATE KEY-----[masked]-----END PRIVATE KEY-----\n"}"#,
    ),
    (r#"{"k":"-----BEGIN PRIVATE KEY-----\nhunter2"}"#, r#"{"k":"-----BEGIN PRIVATE KEY-----[masked]"}"#),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.hunter2-_ x", "jwt [masked] x"),
    ("id AKIAIOSFODNN7EXAMPLE x", "id [masked] x"),
    ("push ghp_0123456789abcdefghijABCDEFGHIJ012345 x", "push [masked] x"),
];

#[test]
fn each_secret_of_the_corpus_is_hidden_and_nothing_else() {
    let wrong = rows().filter(|(text, expected)| {
        let (out, count) = masked(text);
        let expected_count = expected.matches("[masked]").count();
        let right = out == *expected && count as usize == expected_count;
        if !right {
            println!("   {text}\n-> {out} ({count})\nnot {expected}\n");
        }
        !right
    });
    assert_eq!(wrong.count(), 0);
}

#[test]
fn each_name_of_a_secret_is_found_in_each_form() {
    let words = STRONG.iter().chain(&WEAK).copied().chain(LAST.split(' '));
    let forms = ["{}=hunter2", "{}: hunter2", r#""{}":"hunter2""#, "'{}': 'hunter2'"];
    for line in words.flat_map(|word| forms.map(|form| form.replace("{}", word))) {
        let (out, count) = masked(&line);
        assert!(count == 1 && !out.contains("hunter2"), "{line} -> {out}");
    }
}

#[test]
fn what_is_hidden_stays_as_it_is() {
    for (_, expected) in rows() {
        assert_stable(expected);
    }
}

#[test]
fn a_key_of_any_length_is_known_by_its_end() {
    for length in 0..300 {
        let key = "k".repeat(length) + "_key_" + &"-".repeat(length % 7) + "_password";
        assert_eq!(masked(&format!("{key}=hunter2")), (format!("{key}=[masked]"), 1));
    }
}
