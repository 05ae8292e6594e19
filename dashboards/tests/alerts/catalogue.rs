//! What the README says of the alerts.

use dashboards::alerts::table;

use crate::folder::{alerts, all_alerts, rule_files};

#[test]
fn each_alert_has_a_row_with_what_it_means_and_a_runbook_that_is_there() {
    let groups: Vec<_> = rule_files().into_iter().flat_map(|file| file.groups).collect();
    let table = table(&groups);
    for alert in all_alerts() {
        let (name, severity) = (alert.name(), alert.label("severity"));
        let begin = format!("| [`{name}`](runbooks/{name}.md) | {severity} | ");
        let meaning = alert.annotation("summary");
        let row = table.lines().find(|line| line.starts_with(&begin) && line.contains(meaning));
        let row = row.unwrap_or_else(|| panic!("no row begins with {begin}"));
        assert!(row.contains(alert.label("component")), "{row}");
        assert_eq!(row.matches(" | ").count(), 3, "{row}");
        assert!(alerts("runbooks").join(format!("{name}.md")).is_file(), "{name} has no runbook");
    }
}
