//! Narrow and wide, light and dark, with scripts and without.

use e2e::browser::{Scheme, Wish};

use crate::visit::Visit;
use crate::walk::walk;

/// The elements that reach beyond the viewport, and whether the page can be scrolled sideways.
const SIDEWAYS: &str = "
    const root = document.documentElement;
    const wide = [...document.body.querySelectorAll('*')].filter(element => element.getBoundingClientRect().right > root.clientWidth + 1);
    const names = wide.map(element => element.tagName + '.' + element.className + ' ends at ' + element.getBoundingClientRect().right);
    return root.scrollWidth > root.clientWidth ? ['the page is ' + root.scrollWidth + ' wide', ...names] : names";

#[tokio::test]
async fn no_page_is_wider_than_the_window_from_360_to_1440_pixels() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    walk(&visit, async |page| {
        for width in [360, 768, 1440] {
            visit.browser.look(Wish { width, ..Wish::default() }).await?;
            let shown = visit.browser.script("return document.documentElement.clientWidth").await?;
            assert!(shown.as_u64() >= Some(u64::from(width) - 20), "{page} is shown {shown} wide");
            assert_eq!(visit.browser.script(SIDEWAYS).await?, serde_json::json!([]), "{page} at {width}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_navigation_that_wraps_begins_under_the_logo() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish { width: 1440, ..Wish::default() }).await? else { return Ok(()) };
    let name = "W".repeat(64);
    visit.sign_up(&name).await?;
    visit.sign_in(&name).await?;
    let lefts = "const link = document.querySelector('.navigation a'), logo = document.querySelector('header img'); \
                 const [link_box, logo_box] = [link, logo].map(element => element.getBoundingClientRect()); \
                 const text = link_box.left + parseFloat(getComputedStyle(link).paddingLeft); \
                 return [link_box.top > logo_box.bottom, Math.round(text - logo_box.left)]";
    assert_eq!(visit.browser.script(lefts).await?, serde_json::json!([true, 0]));
    Ok(())
}

#[tokio::test]
async fn a_message_stays_within_its_bounds() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.sign_up("ada").await?;
    visit.sign_in("ada").await?;
    visit.post(&format!("Z{}", "\u{300}".repeat(100))).await?;
    let clips = "return getComputedStyle(document.querySelector('.messages p')).overflowY";
    assert_eq!(visit.browser.script(clips).await?, "clip");
    Ok(())
}

#[tokio::test]
async fn an_avatar_that_cannot_be_had_is_a_plain_patch() -> anyhow::Result<()> {
    let Some(visit) = Visit::with(Wish::default(), &["--avatars", "gravatar"]).await? else { return Ok(()) };
    visit.sign_up("ada").await?;
    visit.sign_in("ada").await?;
    visit.post("hello").await?;
    let covers = "const avatar = document.querySelector('img.avatar'); \
                  const [own, cover] = [getComputedStyle(avatar), getComputedStyle(avatar, '::after')]; \
                  return [cover.content, cover.position, cover.width, cover.backgroundColor === own.backgroundColor]";
    assert_eq!(visit.browser.script(covers).await?, serde_json::json!(["\"\"", "absolute", "48px", true]));
    Ok(())
}

#[tokio::test]
async fn pages_are_light_or_dark_as_the_reader_wishes() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.go("/public").await?;
    let brightness = "const sum = color => color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0); \
                      const style = getComputedStyle(document.body); \
                      return Math.sign(sum(style.backgroundColor) - sum(style.color))";
    for (scheme, ground_against_text) in [(Scheme::Light, 1), (Scheme::Dark, -1)] {
        visit.browser.look(Wish { scheme, ..Wish::default() }).await?;
        assert_eq!(visit.browser.script(brightness).await?, ground_against_text, "{}", scheme.name());
    }
    Ok(())
}

#[tokio::test]
async fn everything_works_where_scripts_are_blocked() -> anyhow::Result<()> {
    let wish = Wish { scripts: false, ..Wish::default() };
    let Some(visit) = Visit::begin(wish).await? else { return Ok(()) };
    let scripted = "data:text/html,<title>blocked</title><script>document.title='run'</script>";
    visit.browser.client.goto(scripted).await?;
    assert_eq!(visit.browser.client.title().await?, "blocked", "this browser runs the scripts of pages");

    visit.site.welcome(&["grace"]).await?;
    visit.sign_up("ada").await?;
    visit.sign_in("ada").await?;
    visit.post("no script was needed").await?;
    assert_eq!(visit.messages().await?, ["no script was needed"]);
    visit.go("/grace").await?;
    visit.press("Follow user").await?;
    assert_eq!(visit.flashes().await?, ["You are now following \"grace\""]);
    visit.press("sign out [ada]").await?;
    assert_eq!(visit.flashes().await?, ["You were logged out"]);
    Ok(())
}
