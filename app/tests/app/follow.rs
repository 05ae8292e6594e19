//! Following and unfollowing on the pages.

use rstest::rstest;

use crate::harness::{Ask, Database, Postgres, Sqlite, TestApp};

#[rstest]
#[tokio::test]
async fn following_says_so_and_leads_back_to_the_profile(
    #[values(Sqlite, Postgres)] database: Database,
    #[values("GET", "POST")] method: &'static str,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, _bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    ada.get("/").await;
    assert_eq!(ada.send(Ask::new(method, "/bob/follow")).await.redirect(), "/bob");
    let page = ada.get("/bob").await;
    assert_eq!(page.flashes(), [r#"You are now following "bob""#]);
    assert!(page.body.contains("You are now following &#34;bob&#34;"));
    assert_eq!(site.simulator().follows("ada").await, ["bob"]);

    assert_eq!(ada.send(Ask::new(method, "/bob/unfollow")).await.redirect(), "/bob");
    assert_eq!(ada.get("/bob").await.flashes(), [r#"You are no longer following "bob""#]);
    assert!(site.simulator().follows("ada").await.is_empty());
}

#[rstest]
#[tokio::test]
async fn the_profile_tells_what_its_owner_is_to_the_reader(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    assert!(ada.get("/ada").await.follow_status().contains("This is you!"));

    let page = ada.get("/bob").await;
    assert!(page.follow_status().contains("You are not yet following this user."), "{}", page.follow_status());
    assert!(page.follow_status().contains(">Follow user</button>"), "{}", page.follow_status());
    assert!(page.follow_status().contains(r#"action="/bob/follow" method="post""#), "{}", page.follow_status());

    ada.follow("bob").await;
    let page = ada.get("/bob").await;
    assert!(page.follow_status().contains("You are currently following this user."), "{}", page.follow_status());
    assert!(page.follow_status().contains(">Unfollow user</button>"), "{}", page.follow_status());
    assert!(page.follow_status().contains(r#"action="/bob/unfollow" method="post""#), "{}", page.follow_status());

    assert!(bob.get("/ada").await.follow_status().contains("You are not yet following this user."));
    assert_eq!(site.visitor().get("/bob").await.follow_status(), "");
    assert_eq!(ada.get("/public").await.follow_status(), "");
}

#[rstest]
#[tokio::test]
async fn a_session_is_asked_for_before_the_user(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    for action in ["follow", "unfollow"] {
        for method in ["GET", "POST"] {
            for name in ["ada", "nobody"] {
                let ask = Ask::new(method, &format!("/{name}/{action}"));
                assert_eq!(site.visitor().send(ask).await.status, 401, "{method} {name} {action}");
            }
            let ask = Ask::new(method, &format!("/nobody/{action}"));
            assert_eq!(ada.send(ask).await.status, 404, "{method} {action}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_repeated_follow_is_stored_once_and_an_unfollow_of_a_stranger_is_no_error(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    bob.post("hello").await;
    assert_eq!(ada.unfollow("bob").await.redirect(), "/bob");
    assert_eq!(ada.follow("bob").await.redirect(), "/bob");
    assert_eq!(ada.follow("bob").await.redirect(), "/bob");
    assert_eq!(ada.get("/").await.texts(), ["hello"]);
    assert_eq!(site.simulator().follows("ada").await, ["bob"]);
    ada.unfollow("bob").await;
    assert!(ada.get("/").await.messages().is_empty());
}

#[rstest]
#[tokio::test]
async fn following_oneself_is_allowed_and_shows_nothing_twice(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    assert_eq!(ada.follow("ada").await.redirect(), "/ada");
    ada.post("hello").await;
    assert_eq!(ada.get("/").await.texts(), ["hello"]);
    assert_eq!(site.simulator().follows("ada").await, ["ada"]);
    assert!(ada.get("/ada").await.follow_status().contains("This is you!"));
}

#[rstest]
#[tokio::test]
async fn whatever_is_in_a_name_the_way_back_leads_to_its_profile(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    for name in ["Roger Histand", "a/b", "50% + 1?", "Zoë \"x\" #1", "//evil.example"] {
        site.simulator().register(name).await;
        let back = ada.follow(name).await.redirect().to_owned();
        assert!(back.starts_with('/') && !back.starts_with("//"), "{back}");
        let page = ada.get(&back).await;
        assert_eq!((page.status, page.title()), (200, format!("{name}'s Timeline | MiniTwit")));
        assert_eq!(page.flashes().last(), Some(&format!("You are now following \"{name}\"")));
        assert!(page.follow_status().contains(&format!(r#"action="{back}/unfollow""#)), "{}", page.follow_status());
    }
}
