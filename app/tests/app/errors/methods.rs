//! Which methods a path knows.

use super::*;

#[tokio::test]
async fn a_wrong_method_is_405_on_the_pages() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for (method, path, allowed) in [
        ("POST", "/", "GET,HEAD,OPTIONS"),
        ("POST", "/public", "GET,HEAD,OPTIONS"),
        ("DELETE", "/ada", "GET,HEAD,OPTIONS"),
        ("GET", "/add_message", "POST,OPTIONS"),
        ("PUT", "/login", "GET,HEAD,POST,OPTIONS"),
        ("PATCH", "/register", "GET,HEAD,POST,OPTIONS"),
        ("PUT", "/logout", "GET,HEAD,POST,OPTIONS"),
        ("DELETE", "/ada/follow", "GET,HEAD,POST,OPTIONS"),
        ("POST", "/static/style.css", "GET,HEAD,OPTIONS"),
        ("ECH0ECH0", "/public", "GET,HEAD,OPTIONS"),
        ("TRACE", "/public", "GET,HEAD,OPTIONS"),
    ] {
        let page = site.ask(Door::Web, Ask::new(method, path)).await;
        assert_page(&page, 405);
        assert_eq!(page.header("allow"), allowed, "{method} {path}");
    }
}

#[rstest]
#[tokio::test]
async fn options_tells_the_methods(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let cases: &[(&str, &str)] = match door {
        Door::Web => &[
            ("/public", "GET,HEAD,OPTIONS"),
            ("/add_message", "POST,OPTIONS"),
            ("/login", "GET,HEAD,POST,OPTIONS"),
            ("/nobody", "GET,HEAD,OPTIONS"),
            ("/static/style.css", "GET,HEAD,OPTIONS"),
        ],
        Door::Api => {
            &[("/latest", "GET,HEAD,OPTIONS"), ("/register", "POST,OPTIONS"), ("/msgs/x", "GET,HEAD,POST,OPTIONS")]
        }
    };
    for (path, allowed) in cases {
        let answer = site.ask(door, ask("OPTIONS", path)).await;
        assert_eq!((answer.status, answer.body.as_str(), answer.header("allow")), (204, "", *allowed), "{path}");
    }
    assert_error(door, &site.ask(door, ask("OPTIONS", "/nothing/at/all")).await, 404);
}

#[tokio::test]
async fn head_is_get_without_the_body_and_without_taking_the_flash() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    ada.get("/").await;
    for path in ["/", "/public", "/ada", "/nobody", "/static/style.css", "/robots.txt"] {
        let (head, get) = (ada.send(Ask::new("HEAD", path)).await, ada.get(path).await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for header in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
    }
    ada.post("hello").await;
    ada.send(Ask::new("HEAD", "/")).await;
    assert_eq!(ada.get("/").await.flashes(), ["Your message was recorded"]);
}

#[rstest]
#[tokio::test]
async fn options_of_everything_tells_all_methods(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let address = site.at(door);
    let answer = raw(address, b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert!(answer.contains("\r\nallow: GET,HEAD,POST,OPTIONS\r\n"), "{answer}");
}
