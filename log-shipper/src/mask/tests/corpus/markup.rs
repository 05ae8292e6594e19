//! HTML, XML and YAML.

pub(super) const ROWS: &[(&str, &str)] = &[
    (r#"<input name="password" value="hunter two">"#, r#"<input name="password" value="[masked]">"#),
    (r#"<input type="password" id="p" value='hunter2'>"#, r#"<input type="password" id="p" value='[masked]'>"#),
    (r#"<input value="hunter2" name="password">"#, r#"<input value="[masked]" name="password">"#),
    ("<input name=password value=hunter2>", "<input name=password value=[masked]>"),
    (
        r#"{"m":"<input name=\"password\" a=\"b\" value=\"hunter two\">"}"#,
        r#"{"m":"<input name=\"password\" a=\"b\" value=\"[masked]\">"}"#,
    ),
    (r#"<add key="Password" value="hunter2"/>"#, r#"<add key="Password" value="[masked]"/>"#),
    (r#"<property name="password">hunter2</property>"#, r#"<property name="password">[masked]</property>"#),
    ("<name>password</name><value>hunter2</value>", "<name>password</name><value>[masked]</value>"),
    ("<key>password</key>\n <string>hunter2</string>", "<key>password</key>\n <string>[masked]</string>"),
    ("<password><![CDATA[hun<ter2]]></password>", "<password><![CDATA[[masked]]]></password>"),
    (r#"{"m":"<pwd><![CDATA[hunter2","a":1}"#, r#"{"m":"<pwd><![CDATA[[masked]","a":1}"#),
    ("<password>hun\"ter two</password>", "<password>[masked]</password>"),
    ("&lt;password&gt;hunter2&lt;/password&gt;", "&lt;password&gt;[masked]&lt;/password&gt;"),
    ("&lt;w:Password T=\"t\"&gt;hunter2&lt;/w:Password&gt;", "&lt;w:Password T=\"t\"&gt;[masked]&lt;/w:Password&gt;"),
    ("%3Cpassword%3Ehunter2%3C/password%3E", "%3Cpassword%3E[masked]%3C/password%3E"),
    (
        r#"{"m":"\u003cpassword\u003ehunter2\u003c/password\u003e"}"#,
        r#"{"m":"\u003cpassword\u003e[masked]\u003c/password\u003e"}"#,
    ),
    // The value of a block is on the lines behind, if it is known that they belong to it.
    ("password: |", "password: |"),
    ("password: >- hunter2", "password: >- [masked]"),
    ("password: |\n  hunter2\n  hunter2\nuser: ada", "password: |\n  [masked]\nuser: ada"),
    (r#"{"m":"password: >-\n  hunter2\nuser: ada"}"#, r#"{"m":"password: >-\n  [masked]\nuser: ada"}"#),
    ("password: !!str hunter2", "password: [masked]"),
    ("password: &anchor hunter2", "password: [masked]"),
    ("password: &hunter2", "password: [masked]"),
    ("password: hun&ter2", "password: [masked]"),
    ("password: hun;ter2", "password: [masked]"),
    ("password: correct horse battery staple", "password: [masked]"),
];
