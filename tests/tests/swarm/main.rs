//! The stack on a swarm of three machines. It takes minutes, and has a step of its own: `tests/run swarm`.

mod join;
mod load;
mod operations;
mod reach;
