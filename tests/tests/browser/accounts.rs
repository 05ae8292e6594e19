//! Signing up, in and out, and what goes wrong with it.

use e2e::browser::Wish;
use e2e::seed::PASSWORD;

use crate::visit::Visit;

const NAVIGATION_OF_STRANGERS: &[&str] = &["public timeline", "sign up", "sign in"];

#[tokio::test]
async fn a_person_signs_up_signs_in_and_signs_out() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.go("/").await?;
    assert_eq!(visit.heading().await?, "Public Timeline");
    assert_eq!(visit.texts(".navigation > *").await?, NAVIGATION_OF_STRANGERS);

    visit.sign_up("ada").await?;
    assert_eq!(visit.heading().await?, "Sign In");
    assert_eq!(visit.flashes().await?, ["You were successfully registered and can login now"]);

    visit.sign_in("ada").await?;
    assert_eq!(visit.heading().await?, "My Timeline");
    assert_eq!(visit.flashes().await?, ["You were logged in"]);
    assert_eq!(visit.texts(".navigation > *").await?, ["my timeline", "public timeline", "sign out [ada]"]);
    visit.go("/").await?;
    assert!(visit.flashes().await?.is_empty(), "a flash is shown once");

    visit.press("sign out [ada]").await?;
    assert_eq!(visit.heading().await?, "Public Timeline");
    assert_eq!(visit.flashes().await?, ["You were logged out"]);
    assert_eq!(visit.texts(".navigation > *").await?, NAVIGATION_OF_STRANGERS);
    Ok(())
}

#[tokio::test]
async fn each_mistake_of_a_sign_up_is_named_and_what_was_typed_stays_but_for_passwords() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.site.welcome(&["grace"]).await?;
    visit.go("/register").await?;
    for (username, email, password, password2, error) in [
        ("", "a@b", "x", "x", "You have to enter a username"),
        ("ada", "", "x", "x", "You have to enter a valid email address"),
        ("ada", "nowhere", "x", "x", "You have to enter a valid email address"),
        ("ada", "a@b", "", "", "You have to enter a password"),
        ("ada", "a@b", "x", "y", "The two passwords do not match"),
        ("grace", "a@b", "x", "x", "The username is already taken"),
        ("public", "a@b", "x", "x", "The username is already taken"),
    ] {
        visit
            .fill(&[("username", username), ("email", email), ("password", password), ("password2", password2)])
            .await?;
        visit.press("Sign Up").await?;
        assert_eq!(visit.texts("div.error").await?, [format!("Error: {error}")]);
        assert_eq!(visit.status().await?, 200);
        let kept =
            visit.browser.script("return [...document.querySelectorAll('input')].map(input => input.value)").await?;
        assert_eq!(kept, serde_json::json!([username, email, "", ""]), "after {error}");
    }
    Ok(())
}

#[tokio::test]
async fn each_mistake_of_a_sign_in_is_named() -> anyhow::Result<()> {
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.site.welcome(&["ada"]).await?;
    visit.go("/login").await?;
    for (username, password, error) in [
        ("", "", "Invalid username"),
        ("nobody", PASSWORD, "Invalid username"),
        ("Ada", PASSWORD, "Invalid username"),
        ("ada", "wrong", "Invalid password"),
    ] {
        visit.fill(&[("username", username), ("password", password)]).await?;
        visit.press("Sign In").await?;
        assert_eq!(visit.texts("div.error").await?, [format!("Error: {error}")], "as {username}");
        assert_eq!(visit.heading().await?, "Sign In");
    }
    visit.sign_in("ada").await?;
    assert_eq!(visit.heading().await?, "My Timeline");
    Ok(())
}
