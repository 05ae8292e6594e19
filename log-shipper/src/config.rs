//! Settings: flags, environment variables and a TOML file.
