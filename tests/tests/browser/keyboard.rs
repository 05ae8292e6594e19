//! The site without a mouse.

use anyhow::ensure;
use e2e::browser::Wish;
use e2e::seed::PASSWORD;
use fantoccini::key::Key;

use crate::visit::Visit;

const FOCUSED: &str = "const at = document.activeElement; return at.name || at.id || at.innerText";

/// Presses Tab until something with this name, id or label has the focus, which must be visible all the way.
async fn tab_to(visit: &Visit, wanted: &str) -> anyhow::Result<()> {
    let mut way = Vec::new();
    while way.last().is_none_or(|at| at != wanted) {
        ensure!(way.len() < 30, "Tab leads to {way:?} and not to {wanted}");
        strike(visit, &char::from(Key::Tab).to_string()).await?;
        let at = visit.browser.script(FOCUSED).await?.as_str().unwrap_or_default().to_owned();
        let outline = "const style = getComputedStyle(document.activeElement); \
                       return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2";
        assert_eq!(visit.browser.script(outline).await?, true, "the focus cannot be seen at {at}");
        way.push(at);
    }
    Ok(())
}

/// Types into whatever has the focus.
async fn strike(visit: &Visit, keys: &str) -> anyhow::Result<()> {
    Ok(visit.browser.client.active_element().await?.send_keys(keys).await?)
}

async fn enter(visit: &Visit) -> anyhow::Result<()> {
    visit.browser.follow(strike(visit, &char::from(Key::Enter).to_string())).await
}

#[tokio::test]
async fn the_keyboard_alone_signs_in_posts_follows_and_signs_out() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.site.welcome(&["ada", "grace"]).await?;
    visit.site.write("grace", "something to follow").await?;
    visit.go("/public").await?;
    tab_to(&visit, "sign in").await?;
    enter(&visit).await?;

    tab_to(&visit, "username").await?;
    strike(&visit, "ada").await?;
    tab_to(&visit, "password").await?;
    strike(&visit, PASSWORD).await?;
    enter(&visit).await?;
    assert_eq!(visit.flashes().await?, ["You were logged in"]);

    tab_to(&visit, "text").await?;
    strike(&visit, "typed, not clicked").await?;
    tab_to(&visit, "Share").await?;
    enter(&visit).await?;
    assert_eq!(visit.messages().await?, ["typed, not clicked"]);

    visit.go("/public").await?;
    tab_to(&visit, "grace").await?;
    enter(&visit).await?;
    tab_to(&visit, "Follow user").await?;
    enter(&visit).await?;
    assert_eq!(visit.flashes().await?, ["You are now following \"grace\""]);

    tab_to(&visit, "sign out [ada]").await?;
    enter(&visit).await?;
    assert_eq!(visit.flashes().await?, ["You were logged out"]);
    Ok(())
}

#[tokio::test]
async fn the_first_tab_offers_to_skip_the_navigation() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.go("/login").await?;
    strike(&visit, &char::from(Key::Tab).to_string()).await?;
    assert_eq!(visit.browser.script(FOCUSED).await?, "Skip to content");
    strike(&visit, &char::from(Key::Enter).to_string()).await?;
    visit.until("return document.activeElement.id === 'main'").await?;
    strike(&visit, &char::from(Key::Tab).to_string()).await?;
    assert_eq!(visit.browser.script(FOCUSED).await?, "username");
    Ok(())
}
