//! Docker's entries, and the lines whose pieces they are.
