//! What pages make the browser say and ask: nothing on the console, and nobody but the site.

use e2e::browser::Wish;

use crate::visit::Visit;
use crate::walk::walk;

/// Chromium's own note of a page's status, which is an error page's purpose.
const STATUS_NOTE: &str = " - Failed to load resource: the server responded with a status of ";

#[tokio::test]
async fn every_page_leaves_the_console_empty_and_asks_nobody_else() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    let own = format!("http://{}/", visit.site.web);
    walk(&visit, async |page| {
        let mut complaints = visit.browser.complaints().await?;
        if visit.status().await? >= 400 {
            let note = format!("{}{STATUS_NOTE}", visit.browser.client.current_url().await?);
            complaints.retain(|complaint| !complaint.starts_with(&note));
        }
        assert!(complaints.is_empty(), "{page}: {complaints:?}");
        let requests = visit.browser.requests().await?;
        assert!(!requests.is_empty(), "{page} was not even asked for");
        let outside: Vec<_> = requests.iter().filter(|address| !address.starts_with(&own)).collect();
        assert!(outside.is_empty(), "{page}: {outside:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn avatars_of_gravatar_are_the_only_thing_that_is_asked_of_others() -> anyhow::Result<()> {
    let Some(visit) = Visit::with(Wish::default(), &[]).await? else { return Ok(()) };
    visit.site.welcome(&["ada"]).await?;
    visit.site.write("ada", "with a picture").await?;
    visit.browser.requests().await?;
    visit.go("/public").await?;
    visit.until("return document.querySelector('img.avatar').complete").await?;
    let own = format!("http://{}/", visit.site.web);
    let mut requests = visit.browser.requests().await?;
    requests.retain(|address| !address.starts_with(&own));
    // The MD5 of ada@minitwit.example.
    let avatar = "https://www.gravatar.com/avatar/02c5cfcb832d5955facf4c07fbc4f456?d=identicon&s=48";
    assert_eq!(requests, [avatar]);
    Ok(())
}

#[tokio::test]
async fn a_host_that_is_not_allowed_gets_no_page_of_the_site() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.browser.client.goto(&format!("http://localhost:{}/public", visit.site.web.port())).await?;
    assert_eq!((visit.status().await?, visit.heading().await?.as_str()), (421, "Not this site"));
    Ok(())
}
