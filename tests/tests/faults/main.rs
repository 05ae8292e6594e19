//! The log shipper before real servers that have too much to do, refuse, stop, and change under it: nothing is lost, nothing
//! is stored twice, and what can never be stored is kept.

mod blocks;
mod busy;
mod crash;
mod lines;
mod mapping;
mod missing;
mod rollover;
mod scene;
mod security;
mod size;
mod tap;
