use std::sync::mpsc;

use serde_json::Value;
use tracing_subscriber::Registry;

use super::*;
use crate::metrics::Metrics;

/// Where lines can be looked at.
struct Sink(mpsc::Sender<Vec<u8>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that come of what `work` tells, at the level `info`.
fn lines(work: impl FnOnce()) -> Vec<Value> {
    let (sender, written) = mpsc::channel();
    let dropped = Metrics::new("1", "a").log_lines_dropped.clone();
    let journal = Journal::new(Sink(sender), Format::Json, Clock::fixed(0), "node-1", dropped);
    let layer = Events::new(journal.clone()).with_filter(LevelFilter::INFO);
    tracing::subscriber::with_default(Registry::default().with(layer), work);
    journal.finish(Duration::from_mins(1));
    written.try_iter().map(|line| serde_json::from_slice(&line).unwrap()).collect()
}

#[test]
fn an_event_of_ours_is_a_line_with_its_message_error_and_known_labels() {
    let lines = lines(|| {
        tracing::warn!(host = "http://es:9200", attempt = 3, error = %"refused", line = "hunter2", "a host rests");
        tracing::debug!("not at this level");
    });
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["message"], "a host rests");
    assert_eq!(lines[0]["log"]["level"], "warn");
    assert_eq!(lines[0]["error"]["message"], "refused");
    assert_eq!(lines[0]["labels"], serde_json::json!({"host": "http://es:9200", "attempt": "3"}));
    assert!(!lines[0].to_string().contains("hunter2"));
}

#[test]
fn of_other_crates_a_warning_says_where_it_comes_from_and_nothing_else() {
    let lines = lines(|| {
        tracing::warn!(target: "hyper::client", "could not send hunter2");
        tracing::info!(target: "hyper::client", "sent hunter2");
        tracing::warn!(target: "log_shipper_of_others", "hunter2");
    });
    let messages: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["hyper::client", "log_shipper_of_others"]);
    assert!(lines.iter().all(|line| !line.to_string().contains("hunter2")));
}

#[test]
fn an_event_that_comes_again_and_again_is_written_five_times_and_then_counted() {
    let lines = lines(|| {
        for number in 0..100 {
            tracing::warn!(attempt = number, "again");
        }
        tracing::warn!("something else");
    });
    let of = |message: &str| lines.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    assert_eq!(of("again").len(), 6);
    assert_eq!(of("again")[5]["labels"], serde_json::json!({"suppressed": "95"}));
    assert_eq!(of("something else").len(), 1);
}

#[test]
fn the_format_suits_the_terminal_unless_it_is_set() {
    let plain = Format::Pretty { color: false };
    assert_eq!(Format::suiting(LogFormat::Auto, false, false), Format::Json);
    assert_eq!(Format::suiting(LogFormat::Auto, true, false), Format::Pretty { color: true });
    assert_eq!(Format::suiting(LogFormat::Auto, true, true), plain);
    assert_eq!(Format::suiting(LogFormat::Pretty, false, false), plain);
    assert_eq!(Format::suiting(LogFormat::Json, true, false), Format::Json);
}

#[test]
fn colours_are_left_out_where_they_are_not_wanted_or_not_understood() {
    let plain =
        |name: &'static str, value: &'static str| Format::is_plain(|asked| (asked == name).then(|| value.into()));
    assert!(plain("NO_COLOR", "1") && plain("TERM", "dumb"));
    assert!(!plain("NO_COLOR", "") && !plain("TERM", "xterm"));
}
