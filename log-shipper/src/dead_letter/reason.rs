//! What a server says of a refused document, without the values that it quotes.

/// Longer reasons are cut.
const MAX_BYTES: usize = 2 * 1024;

/// What stands before a value in the reasons that servers give.
const BEFORE_VALUES: [&str; 5] = [
    "Preview of field's value",
    "For input string",
    "prefix of the first immense term",
    "failed to parse date field",
    "Unrecognized token",
];

const BEFORE_ID: &str = " in document with id '";
const BEFORE_NAME: &str = "field=";

/// The reason up to the first value that it may quote; without the id, so that equal reasons are equal.
pub(crate) fn without_values(reason: &str) -> String {
    let mut reason = without_id(reason);
    let end = BEFORE_VALUES.iter().filter_map(|words| reason.find(words)).chain(first_quoted(&reason)).min();
    let end = reason.floor_char_boundary(end.unwrap_or(reason.len()).min(MAX_BYTES));
    if end < reason.len() {
        reason.truncate(end);
        reason.truncate(reason.trim_end_matches([' ', '[', '(']).len());
        reason.push('…');
    }
    reason
}

/// The id is the letter's own, in a member of its own.
fn without_id(reason: &str) -> String {
    let found = reason.split_once(BEFORE_ID).and_then(|(before, rest)| {
        let (id, after) = rest.split_once('\'')?;
        is_name(id).then(|| [before, after].concat())
    });
    found.unwrap_or_else(|| reason.to_owned())
}

/// Where a quoted text begins that is not the name of a field.
fn first_quoted(reason: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let start = from + reason[from..].find(['\'', '"'])?;
        let quote = &reason[start..=start];
        let name = reason[start + 1..].split_once(quote).map(|(name, _)| name);
        let name = name.filter(|name| is_name(name) && reason[..start].ends_with(BEFORE_NAME));
        let Some(name) = name else { return Some(start) };
        from = start + name.len() + 2;
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= 256 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_that_servers_quote_are_left_out() {
        let id = "AAAAAAAAAAAAAAAA00000000";
        let field = format!("failed to parse field [client.ip] of type [ip] in document with id '{id}'");
        for (reason, kept) in [
            (
                format!("{field}. Preview of field's value: 'it's hunter2'"),
                "failed to parse field [client.ip] of type [ip].…",
            ),
            ("'hunter2' is not an IP string literal.".to_owned(), "…"),
            ("For input string: \"hunter2\"".to_owned(), "…"),
            ("failed to parse date field [hunter2] with format [x]".to_owned(), "…"),
            (
                "Document contains at least one immense term in field=\"message\" (too long). The prefix of the first \
                 immense term is: '[104, 117]...'"
                    .to_owned(),
                "Document contains at least one immense term in field=\"message\" (too long). The…",
            ),
            (
                "Limit of total fields [1000] has been exceeded while adding new fields [1]".to_owned(),
                "Limit of total fields [1000] has been exceeded while adding new fields [1]",
            ),
        ] {
            assert_eq!(without_values(&reason), kept);
        }
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let cut = without_values(&"ä".repeat(4_000));
        assert_eq!(cut.len(), MAX_BYTES + '…'.len_utf8());
    }
}
