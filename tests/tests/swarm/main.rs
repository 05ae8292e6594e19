//! The stack on a swarm of three machines. It takes minutes, and has a step of its own: `tests/run swarm`.

mod accounts;
mod balance;
mod doors;
mod failures;
mod join;
mod load;
mod operations;
mod placement;
mod reach;
mod recovery;
