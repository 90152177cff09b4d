//! What programs that come to every kind of end leave in their traces.
//!
//! The programs are this test binary itself: run again with a job in the
//! environment, its test [`child`] does that job and nothing else.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, process, thread};

use evidence::trace::{self, Event, Happening, Trace, Workload};
use evidence::{Accounts, Answer, Evidence, Verdict};
use fastrand::Rng;
use lab::prelude::*;

/// Names the job of a child.
const JOB: &str = "LAB_TEST_JOB";

/// Does the job that the environment names, if it names one.
#[test]
fn child() {
    match env::var(JOB).as_deref() {
        Ok("for ever") => for_ever(),
        Ok("lines") => lines(2_000),
        Ok("threads") => threads(),
        Ok("panic") => panics(),
        Ok("abort") => aborts(),
        #[cfg(target_os = "linux")]
        Ok("full disk") => fills_the_disk(),
        Ok("long line") => Task::start("long").say("ä".repeat(1_000)),
        Ok("parent") => is_recorded_twice("lines"),
        Ok("grandparent") => is_recorded_twice("parent"),
        Ok("lesson") => is_a_lesson(),
        Ok("side by side") => computes(&|task| {
            let _ = task.compute(1);
        }),
        Ok("lock") => {
            let lock = Mutex::new(());
            computes(&|task| {
                let _locked = lock.lock().expect("nobody panics with the lock");
                let _ = task.compute(1);
            });
        }
        _ => {}
    }
}

/// Lines that say who printed them and which of its lines it is, with parts between them.
fn for_ever() {
    thread::scope(|scope| {
        for name in ["A", "B", "C", "D"] {
            scope.spawn(move || {
                let task = Task::start(name);
                for number in 0.. {
                    let part = task.begin_part(1, 1);
                    part.tick();
                    drop(part);
                    task.say(format_args!("{name} {number}"));
                }
            });
        }
    });
}

fn lines(count: usize) {
    let task = Task::start("A");
    for number in 0..count {
        task.say(format_args!("A {number}"));
    }
    task.end();
}

fn threads() {
    for number in 0..20 {
        let say = move || Task::start("A").say(format_args!("A {number}"));
        thread::spawn(say).join().expect("a thread that says a line");
    }
}

fn panics() {
    let thread = thread::spawn(|| {
        let task = Task::start("A");
        let _part = task.begin_part(1, 1);
        task.say("A 0");
        panic!("as it should");
    });
    assert!(thread.join().is_err());
    Task::start("B").say("B 0");
}

fn aborts() {
    let task = Task::start("A");
    let _part = task.begin_part(1, 1);
    task.say("A 0");
    process::abort();
}

/// Prints to where nothing has room, which is seen to here since the test harness prints first.
#[cfg(target_os = "linux")]
fn fills_the_disk() {
    let full = File::options().write(true).open("/dev/full").expect("a full disk");
    rustix::stdio::dup2_stdout(full).expect("a standard output");
    lines(2);
}

fn is_recorded_twice(childs_job: &str) {
    lines(1);
    let output = again(childs_job).output().expect("the child runs");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
}

fn is_a_lesson() {
    work::describe();
    let task = Task::start("A");
    task.step(1);
    // How long a step waits is on record as soon as somebody asks; nobody need wait for that.
    assert!(!work::wait().is_zero());
    let _ = task.compute(1);
    task.finish(2);
}

/// Has two threads do the same several times.
fn computes(compute: &(dyn Fn(Task) + Sync)) {
    let task = Task::start("A");
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..3).for_each(|_| compute(task)));
        }
    });
    task.end();
}

/// A file for a trace, removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Scratch {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("record-{}-{number}.trace", process::id());
        Scratch(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// A file with room for so many blocks.
    fn with_blocks(count: u64) -> Scratch {
        let scratch = Scratch::new();
        let file = File::create(&scratch.0).expect("a scratch file");
        file.set_len(4096 + count * 16 * 1024).expect("room for a scratch file");
        scratch
    }

    fn events(&self) -> Vec<Event> {
        trace::events(&self.0).unwrap_or_else(|error| panic!("{error}"))
    }

    fn read(&self) -> Trace {
        Trace::read(&self.0).unwrap_or_else(|error| panic!("{error}"))
    }

    fn run(&self, job: &str) -> Output {
        again(job).env(trace::VARIABLE, &self.0).output().expect("the child runs")
    }

    fn start(&self, job: &str) -> Child {
        let mut command = again(job);
        command.env(trace::VARIABLE, &self.0).stdout(Stdio::piped());
        command.spawn().expect("the child starts")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// This program again, with a job.
fn again(job: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program's own path"));
    command.args(["child", "--exact", "--nocapture"]).env(JOB, job);
    command
}

/// The task and the number that a line names; nothing for the lines of the test harness.
fn parse(line: &str) -> Option<(&str, usize)> {
    let (task, number) = line.trim_end().split_once(' ')?;
    Some((task, number.parse().ok()?)).filter(|(task, _)| task.len() == 1)
}

/// How many lines of each task a trace holds. They must be the first ones, in order.
fn recorded(trace: &Trace) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for line in &trace.lines {
        let (task, number) = parse(&line.text).expect("a line of this test");
        let count = counts.entry(task.to_owned()).or_insert(0);
        assert_eq!(*count, number, "a line of task {task} is missing or out of order");
        *count += 1;
    }
    counts
}

/// Every line that was seen must be recorded, and the parts that came before it.
fn assert_recorded(trace: &Trace, seen: &BTreeMap<String, usize>) {
    let recorded = recorded(trace);
    for (task, count) in seen {
        let found = recorded.get(task).copied().unwrap_or_default();
        assert!(found >= *count, "task {task}: {count} lines were seen, {found} are recorded");
        let number = trace.tasks.iter().find(|known| *known.name == **task).map(|task| task.number);
        let parts = trace.parts.iter().filter(|part| Some(part.task) == number);
        let ended = parts.filter(|part| part.end.is_some()).count();
        assert!(
            ended >= *count,
            "task {task}: {count} lines were seen, {ended} parts are recorded"
        );
    }
}

fn note(line: &str, seen: &mut BTreeMap<String, usize>) {
    if let Some((task, number)) = parse(line) {
        seen.insert(task.to_owned(), number + 1);
    }
}

#[test]
fn whatever_was_recorded_before_a_kill_is_read_back() {
    const KILLS: u64 = 200;
    let (mut total, mut unseen) = (0, 0);
    for seed in 0..KILLS {
        let scratch = Scratch::new();
        let mut child = scratch.start("for ever");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut seen = BTreeMap::new();
        let mut line = String::new();
        for _ in 0..Rng::with_seed(seed).usize(6..500) {
            line.clear();
            output.read_line(&mut line).expect("a line");
            note(&line, &mut seen);
        }
        child.kill().expect("the child is there to be killed");
        let mut rest = String::new();
        output.read_to_string(&mut rest).expect("the rest of the lines");
        // The last line may have been cut off, and its number with it.
        let whole = rest.rfind('\n').map_or("", |end| &rest[..end]);
        whole.lines().for_each(|line| note(line, &mut seen));
        child.wait().expect("the child has ended");
        let trace = scratch.read();
        assert_recorded(&trace, &seen);
        total += trace.events;
        unseen += recorded(&trace).values().sum::<usize>() - seen.values().sum::<usize>();
    }
    println!(
        "{KILLS} kills: {total} events read back; {unseen} lines were recorded and not yet seen"
    );
}

#[test]
fn a_trace_can_be_read_while_the_program_runs() {
    let scratch = Scratch::new();
    let mut child = scratch.start("for ever");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let (mut seen, mut line) = (BTreeMap::new(), String::new());
    let mut before: BTreeMap<u32, Vec<Happening>> = BTreeMap::new();
    for _ in 0..100 {
        for _ in 0..20 {
            line.clear();
            output.read_line(&mut line).expect("a line");
            note(&line, &mut seen);
        }
        if seen.is_empty() {
            continue;
        }
        let trace = scratch.read();
        assert_recorded(&trace, &seen);
        let mut now: BTreeMap<u32, Vec<Happening>> = BTreeMap::new();
        for event in scratch.events() {
            now.entry(event.thread).or_default().push(event.what);
        }
        let grows = |(thread, events): (&u32, &Vec<Happening>)| now[thread].starts_with(events);
        assert!(before.iter().all(grows), "what was read once is there again");
        before = now;
    }
    child.kill().expect("the child is there to be killed");
    child.wait().expect("the child has ended");
}

#[test]
fn a_full_file_drops_events_and_counts_them() {
    let (roomy, tight) = (Scratch::new(), Scratch::with_blocks(3));
    roomy.run("lines");
    tight.run("lines");
    let (all, some) = (roomy.read(), tight.read());
    assert_eq!(all.dropped, 0);
    assert_eq!(recorded(&all)["A"], 2_000);
    assert!(some.dropped > 0);
    assert_eq!(some.events + some.dropped, all.events);
    let missing = Verdict::of(Evidence::default().and(&some)).missing;
    let expected = words::count(usize::try_from(some.dropped).expect("no more"), "event");
    assert!(missing[0].sentence.starts_with(&expected), "{missing:?}");
}

#[test]
fn threads_that_get_no_block_drop_their_events() {
    let scratch = Scratch::with_blocks(5);
    let output = scratch.run("threads");
    assert!(output.status.success());
    let trace = scratch.read();
    // The test harness's own threads record nothing.
    assert_eq!(trace.threads.len(), 5);
    let dropped = 15 * ["a start", "a line"].len() as u64;
    assert_eq!(trace.dropped, dropped, "fifteen threads had no room for anything");
}

#[test]
fn a_panic_ends_its_parts_and_leaves_everything_else_recorded() {
    let scratch = Scratch::new();
    scratch.run("panic");
    let trace = scratch.read();
    assert_eq!(recorded(&trace), BTreeMap::from([("A".to_owned(), 1), ("B".to_owned(), 1)]));
    assert!(trace.parts[0].end.is_some(), "unwinding ends the part");
    assert_eq!(trace.tasks[0].end, None, "nobody ended the task");
}

#[test]
fn whatever_was_recorded_before_an_abort_is_read_back() {
    let scratch = Scratch::new();
    assert!(!scratch.run("abort").status.success());
    let trace = scratch.read();
    assert_eq!(recorded(&trace)["A"], 1);
    assert_eq!(trace.parts[0].end, None, "nothing ended the part");
}

#[test]
fn a_program_that_nobody_reads_any_longer_ends_quietly() {
    let scratch = Scratch::new();
    let mut command = again("for ever");
    command.env(trace::VARIABLE, &scratch.0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the child starts");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let seen = output.find(|line| parse(line.as_ref().expect("text")).is_some());
    drop(output);
    let rest = child.wait_with_output().expect("the child ends");
    assert_eq!((rest.status.code(), String::from_utf8_lossy(&rest.stderr).as_ref()), (Some(0), ""));
    let mut counts = BTreeMap::new();
    note(&seen.expect("a line").expect("text"), &mut counts);
    assert_recorded(&scratch.read(), &counts);
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_cannot_print_says_so_in_a_line_and_ends() {
    let scratch = Scratch::new();
    let output = scratch.run("full disk");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: cannot print: ") && said.lines().count() == 1, "{said}");
    assert_eq!(recorded(&scratch.read()), BTreeMap::from([("A".to_owned(), 1)]));
}

#[test]
fn a_long_line_is_cut_between_characters() {
    let scratch = Scratch::new();
    scratch.run("long line");
    let lines = scratch.read().lines;
    let text = "ä".repeat(512);
    assert!(matches!(&lines[..], [line] if *line.text == *text && line.cut && line.step.is_none()));
}

#[test]
fn a_second_process_does_not_write_into_the_trace_of_the_first() {
    for (job, others) in [("parent", 1), ("grandparent", 2)] {
        let scratch = Scratch::new();
        let output = scratch.run(job);
        let trace = scratch.read();
        assert_eq!(recorded(&trace)["A"], 1);
        // Elsewhere not everybody knows whom they descend from.
        if cfg!(target_os = "linux") {
            assert_eq!(trace.unrecorded_processes, others, "{job}");
        }
        let message = String::from_utf8_lossy(&output.stderr);
        let expected = format!("it is the trace of process {}; name another file", trace.process);
        assert_eq!(message.matches(&expected).count() as u64, others, "{message}");
    }
}

#[test]
fn another_run_leaves_the_trace_of_the_first_as_it_is() {
    let scratch = Scratch::with_blocks(3);
    scratch.run("lines");
    let (first, process) = (fs::read(&scratch.0).expect("a trace"), scratch.read().process);
    let output = scratch.run("lines");
    assert!(output.status.success());
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains(&format!("it is the trace of process {process};")), "{message}");
    // So many bytes are not worth printing.
    assert!(fs::read(&scratch.0).expect("a trace") == first, "the file is as it was");
}

#[test]
fn a_program_goes_on_unrecorded_where_it_cannot_record() {
    let foreign = Scratch::new();
    fs::write(&foreign.0, "my thesis\n".repeat(10_000)).expect("a scratch file");
    let short = Scratch::new();
    fs::write(&short.0, "my note").expect("a scratch file");
    let missing = Scratch(foreign.0.join("not a folder"));
    for (scratch, expected) in [
        (&foreign, "it is a file of another kind; name another file"),
        (&short, "it is shorter than 20480 bytes; remove it"),
        (&missing, "names `"),
    ] {
        let before = fs::read(&scratch.0).ok();
        let output = scratch.run("lines");
        assert!(output.status.success());
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains("lab: this run is not recorded"), "{message}");
        assert!(message.contains(expected), "{message}");
        assert_eq!(fs::read(&scratch.0).ok(), before, "the file is as it was");
    }
}

#[test]
fn a_program_that_does_not_ask_how_long_a_step_waits_leaves_that_open() {
    let scratch = Scratch::new();
    scratch.run("side by side");
    assert_eq!(scratch.read().workload.wait, None);
}

#[test]
fn a_task_leaves_its_lines_parts_and_times() {
    let scratch = Scratch::new();
    scratch.run("lesson");
    let trace = scratch.read();
    let known = Workload {
        tasks: Some(3),
        steps: Some(3),
        parts: Some(8),
        wait: Some(work::wait()),
        compute: None,
        slowdown: Some(1),
    };
    assert_eq!(trace.workload, known);
    assert!(trace.command.contains("child --exact"));
    let [task] = &trace.tasks[..] else { panic!("one task: {:?}", trace.tasks) };
    let [part] = &trace.parts[..] else { panic!("one part: {:?}", trace.parts) };
    assert_eq!((part.task, part.step, part.number), (task.number, 1, 0));
    let (end, part_end) = (task.end.expect("it ended"), part.end.expect("it ended"));
    assert!(task.start <= part.start && part.start < part_end && part_end <= end);
    let chunks: Vec<_> = trace.chunks.iter().collect();
    assert!(chunks.windows(2).all(|pair| pair[0].end == pair[1].start));
    let steps = trace.lines.iter().filter(|line| line.step == Some(1));
    assert_eq!(steps.map(|line| &*line.text).collect::<Vec<_>>(), ["Task A - Step 1"]);
}

#[test]
fn a_file_that_is_no_whole_trace_says_what_is_wrong_with_it() {
    let scratch = Scratch::new();
    scratch.run("lines");
    let whole = fs::read(&scratch.0).expect("a trace");
    let changed = |place: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[place] = byte;
        bytes
    };
    let block = 4096;
    for (bytes, expected) in [
        (whole[..50_000].to_vec(), "is cut short: it has 50000 bytes of at least"),
        (whole[..4_000].to_vec(), "is cut short: it has 4000 bytes of at least"),
        (changed(8, 9), "is a trace of version 9, and this program reads version 3"),
        (changed(0, 9), "is not a trace"),
        (changed(block, 99), "is damaged: there is no event of any known kind at byte 4096"),
        (changed(block + 32, 99), "is damaged: there is no event of any known kind at byte 4128"),
        (Vec::new(), "holds no trace: no program recorded into it yet, or it was emptied"),
    ] {
        fs::write(&scratch.0, bytes).expect("a scratch file");
        let error = Trace::read(&scratch.0).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains(&scratch.0.display().to_string()), "the file is named: {error}");
    }
    let missing = Trace::read("no/such/trace").expect_err("there is no such file");
    assert!(missing.to_string().starts_with("`no/such/trace` cannot be read"), "{missing}");
}

/// A copy of a trace with some of its bytes changed, mostly in the words that all of it hangs on.
fn damaged(whole: &[u8], random: &mut Rng) -> Vec<u8> {
    let header = 1..14 * size_of::<u64>();
    let mut bytes = whole.to_vec();
    for _ in 0..random.usize(1..4) {
        let place = match random.bool() {
            true => random.usize(header.clone()),
            false => random.usize(4096..bytes.len()),
        };
        let any = random.u8(..);
        bytes[place] = random.choice([0, 1, 0x7f, 0xff, any]).expect("one of them");
    }
    bytes
}

#[test]
fn whatever_can_be_read_of_a_damaged_trace_can_be_judged() {
    const COPIES: u64 = 600;
    let mut read = 0;
    for job in ["panic", "side by side", "lesson"] {
        let recorded = Scratch::new();
        recorded.run(job);
        let blocks = recorded.read().threads.len();
        let mut whole = fs::read(&recorded.0).expect("a trace");
        whole.truncate(4096 + blocks * 16 * 1024);
        for seed in 0..COPIES {
            let scratch = Scratch::new();
            let bytes = damaged(&whole, &mut Rng::with_seed(seed));
            fs::write(&scratch.0, bytes).expect("a scratch file");
            if let Ok(trace) = Trace::read(&scratch.0) {
                let verdict = Verdict::of(Evidence::default().and(&trace));
                assert!(!verdict.to_string().is_empty() && verdict.to_json().is_object());
                read += 1;
            }
        }
    }
    assert!(read > COPIES, "only {read} could be read at all");
}

#[test]
fn a_trace_may_be_cut_where_nothing_was_written() {
    let scratch = Scratch::new();
    scratch.run("lesson");
    let trace = scratch.read();
    let bytes = fs::read(&scratch.0).expect("a trace");
    fs::write(&scratch.0, &bytes[..4096 + trace.threads.len() * 16 * 1024])
        .expect("a scratch file");
    assert_eq!(scratch.read(), trace);
}

/// The verdict on a job, with accounts that believe the process's own account.
fn verdict(job: &str) -> Verdict {
    let scratch = Scratch::new();
    scratch.run(job);
    let trace = scratch.read();
    let accounts = Accounts {
        cpu: trace.chunks.iter().filter_map(|chunk| Some(chunk.executing?.at_most)).sum(),
        complete: true,
        ..Accounts::default()
    };
    Verdict::of(Evidence::default().and(&trace).and(&accounts))
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs the CPU clock of a thread")]
fn a_lock_around_the_compute_is_found_out() {
    let verdict = verdict("lock");
    assert_eq!(verdict.parallel.answer, Answer::RuledOut, "{verdict}");
    assert!(verdict.parallel.sentence().contains("2 threads computed, but they took turns"));
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs the CPU clock of a thread")]
fn threads_that_may_compute_side_by_side_are_never_said_not_to() {
    let verdict = verdict("side by side");
    let is_alone = verdict.circumstances.cores == Some(1);
    // On a busy machine it may remain open.
    assert!(is_alone || verdict.parallel.answer != Answer::RuledOut, "{verdict}");
}
