//! Timelines: who sees what, in which order, page by page, while others write and moderate.

use std::collections::BTreeSet;

use rstest::rstest;

use crate::harness::{Database, Postgres, Sqlite, TestApp, Visitor};

/// The texts `from`, `from - 1`, … as they should be shown.
fn countdown(from: usize, length: usize) -> Vec<String> {
    (0..length).map(|step| format!("message {}", from - step)).collect()
}

async fn post_numbered(site: &TestApp, name: &str, numbers: std::ops::RangeInclusive<usize>) {
    for number in numbers {
        assert_eq!(site.simulator().tweet(name, &format!("message {number}")).await.status, 204);
    }
}

/// Follows the links in one direction from `path`; gives the texts of each page.
async fn walk(visitor: &Visitor, path: &str, rel: &str) -> Vec<Vec<String>> {
    let (mut pages, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        assert!(pages.len() < 100, "the links lead in a circle");
        let page = visitor.get(&path).await;
        pages.push(page.texts());
        next = page.link(rel);
    }
    pages
}

#[rstest]
#[tokio::test]
async fn ones_own_timeline_has_ones_own_and_followed_users_messages(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, bob, eve) = (site.sign_up("ada").await, site.sign_up("bob").await, site.sign_up("eve").await);
    ada.follow("bob").await;
    for (visitor, text) in [(&ada, "from ada"), (&bob, "from bob"), (&eve, "from eve")] {
        visitor.post(text).await;
    }
    assert_eq!(ada.get("/").await.texts(), ["from bob", "from ada"]);
    assert_eq!(bob.get("/").await.texts(), ["from bob"]);
    assert_eq!(ada.get("/bob").await.texts(), ["from bob"]);
    assert_eq!(ada.get("/public").await.texts(), ["from eve", "from bob", "from ada"]);
    assert_eq!(site.public_timeline().await.texts(), ["from eve", "from bob", "from ada"]);
}

/// The clock stands still: all messages have the same time.
#[rstest]
#[tokio::test]
async fn a_page_has_the_thirty_newest_first_and_ties_are_ordered_by_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    post_numbered(&site, "ada", 1..=31).await;
    for path in ["/", "/public", "/ada"] {
        assert_eq!(ada.get(path).await.texts(), countdown(31, 30), "{path}");
    }
}

#[rstest]
#[tokio::test]
async fn numbered_pages_begin_at_nought(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    post_numbered(&site, "ada", 1..=65).await;
    for path in ["/", "/public", "/ada"] {
        assert_eq!(ada.get(&format!("{path}?p=0")).await.texts(), countdown(65, 30), "{path}");
        assert_eq!(ada.get(&format!("{path}?p=1")).await.texts(), countdown(35, 30), "{path}");
        assert_eq!(ada.get(&format!("{path}?p=2")).await.texts(), countdown(5, 5), "{path}");
        for beyond in ["3", "10000", "10001", "9223372036854775807"] {
            let page = ada.get(&format!("{path}?p={beyond}")).await;
            assert!(page.messages().is_empty(), "{path}?p={beyond}");
            assert_eq!(page.link("prev").as_deref(), Some(path), "{path}?p={beyond}");
        }
        for nonsense in ["?p=-1", "?p=x", "?p=", "?before=", "?before=x&after=-2", "?p=99999999999999999999", "?q=1"] {
            assert_eq!(ada.get(&format!("{path}{nonsense}")).await.texts(), countdown(65, 30), "{path}{nonsense}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_links_lead_through_every_message_once_down_and_up_again(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, _bob) = (site.sign_up("ada").await, site.simulator().register("bob").await);
    ada.follow("bob").await;
    for number in 1..=65 {
        let author = if number % 3 == 0 { "bob" } else { "ada" };
        post_numbered(&site, author, number..=number).await;
    }
    for path in ["/", "/public"] {
        assert_eq!(ada.get(path).await.link("prev"), None);
        let down = walk(&ada, path, "next").await;
        assert_eq!(down.concat(), countdown(65, 65), "{path}");
        assert_eq!(down.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 5], "{path}");
        let last = ada.get(&format!("{path}?p=2")).await;
        assert_eq!(last.link("next"), None);
        let mut up = walk(&ada, &last.link("prev").unwrap(), "prev").await;
        up.reverse();
        assert_eq!(up.concat(), countdown(65, 60), "{path}");
    }
    let bobs: Vec<_> = (1..=21).rev().map(|number| format!("message {}", number * 3)).collect();
    assert_eq!(walk(&ada, "/bob", "next").await.concat(), bobs);
}

#[rstest]
#[tokio::test]
async fn the_page_above_the_newest_is_the_newest_and_full(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    post_numbered(&site, "ada", 1..=40).await;
    let second = ada.get(&ada.get("/public").await.link("next").unwrap()).await;
    assert_eq!(second.texts(), countdown(10, 10));
    let back = ada.get(&second.link("prev").unwrap()).await;
    assert_eq!(back.texts(), countdown(40, 30));
    assert_eq!(back.link("prev"), None);
    let above_all = ada.get("/public?after=9223372036854775807").await;
    assert_eq!(above_all.texts(), countdown(40, 30));
    assert!(ada.get("/public?before=0").await.messages().is_empty());
    for at_the_end in ["/public?after=0", "/public?before=31"] {
        let lowest = ada.get(at_the_end).await;
        assert_eq!((lowest.texts(), lowest.link("next")), (countdown(30, 30), None), "{at_the_end}");
    }
    assert!(ada.get("/public?after=5").await.link("next").is_some());
}

#[rstest]
#[tokio::test]
async fn a_profile_of_many_words_is_linked_under_its_own_address(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    site.simulator().register("Roger / Histand").await;
    post_numbered(&site, "Roger / Histand", 1..=31).await;
    let pages = walk(&site.visitor(), "/Roger%20%2F%20Histand", "next").await;
    assert_eq!(pages.concat(), countdown(31, 31));
}

/// Somebody reads page after page while another posts without a pause.
#[rstest]
#[tokio::test]
async fn nothing_is_skipped_or_shown_twice_while_someone_posts(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    post_numbered(&site, "ada", 1..=95).await;
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let posting = async {
        let mut number = 95;
        while stopped.try_recv() == Err(tokio::sync::oneshot::error::TryRecvError::Empty) {
            number += 1;
            post_numbered(&site, "ada", number..=number).await;
        }
        number
    };
    let reading = async {
        let mut walks = Vec::new();
        for _ in 0..3 {
            walks.push(walk(&ada, "/public", "next").await.concat());
        }
        drop(stop);
        walks
    };
    let (posted, walks) = tokio::join!(posting, reading);
    for shown in walks {
        assert_eq!(shown.len(), shown.iter().collect::<BTreeSet<_>>().len(), "a message is shown twice");
        assert_eq!(shown, countdown(shown.len(), shown.len()), "a message is skipped");
        assert!((95..=posted).contains(&shown.len()));
    }
    assert!(posted > 95, "nobody posted meanwhile");
}

/// Several write at once through two replicas; a reader who keeps asking for what is newer misses nothing.
#[rstest]
#[tokio::test]
async fn what_is_newer_is_never_skipped_while_several_post(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    let ada = site.sign_up("ada").await;
    ada.post("the first").await;
    let write = async |site: &TestApp, hand: usize| {
        for number in 0..20 {
            assert_eq!(site.simulator().tweet("ada", &format!("{hand}: {number}")).await.status, 204);
        }
    };
    let hands =
        futures_util::future::join_all((0..6).map(|hand| write(if hand % 2 == 0 { &site } else { &other }, hand)));
    let mut hands = std::pin::pin!(hands);
    let mut seen: Vec<String> = Vec::new();
    let mut done = false;
    loop {
        let newest = tokio::select! {
            _ = &mut hands, if !done => { done = true; continue }
            page = walk(&ada, "/public", "next") => page.concat(),
        };
        // Numbers are given in the order in which messages become visible: what was seen stays the end of the list.
        assert!(newest.ends_with(&seen), "a message appeared below one that was seen before");
        seen = newest;
        if done {
            break;
        }
    }
    assert_eq!(seen.len(), 121);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 121);
}

#[rstest]
#[tokio::test]
async fn a_flagged_message_disappears_from_every_page_and_answer(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    bob.follow("ada").await;
    for text in ["kind", "rude", "kind again"] {
        ada.post(text).await;
    }
    let other = site.replica().await;
    let everywhere = async |expected: &[&str]| {
        for site in [&site, &other] {
            for (visitor, path) in [(&ada, "/"), (&ada, "/ada"), (&bob, "/"), (&bob, "/ada"), (&bob, "/public")] {
                assert_eq!(visitor.at(site).get(path).await.texts(), expected, "{path}");
            }
            site.stranger_sees(expected).await;
            for path in ["/msgs", "/msgs/ada", "/msgs?no=3"] {
                assert_eq!(site.simulator().contents(path).await, expected, "{path}");
            }
        }
    };
    everywhere(&["kind again", "rude", "kind"]).await;
    site.flag("rude").await;
    everywhere(&["kind again", "kind"]).await;
    site.unflag("rude").await;
    everywhere(&["kind again", "rude", "kind"]).await;
}

#[rstest]
#[tokio::test]
async fn flagged_messages_leave_no_gap_in_a_page(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    post_numbered(&site, "ada", 1..=33).await;
    for number in [33, 20, 2] {
        site.flag(&format!("message {number}")).await;
    }
    let expected: Vec<_> =
        countdown(33, 33).into_iter().filter(|text| !["33", "20", "2"].contains(&&text[8..])).collect();
    for path in ["/", "/public", "/ada"] {
        let page = ada.get(path).await;
        assert_eq!(page.texts(), expected, "{path}");
        assert_eq!(page.link("next"), None, "{path}");
    }
    assert_eq!(site.simulator().contents("/msgs?no=2").await, expected[..2]);
}

#[rstest]
#[tokio::test]
async fn a_write_is_seen_in_the_next_request_on_whichever_replica(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    let (ada, bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    ada.follow("bob").await;
    for number in 1..=20 {
        let (here, there) = if number % 2 == 0 { (&site, &other) } else { (&other, &site) };
        let text = format!("message {number}");
        bob.at(here).post(&text).await;
        for page in [bob.at(there).get("/").await, ada.at(here).get("/").await, there.public_timeline().await] {
            assert_eq!(page.texts()[0], text);
        }
        ada.at(here).unfollow("bob").await;
        assert!(ada.at(there).get("/").await.messages().is_empty());
        ada.at(here).follow("bob").await;
        assert_eq!(ada.at(there).get("/").await.texts()[0], text);
    }
}
