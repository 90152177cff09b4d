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

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["as", kind, count] => be(kind, count.parse().expect("a number")),
        [kind, count] => show(kind, count.parse().expect("a number")),
        _ => CROWDS
            .iter()
            .for_each(|(kind, counts)| counts.iter().for_each(|count| show(kind, *count))),
    }
    ExitCode::SUCCESS
}

/// Runs a crowd in a process of its own, and prints what it says.
fn show(kind: &str, count: usize) {
    let mut command = match kind {
        "asyncio" => Command::new("python3"),
        _ => Command::new(env::current_exe().expect("this program")),
    };
    match kind {
        "asyncio" => command.args(["-c", ASYNCIO, &count.to_string()]),
        _ => command.args(["as", kind, &count.to_string()]),
    };
    let said = match command.output() {
        Err(error) => format!("cannot be run: {error}"),
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        Ok(output) => {
            let error = String::from_utf8_lossy(&output.stderr);
            error.lines().last().unwrap_or("it failed").to_owned()
        }
    };
    println!("{kind:8} {count:>9}  {said}");
}

/// Is a crowd, and says what it took.
fn be(kind: &str, count: usize) {
    let (before, began) = (most_memory(), Instant::now());
    match kind {
        "threads" => threads(count),
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
}

fn threads(count: usize) {
    let threads = (0..count).map(|_| {
        let thread = std::thread::Builder::new().spawn(|| std::thread::sleep(WAIT));
        thread.unwrap_or_else(|error| panic!("no more threads: {error}"))
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().expect("a finished thread");
    }
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
memory = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
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
