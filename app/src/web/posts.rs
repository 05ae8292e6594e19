//! A part of a timeline as its page shows it: the messages, and the links to what is newer and older.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::avatar::{Avatar, gravatar, identicon};
use super::link;
use super::view::PostView;
use crate::App;
use crate::config::Avatars;
use crate::domain::{Cursor, Page, Post, Timeline};
use crate::store::Result;

/// Messages with their links.
pub(super) struct Listing {
    pub posts: Vec<PostView>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// Reads a page of a timeline and links it under `path`. One message more than the page holds is read, to know whether
/// there is another page.
pub(super) async fn listing(app: &App, timeline: Timeline, path: &str, page: Page) -> Result<Listing> {
    let mut page = page;
    let mut posts = app.store.timeline(timeline, peek(page)).await?;
    // Upwards there is less than a page left: that is the newest page, and it should be a full one.
    if matches!(page.cursor, Cursor::After(_)) && posts.len() <= size(page) {
        page = Page::newest(page.size);
        posts = app.store.timeline(timeline, peek(page)).await?;
    }
    let more = posts.len() > size(page);
    let upwards = matches!(page.cursor, Cursor::After(_));
    if more && upwards {
        posts.remove(0);
    } else {
        posts.truncate(size(page));
    }
    let above = match page.cursor {
        Cursor::Newest => false,
        Cursor::After(_) => more,
        Cursor::Before(_) | Cursor::Offset(_) => true,
    };
    let newer = above.then(|| posts.first().map_or_else(|| path.to_owned(), |post| link::newer(path, post.id)));
    let below = if upwards { any_below(app, timeline, posts.last()).await? } else { more };
    let older = posts.last().filter(|_| below).map(|post| link::older(path, post.id));
    Ok(Listing { posts: posts.into_iter().map(|post| view(post, app.settings.avatars)).collect(), newer, older })
}

/// A page that was reached from below may still begin at the very end, since anybody can write its address.
async fn any_below(app: &App, timeline: Timeline, lowest: Option<&Post>) -> Result<bool> {
    let Some(lowest) = lowest else { return Ok(false) };
    let below = Page { cursor: Cursor::Before(lowest.id), size: 1 };
    Ok(!app.store.timeline(timeline, below).await?.is_empty())
}

fn size(page: Page) -> usize {
    usize::try_from(page.size).unwrap_or(0)
}

fn peek(page: Page) -> Page {
    Page { size: page.size + 1, ..page }
}

fn view(post: Post, avatars: Avatars) -> PostView {
    let (datetime, shown) = times(post.posted_at);
    PostView {
        href: link::profile(&post.author),
        avatar: avatar(&post.email, avatars),
        author: post.author,
        text: post.text,
        datetime,
        shown,
    }
}

fn avatar(email: &str, avatars: Avatars) -> Avatar {
    match avatars {
        Avatars::Gravatar => gravatar(email),
        Avatars::Local => identicon(email),
    }
}

/// For machines and for people, both in UTC; a time that no calendar has is shown as the beginning of 1970.
fn times(micros: i64) -> (String, String) {
    let time = Offset::UTC.to_datetime(Timestamp::from_microsecond(micros).unwrap_or_default());
    let (date, hour, minute) = (time.date(), time.hour(), time.minute());
    (format!("{date}T{hour:02}:{minute:02}:{:02}Z", time.second()), format!("{date} @ {hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_utc_to_the_minute() {
        let (datetime, shown) = times(1_582_246_860_738_000);
        assert_eq!((datetime.as_str(), shown.as_str()), ("2020-02-21T01:01:00Z", "2020-02-21 @ 01:01"));
    }
}
