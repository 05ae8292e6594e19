//! A second net against secrets: known shapes are hidden before a line is kept or sent.
