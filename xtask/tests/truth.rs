//! What `cargo xtask classify` says of programs of which it is known what they are, beside what is true.
//!
//! A verdict is about a run, and a busy machine keeps a parallel program from being parallel. So no run may
//! say the opposite of what is true, but for what others kept it from; and where the kernel's own record is
//! to be had, no run may leave open whether its program was parallel. To try it more often, with every core
//! kept busy, and to see the table:
//!
//!     TRUTH=10 cargo test -p xtask --test truth -- --nocapture
//!     TRUTH=10 TRUTH_BUSY=1 cargo test -p xtask --test truth -- --nocapture

#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex, PoisonError};

use command::envelope;
use serde_json::Value;

use common::{busily, number};

/// Where the programs are.
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");

/// What is true of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    /// It may be either, from one run to the next, or nobody can tell from outside.
    Either,
}

use Truth::{Either, No, Yes};

impl Truth {
    /// The verdict that would be wrong.
    fn wrong(self) -> &'static str {
        match self {
            Yes => "ruled-out",
            No => "proven",
            Either => "nothing",
        }
    }
}

/// A program of which it is known what it is.
struct Known {
    name: &'static str,
    /// The program and its arguments, between blanks. `P/` is the folder of programs, and `T/` one
    /// for what they need.
    command: &'static str,
    /// The pattern for its tasks, where it does not name them in a usual way.
    task: Option<&'static str>,
    concurrent: Truth,
    parallel: Truth,
    /// The same where there are more than two cores.
    on_many_cores: Truth,
    /// What keeps it from being parallel, as the kernel's own record has it.
    cause: &'static str,
}

const fn known(command: &'static str, concurrent: Truth, parallel: Truth) -> Known {
    let on_many_cores = parallel;
    Known { name: command, command, task: None, concurrent, parallel, on_many_cores, cause: "" }
}

impl Known {
    const fn named(self, name: &'static str) -> Known {
        Known { name, ..self }
    }

    const fn task(self, pattern: &'static str) -> Known {
        Known { task: Some(pattern), ..self }
    }

    const fn on_many_cores(self, parallel: Truth) -> Known {
        Known { on_many_cores: parallel, ..self }
    }

    /// Whether it is parallel on this machine.
    fn is_parallel(&self) -> Truth {
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        if cores > 2 { self.on_many_cores } else { self.parallel }
    }

    const fn cause(self, cause: &'static str) -> Known {
        Known { cause, ..self }
    }
}

/// Other people's programs, and what is written in their languages.
const PROGRAMS_OF_OTHERS: &[Known] = &[
    // Its tasks are on one thread, and each waits while the others go on.
    known("python3 P/coroutines.py", Yes, No),
    // Each task prints one line, so that none is seen to last; and then it sleeps. Where there are cores enough
    // its four processes begin at once, which is some work: 14 of 124 ms were seen on sixteen.
    known("python3 P/sleeping_pool.py", Either, No).on_many_cores(Either).task(r"^(Processing \d)"),
    known("python3 P/computing_pool.py", Either, Yes).task(r"^(\d):"),
    // Only one of its threads at a time has the interpreter's lock.
    known("python3 P/threads.py", Yes, No),
    known("python3 P/one_after_the_other.py", No, No),
    known("xargs -a P/sleepers.txt -P2 -I{} sh P/sleep.sh {}", Yes, No)
        .named("xargs -P2")
        .task(r"^(\w+):"),
    known("xargs -a P/sleepers.txt -P1 -I{} sh P/sleep.sh {}", No, No)
        .named("xargs -P1")
        .task(r"^(\w+):"),
    known("make -s -j2 -f P/Makefile", Either, Yes).task(r"^(\w+):"),
    known("make -s -j1 -f P/Makefile", No, No).task(r"^(\w+):"),
    known("sh P/pipeline.sh", Either, Yes),
    known("xz -T1 -2 -k -c T/text", Either, No),
    known("xz -T2 -2 --block-size=1MiB -k -c T/text", Either, Yes).named("xz -T2"),
    // One thread runs its timers, and others clean up and compile beside it.
    known("node P/timers.js", Yes, Either),
    known("java P/Threads.java", Either, Yes),
];

/// Programs that execute as they are called, and print nothing.
const KINDS: &[Known] = &[
    known("T/lock", Either, No),
    known("T/no_lock", Either, Yes),
    known("T/kinds one-thread", Either, No).cause("one-thread"),
    known("T/kinds join-after-start", Either, No).cause("join-after-start"),
    known("T/kinds one-worker", Either, No).cause("one-worker"),
    known("T/kinds turns", Either, No).cause("turns"),
    known("T/kinds pinned", Either, No).cause("pinned"),
    known("taskset -c 0 T/kinds at-once", Either, No).cause("pinned"),
    known("T/kinds waiting", Either, No).cause("mostly-waiting"),
    known("T/kinds processes", Either, No).cause("processes-in-turn"),
    known("T/kinds a-thread-a-piece", Either, No).cause("join-after-start"),
    known("T/kinds exec-from-thread", Either, No),
    known("T/kinds helper", Either, No).cause("helpers"),
    known("T/kinds at-once", Either, Yes),
    known("T/kinds children", Either, Yes),
    known("T/kinds grandchildren", Either, Yes),
    known("T/kinds main-exits", Either, Yes),
    known("T/kinds crowd", Either, Yes),
    known("T/kinds bursts", Either, Yes),
    known("taskset -c 0 T/kinds escape", Either, Yes),
    // True to the letter: the one that waits executes as well.
    known("T/kinds spun-turns", Either, Yes),
];

/// Programs that tell of their tasks in ways that mislead.
const TELLERS: &[Known] = &[
    known("python3 P/tellers.py a-list-before", No, No),
    known("python3 P/tellers.py handed-in-first", No, No),
    known("python3 P/tellers.py a-report-in-two-parts", No, No),
    known("python3 P/tellers.py told-by-whoever-waited", Yes, No),
    known("python3 P/tellers.py lines-kept-until-the-end", Yes, No),
    known("python3 P/tellers.py a-buffer-each", Yes, No),
    known("python3 P/tellers.py bars-on-one-line", Yes, No),
    known("python3 P/tellers.py workers-and-one-job-at-a-time", No, No),
    known("python3 P/tellers.py gathered", Yes, No),
    known("python3 P/tellers.py gathered-and-blocking", No, No),
    known("python3 P/tellers.py a-lock-over-the-wait", No, No),
    known("python3 P/tellers.py begins-anew-from-a-thread", Either, No),
    known("sh P/kept.sh", Yes, Either),
    known("sh P/kept.sh make", Yes, Either),
];

/// The reasons for which the kernel's own record leaves a question open that it could answer another time.
const BLIND: [&str; 2] = ["late-records", "lost-records"];

/// How often a program is run until the kernel's record of it is whole.
const TRIES: usize = 4;

/// A folder with what the programs need, as far as it can be made here.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(prepare);

/// Held while a program runs: those of two tests would be each other's hindrance.
static MACHINE: Mutex<()> = Mutex::new(());

fn prepare() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("truth");
    fs::create_dir_all(&folder).expect("it is ours");
    // Text that a compressor has some work with.
    let words = (0..500_000_u64).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40);
    let text = words.map(|word| format!("{word:x}\n")).collect::<String>();
    fs::write(folder.join("text"), text).expect("there is space");
    for name in ["lock", "no_lock", "kinds"] {
        let source = format!("{PROGRAMS}/{name}.c");
        let compile = Command::new("cc")
            .args(["-O1", "-pthread", "-o", name, &source])
            .current_dir(&folder)
            .status();
        if !compile.is_ok_and(|status| status.success()) {
            eprintln!("{name}: cannot be compiled here");
        }
    }
    folder
}

/// What was said of the runs of one program.
#[derive(Debug, Default)]
struct Said {
    concurrent: BTreeMap<String, u64>,
    parallel: BTreeMap<String, u64>,
    causes: BTreeMap<String, u64>,
    wrong: Vec<String>,
}

impl Said {
    fn add(&mut self, known: &Known, report: &Value) {
        let said = |axis: &str| report[axis]["verdict"].as_str().expect("a verdict").to_owned();
        let (concurrent, parallel) = (said("concurrent"), said("parallel"));
        let hindrances = report["parallel"]["hindrances"].as_array().expect("a list");
        // A program that was restricted was hindered by nobody else.
        let is_hindered = hindrances.iter().any(|it| it != "no-second-core");
        let of_the_kernel = switches(report);
        let causes = of_the_kernel.map_or(String::new(), |claim| causes(&claim["reasons"]));
        // On a busy machine threads that want to execute at once sometimes never do.
        let is_excused = is_hindered && parallel == "ruled-out";
        let is_left_open = of_the_kernel.is_some()
            && !is_hindered
            && known.is_parallel() != Either
            && parallel == "inconclusive"
            && !is_blind(report);
        // Where others have the cores, one cause may look like another.
        let is_cause_missed = of_the_kernel.is_some()
            && !is_hindered
            && parallel == "ruled-out"
            && !causes.contains(known.cause);
        let faults = [
            (report["exit"] != 0, "it failed"),
            (concurrent == known.concurrent.wrong(), "concurrent is wrong"),
            (parallel == known.is_parallel().wrong() && !is_excused, "parallel is wrong"),
            (is_left_open, "parallel is left open"),
            (is_cause_missed, "the cause is another"),
        ];
        for (_, fault) in faults.iter().filter(|(is_so, _)| *is_so) {
            self.wrong.push(format!("{}: {fault}: {report:#}", known.name));
        }
        *self.concurrent.entry(concurrent).or_default() += 1;
        *self.parallel.entry(parallel).or_default() += 1;
        *self.causes.entry(causes).or_default() += 1;
    }
}

/// What the kernel's own record says, where it is to be had.
fn switches(report: &Value) -> Option<&Value> {
    let claims = report["parallel"]["claims"].as_array()?;
    claims.iter().find(|claim| claim["source"] == "switches")
}

/// Whether records of the kernel came late or found no room: as a virtual machine that is itself kept from its
/// cores has it, and no fault of what reads them.
fn is_blind(report: &Value) -> bool {
    let of_the_kernel = switches(report).map(|claim| causes(&claim["reasons"]));
    of_the_kernel.is_some_and(|causes| BLIND.iter().any(|reason| causes.contains(reason)))
}

fn causes(reasons: &Value) -> String {
    let reasons = reasons.as_array().into_iter().flatten();
    reasons.filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

fn counts(of: &BTreeMap<String, u64>) -> String {
    of.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
}

/// Has a program classified, with these arguments of ours.
fn classify(arguments: &[&str], command: &[&str]) -> Value {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let Output { stdout, stderr, .. } = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["classify", "--time-limit", "60", "--format", "json"])
        .args(arguments)
        .arg("--")
        .args(command)
        .output()
        .expect("it runs");
    let report = envelope::read(&stdout);
    report.unwrap_or_else(|error| {
        panic!("{command:?}: {error}: {}", String::from_utf8_lossy(&stderr))
    })
}

/// What is said of a program, once more as long as the kernel's record of it is not whole; nothing if it is not
/// there.
fn reports(known: &Known, evidence: &str) -> Vec<Value> {
    let folder = FOLDER.to_str().expect("it is text");
    let place = |word: &str| {
        word.replace("P/", &format!("{PROGRAMS}/")).replace("T/", &format!("{folder}/"))
    };
    let command: Vec<String> = known.command.split(' ').map(place).collect();
    if Command::new(&command[0]).arg("--version").output().is_err() {
        return Vec::new();
    }
    let mut arguments = vec!["--evidence", evidence];
    arguments.extend(known.task.iter().flat_map(|task| ["--task", task]));
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let mut reports = Vec::new();
    while reports.len() < TRIES && reports.iter().all(is_blind) {
        reports.push(classify(&arguments, &command));
    }
    reports
}

/// Runs each program as often as is asked for, prints what was said of it, and fails where that is wrong.
fn hold_to_the_truth(programs: &[Known], evidence: &str) {
    let (runs, busy) = (number("TRUTH", 1), number("TRUTH_BUSY", 0) > 0);
    let mut wrong = Vec::new();
    let (mut runs_made, mut blind) = (0, 0);
    busily(busy, || {
        for known in programs {
            let mut said = Said::default();
            for _ in 0..runs {
                let tried = reports(known, evidence);
                runs_made += usize::from(!tried.is_empty());
                blind += usize::from(tried.last().is_some_and(is_blind));
                // Who sees little misjudges nobody either.
                tried.iter().for_each(|report| said.add(known, report));
            }
            eprintln!(
                "{} ({evidence}): concurrent {:?}: {}; parallel {:?}: {}; {}",
                known.name,
                known.concurrent,
                counts(&said.concurrent),
                known.is_parallel(),
                counts(&said.parallel),
                counts(&said.causes)
            );
            wrong.append(&mut said.wrong);
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Who were always blind would be wrong about nobody.
    assert!(blind * 2 <= runs_made, "of {runs_made} records {blind} were not whole");
}

#[test]
fn no_program_of_others_is_misjudged() {
    hold_to_the_truth(PROGRAMS_OF_OTHERS, "all");
}

#[test]
fn each_kind_is_told_for_certain_and_with_its_cause() {
    hold_to_the_truth(KINDS, "all");
}

#[test]
fn whoever_tells_of_tasks_in_a_misleading_way_misleads_nobody() {
    hold_to_the_truth(TELLERS, "all");
}

#[test]
fn without_the_kernels_own_record_nobody_is_misjudged() {
    hold_to_the_truth(PROGRAMS_OF_OTHERS, "accounts");
    hold_to_the_truth(KINDS, "accounts");
    hold_to_the_truth(TELLERS, "accounts");
}

/// What is said of a kind's being parallel, with these arguments of ours.
fn sentence(kind: &str, arguments: &[&str]) -> String {
    let kinds = FOLDER.join("kinds");
    let report = classify(arguments, &[kinds.to_str().expect("it is text"), kind]);
    report["parallel"]["sentence"].to_string()
}

#[test]
fn helpers_of_a_runtime_are_named() {
    let sentence = sentence("helper", &[]);
    assert!(!sentence.contains("proven") && !sentence.is_empty(), "{sentence}");
    let is_seen = sentence.contains("executed beside");
    assert!(!is_seen || sentence.contains("C2 CompilerThre"), "{sentence}");
}

#[test]
fn it_is_said_who_restricted_a_program_to_one_core() {
    let restricted = sentence("at-once", &["--cores", "1"]);
    assert!(restricted.contains("--cores"), "{restricted}");
}
