//! `latest`: the last number that the simulator sent, whatever became of the request that brought it.

use minitwit::Door;
use rstest::rstest;
use serde_json::json;

use crate::harness::{Ask, Database, Postgres, Sqlite, TestApp, raw};

#[rstest]
#[tokio::test]
async fn it_is_minus_one_until_a_number_comes(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    assert_eq!(site.simulator().get("/latest").await.body, r#"{"latest":-1}"#);
}

#[rstest]
#[tokio::test]
async fn every_request_may_bring_it_whatever_its_end(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (simulator, stranger) = (site.simulator(), site.simulator().saying("nonsense"));
    simulator.register("ada").await;
    let register = json!({"username": "bob", "email": "a@b", "pwd": "c"});
    let cases = [
        (&simulator, Ask::json("/register?latest=10", &register), 204),
        (&simulator, Ask::json("/register?latest=11", &register), 400),
        (&stranger, Ask::json("/register?latest=12", &json!({})), 400),
        (&simulator, Ask::get("/register?latest=13"), 405),
        (&simulator, Ask::get("/msgs?no=1&latest=20"), 200),
        (&stranger, Ask::get("/msgs?latest=21"), 403),
        (&simulator, Ask::new("DELETE", "/msgs?latest=22"), 405),
        (&simulator, Ask::get("/msgs/ada?latest=30"), 200),
        (&simulator, Ask::get("/msgs/nobody?latest=31"), 404),
        (&stranger, Ask::get("/msgs/nobody?latest=32"), 403),
        (&simulator, Ask::json("/msgs/ada?latest=33", &json!({"content": "x"})), 204),
        (&simulator, Ask::new("POST", "/msgs/ada?latest=34").body("no JSON"), 400),
        (&simulator, Ask::json("/msgs/nobody?latest=35", &json!({"content": "x"})), 404),
        (&simulator, Ask::new("POST", "/msgs/ada?latest=36").body(vec![b'x'; 70_000]), 413),
        (&simulator, Ask::get("/fllws/ada?latest=40"), 200),
        (&simulator, Ask::json("/fllws/ada?latest=41", &json!({"follow": "bob"})), 204),
        (&simulator, Ask::json("/fllws/ada?latest=42", &json!({"unfollow": "nobody"})), 404),
        (&simulator, Ask::json("/fllws/ada?latest=43", &json!({})), 400),
        (&stranger, Ask::json("/fllws/ada?latest=44", &json!({"follow": "bob"})), 403),
        (&simulator, Ask::new("HEAD", "/msgs?latest=45"), 200),
    ];
    for (asker, ask, status) in cases {
        let expected: i64 = format!("{ask:?}").split("latest=").nth(1).unwrap()[..2].parse().unwrap();
        assert_eq!(asker.send(ask.clone()).await.status, status, "{ask:?}");
        assert_eq!(simulator.latest().await, expected, "{ask:?}");
    }
}

#[rstest]
#[tokio::test]
async fn it_is_the_last_value_not_the_largest_and_not_a_count(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    for latest in [5, 1_337, 7, 7, 0, -2, i64::MAX, 3] {
        simulator.get(&format!("/msgs?latest={latest}")).await;
        assert_eq!(simulator.latest().await, latest);
    }
}

#[tokio::test]
async fn minus_one_and_what_is_no_integer_leave_it_alone() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.get("/msgs?latest=7").await;
    for query in [
        "latest=-1",
        "latest=",
        "latest",
        "latest=x",
        "latest=1.5",
        "latest=1e3",
        "latest=99999999999999999999",
        "LATEST=9",
        "no=9",
    ] {
        assert_eq!(simulator.get(&format!("/msgs?{query}")).await.status, 200);
        assert_eq!(simulator.latest().await, 7, "{query}");
    }
}

#[tokio::test]
async fn it_is_not_taken_from_other_paths_or_the_other_door() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    for path in ["/latest?latest=9", "/?latest=9", "/nothing?latest=9", "/openapi.json?latest=9", "/msgsx?latest=9"] {
        simulator.get(path).await;
        assert_eq!(simulator.latest().await, -1, "{path}");
    }
    assert_eq!(site.simulator().get("/latest?latest=9").await.body, r#"{"latest":-1}"#);
    for path in ["/register?latest=9", "/msgs?latest=9", "/public?latest=9"] {
        site.ask(Door::Web, Ask::get(path)).await;
        assert_eq!(simulator.latest().await, -1, "{path}");
    }
}

#[rstest]
#[tokio::test]
async fn all_replicas_share_it_and_it_survives_a_restart(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    for latest in 1..=20 {
        let (here, there) = if latest % 2 == 0 { (&site, &other) } else { (&other, &site) };
        here.simulator().get(&format!("/msgs?latest={latest}")).await;
        assert_eq!(there.simulator().latest().await, latest);
    }
    let site = site.restart().await;
    assert_eq!(site.simulator().latest().await, 20);
}

/// Eleven digits may be a card, an account or a telephone.
#[tokio::test]
async fn a_long_number_is_kept_but_not_written_into_the_log() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    for (latest, shown) in
        [(9_999_999_999_i64, true), (-9_999_999_999, true), (10_000_000_000, false), (-10_000_000_000, false)]
    {
        let answer = simulator.get(&format!("/msgs?latest={latest}")).await;
        assert_eq!(simulator.latest().await, latest);
        let line = site.line(|line| line["http"]["request"]["id"] == answer.header("x-request-id")).await;
        assert_eq!(line["minitwit"]["latest"] == latest, shown, "{line}");
        assert_eq!(line["minitwit"]["latest"].is_null(), !shown, "{line}");
    }
    for (length, shown) in [(9_999_999_999_i64, true), (41_111_111_111, false)] {
        let post =
            format!("POST /register HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        let answer = raw(site.api, post.as_bytes()).await;
        let id = answer.split("x-request-id: ").nth(1).unwrap().split('\r').next().unwrap().to_owned();
        let line = site.line(|line| line["http"]["request"]["id"] == id).await;
        let bytes = &line["http"]["request"]["body"]["bytes"];
        assert_eq!((*bytes == length, bytes.is_null()), (shown, !shown), "{line}");
    }
}
