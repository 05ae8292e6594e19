//! Who does what on the stage, and what comes of it.

use anyhow::ensure;
use e2e::canary::Canary;
use e2e::canary::forms::percent;
use e2e::console;
use e2e::site::Site;
use serde_json::json;
use tokio::task::JoinSet;

use crate::cast::{Cast, MEMBER, OTHER};
use crate::sinks::Sinks;
use crate::stage::Stage;
use crate::wire::talk;
use crate::wish::{Door, Request, Wish};

const ANSWERS: &str = "what sites answer";
/// People who come at once, and how often each signs in.
const CROWD: usize = 12;
const VISITS: usize = 3;

/// What goes on.
pub struct Play<'p, 'c> {
    pub site: &'p mut Site,
    pub sinks: &'p mut Sinks<'c>,
    /// How many pages kept the canary in the form into which it was typed.
    pub kept_forms: usize,
}

impl Play<'_, '_> {
    /// Does as a client wishes, searches the answer, and waits for the lines of the log.
    pub async fn grant(&mut self, wish: &Wish) -> anyhow::Result<Vec<u8>> {
        let what = wish.shown();
        self.sinks.begin(&what);
        let answer = talk(wish.door.address(self.site), &wish.pieces, wish.manner).await?;
        if let Some(status) = wish.status {
            ensure!(answer.starts_with(format!("HTTP/1.1 {status} ").as_bytes()), "{what}\n{}", answer.escape_ascii());
        }
        let searched = if wish.form_returns { self.without_kept_fields(&answer) } else { answer.clone() };
        self.sinks.told(ANSWERS, &what, &searched);
        self.sinks.expect_lines(wish.lines, &what).await?;
        self.site.server.check()?;
        Ok(answer)
    }

    /// A failed form keeps name and address, so that nobody has to type them again.
    fn without_kept_fields(&mut self, answer: &[u8]) -> Vec<u8> {
        let page = String::from_utf8_lossy(answer);
        let (mut rest, mut without) = (&*page, String::new());
        while let Some((before, after)) = rest.split_once(" value=\"") {
            let (kept, after) = after.split_once('"').unwrap_or((after, ""));
            self.kept_forms += usize::from(!kept.is_empty());
            without.push_str(before);
            rest = after;
        }
        (without + rest).into_bytes()
    }

    /// Right registrations and sign-ins at both doors. They come first, before anybody is slowed down for guessing.
    pub async fn opening<'c>(&mut self, canary: &'c Canary, stage: &Stage) -> anyhow::Result<Cast<'c>> {
        let secret = percent(&canary.whole, true);
        let register = format!("username={MEMBER}&email=a%40example.com&password={secret}&password2={secret}");
        self.grant(&Request::form("/register", register).wish().answered(302)).await?;
        let other = json!({ "username": OTHER, "email": "b@example.com", "pwd": "another" });
        self.grant(&Request::json("/register", other.to_string()).wish().answered(204)).await?;
        let browser = format!("Mozilla/5.0 ({}) Firefox/1.0", canary.word);
        let login = Request::form("/login", format!("username={MEMBER}&password={secret}"));
        self.grant(&login.clone().header("User-Agent", browser).wish().answered(302)).await?;
        let answer = self.grant(&login.wish().answered(302)).await?;
        let cast = Cast { canary, credential: stage.credential.clone(), session: cookie(&answer)? };
        self.grant(&cast.as_member(Request::get(Door::Web, "/")).wish().answered(200)).await?;
        self.grant(&cast.as_member(Request::form("/add_message", "text=hello")).wish().answered(302)).await?;
        self.grant(&cast.as_simulator(Request::get(Door::Api, "/msgs")).wish().answered(200)).await?;
        Ok(cast)
    }

    /// Many who register and sign in at the same time, all with the same password.
    pub async fn crowd(&mut self, canary: &Canary) -> anyhow::Result<()> {
        self.sinks.begin("many at once");
        let secret = percent(&canary.whole, true);
        let (web, api) = (self.site.web, self.site.api);
        let mut people = JoinSet::new();
        for number in 0..CROWD {
            let object =
                json!({ "username": format!("person {number}"), "email": "p@example.com", "pwd": canary.whole });
            let register = Request::json("/register", object.to_string()).wish();
            let login = Request::form("/login", format!("username=person+{number}&password={secret}")).wish();
            people.spawn(async move {
                let mut answers = vec![talk(api, &register.pieces, register.manner).await?];
                for _visit in 0..VISITS {
                    answers.push(talk(web, &login.pieces, login.manner).await?);
                }
                anyhow::Ok(answers)
            });
        }
        for answers in people.join_all().await {
            let answers = answers?;
            let good = |status: &str, answer: &Vec<u8>| answer.starts_with(format!("HTTP/1.1 {status} ").as_bytes());
            ensure!(
                good("204", &answers[0]) && answers[1..].iter().all(|answer| good("302", answer)),
                "somebody is refused"
            );
            for answer in &answers {
                self.sinks.told(ANSWERS, "many at once", answer);
            }
        }
        self.sinks.expect_lines(CROWD * (1 + VISITS), "many at once").await
    }

    /// What is measured, which also says that requests were counted.
    pub async fn metrics(&mut self) -> anyhow::Result<()> {
        let wish = Request::get(Door::Ops, "/metrics").wish().answered(200);
        let page = talk(self.site.ops, &wish.pieces, wish.manner).await?;
        let text = String::from_utf8_lossy(&page);
        let counted = ["minitwit_logins_total{", "minitwit_registrations_total{", "http_server_requests_total{"];
        ensure!(counted.iter().all(|name| text.contains(name)), "/metrics has no requests:\n{text}");
        self.sinks.told("metrics", "everything", &page);
        Ok(())
    }
}

/// Somebody posts the canary, and everybody may read it.
pub async fn publish(site: &mut Site, canary: &Canary, stage: &Stage, sinks: &mut Sinks<'_>) -> anyhow::Result<()> {
    let mut play = Play { site, sinks, kept_forms: 0 };
    let secret = percent(&canary.whole, true);
    let login = Request::form("/login", format!("username={MEMBER}&password={secret}"));
    let session = cookie(&play.grant(&login.wish().logged(0).answered(302)).await?)?;
    let post = Request::form("/add_message", format!("text={secret}")).header("Cookie", session);
    play.grant(&post.wish().logged(0).answered(302)).await?;
    play.grant(&Request::get(Door::Web, "/public").wish().logged(0).answered(200)).await?;
    let list = console::ask(&stage.program, &stage.database_url, &["messages", "list"]).await?;
    play.sinks.told("what commands print", "minitwit messages list", list.as_bytes());
    Ok(())
}

/// The session in an answer, as a browser sends it back.
fn cookie(answer: &[u8]) -> anyhow::Result<String> {
    let head = String::from_utf8_lossy(answer);
    let session = head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').find(|pair| pair.starts_with("session=")));
    ensure!(session.is_some(), "no session begins: {head}");
    Ok(session.unwrap_or_default().to_owned())
}
