use std::io::Write;
use std::process::{Command, Stdio};

use super::names::{BUILD_INFO, Kind, Metric};
use super::*;

fn rows() -> impl Iterator<Item = &'static Metric> {
    names::ALL.iter().chain([&BUILD_INFO])
}

/// Metrics in which every histogram has seen something: an empty one is not shown.
fn seen() -> Metrics {
    let metrics = Metrics::new("1.2.3", "abc");
    metrics.observe_bulk(Duration::from_millis(20), 1_000_000);
    metrics
}

#[test]
fn every_row_of_the_table_is_there_with_help_and_type() {
    let text = seen().render();
    for metric in rows() {
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        assert!(text.contains(&format!("# HELP {} {}\n", metric.name, metric.help)), "{}", metric.name);
        assert!(text.contains(&format!("# TYPE {} {kind}\n", metric.name)), "{}", metric.name);
    }
    assert!(text.contains(r#"log_shipper_build_info{version="1.2.3",revision="abc"} 1"#));
    assert!(text.contains("process_resident_memory_bytes "));
}

#[test]
fn each_name_stands_once_and_says_its_kind_and_unit() {
    for (at, metric) in rows().enumerate() {
        let first = rows().position(|other| other.name == metric.name);
        assert_eq!(first, Some(at), "{}", metric.name);
        assert!(metric.name.starts_with("log_shipper_") && metric.help.ends_with('.'), "{}", metric.name);
        assert_eq!(metric.name.ends_with("_total"), metric.kind == Kind::Counter, "{}", metric.name);
        assert_eq!(metric.kind == Kind::Histogram, !metric.buckets.is_empty(), "{}", metric.name);
        assert!(metric.buckets.is_sorted_by(|a, b| a < b), "{}", metric.name);
        let unit = metric.unit.as_str();
        assert!(unit == "count" || metric.name.contains(unit), "{}", metric.name);
    }
}

#[test]
fn counters_stand_at_zero_before_the_first_event() {
    let text = Metrics::new("1", "a").render();
    for line in [
        "log_shipper_lines_read_total 0",
        r#"log_shipper_dead_letters_total{reason="other"} 0"#,
        r#"log_shipper_lines_marked_total{mark="masked"} 0"#,
        r#"log_shipper_state_writes_total{outcome="failed"} 0"#,
    ] {
        assert!(text.lines().any(|written| written == line), "{line} in {text}");
    }
}

#[test]
fn what_is_counted_is_shown_and_a_stranger_makes_no_series() {
    let metrics = Metrics::new("1", "a");
    let mut marks = Marks::TRUNCATED;
    marks.add(Marks::MASKED);
    metrics.count_marks(marks);
    metrics.dead_letters.of("illegal_argument_exception").increment(2);
    metrics.dead_letters.of("a_new_exception").increment(3);
    let text = metrics.render();
    for line in [
        r#"log_shipper_lines_marked_total{mark="truncated"} 1"#,
        r#"log_shipper_lines_marked_total{mark="masked"} 1"#,
        r#"log_shipper_lines_marked_total{mark="partial"} 0"#,
        r#"log_shipper_dead_letters_total{reason="illegal_argument_exception"} 2"#,
        r#"log_shipper_dead_letters_total{reason="other"} 3"#,
    ] {
        assert!(text.lines().any(|written| written == line), "{line} in {text}");
    }
    assert!(!text.contains("a_new_exception"));
}

#[test]
fn requests_are_observed_in_their_buckets_however_many_there_are() {
    let metrics = Metrics::new("1", "a");
    (0..2 * GATHERED).for_each(|_| metrics.observe_bulk(Duration::from_millis(20), 3_000_000));
    let text = metrics.render();
    for line in [
        r#"log_shipper_bulk_duration_seconds_bucket{le="0.01"} 0"#,
        r#"log_shipper_bulk_duration_seconds_bucket{le="0.025"} 1024"#,
        r#"log_shipper_bulk_size_bytes_bucket{le="2097152"} 0"#,
        r#"log_shipper_bulk_size_bytes_bucket{le="4194304"} 1024"#,
    ] {
        assert!(text.lines().any(|written| written == line), "{line} in {text}");
    }
}

#[test]
fn promtool_finds_nothing_to_say() {
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut promtool) = promtool.spawn() else {
        assert!(std::env::var_os("REQUIRE_SERVICES").is_none(), "promtool is not installed");
        return eprintln!("skipped: needs promtool");
    };
    promtool.stdin.take().unwrap().write_all(seen().render().as_bytes()).unwrap();
    let said = promtool.wait_with_output().unwrap();
    assert_eq!((String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr)), ("".into(), "".into()));
    assert!(said.status.success());
}
