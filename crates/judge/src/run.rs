//! Runs a program before its judge.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Instant;

use classroom::wire::VARIABLE;
use supervise::{Ended, Line, Prepared, Request, Watcher};
use words::Outcome;

use crate::examine::{Facts, examine};
use crate::finding::Finding;
use crate::hall::Hall;
use crate::manifest::{Asked, Exercise, Plan, Predict};
use crate::onlooker::Onlooker;
use crate::paper::Paper;
use crate::places::{Noting, Places};
use crate::seed::Seed;
use crate::server::Server;
use crate::session::{Attended, Session};
use crate::witness::{Testimony, Witness};

/// How many processes a program may be. Exercises are about threads: they need one.
const MOST_PROCESSES: usize = 16;

/// A program that waits for cores that others have may run for longer than its limit, by up to so many times
/// as long. A busy machine is no fault of its.
const WAITING: u32 = 3;

/// How often a run is made that others' use of the cores does not let show what it is.
const TRIES: u32 = 4;

/// A program to be judged, and how it is run.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its path.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// To how many cores it is restricted, where it is.
    pub cores: Option<usize>,
}

/// A run, and what was found.
#[derive(Debug)]
pub struct Run {
    /// What was to be run.
    pub plan: Plan,
    /// From what its secrets were drawn.
    pub seed: Seed,
    /// What was found, the most important first.
    pub findings: Vec<Finding>,
    /// What the judge has heard and replied.
    pub attended: Attended,
    /// How the program ended, and what it printed.
    pub ended: Ended,
}

impl Run {
    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.findings.iter().map(Finding::outcome).collect()
    }

    /// The finding that decides.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        let outcome = self.outcome();
        self.findings.iter().find(|finding| finding.outcome() == outcome)
    }
}

impl Program {
    /// The program at this path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Program {
        Program { path: path.into(), arguments: Vec::new(), cores: None }
    }

    /// The same program with an argument.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Program {
        self.arguments.push(argument.to_owned());
        self
    }
}

/// Judges a program by all runs of an exercise, in order; what comes after a run that did not pass is not run.
///
/// A run in which others had the cores is made again, up to four times in all, each time with twice as much to
/// compute: no luck can make a program pass that should not, and a busy machine, which needs a while to let its
/// cores be shared, should not keep one from passing.
///
/// # Errors
///
/// If it cannot be run at all.
pub fn judge(
    exercise: &Exercise,
    program: &Program,
    seed: Seed,
    witness: &mut dyn Witness,
    on_line: &mut dyn FnMut(&Line),
) -> Result<Vec<Run>, String> {
    let mut runs = Vec::new();
    for (number, plan) in (0..).zip(&exercise.runs) {
        let mut once = |attempt: u32| {
            let plan = Plan { tries: plan.tries << attempt, ..plan.clone() };
            run(&plan, program, seed.part("run", number), witness, on_line)
        };
        let mut run = once(0)?;
        for attempt in 1..TRIES {
            if !run.finding().is_some_and(Finding::may_differ) {
                break;
            }
            run = once(attempt)?;
        }
        let has_passed = run.outcome() == Outcome::Passed;
        runs.push(run);
        if !has_passed {
            break;
        }
    }
    Ok(runs)
}

/// Measures what a prediction was about.
///
/// # Errors
///
/// If the program cannot be run, or does not end well.
pub fn measure(
    predict: &Predict,
    program: &Program,
    seed: Seed,
    witness: &mut dyn Witness,
) -> Result<u64, String> {
    let plan = Plan {
        stage: predict.stage.clone(),
        tasks: predict.tasks,
        tries: predict.tries,
        fetched: predict.web,
        web: predict.web,
        parity: None,
        closing: None,
        schedule: predict.schedule,
        asked: Vec::new(),
        bound: 0,
        limit: std::time::Duration::from_secs(10),
    };
    let mut numbers = Vec::new();
    for number in 0..predict.runs as u64 {
        let run = run(&plan, program, seed.part("prediction", number), witness, &mut |_| ())?;
        match run.finding() {
            Some(finding) if !predict.measure.allows(finding) => return Err(finding.seen()),
            finding => numbers.push(predict.measure.of(&run.attended.hall, finding.is_some())),
        }
    }
    Ok(predict.measure.of_all(&numbers))
}

/// Runs a program once, and examines it.
///
/// # Errors
///
/// If it cannot be run at all.
pub fn run(
    plan: &Plan,
    program: &Program,
    seed: Seed,
    witness: &mut dyn Witness,
    on_line: &mut dyn FnMut(&Line),
) -> Result<Run, String> {
    let paper = Paper::set(&plan.stage, plan.tasks, plan.tries, plan.fetched, seed);
    let paper = plan.parity.into_iter().fold(paper, |paper, parity| paper.of_parity(parity, seed));
    let paper = if plan.web { paper.as_web(seed.part("web", 0)) } else { paper };
    let server = Server::open().map_err(|error| format!("the judge cannot listen: {error}"))?;
    let secret = format!("{:016x}", Seed::fresh().draw("secret", 0));
    let address = format!("{}#{secret}", server.address);
    let prepared = Prepared::prepare(&request(plan, program, &address));
    let prepared = prepared.map_err(|error| error.to_string())?;
    prepared.pid().into_iter().for_each(|pid| witness.attach(pid));
    let has_begun = Arc::new(AtomicBool::new(false));
    let mut onlooker = Noting::new(onlooker(&prepared, &has_begun));
    let (has_ended, schedule) = (AtomicBool::new(false), plan.schedule.schedule(seed));
    let session = Session::new(server, secret, Hall::new(paper), schedule, &mut onlooker)
        .has_to_tell(plan.asked.contains(&Asked::Told));
    let (ended, attended) = thread::scope(|scope| {
        let attends = scope.spawn(|| session.attend(&has_ended));
        let ended = prepared.go(&mut Attending { has_begun, on_line });
        has_ended.store(true, SeqCst);
        (ended, attends.join().expect("a judge that does not panic"))
    });
    let testimony = witness.finish();
    let ended = ended.map_err(|error| error.to_string())?;
    let findings = findings(plan, program, &attended, &ended, &testimony, &onlooker.places);
    Ok(Run { plan: plan.clone(), seed, findings, attended, ended })
}

fn findings(
    plan: &Plan,
    program: &Program,
    attended: &Attended,
    ended: &Ended,
    testimony: &Testimony,
    places: &Places,
) -> Vec<Finding> {
    let all = thread::available_parallelism().map_or(1, usize::from);
    let cores = program.cores.unwrap_or(all).min(all);
    examine(&Facts { plan, attended, ended, testimony, places, cores })
}

fn request(plan: &Plan, program: &Program, address: &str) -> Request {
    let mut request = Request::new(&program.path).arguments(&program.arguments);
    request = request.variable(VARIABLE, address).time_limit(plan.limit);
    request.limits.time_for_waiting = Some(WAITING * plan.limit);
    request.limits.output = Some(64 << 20);
    request.limits.memory = Some(1 << 30);
    request.limits.processes = Some(MOST_PROCESSES);
    request.cores = program.cores;
    request
}

/// Notes when the program begins, and passes lines on.
struct Attending<'a> {
    has_begun: Arc<AtomicBool>,
    on_line: &'a mut dyn FnMut(&Line),
}

impl Watcher for Attending<'_> {
    fn started(&mut self, _: u32, _: Instant) {
        self.has_begun.store(true, SeqCst);
    }

    fn line(&mut self, line: &Line) {
        (self.on_line)(line);
    }
}

#[cfg(target_os = "linux")]
fn onlooker(prepared: &Prepared, has_begun: &Arc<AtomicBool>) -> Box<dyn Onlooker> {
    let has_begun = Arc::clone(has_begun);
    match prepared.ancestor() {
        Some(ancestor) => Box::new(crate::onlooker::linux::Tree { ancestor, has_begun }),
        None => Box::new(crate::onlooker::Blind),
    }
}

#[cfg(not(target_os = "linux"))]
fn onlooker(_: &Prepared, _: &Arc<AtomicBool>) -> Box<dyn Onlooker> {
    Box::new(crate::onlooker::Blind)
}
