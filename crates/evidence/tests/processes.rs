//! What programs of several processes leave in a folder of traces: those that start others, those that
//! are copied (`fork`), and those that become another program (`exec`).
//!
//! The programs are this test binary itself: run again with a job in the environment, its test
//! [`child`] does that job and nothing else.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{self, Command, Output, Stdio};
use std::{env, thread};

use evidence::trace::{self, Folder, Happening, Part, Problem, Process, Trace, events};
use evidence::{Evidence, Verdict};
use fork::{Fork, fork, waitpid};
use lab::prelude::*;
use lab::record;
use tempfile::TempDir;

/// Names the job of a child.
const JOB: &str = "LAB_TEST_JOB";

/// Does the job that the environment names, if it names one.
#[test]
fn child() {
    match env::var(JOB).as_deref() {
        Ok("one") => does_a_task("A"),
        Ok("two programs") => starts_two(),
        Ok("fork") => is_forked(),
        Ok("fork of a fork") => is_forked_twice(),
        Ok("fork within a part") => is_forked_within_a_part(),
        Ok("fork with threads") => is_forked_and_starts_threads(),
        Ok("fork that cannot open files") => is_forked_and_cannot_open_files(),
        Ok("fork that hides") => is_forked_and_hides(),
        Ok("silent fork") => {
            does_a_task("A");
            in_a_copy(|| {});
        }
        Ok("exec") => becomes_another_program(),
        Ok("moves") => is_forked_elsewhere(),
        Ok("short files") => may_make_short_files_only(1 << 20),
        Ok("no files") => may_make_short_files_only(1 << 10),
        Ok("for ever") => is_forked_and_goes_on_for_ever(),
        Ok("shared wait") => waits_in_two_processes(),
        _ => {}
    }
}

/// Does something in a copy of this process, which ends with it, and waits for that.
fn in_a_copy(job: impl FnOnce()) {
    match fork().expect("room for another process") {
        Fork::Child => {
            job();
            process::exit(0);
        }
        Fork::Parent(copy) => {
            waitpid(copy).expect("it ends");
        }
    }
}

fn does_a_task(name: &str) {
    let task = Task::start(name);
    let part = task.begin_part(1, 1);
    part.tick();
    drop(part);
    task.say(format_args!("{name} is done"));
    task.end();
}

/// Two others, at once, whose tasks have the same name.
fn starts_two() {
    does_a_task("parent");
    let both = [again("one"), again("one")].map(|mut other| other.spawn().expect("it starts"));
    for mut other in both {
        other.wait().expect("it ends");
    }
}

/// The copy computes for a task that was started before, and has one of its own.
fn is_forked() {
    let shared = Task::start("shared");
    in_a_copy(|| {
        drop(shared.begin_part(1, 2));
        does_a_task("copy");
    });
    drop(shared.begin_part(1, 1));
    let _late = Task::start("late");
    shared.end();
}

fn is_forked_twice() {
    let oldest = Task::start("oldest");
    in_a_copy(|| {
        let older = Task::start("older");
        in_a_copy(|| {
            drop(oldest.begin_part(1, 3));
            drop(older.begin_part(1, 2));
            does_a_task("youngest");
        });
    });
    oldest.end();
}

/// The copy drops what its parent began.
fn is_forked_within_a_part() {
    let task = Task::start("A");
    let part = task.begin_part(1, 1);
    in_a_copy(move || {
        drop(part);
        does_a_task("B");
    });
    task.end();
}

/// In the copy another thread records before the one that it was copied with.
fn is_forked_and_starts_threads() {
    does_a_task("A");
    in_a_copy(|| {
        thread::spawn(|| does_a_task("B")).join().expect("a thread");
        does_a_task("C");
    });
    does_a_task("D");
}

fn is_forked_and_cannot_open_files() {
    does_a_task("A");
    in_a_copy(|| {
        limit(rustix::process::Resource::Nofile, 0);
        does_a_task("B");
    });
}

fn limit(resource: rustix::process::Resource, most: u64) {
    let maximum = rustix::process::getrlimit(resource).maximum;
    let limit = rustix::process::Rlimit { current: Some(most), maximum };
    rustix::process::setrlimit(resource, limit).expect("less is always allowed");
}

fn is_forked_and_hides() {
    does_a_task("A");
    in_a_copy(|| {
        does_a_task("B");
        let folder = env::var_os(trace::VARIABLE).expect("a folder");
        let own = Path::new(&folder).join(format!("{}.trace", process::id()));
        fs::remove_file(own).expect("it is there");
    });
}

fn becomes_another_program() {
    does_a_task("before");
    let error = again("one").exec();
    panic!("{error}");
}

/// The folder that the environment names is one of the parent's.
fn is_forked_elsewhere() {
    does_a_task("A");
    in_a_copy(|| {
        env::set_current_dir("/").expect("there is one");
        does_a_task("B");
    });
}

fn may_make_short_files_only(most: u64) {
    limit(rustix::process::Resource::Fsize, most);
    does_a_task("A");
}

/// Three processes with lines that say which of their lines they are, until nobody reads them.
fn is_forked_and_goes_on_for_ever() {
    record::open();
    let lines = |name: &str| {
        let task = Task::start(name);
        for number in 0.. {
            drop(task.begin_part(1, 1));
            task.say(format_args!("{name} {number}"));
        }
    };
    for name in ["B", "C"] {
        if let Fork::Child = fork().expect("room for another process") {
            lines(name);
        }
    }
    lines("A");
}

/// A wait that begins in a process is over for its copy as well.
fn waits_in_two_processes() {
    let task = Task::start("A");
    let waiting = task.waits_for("lock");
    in_a_copy(|| drop(task.waits_for("message")));
    drop(waiting);
    record::fact("page", 3.25, "ms");
    task.fact("tries", 2, "");
    task.end();
}

/// This program again, with a job.
fn again(job: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program's own path"));
    command.args(["child", "--exact", "--nocapture"]).env(JOB, job);
    command
}

/// A folder for traces, and what a job did that recorded into it.
struct Ran {
    folder: TempDir,
    watched: Folder,
    output: Output,
}

fn run(job: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let watched = Folder::watch(folder.path());
    let output = again(job).env(trace::VARIABLE, folder.path()).output().expect("it runs");
    Ran { folder, watched, output }
}

impl Ran {
    fn trace(&mut self) -> Trace {
        let trace = self.watched.read().unwrap_or_else(|error| panic!("{error}"));
        // Who only reads sees the same, but for what is not there any more.
        let read = Trace::read(self.folder.path()).expect("the same");
        assert_eq!(Trace { faults: Vec::new(), ..trace.clone() }, read);
        assert!(self.output.status.success(), "{}", self.said());
        trace
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

fn names(trace: &Trace) -> Vec<&str> {
    trace.tasks.iter().map(|task| &*task.name).collect()
}

fn task<'a>(trace: &'a Trace, name: &str) -> &'a trace::Task {
    trace.tasks.iter().find(|task| &*task.name == name).expect("a task of this name")
}

/// The numbers of the processes that computed parts of a task, in the order of time.
fn computed_by(trace: &Trace, name: &str) -> Vec<u32> {
    let number = task(trace, name).number;
    let process = |part: &Part| trace.threads[part.thread as usize].process;
    trace.parts.iter().filter(|part| part.task == number).map(process).collect()
}

fn forked_from(trace: &Trace) -> Vec<Option<u32>> {
    trace.processes.iter().map(|process| process.forked_from).collect()
}

/// What holds of every trace.
fn assert_sound(trace: &Trace) {
    assert_eq!((&trace.faults[..], trace.unrecorded_processes, trace.dropped), (&[][..], 0, 0));
    for (number, thread) in (0..).zip(&trace.threads) {
        assert_eq!(thread.number, number);
        assert!((thread.process as usize) < trace.processes.len());
    }
    let mut numbers: Vec<u32> = trace.tasks.iter().map(|task| task.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), trace.tasks.len(), "each has a number of its own");
    let verdict = Verdict::of(Evidence::default().and(trace));
    assert!(!verdict.to_string().is_empty());
}

#[test]
fn processes_that_are_started_have_a_file_each() {
    let mut ran = run("two programs");
    let trace = ran.trace();
    assert_sound(&trace);
    assert_eq!(names(&trace), ["parent", "A", "A"]);
    assert_eq!(forked_from(&trace), [None, None, None]);
    assert!(trace.processes.iter().all(|process| process.command.contains("child --exact")));
    // Which of the two is the faster, nobody knows.
    let called: BTreeSet<String> = trace.tasks.iter().map(|task| trace.names().of(task)).collect();
    let expected = ["parent (process 1)", "A (process 2)", "A (process 3)"];
    assert_eq!(called, expected.map(str::to_owned).into());
    assert_eq!(trace.lines.len(), 3);
}

#[test]
fn what_is_read_of_a_folder_is_what_stands_in_its_files() {
    let mut ran = run("two programs");
    let trace = ran.trace();
    let mut total = 0;
    for Process { file, start, .. } in &trace.processes {
        let alone = Trace::read(file).expect("each can be read alone");
        let own = events(file).expect("each can be read alone");
        assert_eq!(alone.events, own.len() as u64);
        assert_eq!(alone.origin, trace.origin + *start);
        total += alone.events;
    }
    assert_eq!(total, trace.events);
}

#[test]
fn a_copy_writes_a_file_of_its_own_and_works_for_its_parents_tasks() {
    let mut ran = run("fork");
    let trace = ran.trace();
    assert_sound(&trace);
    assert_eq!(forked_from(&trace), [None, Some(0)]);
    assert_eq!(names(&trace), ["shared", "copy", "late"]);
    assert_eq!(computed_by(&trace, "shared"), [1, 0]);
    assert_eq!(computed_by(&trace, "copy"), [1]);
    let [shared, copy, late] = ["shared", "copy", "late"].map(|name| task(&trace, name));
    assert!(copy.end.expect("it ended") < shared.end.expect("it ended"));
    assert_eq!([shared.process, copy.process, late.process], [0, 1, 0]);
    assert_eq!((copy.start > shared.start, late.end), (true, None));
}

#[test]
fn a_copy_of_a_copy_knows_the_tasks_of_both() {
    let mut ran = run("fork of a fork");
    let trace = ran.trace();
    assert_sound(&trace);
    assert_eq!(forked_from(&trace), [None, Some(0), Some(1)]);
    assert_eq!(names(&trace), ["oldest", "older", "youngest"]);
    for (name, by) in [("oldest", 2), ("older", 2), ("youngest", 2)] {
        assert_eq!(computed_by(&trace, name), [by], "{name}");
    }
}

#[test]
fn a_copy_that_is_made_within_a_part_ends_nothing_of_its_parents() {
    let mut ran = run("fork within a part");
    let trace = ran.trace();
    assert_sound(&trace);
    let of_a = task(&trace, "A").number;
    let [part] = &trace.parts.iter().filter(|part| part.task == of_a).collect::<Vec<_>>()[..]
    else {
        panic!("one part: {:?}", trace.parts)
    };
    let copys_end = task(&trace, "B").end.expect("it ended");
    assert!(part.end.expect("the parent ended it") > copys_end);
    assert_eq!(computed_by(&trace, "B"), [1]);
    let by_the_copy = events(&trace.processes[1].file).expect("a trace");
    let ends = by_the_copy.iter().filter(|it| matches!(it.what, Happening::PartEnded { .. }));
    assert_eq!(ends.count(), 2, "what the copy noted of its parent's part is in its own file");
}

#[test]
fn in_a_copy_threads_find_their_places_whoever_records_first() {
    let mut ran = run("fork with threads");
    let trace = ran.trace();
    assert_sound(&trace);
    assert_eq!(names(&trace), ["A", "B", "C", "D"]);
    let processes: Vec<u32> = trace.tasks.iter().map(|task| task.process).collect();
    assert_eq!(processes, [0, 1, 1, 0]);
    assert_eq!(trace.threads.iter().filter(|thread| thread.process == 1).count(), 2);
}

#[test]
fn a_copy_that_records_nothing_leaves_no_file() {
    let mut ran = run("silent fork");
    let trace = ran.trace();
    assert_sound(&trace);
    assert_eq!(trace.processes.len(), 1);
}

#[test]
fn a_copy_that_cannot_record_is_counted_and_told() {
    let mut ran = run("fork that cannot open files");
    let trace = ran.trace();
    assert_eq!((trace.processes.len(), trace.unrecorded_processes), (1, 1));
    assert!(ran.said().contains("is not recorded: "), "{}", ran.said());
}

#[test]
fn into_one_file_a_copy_does_not_write() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("one");
    let output = again("fork").env(trace::VARIABLE, &file).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("which is for one process; name a folder"), "{said}");
    let trace = Trace::read(&file).expect("the parent's trace");
    assert_eq!((names(&trace), trace.unrecorded_processes), (vec!["shared", "late"], 1));
    assert_eq!(computed_by(&trace, "shared"), [0]);
}

#[test]
fn a_copy_that_removes_its_file_is_missed() {
    let mut ran = run("fork that hides");
    let trace = ran.trace();
    assert_eq!((names(&trace), trace.unrecorded_processes), (vec!["A"], 1));
    if cfg!(target_os = "linux") {
        let [fault] = &trace.faults[..] else { panic!("one fault: {:?}", trace.faults) };
        assert_eq!(fault.problem, Problem::Removed);
    }
    let verdict = Verdict::of(Evidence::default().and(&trace));
    assert!(
        verdict.to_string().contains("1 other process of this run left no trace."),
        "{verdict}"
    );
}

#[test]
fn a_process_that_becomes_another_program_is_two() {
    let mut ran = run("exec");
    let trace = ran.trace();
    assert_sound(&trace);
    assert_eq!(names(&trace), ["before", "A"]);
    let [before, after] = &trace.processes[..] else { panic!("{:?}", trace.processes) };
    assert_eq!(before.system, after.system, "the number stays");
    assert_eq!(forked_from(&trace), [None, None]);
    let name = |process: &Process| process.file.file_name().map(ToOwned::to_owned);
    let expected = [format!("{}.trace", before.system), format!("{}-2.trace", before.system)];
    assert_eq!([name(before), name(after)], expected.map(|name| Some(name.into())));
}

#[test]
fn the_folder_stays_where_it_was_named() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("traces")).expect("room");
    let mut command = again("moves");
    command.current_dir(folder.path()).env(trace::VARIABLE, "traces");
    assert!(command.output().expect("it runs").status.success());
    let trace = Trace::read(folder.path().join("traces")).expect("a trace");
    assert_eq!(names(&trace), ["A", "B"]);
}

#[test]
fn who_may_make_short_files_only_makes_a_short_one() {
    let mut ran = run("short files");
    let trace = ran.trace();
    assert_sound(&trace);
    let length = fs::metadata(&trace.processes[0].file).expect("a file").len();
    assert_eq!(length, 1 << 20);
}

#[test]
fn who_may_make_no_files_goes_on_unrecorded() {
    let mut ran = run("no files");
    assert!(ran.output.status.success(), "{}", ran.said());
    assert!(ran.said().contains("it is shorter than 20480 bytes"), "{}", ran.said());
    let error = ran.watched.read().expect_err("nothing was recorded");
    let nothing = if cfg!(target_os = "linux") { Problem::NeverMade } else { Problem::NoTrace };
    assert!(error.faults.iter().all(|fault| fault.problem == nothing), "{error}");
}

#[test]
fn waits_and_figures_are_recorded_as_they_are_told() {
    let mut ran = run("shared wait");
    let trace = ran.trace();
    assert_sound(&trace);
    let a = task(&trace, "A").number;
    let [lock, message] = &trace.waits[..] else { panic!("two waits: {:?}", trace.waits) };
    assert_eq!((&*lock.what, lock.task, &*message.what, message.task), ("lock", a, "message", a));
    let ends = [lock.end, message.end].map(|end| end.expect("it is over"));
    assert!(lock.start < message.start && message.start <= ends[1] && ends[1] < ends[0]);
    let facts: Vec<_> =
        trace.facts.iter().map(|it| (it.task, &*it.name, it.value, &*it.unit)).collect();
    assert_eq!(facts, [(None, "page", 3.25, "ms"), (Some(a), "tries", 2.0, "")]);
}

/// The task and the number that a line names; nothing for the lines of the test harness.
fn parse(line: &str) -> Option<(&str, usize)> {
    let (task, number) = line.trim_end().split_once(' ')?;
    Some((task, number.parse().ok()?)).filter(|(task, _)| task.len() == 1)
}

fn note(line: &str, seen: &mut BTreeMap<String, usize>) {
    if let Some((task, number)) = parse(line) {
        seen.insert(task.to_owned(), number + 1);
    }
}

/// Three processes print into one pipe; once nobody reads any more, all of them end.
#[test]
fn whatever_processes_recorded_before_they_ended_is_read_back() {
    for lines in [10, 100, 1000] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = again("for ever");
        command.env(trace::VARIABLE, folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (mut seen, mut line) = (BTreeMap::new(), String::new());
        for _ in 0..lines {
            line.clear();
            output.read_line(&mut line).expect("a line");
            note(&line, &mut seen);
            if lines == 100 && seen.len() == 3 {
                assert_all(&Trace::read(folder.path()).expect("a trace"), &seen);
            }
        }
        child.kill().expect("it is ours");
        child.wait().expect("it has ended");
        // The copies go on for as long as their lines find a reader.
        let mut rest = [0; 1000];
        let _some = output.read(&mut rest).expect("what is left");
        drop(output);
        assert_all(&Trace::read(folder.path()).expect("a trace"), &seen);
    }
}

/// Every line that was seen must be recorded, and those of its task before it.
fn assert_all(trace: &Trace, seen: &BTreeMap<String, usize>) {
    assert!(trace.faults.is_empty(), "{:?}", trace.faults);
    let mut recorded: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &trace.lines {
        let (task, number) = parse(&line.text).expect("a line of this test");
        let count = recorded.entry(task).or_default();
        assert_eq!(*count, number, "a line of task {task} is missing or out of order");
        *count += 1;
    }
    for (task, count) in seen {
        assert!(recorded.get(task.as_str()) >= Some(count), "{task}: {count} seen, {recorded:?}");
    }
}
