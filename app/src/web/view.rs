//! The pages as values: what each template needs to know, and nothing that it could look up itself.

use askama::Template;

use super::avatar::Avatar;

/// What every page has around it.
pub struct Frame {
    /// Name of who is signed in.
    pub reader: Option<String>,
    /// Messages that are shown once, oldest first.
    pub flashes: Vec<String>,
    /// URL of the style sheet.
    pub style: &'static str,
    /// URL of the icon.
    pub icon: &'static str,
}

/// One message in a list.
pub struct PostView {
    /// Name of who wrote it.
    pub author: String,
    /// Path of the author's timeline, percent-encoded.
    pub href: String,
    /// Picture of the author.
    pub avatar: Avatar,
    /// What was written, not yet escaped.
    pub text: String,
    /// When, as an HTML date and time in UTC: `2026-11-24T02:14:00Z`.
    pub datetime: String,
    /// When, as people read it: `2026-11-24 @ 02:14`, in UTC.
    pub shown: String,
}

/// What the owner of a timeline is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They are the same person.
    You,
    /// The reader follows the owner.
    Following,
    /// The reader does not follow the owner.
    NotFollowing,
}

/// The box on another's timeline with which a reader follows and unfollows.
pub struct Profile {
    /// Name of the timeline's owner.
    pub name: String,
    /// What they are to the reader.
    pub relation: Relation,
    /// Path that a form posts to, percent-encoded: `/name/follow`.
    pub follow_action: String,
    /// Path that a form posts to, percent-encoded: `/name/unfollow`.
    pub unfollow_action: String,
}

/// The box in which a message is written.
pub struct Compose {
    /// Name of the reader.
    pub name: String,
    /// What is in the field already: the text of a post that failed.
    pub text: String,
    /// Why that post failed.
    pub error: Option<String>,
    /// The most characters that a message may have. Said, not enforced in the page: a browser would cut a pasted text
    /// without a word, and counts UTF-16 units.
    pub limit: usize,
}

/// A list of messages: the reader's own, everyone's, or one person's.
#[derive(Template)]
#[template(path = "timeline.html")]
pub struct Timeline {
    /// What every page has around it.
    pub frame: Frame,
    /// `My Timeline`, `Public Timeline` or `<name>'s Timeline`.
    pub title: String,
    /// Newest first.
    pub posts: Vec<PostView>,
    /// Only on the reader's own timeline.
    pub compose: Option<Compose>,
    /// Only on one person's timeline, and only for who is signed in.
    pub profile: Option<Profile>,
    /// Link to the page of newer messages, if there is one.
    pub newer: Option<String>,
    /// Link to the page of older messages, if there is one.
    pub older: Option<String>,
}

impl Timeline {
    /// The name in the title. The template needs it apart, because a quote in a name is escaped and ours after it is not.
    fn owner(&self) -> Option<&str> {
        self.title.strip_suffix("'s Timeline")
    }
}

/// The form to sign in.
#[derive(Template)]
#[template(path = "login.html")]
pub struct Login {
    /// What every page has around it.
    pub frame: Frame,
    /// Why the last try failed.
    pub error: Option<String>,
    /// The name of the last try.
    pub username: String,
}

/// The form to sign up.
#[derive(Template)]
#[template(path = "register.html")]
pub struct Register {
    /// What every page has around it.
    pub frame: Frame,
    /// Why the last try failed.
    pub error: Option<String>,
    /// The name of the last try.
    pub username: String,
    /// The e-mail address of the last try.
    pub email: String,
}

/// What a person sees when there is no page to show.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What every page has around it.
    pub frame: Frame,
    /// HTTP status code.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// What happened and what to do, in our own words: never what the client sent.
    pub explanation: String,
}

#[cfg(test)]
mod tests;
