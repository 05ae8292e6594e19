//! Which names there can be, and that what there can be works everywhere.

use rstest::rstest;
use serde_json::json;

use crate::harness::{Answer, Ask, Database, PASSWORD, Postgres, Sqlite, TestApp, segment};

async fn register(site: &TestApp, name: &str) -> Answer {
    let body = json!({"username": name, "email": "a@b", "pwd": PASSWORD});
    site.simulator().post("/register", &body).await
}

async fn refusal(site: &TestApp, name: &str) -> String {
    let (answer, page) = (register(site, name).await, site.visitor().register(name).await);
    assert_eq!((answer.status, page.status), (400, 200), "{name:?}");
    let text = answer.json()["error_msg"].as_str().expect("it says why").to_owned();
    assert_eq!(page.error(), text, "both doors say the same");
    text
}

#[rstest]
#[tokio::test]
async fn names_are_compared_byte_by_byte(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    // The last two are the same letters composed and decomposed.
    for name in ["ada", "Ada", "ADA", "Zo\u{eb}", "Zoe\u{308}"] {
        assert_eq!(register(&site, name).await.status, 204, "{name}");
        assert_eq!(site.simulator().tweet(name, &format!("I am {name}")).await.status, 204);
    }
    for name in ["ada", "Ada", "ADA", "Zo\u{eb}", "Zoe\u{308}"] {
        let page = site.visitor().get(&format!("/{}", segment(name))).await;
        assert_eq!(page.texts(), [format!("I am {name}")]);
    }
    assert_eq!(site.visitor().get("/aDA").await.status, 404);
}

#[rstest]
#[tokio::test]
async fn a_name_of_any_visible_characters_works_on_every_page(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let names = [
        "Roger Histand",
        "O'Brien",
        "a/b",
        "a?b#c&d=e",
        "%41",
        "a+b",
        "..a",
        "名前",
        "<b>",
        "\u{1f600}",
        "follow",
        "Public",
    ];
    for name in names {
        let user = site.sign_up(name).await;
        user.post("hello").await;
        let path = format!("/{}", segment(name));
        let page = user.get(&path).await;
        assert_eq!((page.status, page.title()), (200, format!("{name}'s Timeline | MiniTwit")));
        assert_eq!(page.messages()[0].author, name);
        assert_eq!(user.get(&page.messages()[0].href).await.title(), page.title());
        assert!(page.follow_status().contains("This is you!"));
        let back = user.get(user.follow(name).await.redirect()).await;
        assert_eq!(back.flashes(), [format!("You are now following \"{name}\"")]);
        assert_eq!(site.simulator().contents(&format!("/msgs{path}")).await, ["hello"]);
        assert_eq!(site.simulator().follows(name).await, [name]);
    }
}

#[tokio::test]
async fn a_name_that_is_a_route_is_refused_as_taken() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for name in ["public", "login", "register", "logout", "add_message", "static", "favicon.ico", "robots.txt"] {
        assert_eq!(refusal(&site, name).await, "The username is already taken");
    }
}

/// Whatever the site answers at a path of one segment, no name can be.
#[tokio::test]
async fn no_name_that_can_be_registered_hides_behind_a_route() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for name in ["Login", "latest", "msgs", "fllws", "metrics", "healthz", "openapi.json", "style.css", "index.html"] {
        assert_eq!(register(&site, name).await.status, 204, "{name}");
        let page = site.visitor().get(&format!("/{name}")).await;
        assert_eq!((page.status, page.title()), (200, format!("{name}'s Timeline | MiniTwit")));
    }
}

#[tokio::test]
async fn a_name_has_at_most_64_characters() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    assert_eq!(register(&site, &"ü".repeat(64)).await.status, 204);
    assert_eq!(refusal(&site, &"u".repeat(65)).await, "The username is too long: at most 64 characters");
}

#[tokio::test]
async fn a_name_neither_begins_nor_ends_with_a_space() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for name in [" ada", "ada ", " ", "\u{a0}ada", "ada\n"] {
        assert_eq!(refusal(&site, name).await, "The username must not begin or end with a space", "{name:?}");
    }
    assert_eq!(register(&site, "a d a").await.status, 204);
}

/// HTML shows as many spaces as there may be as one.
#[tokio::test]
async fn a_name_has_one_space_at_a_time() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for name in ["a  da", "a d   a"] {
        assert_eq!(refusal(&site, name).await, "The username must not have two spaces in a row", "{name:?}");
    }
}

#[rstest]
#[tokio::test]
async fn a_name_that_misleads_is_refused(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    for name in [
        "a\0b",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\u{1b}[31mb",
        "a\u{7f}b",
        "a\u{85}b",
        "a\u{a0}b",
        "a\u{ad}b",
        "a\u{200b}b",
        "a\u{200d}b",
        "a\u{202e}b",
        "a\u{2028}b",
        "a\u{2066}b",
        "a\u{3000}b",
        "a\u{feff}b",
        "a\u{fffd}b",
        "a\u{e0041}b",
        "a\u{1d159}b",
        "a\u{16fe4}b",
        ".",
        "..",
    ] {
        assert_eq!(
            refusal(&site, name).await,
            "The username has a character that cannot be used in a name",
            "{name:?}"
        );
    }
}

/// A lone surrogate is no text: JSON with one cannot be read, and so cannot a form.
#[tokio::test]
async fn a_lone_surrogate_is_a_bad_request() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let body = r#"{"username":"a\ud800","email":"a@b","pwd":"x"}"#;
    let ask = Ask::new("POST", "/register").body(body);
    assert_eq!(site.simulator().send(ask).await.status, 400);
    let body = "username=a%ED%A0%80&email=a%40b&password=x&password2=x";
    assert_eq!(site.visitor().send(Ask::form("/register", &[]).body(body)).await.status, 400);
}

#[tokio::test]
async fn the_log_has_the_names_of_users_that_exist_and_hashes_of_others() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    for name in ["Roger Histand", "ada"] {
        assert_eq!(simulator.register(name).await.status, 204);
    }
    let unknown = "hunter2SECRET";
    let (stranger, friend) = (json!({"follow": unknown}), json!({"follow": "ada"}));
    let email = json!({"username": unknown, "email": unknown, "pwd": unknown});
    for (answer, shown) in [
        (simulator.get("/msgs/hunter2SECRET").await, ["/msgs/~", ""]),
        (simulator.get("/fllws/hunter2SECRET").await, ["/fllws/~", ""]),
        (simulator.post("/msgs/hunter2SECRET", &json!({"content": "x"})).await, ["/msgs/~", ""]),
        (simulator.post("/fllws/ada", &stranger).await, ["/fllws/ada", "{\"follow\":\"~"]),
        (simulator.post("/register", &email).await, ["/register", "{\"username\":\"~"]),
        (simulator.post("/fllws/Roger%20Histand", &friend).await, ["/fllws/Roger%20Histand", "{\"follow\":\"ada\"}"]),
        (simulator.tweet("ada", "x").await, ["/msgs/ada", "{"]),
    ] {
        let line = site.line(|line| line["http"]["request"]["id"] == answer.header("x-request-id")).await;
        let content = line["http"]["request"]["body"]["content"].as_str().unwrap_or_default();
        assert!(line["url"]["path"].as_str().unwrap().starts_with(shown[0]) && content.starts_with(shown[1]), "{line}");
        assert!(!line.to_string().contains(unknown), "{line}");
    }
}
