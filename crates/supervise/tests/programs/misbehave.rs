//! A program with every bad habit that a lesson or an exercise may have.
//!
//! The tests of the supervisor and of the task runner run it, one habit at a time: `misbehave HABIT`. It also lists its
//! habits as if they were lessons, `misbehave --list`, so that whole commands can be tested on them.
//! `cargo test` builds it; `cargo xtask` does without it.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

/// Longer than any test waits.
const FOR_EVER: Duration = Duration::from_secs(600);

/// A habit's name, and what it does.
type Habit = (&'static str, fn() -> ExitCode);

const HABITS: &[Habit] = &[
    ("behave", behave),
    ("swap-two-lines", || print(&["one", "three", "two"])),
    ("print-an-unknown-line", || print(&["one", "two", "tree", "three"])),
    ("leave-a-line-out", || print(&["one", "three"])),
    ("print-a-line-twice", || print(&["one", "two", "two", "three"])),
    ("fail", fail),
    ("panic", || panic!("the cat is on the keyboard")),
    ("panic-in-a-thread", panic_in_a_thread),
    ("abort", || std::process::abort()),
    ("overflow-the-stack", overflow_the_stack),
    ("hang", hang),
    ("spin", spin),
    ("deadlock", deadlock),
    ("print-a-gigabyte", print_a_gigabyte),
    ("print-for-ever", print_for_ever),
    ("print-an-endless-line", print_an_endless_line),
    ("print-half-a-line", print_half_a_line),
    ("print-broken-utf-8", print_broken_utf8),
    ("alternate", alternate),
    ("leave-a-child", leave_a_child),
    ("compute-together", compute_together),
    ("hand-over", hand_over),
];

#[cfg(unix)]
const UNIX_HABITS: &[Habit] = &[
    ("segfault", unix::segfault),
    ("ignore-termination", unix::ignore_termination),
    ("stop-itself", unix::stop_itself),
    ("close-the-output", unix::close_the_output),
    ("leave-a-daemon", unix::leave_a_daemon),
    ("hang-with-a-daemon", unix::hang_with_a_daemon),
    ("change-the-group", unix::change_the_group),
    ("hang-with-twenty", unix::hang_with_twenty),
    ("beget-and-die", unix::beget_and_die),
    ("kill-the-parent", unix::kill_the_parent),
    ("new-session", unix::new_session),
    ("five-children", unix::five_children),
    ("stop-the-judge", unix::stop_the_judge),
    ("kill-the-judge", unix::kill_the_judge),
    ("kill-the-parent-of-a-daemon", unix::kill_the_parent_of_a_daemon),
    ("hoard-files", unix::hoard_files),
    ("hoard-memory", hoard_memory),
    ("write-a-long-file", write_a_long_file),
    ("many-processes", many_processes),
    #[cfg(target_os = "linux")]
    ("speak-for-the-keeper", unix::speak_for_the_keeper),
];
#[cfg(not(unix))]
const UNIX_HABITS: &[Habit] = &[];

fn main() -> ExitCode {
    let habit = std::env::args().nth(1).unwrap_or_default();
    if habit == "--list" {
        return list();
    }
    let mut habits = HABITS.iter().chain(UNIX_HABITS);
    match habits.find(|(name, _)| *name == habit) {
        Some((_, run)) => run(),
        None => {
            let names: Vec<_> = HABITS.iter().chain(UNIX_HABITS).map(|(name, _)| *name).collect();
            eprintln!("no habit is called `{habit}`; there are {}", names.join(", "));
            ExitCode::from(2)
        }
    }
}

/// Lists the habits as lessons, all with the contract that only `behave` keeps.
fn list() -> ExitCode {
    let lesson = |(name, _): &Habit| {
        json!({
            "name": name,
            "runtime": "std",
            "summary": "a bad habit",
            "order": "one ; two ; three",
            "quadrant": "neither",
        })
    };
    let lessons: Vec<_> = HABITS.iter().chain(UNIX_HABITS).map(lesson).collect();
    println!("{}", json!({ "quadrant": "neither", "lessons": lessons, "gaps": [] }));
    ExitCode::SUCCESS
}

/// Starts this program once more, with another habit.
fn start(habit: &str) -> Child {
    again(habit).spawn().expect("it ran once")
}

/// The command that runs this program once more.
fn again(habit: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("we run"));
    command.arg(habit).stdin(Stdio::null());
    command
}

fn behave() -> ExitCode {
    print(&["one", "two", "three"])
}

fn print(lines: &[&str]) -> ExitCode {
    lines.iter().for_each(|line| println!("{line}"));
    ExitCode::SUCCESS
}

fn fail() -> ExitCode {
    eprintln!("the dog ate it");
    ExitCode::from(3)
}

fn panic_in_a_thread() -> ExitCode {
    let _panicked = thread::spawn(|| panic!("nobody looks at me")).join();
    ExitCode::SUCCESS
}

fn overflow_the_stack() -> ExitCode {
    println!("{}", overflow(usize::MAX));
    ExitCode::SUCCESS
}

fn overflow(depth: usize) -> usize {
    let space = std::hint::black_box([depth; 64]);
    if depth == 0 { 0 } else { overflow(depth - 1) + space[depth % 64] }
}

fn hang() -> ExitCode {
    println!("pid {}", std::process::id());
    thread::sleep(FOR_EVER);
    ExitCode::SUCCESS
}

fn spin() -> ExitCode {
    loop {
        std::hint::spin_loop();
    }
}

/// Two threads take two locks in opposite orders, each when the other has its first.
fn deadlock() -> ExitCode {
    let locks = Arc::new((Mutex::new(()), Mutex::new(())));
    let both = Arc::new(Barrier::new(2));
    let (their_locks, they) = (Arc::clone(&locks), Arc::clone(&both));
    thread::spawn(move || {
        let _first = their_locks.1.lock();
        they.wait();
        let _second = their_locks.0.lock();
    });
    let _first = locks.0.lock();
    both.wait();
    let _second = locks.1.lock();
    ExitCode::SUCCESS
}

fn print_a_gigabyte() -> ExitCode {
    let lines = "All work and no play makes Jack a dull boy.\n".repeat(1 << 14);
    let mut output = io::stdout().lock();
    let mut left = 1_usize << 30;
    while left > 0 {
        let length = left.min(lines.len());
        output.write_all(&lines.as_bytes()[..length]).expect("somebody reads");
        left -= length;
    }
    ExitCode::SUCCESS
}

fn print_for_ever() -> ExitCode {
    let mut output = io::stdout().lock();
    while output.write_all(&[b'\n'; 1 << 16]).is_ok() {}
    ExitCode::SUCCESS
}

fn print_an_endless_line() -> ExitCode {
    let mut output = io::stdout().lock();
    for _ in 0..64 {
        output.write_all(&[b'a'; 1 << 20]).expect("somebody reads");
    }
    ExitCode::SUCCESS
}

fn print_half_a_line() -> ExitCode {
    print!("one\nand a ha");
    ExitCode::SUCCESS
}

fn print_broken_utf8() -> ExitCode {
    io::stdout().write_all(b"fine\nbr\xffken\n\xfe\n").expect("somebody reads");
    ExitCode::SUCCESS
}

fn alternate() -> ExitCode {
    for number in 1..=3 {
        println!("output {number}");
        eprintln!("error {number}");
    }
    ExitCode::SUCCESS
}

/// The child holds the output open.
#[expect(clippy::zombie_processes, reason = "this is the habit")]
fn leave_a_child() -> ExitCode {
    start("hang");
    ExitCode::SUCCESS
}

/// No bad habit, but one to be found out: two threads compute for a second.
fn compute_together() -> ExitCode {
    let compute = || {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(1) {}
    };
    let other = thread::spawn(compute);
    compute();
    other.join().expect("it computes only");
    ExitCode::SUCCESS
}

/// Two threads that wake each other many times, and never have anything to do at once.
fn hand_over() -> ExitCode {
    const TIMES: usize = 20_000;
    let (mut from_us, mut to_other) = io::pipe().expect("there are pipes");
    let (mut from_other, mut to_us) = io::pipe().expect("there are pipes");
    let other = thread::spawn(move || {
        keep_to_core(1);
        (0..TIMES).for_each(|_| pass_on(&mut from_us, &mut to_us));
    });
    keep_to_core(0);
    to_other.write_all(b"t").expect("it listens");
    (1..TIMES).for_each(|_| pass_on(&mut from_other, &mut to_other));
    other.join().expect("it hands over only");
    ExitCode::SUCCESS
}

/// Waits for the token, computes for a microsecond, and passes the token on.
fn pass_on(from: &mut PipeReader, to: &mut PipeWriter) {
    let mut token = [0];
    from.read_exact(&mut token).expect("it is passed on");
    (0..100).for_each(|_| std::hint::spin_loop());
    to.write_all(&token).expect("somebody waits for it");
}

/// Has the calling thread execute on this core only, where there is one and the system lets us.
fn keep_to_core(core: usize) {
    #[cfg(target_os = "linux")]
    {
        let mut cores = rustix::thread::CpuSet::new();
        cores.set(core);
        let _refused = rustix::thread::sched_setaffinity(None, &cores);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = core;
}

/// Takes memory and uses it, until there is none.
fn hoard_memory() -> ExitCode {
    let mut hoard = Vec::new();
    loop {
        hoard.push(vec![1_u8; 1 << 20]);
    }
}

/// Writes into a file of which nobody sees the name.
fn write_a_long_file() -> ExitCode {
    let path = std::env::temp_dir().join(format!("misbehave-{}", std::process::id()));
    let mut file = std::fs::File::create(&path).expect("there is a folder for such files");
    std::fs::remove_file(&path).expect("it is ours");
    loop {
        file.write_all(&[b'a'; 1 << 16]).expect("there is room");
    }
}

/// More of them than anybody needs.
fn many_processes() -> ExitCode {
    (0..60).for_each(|_| drop(start("hang")));
    hang()
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::sync::atomic::AtomicBool;

    use rustix::process::{Pid, Signal, getpid, getppid, kill_process, setpgid, setsid};
    use signal_hook::consts::SIGTERM;

    use super::*;

    pub(super) fn segfault() -> ExitCode {
        // The standard library takes the first one for a full stack, and looks away for the next.
        loop {
            kill_process(getpid(), Signal::SEGV).expect("it is ours");
        }
    }

    pub(super) fn ignore_termination() -> ExitCode {
        let ignored = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(SIGTERM, ignored).expect("it may be ignored");
        loop {
            hang();
        }
    }

    pub(super) fn stop_itself() -> ExitCode {
        kill_process(getpid(), Signal::STOP).expect("it is ours");
        ExitCode::SUCCESS
    }

    /// Runs on where nobody hears it any longer.
    pub(super) fn close_the_output() -> ExitCode {
        println!("pid {}", std::process::id());
        silence();
        hang()
    }

    fn silence() {
        let nothing = File::options().write(true).open("/dev/null").expect("it is always there");
        rustix::stdio::dup2_stdout(&nothing).expect("it may be replaced");
        rustix::stdio::dup2_stderr(&nothing).expect("it may be replaced");
    }

    /// The daemon of the textbook: a grandchild in a session of its own.
    pub(super) fn leave_a_daemon() -> ExitCode {
        start("new-session").wait().expect("it ends at once");
        ExitCode::SUCCESS
    }

    /// The daemon's parent.
    #[expect(clippy::zombie_processes, reason = "this is the habit")]
    pub(super) fn new_session() -> ExitCode {
        setsid().expect("we lead no group");
        start("close-the-output");
        ExitCode::SUCCESS
    }

    pub(super) fn hang_with_a_daemon() -> ExitCode {
        leave_a_daemon();
        hang()
    }

    pub(super) fn change_the_group() -> ExitCode {
        let mut child = start("five-children");
        setpgid(None, None).expect("we may lead a group");
        child.wait().expect("it is our child");
        ExitCode::SUCCESS
    }

    /// Four children with four children each.
    pub(super) fn hang_with_twenty() -> ExitCode {
        let children: Vec<Child> = (0..4).map(|_| start("five-children")).collect();
        for mut child in children {
            child.wait().expect("it is our child");
        }
        ExitCode::SUCCESS
    }

    /// Five processes, itself included, each in a process group of its own.
    pub(super) fn five_children() -> ExitCode {
        setpgid(None, None).expect("we may lead a group");
        (0..4).for_each(|_| drop(start("hang")));
        hang()
    }

    /// Is never there when one looks for it. It dies out in the end, should nobody catch it.
    #[expect(clippy::zombie_processes, reason = "this is the habit")]
    pub(super) fn beget_and_die() -> ExitCode {
        const VARIABLE: &str = "MISBEHAVE_GENERATIONS";
        let left = std::env::var(VARIABLE).ok().and_then(|left| left.parse().ok()).unwrap_or(5000);
        if left > 0_u32 {
            let mut child = again("beget-and-die");
            child.env(VARIABLE, (left - 1).to_string()).spawn().expect("it ran once");
        }
        ExitCode::SUCCESS
    }

    pub(super) fn kill_the_parent() -> ExitCode {
        kill_process(getppid().expect("we have a parent"), Signal::KILL).expect("it is ours");
        ExitCode::SUCCESS
    }

    /// So that nobody is left to whom the daemon could be handed.
    pub(super) fn kill_the_parent_of_a_daemon() -> ExitCode {
        leave_a_daemon();
        kill_the_parent()
    }

    /// Whoever started the process that watches over us, if we can see him.
    fn judge() -> Option<Pid> {
        let keeper = getppid()?.as_raw_nonzero();
        let stat = std::fs::read_to_string(format!("/proc/{keeper}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        Pid::from_raw(fields.split_ascii_whitespace().nth(1)?.parse().ok()?)
    }

    pub(super) fn kill_the_judge() -> ExitCode {
        let Some(judge) = judge() else { return print(&["there is no judge"]) };
        kill_process(judge, Signal::KILL).expect("it is ours");
        hang()
    }

    /// Prints a line that nobody hears, and another when somebody does.
    pub(super) fn stop_the_judge() -> ExitCode {
        let Some(judge) = judge() else { return print(&["there is no judge"]) };
        println!("before");
        kill_process(judge, Signal::STOP).expect("it is ours");
        println!("meanwhile");
        thread::sleep(Duration::from_millis(100));
        println!("afterwards");
        ExitCode::SUCCESS
    }

    pub(super) fn hoard_files() -> ExitCode {
        let mut hoard = Vec::new();
        loop {
            match File::open("/dev/null") {
                Ok(file) => hoard.push(file),
                Err(error) => {
                    eprintln!("{} files, and then: {error}", hoard.len());
                    return ExitCode::FAILURE;
                }
            }
        }
    }

    /// Takes the sockets of the process that watches over us, ends it, and says in its place what we would
    /// like to have said of us.
    #[cfg(target_os = "linux")]
    pub(super) fn speak_for_the_keeper() -> ExitCode {
        use std::os::unix::net::UnixStream;

        use rustix::process::{PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

        let keeper = getppid().expect("we have a parent");
        let itself = pidfd_open(keeper, PidfdFlags::empty()).expect("it is there");
        let take = |number| pidfd_getfd(&itself, number, PidfdGetfdFlags::empty()).ok();
        let taken: Vec<UnixStream> = (0..64).filter_map(take).map(UnixStream::from).collect();
        println!("took {}", taken.len());
        kill_process(keeper, Signal::KILL).expect("it is ours");
        let account = json!({
            "code": 0, "signal": null, "asked": false, "ended": 1, "all_ended": 1, "user": 1, "system": 1,
            "own": 1, "peak_memory": 1, "alone": true, "processes": 1, "missing": [], "survivors": [],
            "escaped": [],
        });
        for socket in &taken {
            // Some of them are no sockets at all.
            let _nobody = writeln!(&*socket, "{}", json!({ "account": account }));
        }
        ExitCode::SUCCESS
    }
}
