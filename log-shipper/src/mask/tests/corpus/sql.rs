//! SQL that sets passwords.

pub(super) const ROWS: &[(&str, &str)] = &[
    ("ALTER USER x PASSWORD 'hunter2'", "ALTER USER x PASSWORD '[masked]'"),
    ("CREATE ROLE x LOGIN PASSWORD 'hun''ter2' VALID", "CREATE ROLE x LOGIN PASSWORD '[masked]' VALID"),
    ("ALTER ROLE x ENCRYPTED PASSWORD E'hunter two'", "ALTER ROLE x ENCRYPTED PASSWORD [masked]"),
    ("CREATE LOGIN x WITH PASSWORD = N'hunter two', A = ON", "CREATE LOGIN x WITH PASSWORD = [masked], A = ON"),
    ("SET PASSWORD FOR x = PASSWORD('hunter2')", "SET PASSWORD FOR x = PASSWORD('[masked]')"),
    ("SET PASSWORD FOR x USING PASSWORD('hunter2')", "SET PASSWORD FOR x USING PASSWORD('[masked]')"),
    ("CREATE USER x IDENTIFIED BY 'hunter2'", "CREATE USER x IDENTIFIED BY '[masked]'"),
    ("IDENTIFIED BY 'hun''ter2' REQUIRE SSL", "IDENTIFIED BY '[masked]' REQUIRE SSL"),
    ("ALTER USER x IDENTIFIED BY 'hunter2' REPLACE 'hunter2' x", "ALTER USER x IDENTIFIED BY '[masked]' x"),
    ("GRANT ALL TO 'x' IDENTIFIED BY PASSWORD '*hunter2'", "GRANT ALL TO 'x' IDENTIFIED BY PASSWORD '[masked]'"),
    ("IDENTIFIED WITH mysql_native_password BY 'hunter2'", "IDENTIFIED WITH mysql_native_password BY '[masked]'"),
    ("IDENTIFIED WITH 'caching' AS '$A$hunter2'", "IDENTIFIED WITH 'caching' AS '[masked]'"),
    ("IDENTIFIED VIA ed25519 USING 'hunter2'", "IDENTIFIED VIA ed25519 USING '[masked]'"),
    ("alter user x identified by hunter2;", "alter user x identified by [masked];"),
    ("CREATE USER x IDENTIFIED BY \"hunter two\"", "CREATE USER x IDENTIFIED BY \"[masked]\""),
    (r#"{"q":"CREATE USER x IDENTIFIED BY \"hunter2\""}"#, r#"{"q":"CREATE USER x IDENTIFIED BY \"[masked]\""}"#),
    (r#"{"q":"IDENTIFIED BY 'hunter2","a":1}"#, r#"{"q":"IDENTIFIED BY '[masked]","a":1}"#),
    (r#"{"q":"ALTER USER x PASSWORD 'hunter2'"}"#, r#"{"q":"ALTER USER x PASSWORD '[masked]'"}"#),
];
