//! The pages: what each one shows, to whom.

use rstest::rstest;

use crate::harness::{Database, PASSWORD, Postgres, Shown, Sqlite, TestApp};

/// MD5 of `ada@minitwit.example`.
const ADAS_AVATAR: &str = "https://www.gravatar.com/avatar/02c5cfcb832d5955facf4c07fbc4f456?d=identicon&s=48";

#[tokio::test]
async fn every_page_has_its_title() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    assert_eq!(ada.get("/").await.title(), "My Timeline | MiniTwit");
    assert_eq!(ada.get("/ada").await.title(), "ada's Timeline | MiniTwit");
    let visitor = site.visitor();
    for (path, title) in [
        ("/public", "Public Timeline | MiniTwit"),
        ("/ada", "ada's Timeline | MiniTwit"),
        ("/login", "Sign In | MiniTwit"),
        ("/register", "Sign Up | MiniTwit"),
    ] {
        let page = visitor.get(path).await;
        assert_eq!((page.status, page.title().as_str()), (200, title));
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn who_is_signed_out_is_shown_the_way_in() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let page = site.public_timeline().await;
    let navigation = page.navigation();
    for (href, name) in [("/public", "public timeline"), ("/register", "sign up"), ("/login", "sign in")] {
        assert!(navigation.contains(&format!(r#"href="{href}""#)), "{navigation}");
        assert!(navigation.contains(&format!(">{name}</a>")), "{navigation}");
    }
    for missing in ["my timeline", "sign out"] {
        assert!(!navigation.contains(missing), "{navigation}");
    }
}

#[tokio::test]
async fn who_is_signed_in_is_shown_the_way_out() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/", "/public", "/ada"] {
        let page = ada.get(path).await;
        let navigation = page.navigation();
        assert!(navigation.contains(r#"<a href="/""#) && navigation.contains(">my timeline</a>"), "{navigation}");
        assert!(
            navigation.contains(r#"<a href="/public""#) && navigation.contains(">public timeline</a>"),
            "{navigation}"
        );
        assert!(navigation.contains(r#"action="/logout""#) && navigation.contains("sign out [ada]"), "{navigation}");
        assert!(!navigation.contains("sign in") && !navigation.contains("sign up"), "{navigation}");
    }
}

#[tokio::test]
async fn our_own_pages_change_things_by_post_alone() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let (ada, _bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    for path in ["/", "/public", "/ada", "/bob"] {
        let page = ada.get(path).await.body;
        for link in ["href=\"/logout", "/follow\">", "/unfollow\">", "method=\"get\""] {
            assert!(!page.contains(link), "{path} has {link}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_first_page_leads_strangers_to_the_public_timeline(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    assert_eq!(site.visitor().get("/").await.redirect(), "/public");
    let ada = site.sign_up("ada").await;
    assert_eq!(ada.get("/").await.status, 200);
}

#[rstest]
#[tokio::test]
async fn an_unknown_name_and_a_name_in_other_case_have_no_page(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    for visitor in [&ada, &site.visitor()] {
        assert_eq!(visitor.get("/ada").await.status, 200);
        for path in ["/nobody", "/Ada", "/ADA", "/ada%20", "/ada%00"] {
            assert_eq!(visitor.get(path).await.status, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn the_compose_box_is_on_ones_own_timeline_only() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    let page = ada.get("/").await.body;
    let box_ = page.split(r#"<div class="twitbox">"#).nth(1).and_then(|rest| rest.split("</div>").next()).unwrap();
    for part in ["What's on your mind ada?</h3>", r#"action="/add_message""#, r#"name="text""#, ">Share</button>"] {
        assert!(box_.contains(part), "{part} is not in {box_}");
    }
    for path in ["/public", "/ada"] {
        assert!(!ada.get(path).await.body.contains("twitbox"), "{path}");
    }
}

#[rstest]
#[tokio::test]
async fn a_message_has_avatar_author_text_and_time(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    ada.post("hello, world").await;
    let expected = Shown {
        author: "ada".into(),
        href: "/ada".into(),
        text: "hello, world".into(),
        time: "— 2026-11-24 @ 02:14".into(),
        avatar: ADAS_AVATAR.into(),
    };
    for path in ["/", "/public", "/ada"] {
        let page = ada.get(path).await;
        assert_eq!(page.messages(), std::slice::from_ref(&expected), "{path}");
        assert!(page.body.contains(r#"<time datetime="2026-11-24T02:14:07Z">"#), "{path}");
    }
}

#[tokio::test]
async fn the_avatar_is_that_of_the_trimmed_lower_case_address() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    let fields =
        [("username", "ada"), ("email", " Ada@MiniTwit.Example "), ("password", PASSWORD), ("password2", PASSWORD)];
    assert_eq!(visitor.submit("/register", &fields).await.redirect(), "/login");
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.redirect(), "/");
    visitor.post("hello").await;
    assert_eq!(site.public_timeline().await.messages()[0].avatar, ADAS_AVATAR);
}

#[tokio::test]
async fn local_avatars_ask_nobody() {
    let Some(site) = TestApp::with(Sqlite, &["--avatars=local"]).await else { return };
    let ada = site.sign_up("ada").await;
    ada.post("hello").await;
    let page = site.public_timeline().await.body;
    assert!(page.contains("<svg class=\"avatar\""), "{page}");
    assert!(!page.contains("gravatar"), "{page}");
}

#[rstest]
#[tokio::test]
async fn what_users_write_is_escaped(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let name = r#"<i>"O'Hara"&"#;
    let user = site.sign_up(name).await;
    user.post(r#"<script>alert("1" & '2')</script>"#).await;
    for page in [user.get("/").await, site.public_timeline().await] {
        assert!(
            page.body.contains("&lt;script&gt;alert(&#34;1&#34; &amp; &#39;2&#39;)&lt;/script&gt;"),
            "{}",
            page.body
        );
        assert!(page.body.contains(">&lt;i&gt;&#34;O&#39;Hara&#34;&amp;</a></strong>"), "{}", page.body);
        assert!(!page.body.contains("<script") && !page.body.contains("<i>"), "{}", page.body);
    }
    let page = user.get("/").await;
    assert!(page.body.contains("What's on your mind &lt;i&gt;&#34;O&#39;Hara&#34;&amp;?"), "{}", page.body);
    assert!(page.navigation().contains("sign out [&lt;i&gt;&#34;O&#39;Hara&#34;&amp;]"), "{}", page.navigation());
}

#[tokio::test]
async fn an_empty_list_says_so() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/", "/public", "/ada"] {
        let page = ada.get(path).await;
        assert!(page.body.contains("There's no message so far."), "{path}");
        assert!(page.messages().is_empty(), "{path}");
    }
    ada.post("a message").await;
    assert!(!ada.get("/").await.body.contains("There's no message so far."));
}

#[tokio::test]
async fn a_flash_is_shown_once_on_whichever_page_comes_next() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    assert_eq!(ada.get("/nobody").await.status, 404);
    assert_eq!(
        ada.get("/public").await.flashes(),
        ["You were successfully registered and can login now", "You were logged in"]
    );
    assert!(ada.get("/public").await.flashes().is_empty());
    ada.post("one").await;
    ada.post("two").await;
    assert_eq!(ada.get("/ada").await.flashes(), ["Your message was recorded"; 2]);
    assert!(!ada.get("/ada").await.body.contains("flashes"));
}

#[tokio::test]
async fn a_planted_flash_says_nothing() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    for planted in ["gossip", "<b>gossip</b>", "logged_in-gossip-%00", "following-Z29zc2lwAA"] {
        visitor.plant("flash", planted);
        assert!(!visitor.get("/public").await.body.contains("gossip"), "{planted}");
    }
}

#[tokio::test]
async fn the_style_sheet_is_at_its_plain_name() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let style = site.visitor().get("/static/style.css").await;
    assert_eq!(style.status, 200);
    assert!(style.header("content-type").starts_with("text/css"), "{style:?}");
    assert!(!style.body.is_empty());
}
