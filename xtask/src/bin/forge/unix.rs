//! The lessons, which need a Unix file system.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use lab::lesson::{self, Chapter, Lesson, Runtime};
use lab::order::{Order, par, seq};
use lab::quadrant::Quadrant::{self, Both, ConcurrentOnly, Neither, ParallelOnly};
use lab::task::Task;
use lab::work;

fn mixed() -> Order {
    par(work::TASKS.map(work::lines))
}

fn in_turn() -> Order {
    seq(work::TASKS.map(work::lines))
}

fn anything() -> Order {
    "/.*/".parse().expect("a contract")
}

const fn mixing(name: &'static str, shows: Quadrant, run: fn()) -> Lesson {
    Lesson::new(Runtime::Std, "a forgery", run).named(name).shows(shows).keeps(mixed)
}

const fn turning(name: &'static str, shows: Quadrant, run: fn()) -> Lesson {
    Lesson::new(Runtime::Std, "a forgery", run).named(name).shows(shows).keeps(in_turn)
}

static LESSONS: &[Lesson] = &[
    // Honest ones, written otherwise.
    turning("honest", Neither, || work::TASKS.into_iter().for_each(all_steps)),
    mixing("honest-threads", Both, threads),
    mixing("honest-pinned-threads", Both, pinned_threads),
    mixing("honest-threads-and-another-program", Both, || go_on_as_another_program(threads)),
    // Lines without work.
    turning("print-only", Neither, print_only),
    turning("known-number", Neither, known_number),
    mixing("known-number-in-rounds", ConcurrentOnly, known_number_in_rounds),
    turning("a-step-left-out", Neither, a_step_left_out),
    turning("some-compute", ParallelOnly, some_compute),
    mixing("begun-together", ConcurrentOnly, begun_together),
    turning("work-beside", Neither, work_beside),
    mixing("work-beside-on-two-cores", ConcurrentOnly, work_beside_on_two_cores),
    mixing("spun-a-little", Both, spun_a_little),
    mixing("parts-without-end", Both, parts_without_end),
    mixing("in-turn-and-spinning", Both, in_turn_and_spinning),
    mixing("goes-on-as-another-program", Both, || go_on_as_another_program(begun_together)),
    mixing("end-the-keeper", Both, end_the_keeper),
    // The trace.
    mixing("remove-the-trace", Both, || with_the_trace(|path| drop(fs::remove_file(path)))),
    mixing("empty-the-trace", Both, || with_the_trace(|path| drop(fs::write(path, "")))),
    mixing("damage-the-trace", Both, || with_the_trace(|path| drop(fs::write(path, "LABTRASH")))),
    mixing("replace-the-trace", Both, || with_the_trace(replace_by_a_folder)),
    mixing("pipe-for-a-trace", Both, || with_the_trace(replace_by_a_pipe)),
    mixing("shift-the-trace", Both, shift_the_trace),
    // The contract.
    Lesson::new(Runtime::Std, "a forgery", print_nonsense)
        .named("own-contract")
        .shows(Neither)
        .keeps(anything),
];

pub(super) fn main() -> ExitCode {
    lesson::main(&Chapter { quadrant: Both, order: mixed, gaps: &[], lessons: LESSONS })
}

/// All of a task's work, but for its waits.
fn all_steps(name: &'static str) {
    let task = Task::start(name);
    let primes = steps(task);
    task.finish(primes);
}

fn steps(task: Task) -> usize {
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        primes += task.compute(step);
    }
    primes
}

fn threads() {
    thread::scope(|scope| {
        work::TASKS.map(|name| scope.spawn(move || all_steps(name)).thread().id())
    });
}

/// Each thread on a core of its own, the first one as well, as people do for speed.
fn pinned_threads() {
    // Whoever is pinned to one core is told that there is one.
    let cores = thread::available_parallelism().map_or(1, Into::into);
    pin(0);
    thread::scope(|scope| {
        for (core, name) in work::TASKS.into_iter().enumerate() {
            scope.spawn(move || {
                pin(core % cores);
                all_steps(name);
            });
        }
    });
}

/// Restricts the calling thread to one of the cores that there are.
fn pin(core: usize) {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_setaffinity};

        let mut only = CpuSet::new();
        only.set(core);
        // Where it is not allowed to choose, it stays where it is.
        let _unpinned = sched_setaffinity(None, &only);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = core;
}

fn print_lines(name: &str) {
    work::STEPS.for_each(|step| println!("Task {name} - Step {step}"));
    println!("Task {name} - {} primes", work::PRIMES);
}

fn print_only() {
    work::TASKS.into_iter().for_each(print_lines);
}

fn print_nonsense() {
    println!("42 is the answer");
}

fn known_number() {
    for name in work::TASKS {
        let task = Task::start(name);
        work::STEPS.for_each(|step| task.step(step));
        task.finish(work::PRIMES);
    }
}

fn known_number_in_rounds() {
    let tasks = work::TASKS.map(Task::start);
    for step in work::STEPS {
        tasks.iter().for_each(|task| task.step(step));
        thread::sleep(work::wait());
    }
    tasks.into_iter().for_each(|task| task.finish(work::PRIMES));
}

fn a_step_left_out() {
    for name in work::TASKS {
        let task = Task::start(name);
        for step in work::STEPS {
            task.step(step);
            if step != 2 {
                let _primes = task.compute(step);
            }
        }
        task.finish(work::PRIMES);
    }
}

/// Two threads that compute side by side, for two milliseconds a step.
fn some_compute() {
    for name in work::TASKS {
        let task = Task::start(name);
        for step in work::STEPS {
            task.step(step);
            thread::scope(|scope| {
                for number in [1, 2] {
                    scope.spawn(move || {
                        let part = task.begin_part(step, number);
                        let end = Instant::now() + Duration::from_millis(2);
                        while Instant::now() < end {
                            part.tick();
                        }
                    });
                }
            });
        }
        task.finish(work::PRIMES);
    }
}

/// All tasks are started first and ended last, and done one after the other.
fn begun_together() {
    let tasks = work::TASKS.map(Task::start);
    for task in tasks {
        let primes = steps(task);
        task.say(format_args!("Task {} - {primes} primes", task.name()));
    }
    tasks.into_iter().for_each(Task::end);
}

/// As it should be, and something else beside it that no task recorded.
fn work_beside() {
    thread::scope(|scope| {
        scope.spawn(|| {
            work::STEPS
                .map(|step| work::count_primes(&work::whole(step).range, || {}))
                .sum::<usize>()
        });
        work::TASKS.into_iter().for_each(all_steps);
    });
}

/// Two threads, each on a core of its own, that no task recorded; and then the lines.
fn work_beside_on_two_cores() {
    pin(0);
    let tasks = work::TASKS.map(Task::start);
    thread::scope(|scope| {
        for core in [0, 1] {
            scope.spawn(move || {
                pin(core);
                spin(Duration::from_millis(60), || {});
            });
        }
    });
    for step in work::STEPS {
        tasks.iter().for_each(|task| task.step(step));
    }
    tasks.into_iter().for_each(|task| task.finish(work::PRIMES));
}

fn spin(duration: Duration, mut at_times: impl FnMut()) {
    let end = Instant::now() + duration;
    while Instant::now() < end {
        at_times();
    }
}

/// Two milliseconds of nothing on two threads at once; and then the lines.
fn spun_a_little() {
    let tasks = work::TASKS.map(Task::start);
    thread::scope(|scope| {
        for task in tasks {
            scope.spawn(move || {
                let part = task.begin_part(1, 1);
                spin(Duration::from_millis(2), || part.tick());
            });
        }
    });
    for step in work::STEPS {
        tasks.iter().for_each(|task| task.step(step));
    }
    tasks.into_iter().for_each(|task| task.finish(work::PRIMES));
}

/// Parts are begun, and never seen again; meanwhile everybody sleeps.
fn parts_without_end() {
    thread::scope(|scope| {
        for name in work::TASKS {
            scope.spawn(move || {
                let task = Task::start(name);
                for step in work::STEPS {
                    task.step(step);
                    std::mem::forget(task.begin_part(step, 1));
                    thread::sleep(work::wait());
                }
                task.finish(work::PRIMES);
            });
        }
    });
}

/// Never two at work: who waits for the lock spins, and so executes all the time.
fn in_turn_and_spinning() {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    thread::scope(|scope| {
        for name in work::TASKS {
            scope.spawn(move || {
                let task = Task::start(name);
                let mut primes = 0;
                for step in work::STEPS {
                    task.step(step);
                    while TAKEN.swap(true, Ordering::Acquire) {
                        std::hint::spin_loop();
                    }
                    primes += task.compute(step);
                    TAKEN.store(false, Ordering::Release);
                }
                task.finish(primes);
            });
        }
    });
}

/// Does the work, on a thread that is not the first and then becomes another program, with the number of
/// the first.
fn go_on_as_another_program(work: fn()) {
    use std::os::unix::process::CommandExt;

    let all = || {
        work();
        std::io::stdout().flush().expect("an output");
        Command::new("sleep").arg("0.1").exec()
    };
    let error = thread::scope(|scope| scope.spawn(all).join().expect("it does not panic"));
    eprintln!("{error}");
}

/// Ends whoever started it.
fn end_the_keeper() {
    threads();
    let keeper = std::os::unix::process::parent_id().to_string();
    let _ = Command::new("kill").args(["-KILL", &keeper]).status();
}

fn with_the_trace(change: fn(PathBuf)) {
    threads();
    if let Some(path) = std::env::var_os("LAB_TRACE") {
        // The judge may have asked for a folder of traces.
        let path = PathBuf::from(path);
        let traces = fs::read_dir(&path).map(|entries| entries.flatten().map(|entry| entry.path()));
        match traces {
            Ok(traces) => traces.for_each(change),
            Err(_) => change(path),
        }
    }
    std::io::stdout().flush().expect("an output");
}

fn replace_by_a_folder(path: PathBuf) {
    let _ = fs::remove_file(&path);
    let _ = fs::create_dir(&path);
}

fn replace_by_a_pipe(path: PathBuf) {
    let _ = fs::remove_file(&path);
    let _ = Command::new("mkfifo").arg(&path).status();
}

/// Two tasks one after the other, on two threads; then the second one's times are moved back in the
/// file, so that both seem to compute at once.
fn shift_the_trace() {
    let tasks = work::TASKS.map(Task::start);
    let began = Instant::now();
    let first = thread::spawn(move || steps(tasks[0])).join().expect("primes");
    let shift = began.elapsed();
    let rest = thread::spawn(move || (steps(tasks[1]), steps(tasks[2]))).join().expect("primes");
    for (task, primes) in tasks.into_iter().zip([first, rest.0, rest.1]) {
        task.finish(primes);
    }
    let Some(path) = std::env::var_os("LAB_TRACE").map(PathBuf::from) else { return };
    let mut paths = vec![path.clone()];
    if let Ok(entries) = fs::read_dir(&path) {
        paths = entries.flatten().map(|entry| entry.path()).collect();
    }
    paths.iter().for_each(|path| move_back(path, u64::try_from(shift.as_nanos()).unwrap_or(0)));
}

/// Moves all times of a trace's third thread back.
fn move_back(path: &std::path::Path, shift: u64) {
    use trace::event::{Entry, kind};
    use trace::layout::{BLOCK, HEADER, SLOT, word, words_of_text};

    let file = fs::File::options().read(true).write(true).open(path).expect("the trace");
    let read = |at: usize| {
        let mut bytes = [0; 8];
        file.read_exact_at(&mut bytes, at as u64 * 8).expect("a word");
        u64::from_ne_bytes(bytes)
    };
    let write = |at: usize, value: u64| {
        file.write_all_at(&value.to_ne_bytes(), at as u64 * 8).expect("a word");
    };
    for block in 0..usize::try_from(read(word::CLAIMED)).unwrap_or(0) {
        let start = HEADER + block * BLOCK;
        let (mut at, mut thread) = (start, 0);
        while at < start + BLOCK && read(at) != 0 {
            let entry = Entry::from_words([read(at), read(at + 1), 0, 0]);
            let length = Entry::head(entry.kind) + words_of_text(entry.text_length());
            if entry.kind == kind::BLOCK {
                thread = entry.extent;
            }
            if thread == 2 {
                write(at + 1, entry.time.saturating_sub(shift));
                if matches!(entry.kind, kind::TICK | kind::PART_ENDED) {
                    write(at + 3, read(at + 3).saturating_sub(shift));
                }
            }
            at += length.next_multiple_of(SLOT);
        }
    }
}
