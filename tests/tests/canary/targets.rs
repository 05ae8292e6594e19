//! The canary in a request's line: its method, its path, its query, its authority.

use e2e::canary::Canary;
use e2e::canary::forms::{base64_digits, percent};

use crate::cast::Cast;
use crate::wish::{Door, Request, Wish};

/// Everything of this kind.
pub fn all(cast: &Cast<'_>) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for spelling in spellings(cast.canary) {
        for door in [Door::Web, Door::Api, Door::Ops] {
            wishes.extend(places(&spelling).map(|target| Request::get(door, target).wish()));
        }
    }
    wishes.extend(methods(cast.canary));
    wishes.extend(other_targets(cast.canary));
    wishes.extend(of_the_simulator(cast));
    wishes.extend(of_a_member(cast));
    wishes
}

/// Ways to write the canary into a target.
fn spellings(canary: &Canary) -> Vec<String> {
    let Canary { whole, word, .. } = canary;
    let base64 = base64_digits(whole.as_bytes(), b"-_").into_iter().map(char::from).collect();
    let twice = percent(&percent(whole, true), true);
    vec![word.clone(), percent(whole, true), percent(whole, false), twice, base64]
}

fn places(secret: &str) -> impl Iterator<Item = String> {
    [
        "/{}",
        "/{}/follow",
        "/{}/unfollow",
        "/{}/{}/{}",
        "/a/b/c/d/e/f/g/h/i/{}",
        "/.git/{}",
        "/static/{}",
        "//{}",
        "/..;/{}",
        "/login;password={}",
        "/public;{}",
        "/public?password={}",
        "/public?p={}",
        "/public?before={}&after={}",
        "/public?{}",
        "/public?{}=1",
        "/public?p=1;password={}",
        "/login?username=ada&password={}",
        "/register?username=ada&email={}&password={}&password2={}",
        "/public#{}",
        "/msgs?no={}",
        "/msgs/{}",
        "/msgs/{}?latest={}",
        "/fllws/{}",
        "/latest?latest={}",
        "/register?pwd={}",
        "/metrics?{}",
        "/readyz/{}",
    ]
    .into_iter()
    .map(move |place| place.replace("{}", secret))
}

fn methods(canary: &Canary) -> impl Iterator<Item = Wish> {
    let target = format!("/{}?password={}", percent(&canary.whole, true), canary.word);
    let methods = ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", &canary.word].map(str::to_owned);
    methods.into_iter().flat_map(move |method| {
        [Door::Web, Door::Api].map(|door| Request::of(door, &method, &target).header("X-Password", &canary.word).wish())
    })
}

/// Targets that are no path (RFC 9112, section 3.2).
fn other_targets(canary: &Canary) -> impl Iterator<Item = Wish> {
    let (word, whole) = (&canary.word, percent(&canary.whole, true));
    let targets = [
        format!("http://ada:{whole}@localhost/public"),
        format!("http://{word}/public"),
        format!("http://{word}.example:80/{word}?{word}#{word}"),
        format!("http://localhost/public;{whole}?password={whole}"),
        format!("{word}://localhost/"),
        format!("*{word}"),
        word.clone(),
    ];
    let connects = [format!("{word}:443"), format!("ada:{whole}@localhost:443")];
    let connects = connects.map(|target| Request::of(Door::Web, "CONNECT", target).wish());
    targets
        .into_iter()
        .flat_map(|target| [Door::Web, Door::Api].map(|door| Request::get(door, &target).wish()))
        .chain(connects)
}

/// A name that nobody has, from who has the credential.
fn of_the_simulator(cast: &Cast<'_>) -> impl Iterator<Item = Wish> {
    let whole = percent(&cast.canary.whole, false);
    let paths =
        [format!("/msgs/{whole}"), format!("/fllws/{whole}?no={whole}&latest={whole}"), format!("/msgs/a/{whole}")];
    let asked =
        paths.into_iter().flat_map(|path| [Request::get(Door::Api, &path), Request::json(&path, r#"{"content":"x"}"#)]);
    asked.map(|request| request.header("Authorization", &cast.credential).wish())
}

/// The same from somebody who is signed in.
fn of_a_member(cast: &Cast<'_>) -> impl Iterator<Item = Wish> {
    let whole = percent(&cast.canary.whole, true);
    let places = ["/?password={}", "/{}", "/{}/follow", "/{}/unfollow", "/public?p={}", "/login?password={}"];
    places.into_iter().map(move |place| cast.as_member(Request::get(Door::Web, place.replace("{}", &whole))).wish())
}
