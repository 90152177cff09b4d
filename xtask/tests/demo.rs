//! `cargo xtask demo` as a person and as a program would use it.

use std::process::{Command, Output, Stdio};

use command::envelope;
use serde_json::Value;

fn demo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("demo").args(arguments).env_remove("CLICOLOR_FORCE");
    command.output().expect("the task runner runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The text without what is there for the eye.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_lesson_is_shown_and_explained() {
    let output = demo(&["neither/std", "both/std"]);
    let shown = text(&output.stdout);
    // Where others have the cores, what both/std is may remain open.
    let expected = if shown.contains("1 not shown on this machine") { 3 } else { 0 };
    assert_eq!(output.status.code(), Some(expected), "{shown}{}", text(&output.stderr));
    for expected in [
        "Task A - Step 1",
        "Task C - 78498 primes",
        "(A1 ; A2 ; A3 ; A4)",
        "kept: the only legal order",
        "kept: legal order ",
        " of 34,650",
        "predicted: at least",
        "concurrent ruled out",
        "concurrent proven",
        "The four quadrants",
    ] {
        assert!(joined(&shown).contains(expected.trim()), "`{expected}` is missing in:\n{shown}");
    }
    // Where others have the cores there is no gain to tell of.
    let gain = ["times as fast as neither", "No gain can be told"];
    assert!(gain.iter().any(|text| joined(&shown).contains(text)), "{shown}");
    assert!(!shown.contains('\u{1b}'), "a pipe gets no colours");
}

#[test]
fn where_no_lesson_is_named_each_has_a_line_in_words_that_everybody_knows() {
    let output = demo(&["neither"]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", text(&output.stderr));
    let lessons: Value =
        envelope::read(&demo(&["neither", "--list", "--format", "json"]).stdout).expect("JSON");
    let lessons = lessons.as_array().expect("a list");
    for (number, lesson) in (1..).zip(lessons) {
        let place =
            format!("{number} of {}  {}", lessons.len(), lesson["name"].as_str().expect("a name"));
        assert_eq!(shown.matches(&place).count(), 1, "`{place}` is missing in:\n{shown}");
    }
    for unexplained in [" ; ", "∥", "||", "A4", "legal order", "Task A - Step 1", "computing for"]
    {
        assert!(!shown.contains(unexplained), "`{unexplained}` in:\n{shown}");
    }
}

#[test]
fn everything_is_said_where_it_is_asked_for_and_the_legend_once() {
    for amount in ["--details", "--step"] {
        let shown = text(&demo(&["neither", "--runtime", "std", amount]).stdout);
        assert!(joined(&shown).contains("kept: the only legal order"), "{shown}");
        assert!(
            shown.contains("1 of 3: neither/std") && shown.contains("3 of 3: neither/worker-pool")
        );
        assert_eq!(shown.matches("computing for task A").count(), 1, "{shown}");
        assert_eq!(shown.matches("cores at once").count(), 3, "{shown}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_screen_says_what_its_signs_mean_where_there_is_room() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["demo", "--step", "neither/std", "concurrent-only/std"]);
    let mut terminal = terminal::Terminal::sized(&command, 100, 80);
    terminal.until("Enter begins");
    for (lesson, goal) in [("1 of 2: ", "Enter goes on"), ("2 of 2: ", "Enter ends")] {
        terminal.press("\n");
        for shown in [lesson, "computing for task A", goal] {
            terminal.until(shown);
        }
    }
    terminal.press("\n");
    terminal.ends_and_gives_back(0, "2 lessons: all as they should be.");
}

#[test]
fn a_program_reads_what_a_person_reads() {
    let output = demo(&["concurrent-only/tokio", "--format", "json"]);
    let answer: Value = envelope::read(&output.stdout).expect("JSON");
    let lesson = &answer["lessons"][0];
    assert_eq!(lesson["name"], "tokio");
    assert_eq!(lesson["expected"], "concurrent-only");
    assert_eq!(lesson["order"]["legal_orders"], "34650");
    assert_eq!(lesson["concurrent"]["verdict"], "proven");
    assert_ne!(lesson["parallel"]["verdict"], "proven");
    assert!(lesson["time"]["predicted_ms"].is_number(), "{lesson:#}");
    assert_eq!(answer["passed"], true);
}

#[test]
fn all_lessons_are_listed() {
    let output = demo(&["--list", "--format", "json"]);
    let lessons: Value = envelope::read(&output.stdout).expect("JSON");
    let lessons = lessons.as_array().expect("a list");
    let cells = lessons.iter().filter(|lesson| lesson["name"] == lesson["runtime"]);
    assert!(cells.count() >= 20, "at least 20 of the 24 cells are lessons");
    assert_eq!(text(&demo(&["--list"]).stdout).lines().count(), lessons.len());
}

#[test]
fn a_page_of_one_lesson_measures_it_beside_the_one_that_it_is_compared_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    let output = demo(&["both/first-come", "--report", file.to_str().expect("UTF-8")]);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", text(&output.stderr));
    let page = std::fs::read_to_string(file).expect("a page");
    let [_, answer] = page.split("<summary>Answer</summary>").collect::<Vec<_>>()[..] else {
        panic!("one lesson has one answer");
    };
    let (answer, _) = answer.split_once("</details>").expect("an end");
    // Whatever the times are, both are told.
    assert!(
        answer.contains("It took ") && answer.contains(", and both/crossbeam-channel "),
        "{answer}"
    );
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    for (arguments, nearest) in [
        (&["bth"][..], "`both`"),
        (&["both/tokyo"], "`tokio`"),
        (&["--runtime", "small"], "`smol`"),
        (&["concurrent-only/rayon"], "keeps its worker thread"),
    ] {
        let output = demo(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(nearest), "{}", text(&output.stderr));
    }
}

#[test]
fn names_that_resemble_nothing_are_answered_with_all_there_are() {
    for (argument, expected) in [
        (
            "xyz",
            "no quadrant is called `xyz`; there are neither, concurrent-only, parallel-only, both",
        ),
        ("both/java", "no lesson in both is called `java`; there are std, tokio, "),
    ] {
        let output = demo(&[argument]);
        assert_eq!(output.status.code(), Some(2), "{argument}");
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}

#[test]
fn where_no_program_lists_its_lessons_that_is_what_is_wrong() {
    let lost = env!("CARGO_BIN_EXE_xtask");
    for arguments in [&["neither/behave"][..], &["neither"], &["--list"]] {
        let output = demo(&[&["--program", lost], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(
            said.starts_with("error: ") && said.contains("does not list its lessons"),
            "{said}"
        );
    }
}

#[test]
fn a_list_that_is_not_complete_is_no_success() {
    let program = env!("CARGO_BIN_EXE_misbehave");
    let output = demo(&["--program", env!("CARGO_BIN_EXE_xtask"), "--program", program, "--list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("neither/behave"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("does not list its lessons"), "{output:?}");
}

/// What a list ends with, and says besides, where this is its standard output.
/// Who lists lessons: `demo`, and a chapter by itself.
fn lists(format: &str) -> [Command; 2] {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_xtask"));
    demo.args(["demo", "--list", "--program", env!("CARGO_BIN_EXE_misbehave")]);
    let mut chapter = Command::new(env!("CARGO_BIN_EXE_mistaken"));
    chapter.arg("--list");
    [demo, chapter].map(|mut list| {
        list.args(["--format", format]);
        list
    })
}

fn into(output: impl Into<Stdio>, mut list: Command) -> (Option<i32>, String) {
    let output = list.stdout(output).stderr(Stdio::piped()).spawn().expect("it runs");
    let output = output.wait_with_output().expect("it ends");
    (output.status.code(), text(&output.stderr))
}

#[test]
fn where_nobody_reads_there_is_no_more_to_say() {
    for list in ["text", "json"].into_iter().flat_map(lists) {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let call = format!("{list:?}");
        assert_eq!(into(writer, list), (Some(0), String::new()), "{call}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_an_error_without_a_backtrace() {
    for list in ["text", "json"].into_iter().flat_map(lists) {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a full disk");
        let (code, said) = into(full, list);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.starts_with("error: cannot print: ") && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn a_program_that_lists_no_lessons_is_a_trouble_and_no_obstacle() {
    let lost = env!("CARGO_BIN_EXE_xtask");
    let program = env!("CARGO_BIN_EXE_misbehave");
    let output = demo(&["--program", lost, "--program", program, "neither/behave"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&output.stdout);
    assert!(shown.contains("does not list its lessons"), "{shown}");
    assert!(shown.contains("kept: the only legal order"), "{shown}");
}
