//! Follows what containers print and brings every line to Elasticsearch once.
//!
//! A line passes through these rooms, in this order:
//!
//! - [`discover`] finds containers and files, and reads who a container is: a [`source`].
//! - [`tail`] follows the files of a source through rotation and truncation, each with an identity and a position.
//! - [`docker`] takes Docker's entries apart and joins the pieces of a [`line`].
//! - [`mask`] hides what looks like a secret.
//! - [`document`] makes the document that Elasticsearch stores.
//! - [`batch`] gathers documents, with the positions that they stand for.
//! - [`bulk`] is the language of Elasticsearch's `_bulk`: the request, and what the answer says of each item.
//! - [`deliver`] sends batches until each of their documents is stored or has become a [`dead_letter`].
//! - [`checkpoint`] keeps the positions; one moves when its documents are acknowledged, and for no other reason.
//!
//! [`pipeline`] wires them; [`config`] says how; [`metrics`], [`journal`] and [`ops`] tell what happens; [`setup`] is what
//! Elasticsearch has to know beforehand; [`service`] is the shipper as it runs, and [`cli`] the program's commands, which show
//! a [`table`].

pub mod batch;
pub mod bulk;
pub mod checkpoint;
pub mod cli;
pub mod config;
pub mod dead_letter;
pub mod deliver;
pub mod discover;
pub mod docker;
pub mod document;
pub mod journal;
pub mod line;
pub mod mask;
pub mod metrics;
pub mod ops;
pub mod pipeline;
pub mod place;
pub mod progress;
pub mod service;
pub mod setup;
pub mod source;
pub mod table;
pub mod tail;

pub use event_log::clock;
