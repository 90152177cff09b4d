//! **Words that stand near each other.** Sixteen megabytes of sources are read, and all pairs of words are
//! counted that stand near each other, with at most two words between them: on a plain thread, and on an
//! engine that could do it on a hundred machines. With how many cores does the engine overtake the thread?
//!
//! The engine is given a *dataflow*: which step hands what to which next one. Each of its *workers*, a thread
//! each, has a copy of all steps and a share of the texts. But a pair has to be added up in one place: so
//! each pair belongs to one worker, by its number, and whoever has counted it sends it there.
//!
//! 1. [`corpus`]: the text, which every reader has; [`pairs`]: the compute, and what it comes to;
//! 2. [`flow`]: the same as a dataflow, on [timely](https://docs.rs/timely);
//! 3. [`processes`]: the same on several processes, which find each other by a host file.
//!
//! Every way counts on a plain thread first, so that there is something to compare with, in time and in
//! what it comes to:
//!
//! 1. `plain`: and does nothing else;
//! 2. `one-worker`: then on the engine, with one worker;
//! 3. `workers`: with a worker a core;
//! 4. `processes`: with two processes of one worker each; with `--hosts FILE`, one for each address in there.
//!
//! Predict: does the engine with one worker take as long as the plain thread?
//!
//! Change: in [`flow`], `const TEXTS: usize = 64;` to `const TEXTS: usize = 1;`.
//!
//! Then: hardly anything is added up before it is sent, and one worker takes a seventh longer than the thread
//! (on two cores of ours 555 ms beside the thread's 485; with 64 texts at a time 484 beside 474; the middle
//! of five runs).
//!
//! Answer: it executes for about as long. It sends each pair to whoever adds it up, which the thread need
//! not; but it counts 64 texts at a time in a small table before it does, and adds a pair to the large one
//! once for all of them. The thread looks into one large table for each pair that it meets. How many cores an
//! engine takes to be as soon done as a plain thread is called its COST (the *configuration that outperforms
//! a single thread*: [*Scalability! But at what COST?*][cost], 2015): more cores are no gain before that.
//!
//! [cost]: https://www.usenix.org/conference/hotos15/workshop-program/presentation/mcsherry

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Instant;

use lab::task::Task;
use stage::{Extra, Options, System, Way};
use timely::Config;

pub mod corpus;
pub mod flow;
pub mod pairs;
pub mod processes;

use corpus::Corpus;
use pairs::{Answer, Counts, count};

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "big-data",
    summary: "Words that stand near each other: when does an engine overtake a plain thread?",
    ways: &[
        Way::new(How::Plain, "plain", "one thread, without an engine"),
        Way::new(How::OneWorker, "one-worker", "the engine, with one worker"),
        Way::new(How::Workers, "workers", "the engine, with a worker a core"),
        Way::new(How::Processes, "processes", "the engine, in two processes"),
    ],
    leaves: "the pairs",
    listens: false,
    run,
    extras: &[Extra {
        name: HOSTS,
        value: Some("FILE"),
        summary: "where processes find each other: a line each",
    }],
};

const HOSTS: &str = "hosts";

/// How it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// On one thread, without an engine.
    Plain,
    /// On the engine, with one worker.
    OneWorker,
    /// On the engine, with a worker a core.
    Workers,
    /// On the engine, in two processes.
    Processes,
}

/// How many processes there are in the way that has several, where no host file says otherwise.
const PROCESSES: usize = 2;

fn run(how: How, options: &Options) -> Result<(), String> {
    let hosts = options.file(HOSTS).map(processes::hosts).transpose()?;
    let corpus = Arc::new(Corpus::read()?);
    let start = Instant::now();
    let plain = plainly(&corpus);
    let by_thread = start.elapsed();
    let task = Task::start("count");
    task.say("Pairs - counted on a plain thread");
    let start = Instant::now();
    let answer = match how {
        How::Plain => Ok(plain.clone()),
        How::OneWorker => flow::run(Config::thread(), task, &corpus),
        How::Workers => flow::run(Config::process(cores()), task, &corpus),
        How::Processes => {
            let _waiting = task.waits_for("processes");
            processes::run(hosts.as_deref(), PROCESSES)
        }
    };
    let taken = if how == How::Plain { by_thread } else { start.elapsed() };
    let answer = match answer {
        // Whoever was asked to end has no whole answer, and says nothing else.
        _ if stage::stopped() => return Ok(()),
        Ok(answer) => answer,
        Err(why) => return Err(why),
    };
    let same = answer == plain;
    task.say(if same { "Pairs - the same again" } else { "Pairs - others" });
    task.end();
    stage::figure("plain thread", by_thread.as_secs_f64() * 1e3, "ms");
    stage::figure("counted", taken.as_secs_f64() * 1e3, "ms");
    stage::figure("different", f64::from(u8::from(!same)), "");
    stage::figure("megabytes", corpus.bytes() as f64 / 1e6, "MB");
    stage::figure("pairs", answer.all as f64, "");
    let Some(file) = &options.out else { return Ok(()) };
    std::fs::write(file, answer.in_words(&corpus.texts))
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

/// Counts on this thread, without an engine.
fn plainly(corpus: &Corpus) -> Answer {
    let task = Task::start("plain");
    let part = task.begin_part(1, 0);
    let mut counts = Counts::new();
    for text in &corpus.texts {
        count(text, &mut counts);
        part.tick();
    }
    let answer = Answer::of(&counts);
    drop(part);
    task.end();
    answer
}

fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}
