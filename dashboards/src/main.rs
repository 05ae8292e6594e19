//! Writes every file that is made of others, or says which is stale.

fn main() {}
