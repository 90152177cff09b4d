//! What it costs to record an event, beside clocks and beside three recorders that many use.
//!
//! ```text
//! cargo bench -p bench --bench recorder
//! ```
//!
//! **Each time is for 100 operations**, so 1 µs stands for 10 ns. `t=1` is one
//! thread, `t=2` or more all cores at once: where threads share nothing the
//! two are the same.
//!
//! All of it runs in one process, on one machine in one mood; figures of
//! different runs must not be compared. A *span* of another recorder is a
//! beginning and an end, which are two events of ours.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;
use std::{env, fs, io, process};

use divan::{Bencher, black_box};
use evidence::trace;
use fastrace::Span;
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use fastrace::local::LocalSpan;
use lab::record;
use lab::task::Task;
use tracing_chrome::ChromeLayerBuilder;

/// One thread, and as many as there are cores.
const THREADS: &[usize] = &[1, 0];

/// How many operations are timed as one.
const BATCH: usize = 100;

/// How many batches make a sample, and how many samples there are. All that is
/// recorded fits into the trace, even on 64 cores.
const BATCHES: u32 = 10;
const SAMPLES: u32 = 100;

/// The length of the trace: a gigabyte holds 33 million events, and only what is written takes room.
const LENGTH: u64 = 1 << 30;

fn main() -> ExitCode {
    if env::var_os(trace::VARIABLE).is_some() {
        fastrace::set_reporter(Nowhere, Config::default());
        tracing::subscriber::set_global_default(tracing_subscriber::registry())
            .expect("nobody else has set one");
        divan::main();
        return ExitCode::SUCCESS;
    }
    again_with_a_trace()
}

/// Runs this program again, with a trace to record into.
fn again_with_a_trace() -> ExitCode {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { env::temp_dir() };
    let file = folder.join(format!("lab-recorder-{}.trace", process::id()));
    let room = fs::File::create(&file).and_then(|file| file.set_len(LENGTH));
    room.expect("room for a trace");
    let program = env::current_exe().expect("this program's own path");
    let status = Command::new(program)
        .args(env::args_os().skip(1))
        .env(trace::VARIABLE, &file)
        .status()
        .expect("this program runs again");
    let trace = trace::Trace::read(&file).expect("the trace of this benchmark");
    fs::remove_file(&file).expect("the trace is ours to remove");
    println!("{} events recorded, {} dropped", trace.events, trace.dropped);
    if status.success() && trace.dropped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Times [`BATCH`] times the same operation.
fn batches<T>(bencher: Bencher, operation: impl Fn() -> T + Sync) {
    bencher.bench(|| {
        for _ in 0..BATCH {
            black_box(operation());
        }
    });
}

/// The clocks alone.
#[divan::bench_group(threads = THREADS, sample_size = BATCHES, sample_count = SAMPLES)]
mod clock {
    use super::{Bencher, Instant, batches};

    #[divan::bench]
    fn monotonic(bencher: Bencher) {
        batches(bencher, Instant::now);
    }

    #[divan::bench]
    fn monotonic_twice(bencher: Bencher) {
        batches(bencher, || (Instant::now(), Instant::now()));
    }

    #[cfg(target_os = "linux")]
    #[divan::bench]
    fn core(bencher: Bencher) {
        batches(bencher, rustix::thread::sched_getcpu);
    }

    #[cfg(unix)]
    #[divan::bench]
    fn thread_cpu(bencher: Bencher) {
        use rustix::time::{ClockId, clock_gettime};

        batches(bencher, || clock_gettime(ClockId::ThreadCPUTime));
    }
}

/// This workspace's recorder.
#[divan::bench_group(threads = THREADS, sample_size = BATCHES, sample_count = SAMPLES)]
mod lab_recorder {
    use super::{BATCH, Bencher, Task, batches, black_box, record};

    /// One event.
    #[divan::bench]
    fn event(bencher: Bencher) {
        let task = Task::start("A");
        batches(bencher, || black_box(task).end());
    }

    /// Two events, the first with a text.
    #[divan::bench]
    fn task(bencher: Bencher) {
        batches(bencher, || Task::start(black_box("A")).end());
    }

    /// Two events, the first with a text.
    #[divan::bench]
    fn wait(bencher: Bencher) {
        let task = Task::start("A");
        batches(bencher, || drop(black_box(task).waits_for("lock")));
    }

    /// An event with a name and a unit.
    #[divan::bench]
    fn fact(bencher: Bencher) {
        batches(bencher, || record::fact(black_box("page"), 3.25, "ms"));
    }

    /// Two events with two readings of the CPU clock.
    #[divan::bench]
    fn part(bencher: Bencher) {
        let task = Task::start("A");
        batches(bencher, || black_box(task).begin_part(1, 1));
    }

    /// A tick, of which one in some ten thousand is due.
    #[divan::bench(threads = 1)]
    fn tick(bencher: Bencher) {
        let part = Task::start("A").begin_part(1, 1);
        bencher.bench_local(|| {
            for _ in 0..BATCH {
                black_box(&part).tick();
            }
        });
    }
}

/// Recorders that many use: a span that is entered and left.
#[divan::bench_group(threads = THREADS, sample_size = BATCHES, sample_count = SAMPLES)]
mod other_recorders {
    use super::{BATCH, Bencher, ChromeLayerBuilder, LocalSpan, Span, SpanContext, black_box, io};
    use tracing_subscriber::layer::SubscriberExt;

    /// The spans of a batch have a parent, for whose price a hundredth each is to be paid.
    #[divan::bench]
    fn fastrace_span(bencher: Bencher) {
        bencher.bench(|| {
            let parent = Span::root("batch", SpanContext::random());
            let _guard = parent.set_local_parent();
            for _ in 0..BATCH {
                drop(black_box(LocalSpan::enter_with_local_parent("span")));
            }
        });
    }

    #[divan::bench]
    fn tracing_registry_span(bencher: Bencher) {
        bencher.bench(spans);
    }

    #[divan::bench]
    fn tracing_chrome_span(bencher: Bencher) {
        let (chrome, _writer) = ChromeLayerBuilder::new().writer(io::sink()).build();
        let subscriber = tracing::Dispatch::new(tracing_subscriber::registry().with(chrome));
        bencher.bench(|| tracing::dispatcher::with_default(&subscriber, spans));
    }

    fn spans() {
        for _ in 0..BATCH {
            drop(black_box(tracing::info_span!("span").entered()));
        }
    }
}

/// Where fastrace sends its records.
struct Nowhere;

impl Reporter for Nowhere {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        drop(black_box(spans));
    }
}
