//! Documents that are sent together, and the positions that they stand for.
