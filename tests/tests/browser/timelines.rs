//! Posting, following, and who sees what.

use e2e::browser::Wish;

use crate::visit::Visit;

#[tokio::test]
async fn a_follower_sees_a_post_on_their_own_timeline_until_they_unfollow() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.site.welcome(&["ada", "grace"]).await?;
    visit.sign_in("ada").await?;
    visit.post("hello <b>from</b> ada & \"friends\"").await?;
    assert_eq!(visit.flashes().await?, ["Your message was recorded"]);
    assert_eq!(visit.messages().await?, ["hello <b>from</b> ada & \"friends\""]);
    visit.press("sign out [ada]").await?;

    visit.sign_in("grace").await?;
    assert_eq!(visit.texts("ul.messages > li").await?, ["There's no message so far."]);
    visit.press("public timeline").await?;
    visit.press("ada").await?;
    assert_eq!(visit.heading().await?, "ada's Timeline");
    assert_eq!(visit.texts(".followstatus p").await?, ["You are not yet following this user."]);

    visit.press("Follow user").await?;
    assert_eq!(visit.flashes().await?, ["You are now following \"ada\""]);
    assert_eq!(visit.texts(".followstatus p").await?, ["You are currently following this user."]);
    visit.press("my timeline").await?;
    assert_eq!(visit.messages().await?, ["hello <b>from</b> ada & \"friends\""]);

    visit.press("ada").await?;
    visit.press("Unfollow user").await?;
    assert_eq!(visit.flashes().await?, ["You are no longer following \"ada\""]);
    visit.press("my timeline").await?;
    assert_eq!(visit.texts("ul.messages > li").await?, ["There's no message so far."]);
    Ok(())
}

#[tokio::test]
async fn an_empty_post_is_no_message_and_a_long_one_is_an_error_that_keeps_the_text() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.site.welcome(&["ada"]).await?;
    visit.sign_in("ada").await?;
    assert_eq!(visit.texts(".twitbox h3").await?, ["What's on your mind ada?"]);
    visit.press("Share").await?;
    assert!(visit.flashes().await?.is_empty());
    assert_eq!(visit.texts("ul.messages > li").await?, ["There's no message so far."]);

    visit.browser.script("document.querySelector('input[name=text]').value = 'x'.repeat(4001)").await?;
    visit.press("Share").await?;
    assert_eq!(visit.texts("div.error").await?, ["Error: The message is too long: at most 4000 characters"]);
    let kept = visit.browser.script("return document.querySelector('input[name=text]').value.length").await?;
    assert_eq!(kept, 4001);
    Ok(())
}

#[tokio::test]
async fn older_and_newer_lead_through_all_posts_and_back() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.site.welcome(&["ada"]).await?;
    for number in 1..=70 {
        visit.site.write("ada", &format!("post {number}")).await?;
    }
    let posts = |from: u32, to: u32| (to..=from).rev().map(|number| format!("post {number}")).collect::<Vec<_>>();
    visit.go("/public").await?;
    assert_eq!(visit.messages().await?, posts(70, 41));
    visit.press("Older").await?;
    assert_eq!(visit.messages().await?, posts(40, 11));
    visit.press("Older").await?;
    assert_eq!(visit.messages().await?, posts(10, 1));
    assert_eq!(visit.texts(".pages a").await?, ["Newer"]);
    visit.press("Newer").await?;
    visit.press("Newer").await?;
    assert_eq!(visit.messages().await?, posts(70, 41));
    Ok(())
}
