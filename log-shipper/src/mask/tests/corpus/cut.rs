//! Lines that end within a secret.

pub(super) const ROWS: &[(&str, &str)] = &[
    ("password=hun", "password=[masked]"),
    (r#"{"a":"x","password":"hunter2-"#, r#"{"a":"x","password":"[masked]"#),
    (r#"{"a":"{\"password\":\"hunter2-"#, r#"{"a":"{\"password\":\"[masked]"#),
    (r#"{"password":["hunter2","hun"#, r#"{"password":"[masked]""#),
    ("password=\"hunter two", "password=\"[masked]"),
    ("password='hunter two", "password='[masked]"),
    ("password: Some(\"hunter two", "password: [masked]"),
    ("<password>hunter two", "<password>[masked]"),
    ("<password><![CDATA[hunter two", "<password><![CDATA[[masked]"),
    ("map[Authorization:[Bearer hunter2", "map[Authorization:[masked]"),
    (r#"["Authorization","Bearer hunter2"#, r#"["Authorization","[masked]"#),
    (r#"s:8:"password";s:20:"hunter two"#, r#"s:8:"password";s:20:"[masked]"#),
    ("IDENTIFIED BY 'hunter two", "IDENTIFIED BY '[masked]"),
    ("curl -u 'ada:hunter two", "curl -u 'ada:[masked]"),
    (concat!("-----BEGIN PRI", "VATE KEY-----\nhunter2"), concat!("-----BEGIN PRI", "VATE KEY-----[masked]")),
    (concat!("-----BEGIN+PRI", "VATE+KEY-----%0Ahunter2"), concat!("-----BEGIN+PRI", "VATE+KEY-----[masked]")),
];
