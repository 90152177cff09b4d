//! What a judge finds, in sentences for a student: what was seen, why it matters, and one thing to look at.

use std::fmt;
use std::time::Duration;

use words::{Outcome, Time, count};

use crate::onlooker::Does;

mod lines;
mod locks;
mod pace;
mod stop;
mod web;

pub use lines::Lines;
pub use locks::{Barred, Locks, Waits};
pub use pace::Pace;
pub use stop::Stop;
pub use web::Web;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A fetch waited for others to be in progress with it, in vain.
    Alone {
        /// The tasks whose fetches were in progress.
        tasks: Vec<String>,
        /// How many were to be.
        wanted: usize,
        /// What the program's threads did meanwhile.
        threads: Vec<Person>,
    },
    /// A page that comes once all others were asked for was waited for, in vain.
    Late {
        /// The tasks whose page it is.
        tasks: Vec<String>,
        /// How many others were not asked for.
        left: usize,
        /// What the program's threads did meanwhile.
        threads: Vec<Person>,
    },
    /// Hardly any task was computed beside another, though each waited for company.
    ComputedAlone {
        /// How many computed alone.
        alone: usize,
        /// How many computed at all.
        of: usize,
    },
    /// Tasks that were computed at once on paper, and not on cores.
    NotAtOnce {
        /// How long tasks were computed.
        of: Duration,
        /// For how long of this another was computed at once.
        beside: Duration,
    },
    /// All threads that computed were kept to one core, by the program itself.
    Pinned {
        /// The core.
        core: usize,
        /// How many it had.
        cores: usize,
    },
    /// Whether tasks were computed at once cannot be told.
    NotShown {
        /// Why, and what would help.
        reason: String,
        /// Whether another run may show it: others had the cores in this one.
        may_differ: bool,
    },
    /// A task was said to be computed, and was not.
    NoCompute,
    /// Several threads did what one was to do.
    SeveralThreads {
        /// How many.
        threads: usize,
    },
    /// The answer is another one.
    WrongAnswer {
        /// The one that was handed in.
        given: Vec<u64>,
        /// Whose finds it consists of, if it does: a single number of finds that are added up, several of
        /// one find each.
        consists_of: Option<Vec<String>>,
        /// All tasks' names.
        tasks: Vec<String>,
    },
    /// The program ended, and had handed in no answer.
    NoAnswer {
        /// How it ended.
        ending: String,
    },
    /// Tasks that nobody has done.
    WorkMissing {
        /// What nobody did with them: `fetched` or `computed`.
        what: &'static str,
        /// Their names.
        tasks: Vec<String>,
    },
    /// A find that is not what is hidden there.
    ForgedFind {
        /// The task.
        task: String,
    },
    /// Everybody waits, and nobody is left to wake them.
    Hung {
        /// What each thread did.
        threads: Vec<Person>,
    },
    /// Updates were to be lost, and none was.
    NothingLost {
        /// How often a thread delayed itself.
        delays: usize,
    },
    /// A task's find was not added to the counter by load and store.
    NoUpdate {
        /// The task.
        task: String,
    },
    /// An update of the counter was lost.
    LostUpdate {
        /// Who stored what it had made of an old value.
        by: String,
        /// The value that it had loaded.
        loaded: u64,
        /// Whose update is gone.
        of: String,
    },
    /// The counter says something else, and no update was lost.
    WrongCounter {
        /// What it says.
        value: u64,
        /// What all finds add up to.
        sum: u64,
    },
    /// Something about its lines, and when they came.
    Lines(Lines),
    /// Something about locks, and what they are for.
    Locks(Locks),
    /// Something about pages that are found by links.
    Web(Web),
    /// Something about who got on, and who waited for it.
    Pace(Pace),
    /// Something about how it ended when it was to.
    Stop(Stop),
    /// Something that has nothing to do with this exercise.
    Program(supervise::Finding),
    /// It spoke to the judge as no exercise does.
    Trouble(crate::session::Trouble),
    /// It never asked for anything.
    NeverAsked,
}

/// A thread, and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What it is called: its name in backticks, or by what it did first.
    pub name: String,
    /// What it waited for at the judge, if it did.
    pub asked: Option<String>,
    /// Whether it was a task of its runtime that waited for that.
    pub awaited: bool,
    /// For whose end it waited, if that is known.
    pub joins: Option<String>,
    /// What it did otherwise.
    pub does: Does,
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name)?;
        match (&self.asked, &self.joins, self.does) {
            (Some(asked), ..) if self.awaited => {
                write!(f, "slept in its runtime (`block_on`), where a task waited for {asked}")
            }
            (Some(asked), ..) => write!(f, "waited for {asked}"),
            (None, Some(joins), _) => write!(f, "waited for the end of {joins}"),
            (None, None, does) => f.write_str(does.phrase()),
        }
    }
}

impl Finding {
    /// A word for it that programs, and the exercises' manifest, can rely on.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Finding::Alone { .. } | Finding::Late { .. } => "alone",
            Finding::ComputedAlone { .. } => "computed-alone",
            Finding::NotAtOnce { .. } => "not-at-once",
            Finding::Pinned { .. } => "pinned",
            Finding::NotShown { .. } => "not-shown",
            Finding::NoCompute => "no-compute",
            Finding::SeveralThreads { .. } => "several-threads",
            Finding::WrongAnswer { .. } => "wrong-answer",
            Finding::NoAnswer { .. } => "no-answer",
            Finding::WorkMissing { .. } => "work-missing",
            Finding::ForgedFind { .. } => "forged-find",
            Finding::Hung { .. } => "hung",
            Finding::NothingLost { delays: 0 } => "no-delay",
            Finding::NothingLost { .. } => "nothing-lost",
            Finding::NoUpdate { .. } => "no-update",
            Finding::LostUpdate { .. } => "lost-update",
            Finding::WrongCounter { .. } => "wrong-counter",
            Finding::Lines(lines) => lines.name(),
            Finding::Locks(locks) => locks.name(),
            Finding::Web(web) => web.name(),
            Finding::Pace(pace) => pace.name(),
            Finding::Stop(stop) => stop.name(),
            Finding::Program(finding) => finding.name(),
            Finding::Trouble(trouble) => trouble.name(),
            Finding::NeverAsked => "never-asked",
        }
    }

    /// All names, for the check that a manifest asks for none that is not there.
    pub const NAMES: &[&str] = &[
        "alone",
        "computed-alone",
        "not-at-once",
        "pinned",
        "not-shown",
        "no-compute",
        "several-threads",
        "wrong-answer",
        "no-answer",
        "work-missing",
        "forged-find",
        "hung",
        "no-delay",
        "nothing-lost",
        "no-update",
        "lost-update",
        "wrong-counter",
        "line-missing",
        "line-again",
        "line-early",
        "line-held-back",
        "too-far-ahead",
        "lock-step",
        "deadlock",
        "no-deadlock",
        "not-by-delay",
        "transfer-missing",
        "other-transfer",
        "not-locked",
        "locked-out",
        "lost-signal",
        "slept-again",
        "signal-unheard",
        "no-signal",
        "fetched-again",
        "not-linked",
        "too-many-fetches",
        "waited-behind",
        "wake-lost",
        "page-unseen",
        "no-beat",
        "busy",
        "looks-again",
        "crowd",
        "computed-again",
        "stop-unheard",
        "begun-after-stop",
        "cut-off",
        "nothing-to-stop",
        "never-asked",
        "stranger",
        "nonsense",
        "flood",
        "deaf",
        "panicked",
        "failed",
        "aborted",
        "killed",
        "too-much-output",
        "too-much-memory",
        "too-many-processes",
        "too-much-cpu",
        "left-behind",
        "keeper-ended",
        "forged-account",
        "file-too-long",
        "too-many-files",
    ];

    /// What it makes of a run.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Finding::NotShown { .. } => Outcome::NotShown,
            Finding::Program(finding) => of_program(finding),
            _ => Outcome::Failed,
        }
    }

    /// Whether another run of the same program may come to something else, through no doing of its own.
    #[must_use]
    pub fn may_differ(&self) -> bool {
        matches!(self, Finding::NotShown { may_differ: true, .. })
    }

    /// Whether it is an answer in which a task's find is missing.
    fn is_left_out(&self) -> bool {
        match self {
            Finding::WrongAnswer { consists_of: Some(names), tasks, .. } => {
                tasks.iter().any(|task| !names.contains(task))
            }
            _ => false,
        }
    }

    /// What was seen.
    #[must_use]
    pub fn seen(&self) -> String {
        match self {
            Finding::Alone { .. } | Finding::Late { .. } | Finding::Hung { .. } => {
                self.seen_waiting()
            }
            Finding::WrongAnswer { given, consists_of, tasks } => {
                wrong(given, consists_of.as_deref(), tasks)
            }
            Finding::ComputedAlone { alone, of } => format!(
                "{alone} of {of} computes were alone: each waited for a second one to begin beside it, \
                 and none did."
            ),
            Finding::NotAtOnce { of, beside } => format!(
                "Tasks were computed for {}, as the kernel saw it, and for {} of this two at once.",
                Time(*of),
                Time(*beside)
            ),
            Finding::Pinned { core, cores } => format!(
                "The program had {cores} cores, and restricted itself: the kernel was to let all that computed \
                 execute on core {core} only."
            ),
            Finding::NotShown { reason, .. } => reason.clone(),
            Finding::NoCompute => {
                "A task was said to be computed, and the kernel saw nobody do it.".to_owned()
            }
            Finding::SeveralThreads { threads } => {
                format!("{threads} threads worked, and one was to.")
            }
            Finding::NoAnswer { ending } => {
                format!("The program {ending} before it handed in an answer.")
            }
            Finding::WorkMissing { what, tasks } => format!("Nobody {what} {}.", list(tasks)),
            Finding::ForgedFind { task } => {
                format!("What was said to be found in task {task} is not what is hidden there.")
            }
            Finding::Lines(lines) => lines.seen(),
            Finding::Locks(locks) => locks.seen(),
            Finding::Web(web) => web.seen(),
            Finding::Pace(pace) => pace.seen(),
            Finding::Stop(stop) => stop.seen(),
            Finding::Program(finding) => {
                // Its last words may be a whole sentence.
                format!("The program: {}.", finding.to_string().trim_end_matches('.'))
            }
            Finding::Trouble(trouble) => trouble.sentence().to_owned(),
            Finding::NeverAsked => "The program never asked its judge for anything.".to_owned(),
            _ => self.seen_counting(),
        }
    }

    fn seen_waiting(&self) -> String {
        match self {
            Finding::Alone { tasks, wanted, threads } => {
                let others = match wanted.saturating_sub(tasks.len()) {
                    0 | 1 => "another one".to_owned(),
                    missing => format!("{missing} more"),
                };
                let fetches = if tasks.len() == 1 { "fetch" } else { "fetches" };
                let (tasks, meanwhile) = (list(tasks), meanwhile(threads));
                format!("The {fetches} of {tasks} waited for {others}, and none came. {meanwhile}")
            }
            Finding::Late { tasks, left, threads } => format!(
                "The page of {} is late: it comes when all others have been asked for, and {left} had not \
                 been. {}",
                list(tasks),
                meanwhile(threads)
            ),
            Finding::Hung { threads } => {
                format!(
                    "Everybody waited, and nobody was left to wake them. {}",
                    sentences(threads)
                )
            }
            _ => String::new(),
        }
    }

    fn seen_counting(&self) -> String {
        match self {
            Finding::NothingLost { delays: 0 } => {
                "The judge let each update be finished before the next \
                 began, as a kind machine may. Nothing was lost, for no thread called `delay`."
                    .to_owned()
            }
            Finding::NothingLost { delays } => {
                let times = count(*delays, "time");
                format!("Threads stood still {times}, and still no update was lost.")
            }
            Finding::NoUpdate { task } => {
                format!(
                    "What task {task} found was not added to the counter by a load and a store."
                )
            }
            Finding::LostUpdate { by, loaded, of } => format!(
                "{by} had loaded {loaded}; then {of} changed the counter; then {by} stored what it had \
                 made of {loaded}. What {of} had added is gone."
            ),
            Finding::WrongCounter { value, sum } => {
                format!("The counter says {value} in the end, and all finds add up to {sum}.")
            }
            _ => String::new(),
        }
    }

    /// Why that matters.
    #[must_use]
    pub fn matters(&self) -> &'static str {
        match self {
            Finding::Alone { .. } | Finding::Late { .. } => {
                "Where one fetch has to end before the next begins, their waits add up, \
                 however many threads or tasks there are."
            }
            Finding::ComputedAlone { .. } => {
                "Where one compute has to end before the next begins, one core \
                 works and the others look on."
            }
            Finding::NotAtOnce { .. } | Finding::Pinned { .. } => {
                "Threads that take turns on one core are no faster than one."
            }
            Finding::NotShown { .. } => "This is neither a pass nor a failure.",
            Finding::SeveralThreads { .. } => "The exercise is what one thread can do.",
            Finding::NothingLost { .. } => {
                "A bug that shows by luck is not understood. One that you can force \
                 is."
            }
            Finding::LostUpdate { .. } => {
                "Each operation was atomic. Two of them, one after the other, are not."
            }
            Finding::Hung { .. } => "It would have waited for ever: no clock will end this.",
            Finding::WrongAnswer { .. } if !self.is_left_out() => {
                "Speed is worth nothing where the answer is another one."
            }
            Finding::WrongAnswer { .. }
            | Finding::WorkMissing { .. }
            | Finding::WrongCounter { .. } => "Speed is worth nothing where something is left out.",
            Finding::NoUpdate { .. } => {
                "The update itself is to be right; only its timing is to be wrong."
            }
            Finding::NoAnswer { .. } | Finding::NeverAsked => {
                "What is not handed in cannot be judged, and a program that ends takes its threads along."
            }
            Finding::NoCompute | Finding::ForgedFind { .. } | Finding::Trouble(_) => {
                "Only what was asked of the judge, and done, counts."
            }
            Finding::Lines(lines) => lines.matters(),
            Finding::Locks(locks) => locks.matters(),
            Finding::Web(web) => web.matters(),
            Finding::Pace(pace) => pace.matters(),
            Finding::Stop(stop) => stop.matters(),
            Finding::Program(_) if self.outcome() == Outcome::NotShown => {
                "This is neither a pass nor a failure."
            }
            Finding::Program(_) => "A program that does not end well is not a solution.",
        }
    }

    /// One thing to look at.
    #[must_use]
    pub fn look(&self) -> &'static str {
        match self {
            Finding::Alone { .. } => {
                "Look for the line that waits for one task before the others have begun."
            }
            Finding::Late { .. } => {
                "Look for what waits for this page, and could ask for others meanwhile."
            }
            Finding::ComputedAlone { .. } => {
                "Look for what is held, or waited for, while a task computes."
            }
            Finding::NotAtOnce { .. } => {
                "Look at how many threads compute, and on which cores they may."
            }
            Finding::Pinned { .. } => {
                "Look for what tells the system on which cores its threads may be."
            }
            Finding::NotShown { may_differ: true, .. } => {
                "Run it again on a machine with two idle cores."
            }
            Finding::NotShown { .. } => "Run it where that can be seen.",
            Finding::SeveralThreads { .. } => "Look for what starts a thread.",
            Finding::NothingLost { delays: 0 } => {
                "Call `work.delay()` where a thread must not be alone."
            }
            Finding::NothingLost { .. } => {
                "Look at what the thread knows when it stands still, and whether \
                 that can become old."
            }
            Finding::LostUpdate { .. } => "Look at what lies between the load and the store.",
            Finding::Hung { .. } => "Ask of the first thread named here: who was to wake it?",
            Finding::WrongAnswer { consists_of: Some(_), .. } if !self.is_left_out() => {
                "Look at what decides where each find is put."
            }
            Finding::WrongAnswer { .. } if !self.is_left_out() => {
                "Look at where each number of the answer comes from."
            }
            Finding::WrongAnswer { .. } | Finding::WorkMissing { .. } => {
                "Follow one of the missing tasks through the program."
            }
            Finding::WrongCounter { .. } => "Look for a find that is added twice, or never.",
            Finding::NoUpdate { .. } => {
                "Leave the load and the store as they are, and add one line."
            }
            Finding::NoAnswer { .. } => "Look at who waits for whom before `main` returns.",
            Finding::NeverAsked => "`main` has to hand the function over: `classroom::run(solve)`.",
            Finding::NoCompute | Finding::ForgedFind { .. } | Finding::Trouble(_) => {
                "Use the functions of `classroom`, and nothing behind them."
            }
            Finding::Lines(lines) => lines.look(),
            Finding::Locks(locks) => locks.look(),
            Finding::Web(web) => web.look(),
            Finding::Pace(pace) => pace.look(),
            Finding::Stop(stop) => stop.look(),
            Finding::Program(_) if self.outcome() == Outcome::NotShown => {
                "Run it again, where nobody else has the cores."
            }
            Finding::Program(_) => "Look at the last lines of its output.",
        }
    }
}

fn of_program(finding: &supervise::Finding) -> Outcome {
    use supervise::Finding as Of;
    match finding {
        // Not nice, and no fault of the exercise.
        Of::Flooded { .. }
        | Of::LongLine { .. }
        | Of::BrokenUtf8 { .. }
        | Of::HalfLine { .. }
        | Of::HeldOpen => Outcome::Passed,
        Of::Interrupted | Of::NotRestricted { .. } | Of::OutOfMemory | Of::Starved { .. } => {
            Outcome::NotShown
        }
        _ => Outcome::Failed,
    }
}

fn wrong(given: &[u64], consists_of: Option<&[String]>, tasks: &[String]) -> String {
    let all = tasks.len();
    let given: Vec<String> = given.iter().map(ToString::to_string).collect();
    let given = if given.is_empty() { "nothing".to_owned() } else { given.join(", ") };
    match consists_of {
        Some([]) => format!("The answer is {given}: no find is in it."),
        Some(names) => {
            let missing: Vec<String> =
                tasks.iter().filter(|task| !names.contains(task)).cloned().collect();
            match (&missing[..], names.len()) {
                ([], found) if found == tasks.len() => {
                    format!("The answer has all finds, in another order: {}.", names.join(", "))
                }
                ([], found) => format!(
                    "The answer has {found} finds, those of {}, and should have {}.",
                    list(names),
                    tasks.len()
                ),
                (missing, _) => {
                    format!("The answer is {given}: the find of {} is missing.", list(missing))
                }
            }
        }
        None => format!("The answer is {given}, which is not made of what the {all} tasks found."),
    }
}

/// `A`, `A and B`, `A, B and C`; only some where there are many.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] if names.len() <= 6 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} others", names[..4].join(", "), names.len() - 4),
    }
}

/// What threads did while something waited in vain.
fn meanwhile(threads: &[Person]) -> String {
    match threads {
        [] => "The program went on until its time was up, and asked for nothing else.".to_owned(),
        threads => sentences(threads),
    }
}

fn sentences(threads: &[Person]) -> String {
    const MOST: usize = 5;
    let mut said: Vec<String> =
        threads.iter().take(MOST).map(|it| capital(&format!("{it}."))).collect();
    if threads.len() > MOST {
        said.push(format!("So did {} more threads, or something like it.", threads.len() - MOST));
    }
    said.join(" ")
}

/// A sentence with a capital letter, where it begins with a letter.
fn capital(sentence: &str) -> String {
    let (first, rest) = sentence.split_at(sentence.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}", first.to_uppercase())
}

/// All three sentences.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}", self.seen(), self.matters(), self.look())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of an answer of tasks A, B and C that has these finds; nothing where they are nobody's.
    fn wrong_answer(finds: Option<&str>) -> [String; 2] {
        let names = |names: &str| names.chars().map(String::from).collect();
        let (consists_of, tasks) = (finds.map(names), names("ABC"));
        let finding = Finding::WrongAnswer { given: vec![1, 2, 3], consists_of, tasks };
        [finding.seen(), format!("{} {}", finding.matters(), finding.look())]
    }

    #[test]
    fn an_answer_in_another_order_lacks_nothing() {
        let [seen, more] = wrong_answer(Some("BAC"));
        assert_eq!(seen, "The answer has all finds, in another order: B, A, C.");
        assert!(!more.contains("missing") && !more.contains("left out"), "{more}");
        let [seen, more] = wrong_answer(Some("ABCA"));
        assert!(seen.starts_with("The answer has 4 finds") && !more.contains("missing"), "{seen}");
        let [seen, more] = wrong_answer(Some("AC"));
        assert!(seen.contains("the find of B is missing") && more.contains("missing"), "{seen}");
        let [_, more] = wrong_answer(None);
        assert!(!more.contains("missing") && !more.contains("left out"), "{more}");
    }

    #[test]
    fn what_no_run_can_show_here_is_to_be_run_elsewhere() {
        let look = |may_differ| Finding::NotShown { reason: String::new(), may_differ }.look();
        assert!(look(true).contains("again") && !look(false).contains("again"));
    }

    #[test]
    fn who_had_no_time_for_others_had_the_cores_is_not_shown_and_who_had_it_failed() {
        let (limit, more) = (Duration::from_secs(20), Duration::ZERO);
        let starved = supervise::Finding::Starved { limit, waited: Duration::from_secs(90) };
        let hung = supervise::Finding::Hung { limit, more, last_printed: None, activity: None };
        let [starved, hung] = [starved, hung].map(Finding::Program);
        assert_eq!(starved.outcome(), Outcome::NotShown);
        assert!(starved.look().contains("nobody else has the cores"), "{starved}");
        assert_eq!(hung.outcome(), Outcome::Failed);
        assert!(hung.look().contains("its output"), "{hung}");
    }
}
