//! The lessons that the report is tested with. The test program is their program too.

use std::fs;
use std::process::{Command, ExitCode};
use std::thread;

use lab::lesson::{Chapter, Lesson, Runtime};
use lab::prelude::*;
use words::quadrant::Quadrant;

/// In the environment this says that the test program is to run lessons.
pub(crate) const VARIABLE: &str = "REPORT_TEST_PROGRAM";

/// Names the file in which the lesson `known` leaves a copy of its trace.
pub(crate) const TRACE: &str = "REPORT_TEST_TRACE";

/// In the environment this says that the lessons are to leave no traces.
pub(crate) const UNTRACED: &str = "REPORT_TEST_UNTRACED";

/// In the environment this says that there is one lesson, a cell that fails.
pub(crate) const FAILING: &str = "REPORT_TEST_FAILING";

/// A line that a page had better not obey.
pub(crate) const HOSTILE: &str = r#"</script></svg><img src="https://example.invalid/x" onerror='hacked = 1'> & "quoted" <!--{lessons}-->"#;

const CHAPTER: Chapter =
    Chapter { quadrant: Quadrant::Both, order: work_of_two, lessons: LESSONS, gaps: &[] };

const LESSONS: &[Lesson] = &[
    Lesson::new(Runtime::Std, "two threads, a task each", known).named("known"),
    Lesson::new(Runtime::Std, "prints two lines the wrong way round", swapped)
        .named("swapped")
        .shows(Quadrant::Neither),
    Lesson::new(Runtime::Std, "prints <b>markup</b> & \"quotes\"", hostile)
        .named("hostile")
        .keeps(|| line(HOSTILE))
        .shows(Quadrant::Neither),
];

/// One cell, which fails.
const FAILED: Chapter = Chapter {
    lessons: &[Lesson::new(Runtime::Std, "prints two lines the wrong way round", swapped)],
    ..CHAPTER
};

pub(crate) fn main() -> ExitCode {
    let is_asked = |variable| std::env::var_os(variable).is_some();
    match () {
        () if is_asked(UNTRACED) => main_without_trace(),
        () if is_asked(FAILING) => lab::lesson::main(&FAILED),
        () => lab::lesson::main(&CHAPTER),
    }
}

/// Runs the lessons in a process that nobody asks for a trace.
fn main_without_trace() -> ExitCode {
    let program = std::env::current_exe().expect("this program");
    let mut lessons = Command::new(program);
    lessons.args(std::env::args_os().skip(1));
    let status = lessons.env_remove(UNTRACED).env_remove(evidence::trace::VARIABLE).status();
    if status.expect("this program runs").success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn work_of_two() -> Order {
    par(["A", "B"].map(work::lines))
}

fn known() {
    thread::scope(|scope| {
        for name in ["A", "B"] {
            scope.spawn(move || work_on(name, [1, 2, 3]));
        }
    });
    let (traces, copy) = (std::env::var_os(evidence::trace::VARIABLE), std::env::var_os(TRACE));
    if let (Some(traces), Some(copy)) = (traces, copy) {
        // The folder for the traces of all processes, of which there is one.
        let mut traces = fs::read_dir(traces).expect("the folder for traces").flatten();
        let trace = traces.next().expect("the trace of this process");
        fs::copy(trace.path(), copy).expect("room for a copy of the trace");
    }
}

fn swapped() {
    work_on("A", [1, 2, 3]);
    work_on("B", [2, 1, 3]);
}

fn work_on(name: &'static str, steps: [usize; 3]) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in steps {
        task.step(step);
        thread::sleep(work::wait());
        primes += task.compute(step);
    }
    task.finish(primes);
}

fn hostile() {
    let task = Task::start("<i>task</i>");
    task.say(HOSTILE);
    task.end();
}
