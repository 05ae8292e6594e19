//! Positions on disk: how far each file is acknowledged.
