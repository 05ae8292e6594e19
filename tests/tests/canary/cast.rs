//! Who plays: a member of the site, whose password is the canary, and the simulator, whose credential holds it.

use e2e::canary::Canary;

use crate::wish::Request;

/// The name of a member.
pub const MEMBER: &str = "ada";
/// The name of somebody whose password is another.
pub const OTHER: &str = "bob";
/// One of the crowd.
pub const GUEST: &str = "person 0";

/// Who plays, and what they show at the door.
pub struct Cast<'a> {
    pub canary: &'a Canary,
    pub credential: String,
    /// The member's cookie.
    pub session: String,
}

impl Cast<'_> {
    /// A request of the member.
    pub fn as_member(&self, request: Request) -> Request {
        request.header("Cookie", &self.session)
    }

    /// A request of the simulator.
    pub fn as_simulator(&self, request: Request) -> Request {
        request.header("Authorization", &self.credential)
    }
}
