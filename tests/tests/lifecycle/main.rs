//! The program from its start to its end: what keeps it from starting, how it stops, and its other commands.

mod commands;
mod secrets;
mod start;
mod stop;
