//! `web-server` as a person calls it.

use stage::trial::Call;

fn server(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_web-server"), arguments)
}

#[test]
fn every_upload_is_answered_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("thumbnails.redb");
    let answer = server(&["--as", "both", "--out"]).with(&file).answer().succeeded();
    assert_eq!(answer.lines.len(), 2 * 32);
    let store = web_server::store::Store::open(Some(&file)).expect("a database");
    assert_eq!(store.count(), Ok(32));
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let errors = server(&["--as", "both"]).refused_its_port().errors;
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = server(&["--as", "both", "--out"]).with(folder.path().join("thumbnails.redb"));
    call.with_room_for(64).answer().failed(1, "thumbnails.redb cannot be");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_done_until_then() {
    let printed = server(&["--as", "neither"]).interrupted().lines.len();
    assert!(
        printed < 64 && printed.is_multiple_of(2),
        "{printed} lines: what was begun is answered"
    );
}

/// The loads that an answer for programs tells of.
fn loads(answer: &stage::trial::Answer) -> Vec<serde_json::Value> {
    let told: serde_json::Value = serde_json::from_str(&answer.lines.join("\n")).expect("JSON");
    assert_eq!(told["command"], "load");
    told["loads"].as_array().expect("a list").clone()
}

#[test]
fn under_load_rate_times_mean_is_how_many_connections_there_are() {
    let load = ["load", "--as=both,neither", "--connections=1,40", "--seconds=1", "--client=own"];
    let answer = server(&load).with("--format=json").answer().succeeded();
    let loads = loads(&answer);
    let names = loads.iter().map(|load| (load["way"].as_str(), load["connections"].as_u64()));
    let expected = [("both", 1), ("both", 40), ("neither", 1), ("neither", 40)];
    assert!(names.eq(expected.map(|(way, number)| (Some(way), Some(number)))), "{loads:#?}");
    for load in loads {
        let figure = |name: &str| load[name].as_f64().unwrap_or_else(|| panic!("{name}: {load:#}"));
        assert!(figure("titles_per_second") > 0.0, "{load:#}");
        for ordered in [
            ["median_ms", "percentile_99_ms", "worst_ms"],
            ["in_progress_at_least", "in_progress", "in_progress_at_most"],
        ] {
            assert!(ordered.map(figure).is_sorted(), "{load:#}");
        }
    }
    assert!(answer.says("neither, connections: 40"), "it says what it is about to do");
}

#[test]
fn somebody_elses_client_tells_the_same() {
    let load = ["load", "--as=both", "--connections=8", "--seconds=1", "--client=wrk"];
    let answer = server(&load).with("--runs=2").answer();
    if answer.code == Some(3) {
        assert!(answer.lines.last().is_some_and(|line| line.contains("wrk is not installed")));
        eprintln!("skipped: wrk is not installed");
        return;
    }
    let table = answer.succeeded().lines;
    let title = "asked for by wrk, 1 s each, the middle of 2 runs";
    assert!(table[0].contains(title), "{table:?}");
    assert!(table.last().is_some_and(|line| line.starts_with("both ")), "{table:?}");
}

#[test]
fn a_load_that_makes_no_sense_is_refused_in_a_sentence() {
    for (argument, why) in [
        ("--as=boht", "no way is called `boht`; the nearest is `both`"),
        ("--connections=1,0", "there may be 1 to 10000"),
        ("--seconds=1000", "there may be 1 to 60"),
        ("--runs=0", "there may be 1 to 99"),
        ("--client=ab", "there is wrk and own"),
        ("--fast", "--help shows how"),
    ] {
        server(&["load", argument]).answer().failed(2, why);
    }
    let help = server(&["load", "--help"]).answer().succeeded();
    assert!(help.lines.iter().any(|line| line.contains("--connections LIST")), "{help:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_on_a_load_that_cannot_be_written_is_told_in_a_sentence() {
    let load = ["load", "--as=both", "--connections=1", "--seconds=1", "--client=own"];
    let answer = server(&load).printing_to("/dev/full").answer();
    answer.failed(1, "the answer cannot be written: No space left");
}

#[cfg(unix)]
#[test]
fn a_load_that_needs_more_files_than_there_may_be_is_not_shown() {
    let script = "ulimit -n 200; exec \"$0\" \"$@\"";
    let shell = Call::of("sh", &["-c", script]).with(env!("CARGO_BIN_EXE_web-server"));
    let load = ["load", "--as=both", "--connections=1000,4", "--seconds=1", "--client=own"];
    let answer = load.into_iter().fold(shell, Call::with).answer();
    assert_eq!(answer.code, Some(3), "{answer:?}");
    let [.., missing, small, why] = &answer.lines[..] else { panic!("{answer:?}") };
    assert!(
        missing.contains("1000  not measured") && !small.contains("not measured"),
        "{answer:?}"
    );
    assert!(why.contains("need 1329 open files, and this machine allows a process 200"), "{why}");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_under_load_keeps_what_was_measured() {
    let load = ["load", "--as=both", "--connections=1,2,3", "--seconds=60", "--client=own"];
    let answer = server(&load).interrupted_on_its_way();
    assert_eq!(answer.lines.len(), 3, "a title, a line for it, and the head: {answer:?}");
}
