//! Accounts: one name, one owner; passwords old and new, short and long.

use futures_util::future::join_all;
use rstest::rstest;
use serde_json::json;

use crate::harness::{Database, PASSWORD, Postgres, Sqlite, TestApp};

/// What Python's `hashlib` makes of [`PASSWORD`], in the forms of Werkzeug and Django.
const LEGACY: [&str; 3] = [
    "scrypt:32768:8:1$Xq3vT8bLk2Nw0aZp$5b6574175a093bb2d1e67e7212756d4d039e2226641862dbc1e6ed760983784d\
     efe4033c0883090c67b5134548be375a583558a3bf6e5302ce7c52e66869fe76",
    "pbkdf2:sha256:1000$Xq3vT8bLk2Nw0aZp$9f25e87994ad3a62e031ae9a05705917a0fcfa4e4dead584db8e7ae92dab5b17",
    "pbkdf2_sha256$1000$Xq3vT8bLk2Nw0aZp$nyXoeZStOmLgMa6aBXBZF6D8+k5N6tWE24566S2rWxc=",
];

/// Half of them on the pages, half at the API, of two replicas.
#[rstest]
#[tokio::test]
async fn of_a_hundred_who_want_one_name_exactly_one_gets_it(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let replicas = [&site, &site.replica().await];
    let people: Vec<_> = (0..50).map(|number| replicas[number % 2].visitor()).collect();
    let machines: Vec<_> = (0..50).map(|number| replicas[number % 2].simulator()).collect();
    let (pages, answers) = tokio::join!(
        join_all(people.iter().map(|visitor| visitor.register("ada"))),
        join_all(machines.iter().map(|simulator| simulator.register("ada"))),
    );
    let (won, lost): (Vec<_>, Vec<_>) =
        pages.into_iter().chain(answers).partition(|answer| [302, 204].contains(&answer.status));
    assert_eq!((won.len(), lost.len()), (1, 99));
    for answer in lost {
        match answer.status {
            200 => assert_eq!(answer.error(), "The username is already taken"),
            _ => assert_eq!(answer.json(), json!({"status": 400, "error_msg": "The username is already taken"})),
        }
    }
    assert_eq!(site.visitor().sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[rstest]
#[tokio::test]
async fn a_taken_name_keeps_its_password(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    site.simulator().register("ada").await;
    let body = json!({"username": "ada", "email": "eve@minitwit.example", "pwd": "eve's own"});
    assert_eq!(site.simulator().post("/register", &body).await.status, 400);
    assert_eq!(site.visitor().sign_in("ada", "eve's own").await.error(), "Invalid password");
    assert_eq!(site.visitor().sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[rstest]
#[tokio::test]
async fn passwords_are_kept_as_argon2id_with_a_salt_of_their_own(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    site.visitor().register("ada").await;
    site.simulator().register("bob").await;
    let (ada, bob) = (site.stored_password("ada").await, site.stored_password("bob").await);
    for stored in [&ada, &bob] {
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
    assert_ne!(ada, bob);
}

#[rstest]
#[tokio::test]
async fn an_old_hash_is_verified_and_rewritten_at_the_next_good_sign_in(
    #[values(Sqlite, Postgres)] database: Database,
    #[values(0, 1, 2)] form: usize,
) {
    let Some(site) = TestApp::start(database).await else { return };
    site.visitor().register("ada").await;
    site.import_password("ada", LEGACY[form]).await;
    assert_eq!(site.visitor().sign_in("ada", "battery staple").await.error(), "Invalid password");
    assert_eq!(site.stored_password("ada").await, LEGACY[form], "a wrong password changes nothing");

    assert_eq!(site.visitor().sign_in("ada", PASSWORD).await.redirect(), "/");
    let rewritten = site.stored_password("ada").await;
    assert!(rewritten.starts_with("$argon2id$"), "{rewritten}");
    assert_eq!(site.visitor().sign_in("ada", PASSWORD).await.redirect(), "/");
    assert_eq!(site.stored_password("ada").await, rewritten, "a current hash stays");
}

#[tokio::test]
async fn a_password_has_1_to_1024_bytes_at_both_doors() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let register = async |name: &str, password: &str| {
        let fields = [("username", name), ("email", "a@b"), ("password", password), ("password2", password)];
        site.visitor().submit("/register", &fields).await
    };
    let (longest, too_long) = ("ü".repeat(512), "x".repeat(1_025));
    assert_eq!(register("ada", &longest).await.redirect(), "/login");
    assert_eq!(register("bob", &too_long).await.error(), "The password is too long: at most 1024 bytes");
    assert_eq!(register("cyd", "x").await.redirect(), "/login");
    let body = json!({"username": "dan", "email": "a@b", "pwd": too_long});
    let answer = site.simulator().post("/register", &body).await.json();
    assert_eq!(answer["error_msg"], "The password is too long: at most 1024 bytes");

    assert_eq!(site.visitor().sign_in("ada", &longest).await.redirect(), "/");
    assert_eq!(site.visitor().sign_in("ada", &longest[..longest.len() - 2]).await.error(), "Invalid password");
    assert_eq!(site.visitor().sign_in("ada", &too_long).await.error(), "Invalid password");
}

#[tokio::test]
async fn an_address_has_an_at_sign_and_at_most_254_bytes() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let register = async |name: &str, email: &str| {
        let body = json!({"username": name, "email": email, "pwd": "x"});
        site.simulator().post("/register", &body).await.status
    };
    assert_eq!(register("ada", "@").await, 204);
    assert_eq!(register("bob", &format!("{}@b", "a".repeat(252))).await, 204);
    for wrong in [format!("{}@b", "a".repeat(253)), "a\n@b".into(), "a\0@b".into()] {
        assert_eq!(register("cyd", &wrong).await, 400, "{wrong:?}");
    }
}

/// Whatever is in a password, it is the same password at the next sign-in.
#[rstest]
#[tokio::test]
async fn a_password_may_hold_any_character(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    for (name, password) in [("ada", " a b "), ("bob", "a+b&c=d%20"), ("cyd", "pä\u{0}ß\u{202e}\r\n\u{1f600}")] {
        let body = json!({"username": name, "email": "a@b", "pwd": password});
        assert_eq!(site.simulator().post("/register", &body).await.status, 204, "{name}");
        assert_eq!(site.visitor().sign_in(name, password).await.redirect(), "/", "{name}");
        assert_eq!(
            site.visitor().sign_in(name, password.trim_matches(' ').get(1..).unwrap_or("")).await.error(),
            "Invalid password"
        );
    }
}

/// A hash takes longer than an answer: while twenty wait for theirs, at least as many others are answered.
#[tokio::test]
async fn hashing_does_not_starve_other_requests() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    let names: Vec<_> = (0..20).map(|number| format!("user{number}")).collect();
    let mut registering = std::pin::pin!(join_all(names.iter().map(|name| simulator.register(name))));
    let mut answered = 0;
    let registered = loop {
        tokio::select! {
            registered = &mut registering => break registered,
            _ = simulator.latest() => answered += 1,
        }
    };
    assert!(registered.iter().all(|answer| answer.status == 204));
    assert!(answered >= 20, "only {answered} requests were answered meanwhile");
}
