//! The verdict: one rule that ranks claims, finds contradictions, and answers the two questions.
//!
//! 1. **Contradictions first.** Two claims contradict each other where their amounts cannot both be
//!    true, or where one proves what the other rules out. An exact source stands against any other;
//!    between others the question is open. Whoever is contradicted from outside is not heard.
//! 2. **Then the most trustworthy claim that commits itself answers.** What a program recorded rules
//!    out nothing beyond what it recorded: where more was executed than it accounts for, or nobody
//!    knows how much, its ruling-out is not heard either.
//! 3. **Where none does, their bounds are taken together**: what is at least so by one source and at most
//!    so by another may decide what neither can alone.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};
use words::{Answer, Axis, Quadrant, Time, milliseconds};

use crate::THRESHOLD;
use crate::circumstances::Circumstances;
use crate::claim::{Amount, Claim, Contradiction, Evidence, Proof, Source};
use crate::reason::{Blame, Reason, sentences};

/// What a process may execute besides its recorded compute without raising doubts: its start and
/// end, its lines, and the upkeep of a runtime. One part in twenty of its compute comes on top.
pub const UNRECORDED: Duration = Duration::from_millis(10);

/// What the evidence says of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Were several tasks in progress at once?
    pub concurrent: Ruling,
    /// Were several threads executing at once?
    pub parallel: Ruling,
    /// All that it rests on.
    pub claims: Vec<Claim>,
    /// What is known to be missing in a source, even where it does not matter.
    pub missing: Vec<Reason>,
    /// Where sources contradict each other: findings of their own.
    pub contradictions: Vec<Contradiction>,
    /// What the machine allowed the run, and what it withheld from it.
    pub circumstances: Circumstances,
}

/// The answer to one of the two questions, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// The question.
    pub axis: Axis,
    /// The answer.
    pub answer: Answer,
    /// The source that settled it, if one did.
    pub source: Option<Source>,
    /// For how long it was so, by all sources together.
    pub amount: Amount,
    /// The two that show it best.
    pub proof: Option<Proof>,
    /// Why the answer is what it is; nothing where the proof says it all.
    pub reasons: Vec<Reason>,
    /// What in the machine may have been in the way, where it was not proven to be so.
    pub hindrances: Vec<Reason>,
}

impl Verdict {
    /// Weighs all that is known.
    #[must_use]
    pub fn of(evidence: Evidence) -> Verdict {
        let mut contradictions = evidence.contradictions.clone();
        contradictions.extend(recorded_too_much(&evidence));
        contradictions.extend(Axis::ALL.into_iter().flat_map(|axis| disputed(axis, &evidence)));
        let [concurrent, parallel] = Axis::ALL.map(|axis| rule(axis, &evidence, &contradictions));
        let Evidence { claims, missing, circumstances, .. } = evidence;
        Verdict { concurrent, parallel, claims, missing, contradictions, circumstances }
    }

    /// The quadrant that the run was in, if both answers are known.
    #[must_use]
    pub fn quadrant(&self) -> Option<Quadrant> {
        let concurrent = self.concurrent.answer.known()?;
        Some(Quadrant::from_answers(concurrent, self.parallel.answer.known()?))
    }

    /// The ruling on a question.
    #[must_use]
    pub fn on(&self, axis: Axis) -> &Ruling {
        match axis {
            Axis::Concurrent => &self.concurrent,
            Axis::Parallel => &self.parallel,
        }
    }

    /// The claim of a source on a question, if it made one.
    #[must_use]
    pub fn claim(&self, axis: Axis, source: Source) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.axis == axis && claim.source == source)
    }

    /// Describes the verdict to a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let ruling = |ruling: &Ruling| {
            let claims = self.claims.iter().filter(|claim| claim.axis == ruling.axis);
            let mut value = ruling.to_json();
            value["claims"] = claims.map(Claim::to_json).collect();
            value
        };
        json!({
            "concurrent": ruling(&self.concurrent),
            "parallel": ruling(&self.parallel),
            "quadrant": self.quadrant().map(Quadrant::name),
            "missing": self.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "contradictions": self.contradictions.iter().map(|it| &it.sentence).collect::<Vec<_>>(),
            "circumstances": self.circumstances.to_json(),
        })
    }
}

/// A verdict for people: a line for each axis, and one for each finding besides.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rulings = [&self.concurrent, &self.parallel];
        for (place, ruling) in rulings.into_iter().enumerate() {
            let line_end = if place == 0 { "" } else { "\n" };
            write!(f, "{line_end}{} {}: {}", ruling.axis.name(), ruling.answer, ruling.sentence())?;
        }
        let told = |reason: &&Reason| rulings.iter().any(|ruling| ruling.reasons.contains(reason));
        for reason in self.missing.iter().filter(|reason| !told(reason)) {
            write!(f, "\n{reason}")?;
        }
        for contradiction in &self.contradictions {
            write!(f, "\n{}", contradiction.sentence)?;
        }
        Ok(())
    }
}

impl Ruling {
    /// Why the answer is what it is, in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.proof {
            Some(proof) if self.answer == Answer::Proven && self.reasons.is_empty() => {
                proof.sentence.clone()
            }
            _ => sentences(&self.reasons),
        }
    }

    /// Whose doing it is that it was not so, where it was not.
    #[must_use]
    pub fn blame(&self) -> Blame {
        let all = || self.reasons.iter().chain(&self.hindrances);
        let blamed = |whom| all().any(|reason| reason.blames == Some(whom));
        // What the machine makes impossible no program can do, and what the machine
        // may have hindered is not the program's fault for certain.
        if blamed(Blame::Machine) {
            Blame::Machine
        } else if self.hindrances.is_empty() && blamed(Blame::Program) {
            Blame::Program
        } else {
            Blame::Either
        }
    }

    /// Whether it was not so, and on an idle machine might have been: the program may have wanted it, and
    /// the machine had no room. Where there is one core only, that was known beforehand.
    #[must_use]
    pub fn was_withheld(&self) -> bool {
        let is_wanted = self.reasons.iter().any(|reason| reason.blames == Some(Blame::Either));
        let is_known = self.blame() == Blame::Machine;
        self.answer == Answer::RuledOut && is_wanted && !is_known && !self.hindrances.is_empty()
    }

    /// Describes the ruling to a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "verdict": self.answer.name(),
            "sentence": self.sentence(),
            "by": self.source.map(Source::name),
            "at_least_ms": milliseconds(self.amount.at_least),
            "at_most_ms": self.amount.at_most.map(milliseconds),
            "of_ms": self.amount.of.map(milliseconds),
            "blame": (self.answer != Answer::Proven).then(|| self.blame().name()),
            "hindrances": self.hindrances.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }
}

/// How much the program and all that it started executed, by those who cannot be lied to, and who says
/// so.
fn executed(evidence: &Evidence) -> Option<(Duration, Source)> {
    let claims = evidence.on(Axis::Parallel).into_iter().filter(|claim| claim.source.is_outside());
    claims.filter_map(|claim| Some((claim.amount.of?, claim.source))).next()
}

/// Whether `executed` exceeds what was `recorded` by more than a process's upkeep.
fn is_unaccounted(executed: Duration, recorded: Duration) -> bool {
    executed > recorded + recorded / 20 + UNRECORDED
}

/// A trace that tells of more compute than the kernel saw being executed.
fn recorded_too_much(evidence: &Evidence) -> Option<Contradiction> {
    let (executed, source) = executed(evidence)?;
    let claims = evidence.on(Axis::Parallel);
    let recorder = claims.iter().find(|claim| claim.source == Source::Recorder)?;
    let recorded = recorder.amount.of.unwrap_or_default();
    is_unaccounted(recorded, executed).then(|| Contradiction {
        axis: Axis::Parallel,
        between: [source, Source::Recorder],
        sentence: format!(
            "The trace tells of at least {} of compute, and {} of {} of execution: the trace is not \
             to be believed.",
            Time(recorded),
            source.subject(),
            Time(executed)
        ),
    })
}

/// Pairs of claims that cannot both be true.
fn disputed(axis: Axis, evidence: &Evidence) -> Vec<Contradiction> {
    let claims = evidence.on(axis);
    let pairs = claims
        .iter()
        .enumerate()
        .flat_map(|(place, &first)| claims[place + 1..].iter().map(move |&second| (first, second)));
    let executed = executed(evidence).map(|(executed, _)| executed);
    pairs.filter_map(|(first, second)| dispute(first, second, executed)).collect()
}

/// Where the second claim, which is less trustworthy, and the first one cannot both be true.
fn dispute(first: &Claim, second: &Claim, executed: Option<Duration>) -> Option<Contradiction> {
    let answers = [first.answer, second.answer];
    let is_opposite =
        answers.iter().all(|answer| answer.known().is_some()) && answers[0] != answers[1];
    let is_disputed = match first.axis {
        // Tasks whose lines came one after the other may have been in progress at once.
        Axis::Concurrent => is_opposite && !is_weak(second),
        Axis::Parallel => {
            more_than_possible(second, first, executed)
                || more_than_possible(first, second, executed)
        }
    };
    is_disputed.then(|| Contradiction {
        axis: first.axis,
        between: [first.source, second.source],
        sentence: format!(
            "{} is {} by {} and {} by {}.",
            capitalised(first.axis.name()),
            said(first),
            first.source.subject(),
            said(second),
            second.source.subject()
        ),
    })
}

/// Whether a claim is none that could stand against another.
fn is_weak(claim: &Claim) -> bool {
    claim.source == Source::Lines && claim.answer == Answer::RuledOut
}

/// Whether one claims at least more than the other has room for.
fn more_than_possible(claim: &Claim, other: &Claim, executed: Option<Duration>) -> bool {
    let Some(at_most) = at_most_of_all(other, executed) else { return false };
    claim.amount.at_least > at_most + at_most / 100 + THRESHOLD
}

/// How much of all that was executed can have been beside other execution by a claim. What a program
/// did not record may all have been beside what it recorded.
fn at_most_of_all(claim: &Claim, executed: Option<Duration>) -> Option<Duration> {
    let at_most = claim.amount.at_most?;
    if claim.source.is_outside() {
        return Some(at_most);
    }
    Some(at_most + executed?.saturating_sub(claim.amount.of?))
}

fn said(claim: &Claim) -> String {
    match (claim.axis, claim.answer) {
        (Axis::Concurrent, answer) => answer.to_string(),
        (Axis::Parallel, _) => {
            let Amount { at_least, at_most, .. } = claim.amount;
            let most = at_most.map_or(String::new(), |most| format!(" and at most {}", Time(most)));
            format!("at least {}{most}", Time(at_least))
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Answers one of the two questions.
fn rule(axis: Axis, evidence: &Evidence, contradictions: &[Contradiction]) -> Ruling {
    let executed = executed(evidence);
    let is_discredited = |source: Source| {
        contradictions.iter().any(|it| it.between[1] == source && it.between[0].is_outside())
    };
    let claims = evidence.on(axis);
    let heard: Vec<&Claim> =
        claims.into_iter().filter(|claim| !is_discredited(claim.source)).collect();
    let disputed = contradictions.iter().find(|it| it.axis == axis && !it.between[0].is_exact());
    let mut ruling = Ruling {
        axis,
        answer: Answer::Inconclusive,
        source: None,
        amount: together(&heard, executed.map(|(executed, _)| executed)),
        proof: None,
        reasons: Vec::new(),
        hindrances: Vec::new(),
    };
    if let Some(disputed) = disputed {
        ruling.reasons = vec![Reason::new("contradiction", &disputed.sentence)];
    } else {
        ruling.settle(&heard, executed.map(|(executed, _)| executed));
    }
    if heard.is_empty() && ruling.reasons.is_empty() {
        let sentence = match contradictions.is_empty() {
            true => "Nothing is known of it: no source of evidence was there.",
            false => "The only one who says anything of it is not to be believed.",
        };
        ruling.reasons.push(Reason::new("no-evidence", sentence));
    }
    let is_alone = ruling.reasons.iter().any(|reason| reason.name == "one-task");
    if ruling.answer != Answer::Proven && !is_alone {
        ruling.hindrances = evidence.circumstances.hindrances(axis);
    }
    ruling
}

impl Ruling {
    /// Goes by the most trustworthy claim that commits itself; or else by all bounds together.
    fn settle(&mut self, heard: &[&Claim], executed: Option<Duration>) {
        let mut doubts = Vec::new();
        for claim in heard {
            match doubt(claim, executed) {
                Some(doubt) => doubts.push(doubt),
                None if claim.answer == Answer::Inconclusive => {}
                None => {
                    (self.answer, self.source) = (claim.answer, Some(claim.source));
                    (self.proof, self.reasons) = (claim.proof.clone(), claim.reasons.clone());
                    return;
                }
            }
        }
        // Of those that leave it open the recorder explains best; but doubts about one that does not
        // are explanation enough.
        if doubts.is_empty() {
            let open = heard.iter().filter(|claim| claim.answer == Answer::Inconclusive);
            let best = open.min_by_key(|claim| claim.source != Source::Recorder);
            doubts.extend(best.into_iter().flat_map(|claim| claim.reasons.clone()));
        }
        self.reasons = doubts;
        if self.axis == Axis::Parallel {
            self.squeeze();
        }
    }

    /// Takes the bounds of all sources together.
    fn squeeze(&mut self) {
        let Amount { at_most: Some(at_most), of, .. } = self.amount else { return };
        if at_most <= THRESHOLD && of.is_some() {
            self.answer = Answer::RuledOut;
            let sentence = format!(
                "By all sources together at most {} of {} were executed beside other execution.",
                Time(at_most),
                Time(of.unwrap_or_default())
            );
            self.reasons = vec![Reason::new("squeezed", sentence)];
        }
    }
}

/// Why a claim that rules out is not heard: it is about less than all that was executed.
fn doubt(claim: &Claim, executed: Option<Duration>) -> Option<Reason> {
    if claim.axis != Axis::Parallel
        || claim.source != Source::Recorder
        || claim.answer != Answer::RuledOut
    {
        return None;
    }
    let recorded = claim.amount.of.unwrap_or_default();
    match executed {
        None => {
            let sentence = "Nobody outside watched, so there may be more than was recorded. (`cargo xtask \
                            classify -- PROGRAM` watches.)";
            Some(Reason::new("no-witness", sentence))
        }
        Some(executed) => is_unaccounted(executed, recorded).then(|| {
            let sentence = format!(
                "The process executed {} more than its recorded compute accounts for.",
                Time(executed.saturating_sub(recorded))
            );
            Reason::new("unaccounted", sentence)
        }),
    }
}

/// The bounds of all sources together.
fn together(heard: &[&Claim], executed: Option<Duration>) -> Amount {
    let at_least = heard.iter().map(|claim| claim.amount.at_least).max().unwrap_or_default();
    let at_most = heard.iter().filter_map(|claim| at_most_of_all(claim, executed)).min();
    let of = heard.iter().find_map(|claim| claim.amount.of);
    Amount { at_least, at_most: at_most.map(|most| most.max(at_least)), of }
}
