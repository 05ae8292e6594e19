//! Files that are followed: through rotation, compression and truncation, each with an identity and a position.
