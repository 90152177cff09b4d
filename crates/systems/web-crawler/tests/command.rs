//! `web-crawler` as a person calls it.

use stage::trial::Call;

fn crawler(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_web-crawler"), arguments)
}

#[test]
fn all_ways_come_to_the_same_report_and_are_polite() {
    let folder = tempfile::tempdir().expect("a folder");
    let reports = ["a-thread-a-core", "concurrent-only", "both"].map(|way| {
        let file = folder.path().join(way);
        let answer = crawler(&["--as", way, "--out"]).with(&file).answer().succeeded();
        assert!(answer.figure("most at once") <= 8.0);
        assert_eq!((answer.figure("twice"), answer.figure("forbidden")), (0.0, 0.0));
        // What `cargo doc` wrote may be written anew meanwhile.
        let report = std::fs::read_to_string(file).expect("a report");
        report.lines().filter(|line| !line.starts_with("docs.test")).map(str::to_owned).collect()
    });
    let reports: [Vec<String>; 3] = reports;
    assert!(reports.iter().all(|report| *report == reports[0]));
    for line in [
        "garden.test/twin/b - A twin in the garden, 0 links, the same text as garden.test/twin/a",
        "library.test/round/2 - moved to library.test/round/1",
        "museum.test/staff/keys - forbidden by robots.txt",
    ] {
        assert!(reports[0].iter().any(|other| other == line), "{line}");
    }
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    crawler(&["--as", "both"]).refused_its_port();
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = crawler(&["--as", "both", "--out"]).with(folder.path().join("report.txt"));
    call.with_room_for(1).answer().failed(1, "report.txt cannot be written");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_found_until_then() {
    let answer = crawler(&["--as", "neither"]).interrupted();
    let last = answer.lines.last().expect("a report");
    assert!(last.starts_with("Report - ") && !last.contains(" 138 "), "{last}");
}
