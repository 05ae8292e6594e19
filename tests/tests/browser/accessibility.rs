//! What keeps people from using a page, as far as axe-core knows.

use e2e::browser::{Axe, Scheme, Wish};
use e2e::need;

use crate::visit::Visit;
use crate::walk::walk;

/// `None` where axe-core is missing.
fn axe() -> anyhow::Result<Option<Axe>> {
    let path = need::found("axe-core: npm ci --prefix tests/axe", Some(Axe::path()).filter(|path| path.is_file()));
    path.map(|path| Axe::read(&path)).transpose()
}

#[tokio::test]
async fn axe_core_finds_nothing_on_any_page_in_light_and_dark_narrow_and_wide() -> anyhow::Result<()> {
    let Some(axe) = axe()? else { return Ok(()) };
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    let mut found = Vec::new();
    walk(&visit, async |page| {
        for (scheme, width) in [(Scheme::Light, 360), (Scheme::Dark, 1440)] {
            visit.browser.look(Wish { width, scheme, ..Wish::default() }).await?;
            for violation in visit.browser.violations(&axe).await? {
                found.push(format!("{page}, {}, {width} pixels: {violation}", scheme.name()));
            }
        }
        Ok(())
    })
    .await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test]
async fn axe_core_finds_what_is_wrong_with_a_page_that_is_wrong() -> anyhow::Result<()> {
    let Some(axe) = axe()? else { return Ok(()) };
    let Some(visit) = Visit::begin(Wish::default()).await? else { return Ok(()) };
    visit.go("/login").await?;
    visit.browser.script("document.querySelector('label').remove()").await?;
    let found = visit.browser.violations(&axe).await?;
    assert!(found.iter().any(|violation| violation.rule == "label"), "{found:?}");
    Ok(())
}
