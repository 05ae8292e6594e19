//! The way through every page that a browser can reach, error pages too.

use anyhow::ensure;
use e2e::http_client::fetch;
use http::{Request, StatusCode, header};

use crate::visit::Visit;

/// 64 characters, as long as a name may be, and nowhere to break the line.
const LONG_NAME: &str = "Rhoshandiatellyneshiaunneveshenk-Koyaanisquatsiuth-Williams-1984";

/// Leads there, and calls `check` with the name of each page while it is open.
pub async fn walk(visit: &Visit, mut check: impl AsyncFnMut(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    as_a_stranger(visit, &mut check).await?;
    people_who_write_a_lot(visit).await?;
    as_a_member(visit, &mut check).await?;
    where_forms_are_refused(visit, &mut check).await?;
    where_nobody_was_meant_to_come(visit, &mut check).await
}

async fn as_a_stranger(visit: &Visit, check: &mut impl AsyncFnMut(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    visit.go("/public").await?;
    check("public timeline, empty").await?;
    visit.go("/register").await?;
    check("sign up").await?;
    visit.press("Sign Up").await?;
    check("sign up, refused").await?;
    visit.sign_up("ada").await?;
    check("sign in, with a flash").await?;
    visit.press("Sign In").await?;
    check("sign in, refused").await?;
    Ok(())
}

async fn people_who_write_a_lot(visit: &Visit) -> anyhow::Result<()> {
    visit.site.welcome(&[LONG_NAME, "grace"]).await?;
    for number in 0..30 {
        visit.site.write("grace", &format!("Nanoseconds, number {number}.")).await?;
    }
    visit.site.write("grace", &"long words ".repeat(80)).await?;
    visit.site.write(LONG_NAME, &"w".repeat(400)).await?;
    visit.site.write(LONG_NAME, "مرحبا \u{202e}backwards 你好 👩‍💻").await
}

async fn as_a_member(visit: &Visit, check: &mut impl AsyncFnMut(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    visit.sign_in("ada").await?;
    check("my timeline, empty, with a flash").await?;
    visit.post("Hello.").await?;
    check("my timeline").await?;
    visit.press("public timeline").await?;
    check("public timeline").await?;
    visit.press("Older").await?;
    check("public timeline, older").await?;
    visit.go("/ada").await?;
    check("one's own profile").await?;
    visit.go(&format!("/{LONG_NAME}")).await?;
    check("a profile with a long name").await?;
    visit.press("Follow user").await?;
    check("the profile of a followed person").await
}

async fn where_forms_are_refused(
    visit: &Visit,
    check: &mut impl AsyncFnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let text = "const form = document.querySelector('.twitbox form'), field = form.elements.text;";
    for (name, spoil, status) in [
        ("a message that is too long", "field.value = 'x'.repeat(4001)", 200),
        ("a form without its field", "field.remove()", 400),
        ("a form that is too large", "field.value = 'x'.repeat(70000)", 413),
        ("a form of another type", "form.enctype = 'text/plain'", 415),
    ] {
        visit.go("/").await?;
        visit.browser.script(&format!("{text} {spoil}")).await?;
        visit.press("Share").await?;
        ensure!(visit.status().await? == status, "{name} is answered with {}", visit.status().await?);
        check(name).await?;
    }
    Ok(())
}

async fn where_nobody_was_meant_to_come(
    visit: &Visit,
    check: &mut impl AsyncFnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let elsewhere = format!("<!doctype html><a href='http://{}/grace/follow'>come</a>", visit.site.web);
    visit.browser.client.goto(&format!("data:text/html,{elsewhere}")).await?;
    visit.press("come").await?;
    ensure!(visit.status().await? == 403, "a link from elsewhere may not change anything");
    check("a link from elsewhere").await?;

    visit.go("/").await?;
    visit.press("sign out [ada]").await?;
    let too_long = format!("/{}", "a".repeat(40_000));
    for (name, path, status) in [
        ("nobody's profile", "/nobody", 404),
        ("an address that is no page", "/a/b/c", 404),
        ("following without a session", "/grace/follow", 401),
        ("an address for forms only", "/add_message", 405),
        ("a very long address", &too_long, 431),
    ] {
        visit.go(path).await?;
        ensure!(visit.status().await? == status, "{name} is answered with {}", visit.status().await?);
        check(name).await?;
    }
    guess_passwords(visit).await?;
    visit.sign_in("grace").await?;
    ensure!(visit.status().await? == 429, "guessing is answered with {}", visit.status().await?);
    check("too many guesses").await
}

async fn guess_passwords(visit: &Visit) -> anyhow::Result<()> {
    let mut status = StatusCode::OK;
    while status == StatusCode::OK {
        let ask = Request::post("/login")
            .header(header::HOST, visit.site.web.to_string())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("username=grace&password=guess".into())?;
        status = fetch(visit.site.web, ask).await?.status();
    }
    ensure!(status == StatusCode::TOO_MANY_REQUESTS, "guessing ends with {status}");
    Ok(())
}
