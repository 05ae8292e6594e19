//! Names and values that are neighbours in a list, or values of something else each.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        r#"["Host","x","Authorization","Bearer hunter2","Cookie","sid=hunter2"]"#,
        r#"["Host","x","Authorization","[masked]","Cookie","[masked]"]"#,
    ),
    (r#"{"rawHeaders":["X-Api-Key","hunter2","Host","x"]}"#, r#"{"rawHeaders":["X-Api-Key","[masked]","Host","x"]}"#),
    ("[ 'Authorization', 'Bearer hunter2' ]", "[ 'Authorization', '[masked]' ]"),
    (
        "[\n  'Authorization',\n  'Bearer hunter2',\n  'Cookie',\n  'a=hunter2'\n]",
        "[\n  'Authorization',\n  '[masked]',\n  'Cookie',\n  '[masked]'\n]",
    ),
    (r#"{"a":"[\"Authorization\",\"Bearer hunter2\"]"}"#, r#"{"a":"[\"Authorization\",\"[masked]\"]"}"#),
    ("[(b'host', b'x'), (b'authorization', b'Bearer hunter2')]", "[(b'host', b'x'), (b'authorization', b'[masked]')]"),
    ("[('user', 'ada'), ('password', 'hunter2')]", "[('user', 'ada'), ('password', '[masked]')]"),
    (r#"[["user","ada"],["password","hunter2"]]"#, r#"[["user","ada"],["password","[masked]"]]"#),
    (r#"req.header("Authorization", "Basic hunter2")"#, r#"req.header("Authorization", "[masked]")"#),
    // Commands of Redis, as its monitor shows them.
    (r#"1.1 [0 10.0.0.1:6] "AUTH" "hunter2""#, r#"1.1 [0 10.0.0.1:6] "AUTH" "[masked]""#),
    (r#"1.1 [0 10.0.0.1:6] "auth" "ada" "hunter2""#, r#"1.1 [0 10.0.0.1:6] "auth" "[masked]""#),
    (r#""config" "set" "requirepass" "hunter2""#, r#""config" "set" "requirepass" "[masked]""#),
    // One says what the other is.
    (r#"{"name":"password","value":"hunter2"}"#, r#"{"name":"password","value":"[masked]"}"#),
    (r#"{"key":"Authorization","value":"Bearer hunter2"}"#, r#"{"key":"Authorization","value":"[masked]"}"#),
    (r#"{"key":"password","val":"hunter2"}"#, r#"{"key":"password","val":"[masked]"}"#),
    (r#"{"Key" : "password", "Value" : "hunter2"}"#, r#"{"Key" : "password", "Value" : "[masked]"}"#),
    (r#"{"name":"password","value":9876543210}"#, r#"{"name":"password","value":"[masked]"}"#),
    (
        r#"{"name":"password","type":"string","value":"hunter2"}"#,
        r#"{"name":"password","type":"string","value":"[masked]"}"#,
    ),
    (r#"{"value":"hunter2","name":"password"}"#, r#"{"value":"[masked]","name":"password"}"#),
    (r#"{"a":"{\"value\":\"hunter2\",\"key\":\"pwd\"}"}"#, r#"{"a":"{\"value\":\"[masked]\",\"key\":\"pwd\"}"}"#),
    (
        r#"{"ParameterKey":"DBPassword","ParameterValue":"hunter2"}"#,
        r#"{"ParameterKey":"DBPassword","ParameterValue":"[masked]"}"#,
    ),
    ("{'name': 'password', 'value': 'hunter2'}", "{'name': 'password', 'value': '[masked]'}"),
    ("EnvVar{Name:DB_PASSWORD,Value:hunter2,From:nil,}", "EnvVar{Name:DB_PASSWORD,Value:[masked],}"),
    ("- name: DB_PASSWORD\n  value: hunter2", "- name: DB_PASSWORD\n  value: [masked]"),
];
