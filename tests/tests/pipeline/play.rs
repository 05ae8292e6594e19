//! What people do on a site, and the simulator for them.

use std::net::SocketAddr;

use e2e::simulator::request::percent_encoded;
use serde_json::json;

use crate::person::{Person, Wish};

/// Passwords that nobody else has.
#[derive(Clone)]
pub struct Secrets {
    pub right: String,
    pub wrong: String,
}

/// Where a site answers.
#[derive(Clone, Copy)]
pub struct Doors {
    pub web: SocketAddr,
    pub api: SocketAddr,
}

/// Whom everybody follows.
pub const STAR: &str = "star";

fn wish<'a>(path: &'a str, route: &'static str, status: u16) -> Wish<'a> {
    Wish { path, route, status }
}

impl Person {
    /// A day with the pages.
    pub async fn visit(&mut self, Doors { web, .. }: Doors, secrets: &Secrets) -> anyhow::Result<()> {
        let (name, right) = (self.name.clone(), &*secrets.right);
        let mail = format!("{}@minitwit.example", name.replace(' ', "."));
        let card = [("username", &*name), ("email", &mail), ("password", right), ("password2", right)];
        self.submit(web, wish("/register", "/register", 302), &card, true).await?;
        self.submit(web, wish("/register", "/register", 200), &card, false).await?;
        let login = |password| [("username", &*name), ("password", password)];
        self.submit(web, wish("/login", "/login", 200), &login(&*secrets.wrong), false).await?;
        self.submit(web, wish("/login", "/login", 302), &login(right), true).await?;
        self.signed_in(true);
        self.open(web, wish("/", "/", 200)).await?;
        self.submit(web, wish("/add_message", "/add_message", 302), &[("text", "<b>hello</b> & \"all\"")], true)
            .await?;
        self.open(web, wish("/star/follow", "/{username}/follow", 302)).await?;
        self.open(web, wish("/star", "/{username}", 200)).await?;
        self.open(web, wish("/star/unfollow", "/{username}/unfollow", 302)).await?;
        self.open(web, wish("/public?p=0", "/public", 200)).await?;
        self.open(web, wish("/nobody-there", "/{username}", 404)).await?;
        self.open(web, wish("/logout", "/logout", 302)).await?;
        self.signed_in(false);
        self.open(web, wish("/a/b/c", "unmatched", 404)).await?;
        self.open(web, wish("/static/style.css", "/static/{file}", 200)).await?;
        self.submit(web, wish("/add_message", "/add_message", 401), &[("text", "too late")], false).await
    }

    /// The simulator acts for them.
    pub async fn be_simulated(&mut self, Doors { api, .. }: Doors, secrets: &Secrets) -> anyhow::Result<()> {
        let name = percent_encoded(&self.name);
        let (messages, follows) = (format!("/msgs/{name}?latest=1"), format!("/fllws/{name}?latest=2"));
        let card = json!({ "username": self.name, "email": "s@minitwit.example", "pwd": secrets.right });
        self.simulate(api, "POST", wish("/register?latest=3", "/register", 204), Some(card.clone()), true).await?;
        self.simulate(api, "POST", wish("/register?latest=4", "/register", 400), Some(card), false).await?;
        for (path, route, body) in [
            (&*messages, "/msgs/{username}", json!({ "content": "from the simulator" })),
            (&follows, "/fllws/{username}", json!({ "follow": STAR })),
            (&follows, "/fllws/{username}", json!({ "unfollow": STAR })),
        ] {
            self.simulate(api, "POST", wish(path, route, 204), Some(body), true).await?;
        }
        self.simulate(api, "GET", wish(&messages, "/msgs/{username}", 200), None, true).await?;
        self.simulate(api, "GET", wish(&follows, "/fllws/{username}", 200), None, true).await?;
        self.simulate(api, "GET", wish("/msgs?no=5", "/msgs", 200), None, false).await?;
        self.simulate(api, "GET", wish("/latest", "/latest", 200), None, false).await?;
        self.simulate(api, "GET", wish("/msgs/nobody-there", "/msgs/{username}", 404), None, false).await?;
        self.open(api, wish("/msgs", "/msgs", 403)).await
    }
}
