//! Forms: signing up, in and out, and posting; what is checked, in which order, and what a form says.

use rstest::rstest;

use crate::harness::{Ask, Database, PASSWORD, Postgres, Sqlite, TestApp};

const REGISTER: [(&str, &str); 4] =
    [("username", "ada"), ("email", "ada@minitwit.example"), ("password", PASSWORD), ("password2", PASSWORD)];

/// The form with some of its fields changed.
fn register_with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let change_of = |name| changes.iter().find(|(key, _)| *key == name);
    REGISTER.into_iter().map(|field| change_of(field.0).copied().unwrap_or(field)).collect()
}

#[rstest]
#[tokio::test]
async fn registering_says_so_and_does_not_sign_in(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    assert_eq!(visitor.submit("/register", &REGISTER).await.redirect(), "/login");
    assert_eq!(visitor.get("/login").await.flashes(), ["You were successfully registered and can login now"]);
    assert!(!visitor.is_signed_in().await);
}

#[rstest]
#[tokio::test]
async fn a_registration_is_checked_in_the_order_of_the_contract(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    assert_eq!(visitor.submit("/register", &REGISTER).await.redirect(), "/login");
    let no_email = ("email", "");
    let (no_password, other) = (("password", ""), ("password2", "another"));
    let cases = [
        (vec![("username", ""), no_email, no_password, other], "You have to enter a username"),
        (vec![no_email, no_password, other], "You have to enter a valid email address"),
        (vec![("email", "no at sign"), no_password, other], "You have to enter a valid email address"),
        (vec![no_password, other], "You have to enter a password"),
        (vec![other], "The two passwords do not match"),
        (vec![], "The username is already taken"),
        (vec![("username", "login"), other], "The two passwords do not match"),
        (vec![("username", "login")], "The username is already taken"),
    ];
    for (changes, error) in cases {
        let answer = visitor.submit("/register", &register_with(&changes)).await;
        assert_eq!((answer.status, answer.error().as_str()), (200, error));
        assert_eq!(answer.title(), "Sign Up | MiniTwit");
    }
}

#[tokio::test]
async fn a_failed_registration_keeps_name_and_address_but_no_password() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let form = [("username", "<ada>"), ("email", "ada\"@x"), ("password", PASSWORD), ("password2", "battery staple")];
    let page = site.visitor().submit("/register", &form).await;
    assert_eq!(page.error(), "The two passwords do not match");
    assert!(page.body.contains(r#"name="username" value="&lt;ada&gt;""#), "{}", page.body);
    assert!(page.body.contains(r#"name="email" type="email" value="ada&#34;@x""#), "{}", page.body);
    assert!(!page.body.contains(PASSWORD) && !page.body.contains("battery staple"), "{}", page.body);
}

#[rstest]
#[tokio::test]
async fn a_good_sign_in_says_so(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    visitor.get("/login").await;
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.redirect(), "/");
    let page = visitor.get("/").await;
    assert_eq!(page.flashes(), ["You were logged in"]);
    assert_eq!(page.title(), "My Timeline | MiniTwit");
}

#[rstest]
#[tokio::test]
async fn a_failed_sign_in_says_what_is_wrong_and_keeps_the_name(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    for (name, password, error) in [
        ("nobody", PASSWORD, "Invalid username"),
        ("", "", "Invalid username"),
        ("ADA", PASSWORD, "Invalid username"),
        ("ada", "battery staple", "Invalid password"),
        ("ada", "", "Invalid password"),
    ] {
        let page = visitor.sign_in(name, password).await;
        assert_eq!((page.status, page.error().as_str()), (200, error), "{name}");
        assert_eq!(page.title(), "Sign In | MiniTwit");
        assert!(page.body.contains(&format!(r#"name="username" value="{name}""#)), "{}", page.body);
        assert!(!page.body.contains(PASSWORD) && !page.body.contains("battery staple"), "{}", page.body);
        assert!(!visitor.is_signed_in().await);
    }
}

#[tokio::test]
async fn who_is_signed_in_already_is_led_home_from_both_forms() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/login", "/register"] {
        assert_eq!(ada.get(path).await.redirect(), "/");
    }
    assert_eq!(ada.sign_in("ada", "battery staple").await.redirect(), "/");
    assert_eq!(ada.register("bob").await.redirect(), "/");
    assert_eq!(ada.get("/bob").await.status, 404);
}

#[rstest]
#[tokio::test]
async fn signing_out_says_so_by_get_and_by_post(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    for ask in [Ask::get("/logout"), Ask::form("/logout", &[])] {
        ada.sign_in("ada", PASSWORD).await;
        ada.get("/").await;
        assert_eq!(ada.send(ask).await.redirect(), "/public");
        let page = ada.get("/public").await;
        assert_eq!(page.flashes(), ["You were logged out"]);
        assert!(!page.navigation().contains("sign out"));
    }
}

#[rstest]
#[tokio::test]
async fn a_message_is_posted_and_an_empty_one_is_not(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    ada.get("/").await;
    assert_eq!(ada.post("hello").await.redirect(), "/");
    assert_eq!(ada.get("/").await.flashes(), ["Your message was recorded"]);
    assert_eq!(ada.post("").await.redirect(), "/");
    let page = ada.get("/").await;
    assert!(page.flashes().is_empty());
    assert_eq!(page.texts(), ["hello"]);
}

#[rstest]
#[tokio::test]
async fn a_text_of_4000_characters_is_posted_and_a_longer_one_comes_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    let (long, too_long) = ("ü".repeat(4_000), "ü".repeat(4_001));
    assert_eq!(ada.post(&long).await.redirect(), "/");
    let page = ada.post(&too_long).await;
    assert_eq!((page.status, page.error().as_str()), (200, "The message is too long: at most 4000 characters"));
    assert!(page.body.contains(&format!(r#"value="{too_long}""#)), "the text is lost");
    assert_eq!(ada.get("/").await.texts(), [long]);
}

#[tokio::test]
async fn posting_needs_a_session() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    for ask in [
        Ask::form("/add_message", &[("text", "hello")]),
        Ask::form("/add_message", &[]),
        Ask::new("POST", "/add_message"),
    ] {
        let page = visitor.send(ask).await;
        assert_eq!((page.status, page.title().as_str()), (401, "Please sign in | MiniTwit"));
    }
    assert!(site.public_timeline().await.messages().is_empty());
}

#[tokio::test]
async fn a_missing_field_is_a_bad_request() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    let visitor = site.visitor();
    for missing in 0..REGISTER.len() {
        let mut fields = register_with(&[("username", "bob")]);
        fields.remove(missing);
        assert_eq!(visitor.submit("/register", &fields).await.status, 400, "{fields:?}");
    }
    for fields in [[("username", "ada")], [("password", PASSWORD)]] {
        assert_eq!(visitor.submit("/login", &fields).await.status, 400, "{fields:?}");
    }
    assert_eq!(ada.submit("/add_message", &[("message", "hello")]).await.status, 400);
    assert_eq!(visitor.get("/bob").await.status, 404);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn a_field_that_comes_twice_or_is_not_utf_8_is_a_bad_request() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for body in ["text=a&text=b", "text=%FF", "text=%ED%A0%80", "text=a&%C3=1"] {
        let ask = Ask::form("/add_message", &[]).body(body);
        let page = ada.send(ask).await;
        assert_eq!((page.status, page.title().as_str()), (400, "That request makes no sense | MiniTwit"), "{body}");
    }
    assert!(site.public_timeline().await.messages().is_empty());
}

#[tokio::test]
async fn who_is_signed_in_is_sent_home_whatever_the_form_has() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/login", "/register"] {
        assert_eq!(ada.submit(path, &[]).await.redirect(), "/");
        assert_eq!(ada.send(Ask::new("POST", path).with("content-type", "text/plain").body("x")).await.redirect(), "/");
        assert_eq!(ada.send(Ask::new("POST", path).body(&b"username=%ff"[..])).await.redirect(), "/");
        assert_eq!(site.visitor().submit(path, &[]).await.status, 400);
    }
}
