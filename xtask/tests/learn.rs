//! `cargo xtask learn` without a terminal: plain questions, answered from a pipe.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

#[cfg(target_os = "linux")]
use terminal::Terminal;

/// Learns with this notebook, typing these lines.
fn learn(notebook: &Path, arguments: &[&str], typed: impl AsRef<[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("learn").args(arguments).arg("--notebook").arg(notebook);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the task runner runs");
    child.stdin.take().expect("a pipe").write_all(typed.as_ref()).expect("somebody reads");
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many lessons there are before it is said what a future is.
const LESSONS_ON_THREADS: usize = 5;

/// How many lessons there are in each chapter; what it has shown is said when they are over.
fn lessons_of_chapters() -> [usize; 4] {
    let all = include_str!("../src/shelf/shipped.txt");
    ["neither", "concurrent-only", "parallel-only", "both"]
        .map(|chapter| all.lines().filter(|it| it.contains(&format!("/{chapter}/"))).count())
}

/// What is typed for a lesson: the first choice, Enter, and no change.
const LESSON: &str = "a\n\ns\n";

#[test]
fn what_runs_show_is_what_is_written_and_all_of_it_is_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    let notebook = folder.path().join("notes");
    let mut chapters = lessons_of_chapters().map(|lessons| format!("{}\n", LESSON.repeat(lessons)));
    chapters[0].insert(LESSON.len() * LESSONS_ON_THREADS, '\n');
    let output = learn(&notebook, &[], format!("\n{}", chapters.concat()));
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}{}", text(&output.stderr));
    let notes = std::fs::read_to_string(&notebook).expect("notes");
    let asked = notes.lines().filter(|line| line.contains("\trun\t")).count();
    assert!(asked >= 30 && said.contains(&format!("{asked} of {asked} lessons done")), "{said}");
    let differ = said.split("You said: ").filter(|it| it.contains("Written is another answer"));
    // Where others have the cores, or there is only one, a clock or a verdict may tell something else.
    let is_of_the_machine =
        |it: &&str| ["It took", "executed at once"].iter().any(|by| it.contains(by));
    let (machine, lesson): (Vec<&str>, Vec<&str>) = differ.partition(is_of_the_machine);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(lesson.is_empty(), "{lesson:#?}");
    assert!(cores < 2 || machine.len() <= 2, "{machine:#?}");
    let counted = ["Line 5 was `Task B - Step 1`.", "At most 3 tasks were", "orders: 34,650."];
    let summed_up = ["neither", "concurrent only", "parallel only", "both"]
        .map(|name| format!("Behind you: {name}"));
    for shown in counted.into_iter().chain(summed_up.iter().map(String::as_str)) {
        assert!(said.contains(shown), "`{shown}` is missing in {said}");
    }
    let again = text(&learn(&notebook, &[], LESSON).stdout);
    assert!(again.contains(&format!("{asked} of {asked} lessons done")), "{again}");
    assert!(!again.contains("s skips it"), "nothing is asked twice: {again}");
}

#[test]
fn one_goes_on_where_one_left_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let notebook = folder.path().join("notes");
    let first = text(&learn(&notebook, &[], "\nc\nq\n").stdout);
    assert!(first.contains("neither/std lesson 1 of "), "{first}");
    assert!(first.contains("0 of "), "the lesson is not done: {first}");
    let second = text(&learn(&notebook, &[], format!("{LESSON}q\n")).stdout);
    assert!(second.contains("neither/std lesson 1 of "), "{second}");
    assert!(second.contains("joined lesson 2 of "), "{second}");
    assert!(!second.contains("neither/joined"), "its folder would tell the answer: {second}");
    let third = text(&learn(&notebook, &["both"], "s\nq\n").stdout);
    assert!(third.contains("std lesson") && third.contains("2 of "), "{third}");
}

#[cfg(target_os = "linux")]
#[test]
fn somebody_at_a_terminal_is_asked_a_screen_at_a_time_and_may_leave_at_any() {
    let folder = tempfile::tempdir().expect("a folder");
    let notebook = folder.path().join("notes");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["learn", "neither/std", "--notebook"]).arg(&notebook);
    let mut terminal = Terminal::of(&command);
    terminal.until("Enter begins");
    terminal.press("\n");
    terminal.until("a to c, s skips it");
    terminal.press("x\n");
    terminal.until("Type one of these letters");
    terminal.press("c\n");
    terminal.until("You said: 9 waits + 9 computes.");
    terminal.until("Enter goes on to the change");
    terminal.press("q\n");
    terminal.ends_and_gives_back(0, "goes on from here.");
    let mut terminal = Terminal::of(&command);
    terminal.until("s skips it");
    terminal.press("\x03");
    terminal.ends_and_gives_back(130, "interrupted");
}

/// What a terminal of this kind gets where no colours are wanted, until a run is over.
#[cfg(target_os = "linux")]
fn shown_without_colours(terminal: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["learn", "neither/std", "--notebook"]).arg(folder.path().join("notes"));
    command.env("NO_COLOR", "1").env("TERM", terminal);
    let mut terminal = Terminal::of(&command);
    for (asked, answer) in [("Enter begins", "\n"), ("s skips it", "c\n"), ("You said", "q\n")] {
        terminal.until(asked);
        terminal.press(answer);
    }
    terminal.ends_and_gives_back(0, "goes on from here.").to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn lanes_grow_in_their_place_also_without_colours_and_not_at_all_where_no_cursor_moves() {
    const REDRAWN: &str = "\r\u{1b}[J";
    const FIRST: &str = "Task A - Step 1";
    let shown = shown_without_colours("xterm");
    assert!(shown.contains("\u{1b}[2J") && shown.contains(REDRAWN), "{shown}");
    let is_colour = |sequence: &str| sequence.find(char::is_alphabetic) == sequence.find('m');
    let colours: Vec<_> = shown.split("\u{1b}[").skip(1).filter(|it| is_colour(it)).collect();
    assert!(colours.is_empty(), "{colours:?}");
    let plain = shown_without_colours("dumb");
    assert!(plain.contains(&format!("\r\n  {FIRST}")), "{plain}");
    assert!(!plain.contains(REDRAWN) && !plain.contains("\u{1b}[2J"), "{plain}");
}

#[cfg(target_os = "linux")]
#[test]
fn somebody_may_leave_in_the_middle_of_a_screen_that_is_too_long() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["learn", "neither/std", "--notebook"]).arg(folder.path().join("notes"));
    let mut terminal = Terminal::sized(&command, 80, 12);
    terminal.until("Enter shows the rest");
    terminal.press("q\n");
    let shown = terminal.ends_and_gives_back(0, "q\r\n");
    assert!(!shown.contains("Enter begins"), "{shown}");
}

#[test]
fn a_key_that_is_no_letter_of_utf_8_is_answered_and_one_is_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = text(&learn(&folder.path().join("notes"), &[], b"\xe9\n\nq\n").stdout);
    let (before, after) = said.split_once("Press Enter, or type q").expect("an answer");
    assert!(before.contains("Enter begins") && after.contains("s skips it"), "{said}");
}

#[test]
fn a_lesson_that_is_not_there_is_answered_with_the_nearest() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = learn(&folder.path().join("notes"), &["both/tokyo"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("both/tokio"), "{}", text(&output.stderr));
}
