//! What may be written down of a request: pure functions from what was parsed to a safe copy, by allow-list alone.
//!
//! The principle is that nothing is removed from what came in; a line is built from what was understood and allowed:
//! a word that is in a vocabulary, a number of the right size, a name that a user has. Of everything else the line has
//! at most a [`HashKey`] hash, so that two lines can be compared, and a suspicion can be tested, without the value.
//!
//! | Part | Shown |
//! |---|---|
//! | [`form`], [`json`], [`Content`] | the fields that the route's type allows ([`Logged`]), each as it allows |
//! | [`Paths`] | segments of our routes, well-known probes, names of users that exist |
//! | [`Query`] | five integer keys |
//! | [`Hosts`] | our own hosts; of a foreign referrer its scheme, host and port |
//! | [`user_agent`] | product names, platform words and version numbers of a vocabulary |
//! | [`method`], [`media_type`], [`http_version`], [`identifier`] | one of a fixed list, or of a fixed shape |
//! | [`sentence`] | plain words, small numbers, addresses |

mod agent;
mod content;
mod escape;
mod fields;
mod hash;
mod headers;
mod names;
mod origin;
mod path;
mod query;
mod sentence;
mod vocabulary;

pub use agent::{UserAgents, user_agent};
pub use content::{CONTENT_MAX_BYTES, Content};
pub(crate) use escape::escape;
pub use fields::{Logged, Show, Shown, form, json};
pub use hash::HashKey;
pub use headers::{UNKNOWN_METHOD, http_version, identifier, is_identifier, media_type, method};
pub use names::Names;
pub use origin::Hosts;
pub use path::Paths;
pub use query::{Query, is_small, small_integer};
pub use sentence::sentence;
pub use vocabulary::Vocabulary;
