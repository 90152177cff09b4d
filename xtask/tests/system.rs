//! `cargo xtask system` as a person and as a program would use it.
//!
//! What a busy machine would show otherwise is not asserted: figures are told, and stand between what is
//! possible and what is not.

use std::process::{Command, Output};

use command::envelope;
use serde_json::{Value, json};

fn system(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("system").args(arguments).env_remove("CLICOLOR_FORCE");
    command.output().expect("the task runner runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What the command answers to a program, and its exit code.
fn answer(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = system(&[arguments, &["--format", "json"]].concat());
    let answer = envelope::read(&output.stdout);
    let errors = text(&output.stderr);
    (output.status.code(), answer.unwrap_or_else(|error| panic!("{error}: {errors}")))
}

#[test]
fn systems_are_listed_without_being_built() {
    let output = system(&[]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for part in ["music", "concurrent-only", "a thread each, on one core", "cargo xtask system"] {
        assert!(shown.contains(part), "`{part}` is missing in {shown}");
    }
    assert_eq!(text(&output.stderr), "", "cargo would have said that it builds");
    let (_, systems) = answer(&[]);
    assert_eq!(systems[0]["name"], "music");
    assert_eq!(systems[0]["ways"][0]["expected"], "neither");
}

#[test]
fn what_is_not_there_is_wrong_usage() {
    for (arguments, expected) in [
        (&["musik"][..], "no system is called `musik`; the nearest is `music`"),
        (&["music", "--as", "bot"], "no way of music is called `bot`; the nearest is `both`"),
        (&["--as", "both"], "required"),
    ] {
        let output = system(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}

/// Holds a way's run to what holds on any machine.
fn assert_sound(way: &Value) {
    assert_eq!(way["shelf"], "systems", "{way:#}");
    assert_eq!(way["faults"], json!([]), "{way:#}");
    assert_ne!(way["outcome"], "failed", "{way:#}");
    let figures = way["felt"].as_array().expect("a list of figures");
    assert!(!figures.is_empty());
    for figure in figures {
        let value = figure["value"].as_f64().expect("a figure that was told");
        assert!(value >= figure["at_least"].as_f64().expect("a number"), "{figure:#}");
        assert!(figure["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{figure:#}");
    }
}

#[test]
fn music_on_one_thread_has_its_gaps() {
    let (code, answer) = answer(&["music", "--as", "one-thread"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["concurrent"]["verdict"], "proven");
    assert_ne!(way["parallel"]["verdict"], "proven");
    assert_eq!(way["felt"][0]["figure"], "gaps");
    assert!(way["felt"][0]["at_least"].as_f64() > Some(0.0), "{way:#}");
}

#[test]
fn the_same_web_server_is_in_the_quadrant_that_its_way_promises() {
    for (way, concurrent) in [("parallel-only", "ruled-out"), ("waiting-threads", "proven")] {
        let (code, answer) = answer(&["web-server", "--as", way]);
        let way = &answer["ways"][0];
        assert_sound(way);
        assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
        assert_eq!(way["concurrent"]["verdict"], concurrent);
        assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
    }
}

#[test]
fn a_room_that_waits_for_one_who_sleeps_keeps_all_and_loses_nothing() {
    let (code, answer) = answer(&["chat", "--as", "in-turn"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
    let value = |place: usize| way["felt"][place]["value"].as_f64();
    assert_eq!([value(0), value(1), value(2)], [Some(0.0), Some(0.0), Some(1.0)], "{way:#}");
    assert_eq!(way["felt"][4]["at_least"], json!(500.0));
}

#[test]
fn a_game_by_a_schedule_is_the_game_that_was_recorded() {
    let (code, answer) = answer(&["video-game", "--as", "single-threaded"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["concurrent"]["verdict"], "ruled-out");
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
}

#[test]
fn a_browser_that_decodes_where_it_waits_shows_the_whole_page_all_the_same() {
    let (code, answer) = answer(&["web-browser", "--as", "concurrent-only"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["concurrent"]["verdict"], "proven");
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
}

#[test]
fn a_film_is_written_in_order_whoever_rendered_its_frames() {
    let (code, answer) = answer(&["film", "--as", "both"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["concurrent"]["verdict"], "proven");
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
    let scale = answer["scale"].as_array().expect("what more cores bring");
    let gain = |cores: u64| {
        let row = scale.iter().find(|row| row["cores"] == json!(cores)).expect("a row");
        row["gain"].as_f64().expect("a number")
    };
    assert!(gain(1) == 1.0 && gain(2) > 1.9 && gain(64) < 48.0, "{scale:?}");
}

#[test]
fn a_forecast_is_the_same_on_all_cores_but_for_what_each_of_them_adds_up() {
    let (code, answer) = answer(&["weather", "--as", "by-core"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["concurrent"]["verdict"], "ruled-out");
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
    let answers = way["felt"].as_array().expect("figures").iter();
    let answers = answers.filter(|it| it["figure"] == "answers").map(|it| &it["value"]);
    assert!(answers.clone().count() == 1 && answers.clone().all(|it| it.as_f64() > Some(1.0)));
}

#[test]
fn networks_learn_the_same_on_all_cores_unless_each_worker_adds_up_what_it_has() {
    for (way, is_one) in [("parallel-only", true), ("by-worker", false)] {
        let (code, answer) = answer(&["training", "--as", way]);
        let way = &answer["ways"][0];
        assert_sound(way);
        assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
        assert_eq!(way["concurrent"]["verdict"], "ruled-out");
        assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
        let answers = way["felt"][2]["value"].as_f64().expect("a figure");
        assert_eq!(answers == 1.0, is_one, "{way:#}");
    }
}

#[test]
fn a_crawler_on_one_core_waits_for_many_hosts_and_is_polite() {
    let (code, answer) = answer(&["web-crawler", "--as", "concurrent-only"]);
    let way = &answer["ways"][0];
    assert_sound(way);
    assert_eq!(code, Some(if answer["outcome"] == "passed" { 0 } else { 3 }), "{answer:#}");
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
    let value = |place: usize| way["felt"][place]["value"].as_f64();
    assert!(value(2) <= Some(8.0), "{way:#}");
    assert_eq!([value(3), value(4)], [Some(0.0), Some(0.0)], "{way:#}");
}

#[test]
fn what_one_core_cannot_show_is_not_run() {
    let (code, answer) = answer(&["music", "--as", "both", "--cores", "1"]);
    assert_eq!(code, Some(3), "{answer:#}");
    assert_eq!(answer["not_run"], json!(["both"]));
    assert_eq!(answer["outcome"], "not-shown");
    let shown = text(&system(&["music", "--as", "both", "--cores", "1"]).stdout);
    assert!(shown.contains("not run: it wants more than one core"), "{shown}");
}

/// A program that prints what is asked for, and does nothing.
#[cfg(unix)]
#[test]
fn who_prints_the_lines_without_the_work_has_failed() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let (_, systems) = answer(&[]);
    let order = systems[0]["ways"][0]["order"].as_str().expect("a contract");
    let lines = order.split('"').skip(1).step_by(2).map(|line| format!("echo '{line}'\n"));
    let script = format!("#!/bin/sh\n{}", lines.collect::<String>());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("liar");
    fs::write(&file, script).expect("room for a script");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).expect("our file");
    let path = file.to_str().expect("a path of letters");
    let (code, answer) = answer(&["music", "--as", "neither", "--program", path]);
    assert_eq!(code, Some(1), "{answer:#}");
    let way = &answer["ways"][0];
    assert_eq!(way["runs"][0]["order"]["legal"], json!(true), "{way:#}");
    assert_eq!(way["felt"][0]["value"], Value::Null);
    assert_eq!(way["felt"][0]["outcome"], "failed");
}
