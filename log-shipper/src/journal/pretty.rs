//! An event as one readable line for a person at a terminal.

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use super::note::Note;

const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default().bold();

/// `12:30:45.123 WARN a host rests host=http://es:9200: connection refused`.
pub(super) fn line(note: &Note, color: bool) -> String {
    let styled = |style: Style, text: &str| {
        let style = if color { style } else { Style::new() };
        format!("{style}{text}{style:#}")
    };
    let time = Timestamp::from_microsecond(note.at).unwrap_or_default().strftime("%H:%M:%S%.3f").to_string();
    let level = styled(level_style(note.level), &note.level.to_uppercase());
    let mut line = format!("{} {level} {}", styled(DIM, &time), note.message);
    for (name, value) in &note.labels {
        line.push(' ');
        line.push_str(&styled(DIM, &format!("{name}={value}")));
    }
    if let Some(error) = &note.error {
        line.push_str(": ");
        line.push_str(&styled(RED, error));
    }
    line
}

fn level_style(level: &str) -> Style {
    match level {
        "error" => RED,
        "warn" => YELLOW,
        "info" => GREEN,
        _ => DIM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_readable_line_with_colours_only_where_they_are_wanted() {
        let note = Note {
            at: 1_582_246_860_738_000,
            level: "warn",
            message: "a host rests".into(),
            error: Some("refused".into()),
            labels: vec![("host", "http://es:9200".into())],
            ..Note::default()
        };
        assert_eq!(line(&note, false), "01:01:00.738 WARN a host rests host=http://es:9200: refused");
        assert!(line(&note, true).contains("\u{1b}[33mWARN\u{1b}[0m a host rests"));
    }
}
