//! How many can wait at once, how long that takes, and how much memory.
//!
//! ```text
//! cargo run --release -p concurrent-only --example waiting                    # everybody, up to a million
//! cargo run --release -p concurrent-only --example waiting -- tokio 100000    # one
//! ```
//!
//! Each crowd is a process of its own, and each of its members waits for a second: that is the least time.
//! What begins in less than that waits all at once. Memory is the most that the process ever had of its
//! own, less what it had before the crowd came; where the system does not tell it, there is none.
//!
//! Exit code: 0 if all crowds were shown, 3 if one was not (there were no more threads, or no Python), and 2
//! if nobody is called so.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs};

/// How long each member of a crowd waits.
const WAIT: Duration = Duration::from_secs(1);

/// Who waits, and how many of them.
const CROWDS: [(&str, &[usize]); 5] = [
    ("threads", &[1_000, 10_000]),
    ("tokio", &[1_000, 100_000, 1_000_000]),
    ("smol", &[1_000, 100_000, 1_000_000]),
    ("by-hand", &[1_000, 100_000, 1_000_000]),
    ("asyncio", &[1_000, 100_000, 1_000_000]),
];

const WRONG_USAGE: u8 = 2;
const NOT_SHOWN: u8 = 3;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let all = CROWDS.iter().flat_map(|(kind, counts)| counts.iter().map(|it| (*kind, *it)));
            // Each is shown, whatever became of those before.
            let shown: Vec<bool> = all.map(|(kind, count)| show(kind, count)).collect();
            code(shown.iter().all(|&is_shown| is_shown))
        }
        ["as", kind, count] => match be(kind, count.parse().expect("our own number")) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                code(false)
            }
        },
        [kind, count] if CROWDS.iter().any(|(known, _)| *known == kind) => match count.parse() {
            Ok(count @ 1..) => code(show(kind, count)),
            _ => wrong_usage(&format!("`{count}` is not how many there are in a crowd")),
        },
        _ => wrong_usage(
            "who waits, and how many: threads, tokio, smol, by-hand or asyncio, and a number",
        ),
    }
}

fn code(is_shown: bool) -> ExitCode {
    if is_shown { ExitCode::SUCCESS } else { ExitCode::from(NOT_SHOWN) }
}

fn wrong_usage(why: &str) -> ExitCode {
    eprintln!("error: {why}");
    ExitCode::from(WRONG_USAGE)
}

/// Runs a crowd in a process of its own, and prints what it says. Whether it could be shown.
fn show(kind: &str, count: usize) -> bool {
    let mut command = match kind {
        "asyncio" => Command::new("python3"),
        _ => Command::new(env::current_exe().expect("this program")),
    };
    match kind {
        "asyncio" => command.args(["-c", ASYNCIO, &count.to_string()]),
        _ => command.args(["as", kind, &count.to_string()]),
    };
    let said = match command.output() {
        Err(error) => {
            let program = command.get_program().display();
            Err(format!("{program} cannot be run here ({error})"))
        }
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(output) => {
            let error = String::from_utf8_lossy(&output.stderr);
            let why = error.lines().last().map(str::to_owned);
            Err(why.unwrap_or_else(|| format!("it ended early ({})", output.status)))
        }
    };
    let is_shown = said.is_ok();
    println!("{kind:8} {count:>9}  {}", said.unwrap_or_else(|why| format!("not shown: {why}")));
    is_shown
}

/// Is a crowd, and says what it took.
///
/// # Errors
///
/// Says why there was no room for so many.
fn be(kind: &str, count: usize) -> Result<(), String> {
    let (before, began) = (most_memory(), Instant::now());
    match kind {
        "threads" => threads(count)?,
        "tokio" => on_tokio(count),
        "smol" => on_smol(count),
        "by-hand" => by_hand(count),
        kind => panic!("nobody is called `{kind}`"),
    }
    let taken = began.elapsed().as_secs_f64();
    let memory = most_memory().zip(before).map(|(after, before)| after - before);
    let memory =
        memory.map(|kib| format!(", {} MiB, {} bytes each", kib / 1024, kib * 1024 / count));
    println!("{taken:.2} s{}", memory.unwrap_or_default());
    Ok(())
}

fn threads(count: usize) -> Result<(), String> {
    let threads = (0..count).map(|before| {
        let thread = std::thread::Builder::new().spawn(|| std::thread::sleep(WAIT));
        thread.map_err(|error| {
            format!("the system has no more than {before} threads for it ({error})")
        })
    });
    for thread in threads.collect::<Result<Vec<_>, _>>()? {
        thread.join().expect("a finished thread");
    }
    Ok(())
}

fn on_tokio(count: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime").block_on(async {
        let tasks = (0..count).map(|_| tokio::spawn(tokio::time::sleep(WAIT)));
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("a finished task");
        }
    });
}

fn on_smol(count: usize) {
    let executor = smol::LocalExecutor::new();
    smol::block_on(executor.run(async {
        let tasks = (0..count).map(|_| executor.spawn(async { smol::Timer::after(WAIT).await }));
        for task in tasks.collect::<Vec<_>>() {
            task.await;
        }
    }));
}

/// A loop that polls everybody whenever somebody's wait may be over, as in `concurrent-only/std`.
fn by_hand(count: usize) {
    use std::task::{Context, Poll, Waker};

    let mut context = Context::from_waker(Waker::noop());
    let wait = || {
        let end = Instant::now() + WAIT;
        let is_over = move |_: &mut Context<'_>| match Instant::now() < end {
            true => Poll::Pending,
            false => Poll::Ready(()),
        };
        Box::pin(std::future::poll_fn(is_over))
    };
    let mut tasks: Vec<_> = (0..count).map(|_| wait()).collect();
    while !tasks.is_empty() {
        tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The same in Python.
const ASYNCIO: &str = "
import asyncio, resource, sys, time
count = int(sys.argv[1])
unit = 1024 if sys.platform == 'darwin' else 1  # macOS tells bytes, others KiB
memory = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
async def main():
    await asyncio.gather(*(asyncio.sleep(1) for _ in range(count)))
before, began = memory(), time.monotonic()
asyncio.run(main())
taken, kib = time.monotonic() - began, memory() - before
print(f'{taken:.2f} s, {kib // 1024} MiB, {kib * 1024 // count} bytes each')
";

/// The most memory that this process has ever had of its own, in KiB, where the system tells.
fn most_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
