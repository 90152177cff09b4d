//! What is said of a judgement: to a student, and to programs.

use std::collections::VecDeque;

use anstyle::Style;
use command::show::{
    BAD, BOLD, DIM, GOOD, UNSURE, count, fitted, mark, print_field, printable, width,
};
use judge::{Exercise, Finding, Run, Seed};
use serde_json::{Value, json};
use supervise::{Line, Stream};
use words::{Outcome, milliseconds};

use crate::means::{Means, Step};
use crate::timeline;

/// How many of a program's last lines are shown, where it printed more than can be.
const TAIL: usize = 3;

/// A program as it was judged.
pub(crate) struct Judged {
    /// From what its secrets were drawn.
    pub(crate) seed: Seed,
    /// Its runs, up to the first that did not pass.
    pub(crate) runs: Vec<Run>,
}

impl Judged {
    /// What became of it.
    pub(crate) fn outcome(&self) -> Outcome {
        self.runs.iter().map(Run::outcome).collect()
    }

    /// The name of the finding that decides; none where it passed.
    pub(crate) fn found(&self) -> Option<&'static str> {
        let finding = self.runs.last().and_then(Run::finding)?;
        (finding.outcome() != Outcome::Passed).then(|| finding.name())
    }
}

/// Names an exercise, and says what it asks.
pub(crate) fn heading(exercise: &Exercise) {
    let Exercise { number, title, asks, .. } = exercise;
    anstream::println!("\n{BOLD}{number:02} {title}{BOLD:#}");
    print_field("asked", Style::new(), asks);
}

/// Shows a program's lines as they come: the first ones and, at the end, the last.
pub(crate) struct Output {
    /// How many lines may still be shown at once.
    room: usize,
    last: VecDeque<String>,
    skipped: usize,
}

impl Output {
    /// Shows so many lines and some more at the end.
    pub(crate) fn new(most: usize) -> Output {
        Output { room: most, last: VecDeque::new(), skipped: 0 }
    }

    pub(crate) fn line(&mut self, line: &Line) {
        if self.room > 0 {
            self.room -= 1;
            show(&line.text);
            return;
        }
        self.last.push_back(line.text.clone());
        if self.last.len() > TAIL {
            self.last.pop_front();
            self.skipped += 1;
        }
    }

    /// Shows the last lines, and how many are left out before them.
    pub(crate) fn finish(self) {
        if self.skipped > 0 {
            anstream::println!("  {DIM}… {} not shown …{DIM:#}", count(self.skipped, "line"));
        }
        self.last.iter().for_each(|text| show(text));
    }
}

/// A line of a program, which may be anything.
fn show(text: &str) {
    let text = fitted(&printable(text), width() - 4, '…');
    anstream::println!("  {DIM}│{DIM:#} {}", text.trim_end());
}

/// Says what the compiler said, but for so many lines at most: the first error is the one to begin with.
pub(crate) fn compiler(said: &str, most: usize) {
    let lines: Vec<&str> = said.lines().collect();
    lines.iter().take(most).for_each(|line| anstream::println!("{line}"));
    if lines.len() > most {
        anstream::println!("{DIM}… {} not shown …{DIM:#}", count(lines.len() - most, "line"));
    }
}

/// Says that there is nothing to judge.
pub(crate) fn does_not_compile(exercise: &Exercise) {
    let text = "it does not compile; the compiler says above where and why";
    anstream::println!("\n{} {BAD}failed{BAD:#}: {text}", mark(Outcome::Failed));
    let number = exercise.number;
    anstream::println!(
        "  {DIM}The text that you began with: cargo xtask exercise diff {number:02}{DIM:#}"
    );
}

/// Says what was found: each run, and each finding in its three sentences. The run that decides is drawn.
pub(crate) fn judged(exercise: &Exercise, judged: &Judged, means: Means) {
    let all = exercise.runs.len();
    for (number, run) in (1..).zip(&judged.runs) {
        let outcome = run.outcome();
        let (mark, verdict, stage) = (mark(outcome), verdict(outcome), &run.plan.stage);
        match all {
            1 => anstream::println!("{mark} {verdict}"),
            _ => anstream::println!("{mark} {verdict}: run {number} of {all}, `{stage}`"),
        }
        if number == judged.runs.len() {
            timeline::draw(run);
        }
        let findings = run.findings.iter().filter(|it| it.outcome() != Outcome::Passed);
        findings.for_each(finding);
    }
    if judged.outcome() != Outcome::Passed {
        let (number, seed) = (exercise.number, judged.seed);
        print_field("again", DIM, &format!("cargo xtask exercise {number:02} --seed {seed}"));
        print_field("a hint", DIM, &means.to(Step::Hint, exercise));
    }
}

fn verdict(outcome: Outcome) -> String {
    let style = match outcome {
        Outcome::Passed => GOOD,
        Outcome::NotShown => UNSURE,
        Outcome::Failed => BAD,
    };
    format!("{style}{outcome}{style:#}")
}

fn finding(finding: &Finding) {
    let style = if finding.outcome() == Outcome::Failed { BAD } else { UNSURE };
    print_field("seen", style, &finding.seen());
    print_field("why", Style::new(), finding.matters());
    print_field("look", Style::new(), finding.look());
}

/// An exercise, for programs.
pub(crate) fn exercise_to_json(exercise: &Exercise) -> Value {
    json!({
        "number": exercise.number,
        "name": exercise.name,
        "title": exercise.title,
        "minutes": exercise.minutes,
        "asks": exercise.asks,
    })
}

/// A judgement, for programs.
pub(crate) fn to_json(judged: &Judged) -> Value {
    json!({
        "seed": judged.seed.to_string(),
        "runs": judged.runs.iter().map(run_to_json).collect::<Value>(),
    })
}

fn run_to_json(run: &Run) -> Value {
    let line = |line: &Line| {
        json!({
            "stream": if line.stream == Stream::Output { "output" } else { "error" },
            "text": line.text,
            "arrival_ms": milliseconds(line.arrival),
        })
    };
    json!({
        "stage": run.plan.stage,
        "outcome": run.outcome().name(),
        "taken_ms": milliseconds(run.ended.wall),
        "findings": run.findings.iter().map(finding_to_json).collect::<Value>(),
        "output": run.ended.lines.iter().map(line).collect::<Value>(),
    })
}

fn finding_to_json(finding: &Finding) -> Value {
    json!({
        "name": finding.name(),
        "outcome": finding.outcome().name(),
        "seen": finding.seen(),
        "matters": finding.matters(),
        "look": finding.look(),
    })
}
