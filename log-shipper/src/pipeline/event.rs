//! What the reader is told.

use std::sync::mpsc::Sender;

use super::standard_input::Input;
use crate::discover::Found;

/// One message.
#[derive(Debug)]
pub enum Event {
    /// Something was found.
    Found(Found),
    /// A batch is finished: there may be room for another one.
    Room,
    /// The settings have changed.
    Settings(Box<super::Treatment>),
    /// News of standard input.
    Input(Input),
    /// Everything is to be read to its end, and nothing after that.
    Drain,
    /// Reading ends now.
    Stop,
}

/// Sends to the reader; what comes after its end is of no use to anybody.
pub(super) fn tell(events: &Sender<Event>, event: Event) {
    let _ = events.send(event);
}
