//! `cargo xtask watch` without a terminal: every save is judged, and ends what runs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
#[cfg(target_os = "linux")]
use terminal::Terminal;

use crate::course::Course;

/// So long nothing takes; who waits for longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(120);

/// A watch, and what it prints.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn of(course: &Course, arguments: &[&str]) -> Watch {
        let mut command = course.command("watch");
        command.args(arguments).args(["--exercises", "."]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (to, lines) = mpsc::channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|it| to.send(it)));
        Watch { child, lines }
    }

    /// All lines up to the first that says this.
    #[track_caller]
    fn until(&self, part: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.lines.recv_timeout(IN_VAIN);
            let line = line.unwrap_or_else(|_| panic!("`{part}` is missing: {lines:#?}"));
            let is_it = line.contains(part);
            lines.push(line);
            if is_it {
                return lines;
            }
        }
    }

    /// Presses Ctrl-C: how it ends, and what it still said.
    fn interrupt(&mut self) -> (Option<i32>, Vec<String>) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(pid, Signal::INT).expect("it runs");
        let code = self.child.wait().expect("it ends").code();
        (code, self.lines.iter().collect())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // After a failed assertion it may still run.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that goes on for ever, and prints more than anybody reads.
const ENDLESS: &str = "fn main() {
    println!(\"It runs.\");
    loop {
        println!(\"more\");
    }
}
";

#[test]
fn every_save_is_judged_and_ends_what_runs() {
    let course = Course::new();
    let mut watch = Watch::of(&course, &[]);
    // Nothing is judged before a prediction is made: a finding would answer it.
    watch.until("Predict first");
    course.write("src/bin/01_overlap.rs", ENDLESS);
    watch.until("It runs.");
    course.solve("01_overlap");
    let lines = watch.until("passed");
    assert!(lines.iter().any(|line| line.contains("Ended: a file was saved.")), "{lines:#?}");
    // What is saved while something else is judged is judged next.
    course.write("src/bin/01_overlap.rs", "fn main() { no_such_function() }");
    watch.until("does not compile");
    // By renaming, as many editors do; and of another exercise, which it follows.
    let start = course.read("src/bin/02_outcome.rs");
    course
        .write("src/bin/new", &start.replace("ExitCode {", "ExitCode {\n    println!(\"New.\");"));
    std::fs::rename(course.path("src/bin/new"), course.path("src/bin/02_outcome.rs")).expect("it");
    watch.until("02 A sum");
    watch.until("New.");
    watch.until("hint 02");
    let (code, _) = watch.interrupt();
    assert_eq!(code, Some(130));
}

#[test]
fn whichever_exercise_is_named_is_begun() {
    let course = Course::new();
    let watch = Watch::of(&course, &["outcome"]);
    let lines = watch.until("Predict first");
    assert!(lines.iter().any(|line| line.contains("02 A sum")), "{lines:#?}");
}

#[test]
fn ctrl_c_ends_a_run_that_does_not_end() {
    let course = Course::new();
    course.run(&["predict", "2", "--answer", "1"]).expect(0, &[]);
    course.write("src/bin/02_outcome.rs", ENDLESS);
    let mut watch = Watch::of(&course, &["outcome"]);
    watch.until("It runs.");
    let (code, lines) = watch.interrupt();
    assert_eq!(code, Some(130), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("seen")), "it was judged: {lines:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_ends_what_runs_and_does_what_it_stands_for() {
    let course = Course::new();
    course.run(&["predict", "2", "--answer", "1"]).expect(0, &[]);
    course.write("src/bin/02_outcome.rs", ENDLESS);
    let mut command = course.command("watch");
    command.args(["outcome", "--exercises", "."]);
    let mut terminal = Terminal::of(&command);
    terminal.until("building; any key ends it");
    terminal.until("running; any key ends it");
    terminal.until("It runs.");
    terminal.press("h");
    terminal.until("Ended by a key.");
    terminal.until("A question?");
    terminal.press("r");
    terminal.until("It runs.");
    // Any other key ends it, too; an arrow is none that we know.
    terminal.press("\u{1b}[A");
    terminal.until("Ended by a key.");
    terminal.press("p");
    terminal.until("How many tasks are computed?");
    terminal.until("Your choice, 1 to 2: ");
    terminal.press("1\n");
    terminal.until("measured");
    terminal.press("l");
    terminal.until("A sum");
    terminal.press("q");
    terminal.ends_and_gives_back(0, "");
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_has_keys_is_told_which_to_press() {
    let course = Course::new();
    let mut command = course.command("watch");
    command.args(["--exercises", "."]);
    let mut terminal = Terminal::of(&command);
    terminal.until("first");
    terminal.until("press p");
    terminal.until("save the file, or press r");
    terminal.press("r");
    terminal.until("a hint");
    terminal.until("press h");
    terminal.press("H");
    terminal.until("A question?");
    course.solve("01_overlap");
    terminal.until("press e");
    terminal.until("press n");
    terminal.press("e");
    terminal.until("Your choice, 1 to 3: ");
    terminal.press("2\n");
    terminal.until("again");
    terminal.until("press e");
    terminal.press("n");
    terminal.until("02 A sum");
    terminal.press("q");
    let text = terminal.ends_and_gives_back(0, "");
    for verb in ["predict", "hint", "explain"] {
        assert!(!text.contains(&format!("cargo xtask exercise {verb}")), "{text}");
    }
}

#[test]
fn a_name_that_is_not_there_is_wrong_usage() {
    let course = Course::new();
    let mut command = course.command("watch");
    let output = command.args(["overlapp", "--exercises", "."]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the nearest is `overlap`"));
}
