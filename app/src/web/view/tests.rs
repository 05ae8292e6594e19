//! What must be in the pages letter for letter, and what must never be in them.

use super::*;

const HOSTILE: &str = r#"<b class="x">'&</b>"#;
const HARMLESS: &str = "&lt;b class=&#34;x&#34;&gt;&#39;&amp;&lt;/b&gt;";

fn frame(reader: Option<&str>) -> Frame {
    Frame { reader: reader.map(Into::into), flashes: vec![], style: "/static/style.css", icon: "/static/favicon.svg" }
}

fn timeline(title: &str, reader: Option<&str>) -> Timeline {
    let title = title.into();
    Timeline { frame: frame(reader), title, posts: vec![], compose: None, profile: None, newer: None, older: None }
}

fn post(author: &str, text: &str) -> PostView {
    PostView {
        author: author.into(),
        href: "/ada".into(),
        avatar: super::super::avatar::gravatar("ada@example.com"),
        text: text.into(),
        datetime: "2026-11-24T02:14:00Z".into(),
        shown: "2026-11-24 @ 02:14".into(),
    }
}

fn profile(relation: Relation) -> Profile {
    Profile {
        name: "ada".into(),
        relation,
        follow_action: "/ada/follow".into(),
        unfollow_action: "/ada/unfollow".into(),
    }
}

fn render(page: &impl Template) -> String {
    page.render().expect("a page with these values renders")
}

#[track_caller]
fn assert_has(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
}

/// A page in which every text that can come from a person is hostile.
fn hostile_timeline() -> Timeline {
    let mut page = timeline(&format!("{HOSTILE}'s Timeline"), Some(HOSTILE));
    page.frame.flashes.push(HOSTILE.into());
    page.posts.push(post(HOSTILE, HOSTILE));
    page.profile = Some(Profile { name: HOSTILE.into(), ..profile(Relation::You) });
    page.compose = Some(Compose { name: HOSTILE.into(), text: HOSTILE.into(), error: Some(HOSTILE.into()), limit: 1 });
    page
}

#[test]
fn every_text_from_a_person_is_escaped_in_a_timeline() {
    let html = render(&hostile_timeline());
    assert!(!html.contains("<b "), "{html}");
    // Title, heading, sign-out, flash, author, text; profile box; compose box: name, field, error.
    assert_eq!(html.matches(HARMLESS).count(), 10, "{html}");
}

#[test]
fn every_text_from_a_person_is_escaped_in_a_form() {
    let (error, username, email) = (Some(HOSTILE.into()), HOSTILE.into(), HOSTILE.into());
    let register = render(&Register { frame: frame(None), error, username, email });
    assert_eq!((register.matches(HARMLESS).count(), register.contains("<b ")), (3, false), "{register}");
    let login = render(&Login { frame: frame(None), error: Some(HOSTILE.into()), username: HOSTILE.into() });
    assert_eq!((login.matches(HARMLESS).count(), login.contains("<b ")), (2, false), "{login}");
}

#[test]
fn the_apostrophes_that_are_ours_stay_apostrophes() {
    let mut page = timeline("O'Hara's Timeline", Some("O'Hara"));
    page.compose = Some(Compose { name: "O'Hara".into(), text: String::new(), error: None, limit: 1 });
    let parts = [
        "<title>O&#39;Hara's Timeline | MiniTwit</title>",
        "<h2>O&#39;Hara's Timeline</h2>",
        ">What's on your mind O&#39;Hara?</h3>",
        "<li><em>There's no message so far.</em></li>",
    ];
    assert_has(&render(&page), &parts);
}

#[test]
fn a_message_has_its_author_its_picture_and_its_time() {
    let mut page = timeline("Public Timeline", None);
    page.posts.push(post("ada", "hello"));
    let html = render(&page);
    let parts = [
        "<ul class=\"messages\">",
        "?d=identicon&amp;s=48\"",
        "<strong><a href=\"/ada\">ada</a></strong> hello <time datetime=\"2026-11-24T02:14:00Z\"><small>— 2026-11-24 @ 02:14</small></time>",
    ];
    assert_has(&html, &parts);
    assert!(!html.contains("no message so far"), "{html}");
}

#[test]
fn a_drawn_picture_is_put_into_the_page_as_it_is() {
    let mut page = timeline("Public Timeline", None);
    let avatar = super::super::avatar::identicon("ada@example.com");
    page.posts.push(PostView { avatar: avatar.clone(), ..post("ada", "hello") });
    let Avatar::Local { svg } = avatar else { panic!("not drawn") };
    let html = render(&page);
    assert_has(&html, &[&svg]);
    assert!(!html.contains("gravatar"), "{html}");
}

#[test]
fn the_profile_box_offers_only_what_can_be_done() {
    let shown = |relation| {
        let page = Timeline { profile: Some(profile(relation)), ..timeline("ada's Timeline", Some("bob")) };
        render(&page)
    };
    assert_has(&shown(Relation::You), &["This is you!"]);
    let parts = ["You are currently following this user.", "action=\"/ada/unfollow\"", ">Unfollow user</button>"];
    assert_has(&shown(Relation::Following), &parts);
    let parts = ["You are not yet following this user.", "action=\"/ada/follow\"", ">Follow user</button>"];
    assert_has(&shown(Relation::NotFollowing), &parts);
    assert!(!shown(Relation::You).contains("ollow user"));
}

#[test]
fn the_navigation_is_the_readers() {
    let out = render(&timeline("Public Timeline", None));
    let links = ["<a href=\"/public\" aria-current=\"page\">public timeline</a>", ">sign up</a>", ">sign in</a>"];
    assert_has(&out, &links);
    let signed_in = render(&timeline("My Timeline", Some("ada")));
    assert_has(&signed_in, &["<a href=\"/\">my timeline</a>", "action=\"/logout\" method=\"post\"", "sign out [ada]"]);
    assert!(!signed_in.contains("sign up") && !out.contains("sign out"));
}

#[test]
fn a_failed_form_shows_its_error_and_never_a_password() {
    let page = Login { frame: frame(None), error: Some("Invalid password".into()), username: "ada".into() };
    let html = render(&page);
    let parts = [
        "<strong>Error:</strong> Invalid password</div>",
        "name=\"username\" value=\"ada\"",
        "<title>Sign In | MiniTwit",
    ];
    assert_has(&html, &parts);
    assert_eq!(html.matches("value=").count(), 1, "{html}");
}

#[test]
fn no_page_holds_a_script_a_style_or_a_reference_to_another_site() {
    let mut page = timeline("Public Timeline", Some("ada"));
    page.posts.push(PostView { avatar: super::super::avatar::identicon("ada@example.com"), ..post("ada", "hello") });
    let (title, explanation) = ("Not Found".into(), "There is nothing here.".into());
    let pages = [
        render(&page),
        render(&Login { frame: frame(None), error: None, username: String::new() }),
        render(&Register { frame: frame(None), error: None, username: String::new(), email: String::new() }),
        render(&ErrorPage { frame: frame(None), status: 404, title, explanation }),
    ];
    for html in pages {
        for forbidden in ["<script", "<style", "http:", "https:", "\"//"] {
            assert!(!html.contains(forbidden), "{forbidden} is in\n{html}");
        }
        assert_eq!(attributes(&html).find(|name| name.starts_with("on") || name.starts_with("style=")), None, "{html}");
    }
}

fn attributes(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').filter_map(|tag| tag.split_once('>')).flat_map(|(tag, _)| tag.split_whitespace().skip(1))
}
