//! The verdict against an oracle that knows what really happened.
//!
//! A simulated machine runs a random program; the verdict sees only what the
//! recorder would have noted. Whatever is proven must have been so, and whatever
//! is ruled out must not have been so, in every one of 100,000 runs.
//!
//! `LAB_SCHEDULES` sets their number and `LAB_SEED` the first seed:
//!
//! ```text
//! LAB_SCHEDULES=1000000 cargo test -p evidence --test oracle -- --nocapture
//! ```

mod machine;
mod program;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::num::NonZero;
use std::thread;
use std::time::Duration;

use evidence::trace::Trace;
use evidence::{
    Accounts, Answer, Blame, Circumstances, Evidence, Source, THRESHOLD, UNRECORDED, Verdict,
};
use fastrand::Rng;
use words::Axis;

use machine::{Machine, Run};

/// What came of many schedules.
#[derive(Debug, Default)]
struct Tally {
    /// How many runs there were of each truth and answer.
    counts: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    /// How many runs were inconclusive on parallel for these reasons.
    inconclusive: BTreeMap<String, u64>,
    /// How long compute ran beside other compute, in nanoseconds over all runs, and how much of it
    /// was found.
    beside: u64,
    found: u64,
    /// How many runs were not parallel by the program's own fault, as the verdict has it, and how
    /// many of these programs are parallel on an idle machine of many cores.
    blamed: u64,
    wrongly_blamed: u64,
}

#[test]
fn nothing_is_proven_that_was_not_so_and_nothing_ruled_out_that_was() {
    let number =
        |name, default| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (schedules, first) = (number("LAB_SCHEDULES", 100_000), number("LAB_SEED", 1));
    let workers = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let tally = thread::scope(|scope| {
        let work = |worker| {
            move || {
                let mut tally = Tally::default();
                (first + worker..first + schedules)
                    .step_by(workers as usize)
                    .for_each(|seed| check(seed, &mut tally));
                tally
            }
        };
        let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(work(worker))).collect();
        threads.into_iter().fold(Tally::default(), |sum, thread| {
            sum.and(thread.join().expect("every schedule is judged rightly"))
        })
    });
    println!("{}", tally.table(schedules));
    // A verdict that never commits itself would pass all else.
    let count = |axis, truth, answer| tally.counts[&(axis, truth, answer)];
    assert!(count("concurrent", "was", "proven") > schedules / 5);
    assert!(count("concurrent", "was not", "ruled-out") > schedules / 5);
    assert!(count("parallel", "was", "proven") > schedules / 10);
    assert!(count("parallel", "was not", "ruled-out") > schedules / 5);
    // Locks go to whoever comes first, so the same program may go another way.
    assert!(tally.blamed > 0 && tally.wrongly_blamed <= tally.blamed / 1000);
}

fn machine(rng: &mut Rng) -> Machine {
    let cores = rng.usize(1..=8);
    Machine {
        cores,
        others: if rng.bool() { 0 } else { rng.usize(0..=2 * cores) },
        slice: *rng.choice(&[200_000, 1_000_000, 3_000_000]).expect("a choice"),
        cpu_step: if rng.u8(0..8) > 0 {
            1
        } else {
            *rng.choice(&[10, 1_000, 100_000, 4_000_000]).expect("a choice")
        },
        wall_step: if rng.u8(0..8) > 0 {
            1
        } else {
            *rng.choice(&[41, 1_000, 50_000]).expect("a choice")
        },
        cpu_drift: rng.i64(-500..=500),
        kill: (rng.u8(0..6) == 0).then(|| rng.u64(1..20_000_000)),
        room: if rng.u8(0..12) == 0 { rng.usize(4..100) } else { usize::MAX },
        readings: rng.usize(1..=3),
    }
}

/// Judges one run, and panics where the verdict is wrong.
fn check(seed: u64, tally: &mut Tally) {
    let mut rng = Rng::with_seed(seed);
    let machine = machine(&mut rng);
    let program = program::program(&mut rng);
    let run = machine::run(&machine, &mut rng, &program.threads, &program.counters, program.tasks);
    let trace = Trace {
        dropped: run.dropped,
        clock_step: Duration::from_nanos(machine.wall_step),
        cpu_clock_step: Some(Duration::from_nanos(machine.cpu_step)),
        ..Trace::from_events(run.events.clone())
    };
    let mut evidence = Evidence::default().and(&trace);
    if rng.u8(0..8) > 0 {
        evidence = evidence.and(&accounts(&machine, &run, trace.length()));
    }
    let verdict = Verdict::of(evidence);

    let concurrent = is_concurrent(&run);
    let answer = verdict.concurrent.answer;
    assert!(answer != Answer::Proven || concurrent, "seed {seed}: not concurrent: {verdict}");
    assert!(answer != Answer::RuledOut || !concurrent, "seed {seed}: concurrent: {verdict}");
    let truth = if concurrent { "was" } else { "was not" };
    *tally.counts.entry(("concurrent", truth, answer.name())).or_default() += 1;

    check_parallel(seed, &run, &verdict);
    let truth = match [run.beside_in_parts, run.beside].map(Duration::from_nanos) {
        [in_parts, _] if in_parts > THRESHOLD => "was",
        [_, anywhere] if anywhere > THRESHOLD => "was unrecorded",
        _ => "was not",
    };
    let answer = verdict.parallel.answer;
    *tally.counts.entry(("parallel", truth, answer.name())).or_default() += 1;
    if answer == Answer::Inconclusive {
        let reasons = verdict
            .parallel
            .reasons
            .iter()
            .map(|reason| reason.name)
            .collect::<Vec<_>>()
            .join(", ");
        *tally.inconclusive.entry(reasons).or_default() += 1;
    }
    tally.beside += run.beside_in_parts;
    tally.found += verdict.parallel.amount.at_least.as_nanos() as u64;
    let lived = machine.kill.is_none();
    if lived && answer == Answer::RuledOut && verdict.parallel.blame() == Blame::Program {
        tally.blamed += 1;
        let ideal = Machine { cores: 16, others: 0, ..machine };
        let run =
            machine::run(&ideal, &mut rng, &program.threads, &program.counters, program.tasks);
        let parallel = Duration::from_nanos(run.beside_in_parts) > THRESHOLD;
        tally.wrongly_blamed += u64::from(parallel);
    }
}

/// What somebody outside would know of the run. Where others want a core all the time, they have all
/// that the program leaves them.
fn accounts(machine: &Machine, run: &Run, wall: Duration) -> Accounts {
    let cpu = Duration::from_nanos(run.cpu);
    let left = (wall * machine.cores as u32).saturating_sub(cpu);
    let circumstances = Circumstances {
        cores: Some(machine.cores as u64),
        wall: Some(wall),
        others: Some(if machine.others > 0 { left } else { Duration::ZERO }),
        ..Circumstances::default()
    };
    Accounts { cpu, complete: true, wall, circumstances, ..Accounts::default() }
}

/// Whether two tasks had both started and not ended at some moment. One that
/// never ended was in progress for ever.
fn is_concurrent(run: &Run) -> bool {
    let end = |task: (u64, Option<u64>)| task.1.unwrap_or(u64::MAX);
    let pairs = run
        .tasks
        .iter()
        .enumerate()
        .flat_map(|(place, &task)| run.tasks[..place].iter().map(move |&other| (task, other)));
    pairs.into_iter().any(|(task, other)| task.0.max(other.0) < end(task).min(end(other)))
}

fn check_parallel(seed: u64, run: &Run, verdict: &Verdict) {
    let parallel = verdict.claim(Axis::Parallel, Source::Recorder).expect("there is a trace");
    let amount = parallel.amount;
    let (beside, in_parts) =
        (Duration::from_nanos(run.beside), Duration::from_nanos(run.beside_in_parts));
    assert!(amount.at_least <= beside, "seed {seed}: only {beside:?}: {parallel:?}");
    if run.dropped == 0 {
        assert!(amount.at_most >= Some(in_parts), "seed {seed}: {in_parts:?}: {parallel:?}");
    }
    match verdict.parallel.answer {
        Answer::Proven => assert!(beside > THRESHOLD, "seed {seed}: only {beside:?}: {parallel:?}"),
        Answer::RuledOut => {
            let allowed = UNRECORDED + amount.of.unwrap_or_default() / 20;
            assert!(in_parts <= THRESHOLD, "seed {seed}: {in_parts:?}: {parallel:?}");
            assert!(beside <= THRESHOLD + allowed, "seed {seed}: {beside:?}: {parallel:?}");
        }
        Answer::Inconclusive => {}
    }
}

impl Tally {
    fn and(mut self, other: Tally) -> Tally {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        for (key, count) in other.inconclusive {
            *self.inconclusive.entry(key).or_default() += count;
        }
        self.wrongly_blamed += other.wrongly_blamed;
        self.blamed += other.blamed;
        self.beside += other.beside;
        self.found += other.found;
        self
    }

    fn table(&self, schedules: u64) -> String {
        let mut table = format!("{schedules} schedules:\n");
        let share = |count: u64| 100.0 * count as f64 / schedules as f64;
        for (&(axis, truth, answer), &count) in &self.counts {
            let _ = writeln!(
                table,
                "  {axis:<10} {truth:<14} {answer:<12} {count:>8} {:>6.2} %",
                share(count)
            );
        }
        let _ = writeln!(table, "inconclusive on parallel, by reason:");
        for (reasons, &count) in &self.inconclusive {
            let _ = writeln!(table, "  {count:>8} {:>6.2} %  {reasons}", share(count));
        }
        let found = 100.0 * self.found as f64 / self.beside as f64;
        let _ = writeln!(table, "{found:.1} % of the compute beside compute was found");
        let _ = write!(
            table,
            "blamed on the program: {}, of which {} would have been parallel on an idle machine",
            self.blamed, self.wrongly_blamed
        );
        table
    }
}
