//! The program `log-shipper`; everything is in the library, see its map in `lib.rs`.

fn main() {}
