//! How the experiment is shown.

use anstyle::Style;
use evidence::Answer;
use serde_json::{Value, json};
use words::Outcome;

use super::finding::{Fate, Finding, conclusion};
use super::sample::{Answers, Sample};
use super::{Experiment, Trial};
use crate::session::Options;
use crate::shelf::Catalogue;
use crate::show::{
    BAD, BOLD, DIM, GOOD, UNSURE, count, duration, glyph, paint, print_field, width, wrap,
};
use crate::timing::{Reference, milliseconds};
use crate::{envelope, explain};

/// Prints the table, what it shows, and what was wrong.
pub(super) fn print(experiment: &Experiment, catalogue: &Catalogue) {
    anstream::println!(
        "{DIM}{:9}{:>10}{:>11}{:>7}   {:14}parallel{DIM:#}",
        "",
        "measured",
        "predicted",
        "gain",
        "concurrent"
    );
    let reference = experiment.reference();
    for trial in &experiment.trials {
        print_trial(experiment, trial, reference.as_ref());
    }
    for doubt in experiment.doubts() {
        anstream::println!();
        wrap(&doubt, width()).iter().for_each(|line| anstream::println!("{}", paint(UNSURE, line)));
    }
    print_findings(&experiment.findings());
    for trouble in &catalogue.troubles {
        anstream::println!("{}", paint(BAD, trouble));
    }
}

/// A lesson with a line for all cores and one for one.
fn print_trial(experiment: &Experiment, trial: &Trial, reference: Option<&Reference>) {
    explain::heading(trial.program());
    for sample in trial.samples() {
        let baseline = experiment.baseline();
        let baseline = baseline.map(|it| if sample.cores == 1 { &it.one } else { &it.all });
        print_sample(sample, reference, experiment.slow, baseline);
    }
    for sample in trial.samples() {
        for fault in sample.record.faults() {
            print_field("fault", BAD, &format!("on {}: {fault}", count(sample.cores, "core")));
        }
    }
}

fn print_sample(
    sample: &Sample,
    reference: Option<&Reference>,
    slow: u32,
    neither: Option<&Sample>,
) {
    let unknown = || glyph("–", "-").to_owned();
    let measured = sample.times().map_or_else(unknown, |times| duration(times.middle));
    let bound = reference.and_then(|reference| sample.bound(reference, slow));
    let bound =
        bound.map_or_else(unknown, |bound| format!("{} {}", glyph("≥", ">="), duration(bound)));
    let gain = neither.and_then(|neither| sample.gain(neither));
    let gain = gain.map_or_else(unknown, |gain| format!("{gain:.1}"));
    anstream::println!(
        "  {:7}{BOLD}{measured:>10}{BOLD:#}{bound:>11}{gain:>7}   {}{}",
        count(sample.cores, "core"),
        answers(sample.concurrent(), 14),
        answers(sample.parallel(), 0)
    );
}

/// Answers in the colour of what they agree on.
fn answers(answers: Answers, width: usize) -> String {
    let style = match answers.unanimous() {
        Some(Answer::Proven) => GOOD,
        Some(Answer::RuledOut) => Style::new(),
        Some(Answer::Inconclusive) | None => UNSURE,
    };
    paint(style, format!("{:width$}", answers.text()))
}

/// What each lesson shows, and what all of them do.
fn print_findings(findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    anstream::println!("\n{BOLD}What became of the gain on one core{BOLD:#}");
    for finding in findings {
        let style = match finding.fate {
            Fate::Open => UNSURE,
            Fate::Survived | Fate::Divided | Fate::Lost => Style::new(),
        };
        anstream::println!("\n  {BOLD}{}{BOLD:#}", finding.lesson);
        for line in wrap(&finding.sentence, width() - 2) {
            anstream::println!("  {}", paint(style, line));
        }
    }
    let Some(conclusion) = conclusion(findings) else { return };
    anstream::println!();
    for line in wrap(&conclusion, width()) {
        anstream::println!("{BOLD}{line}{BOLD:#}");
    }
}

/// Everything that was found, for a program to read.
pub(super) fn to_json(
    experiment: &Experiment,
    options: &Options,
    catalogue: &Catalogue,
    outcome: Outcome,
) -> Value {
    let reference = experiment.reference();
    let sample = |sample: &Sample, neither: Option<&Sample>| {
        let runs = !sample.record.runs.is_empty();
        runs.then(|| sample.to_json(reference.as_ref(), experiment.slow, neither))
    };
    let trial = |trial: &Trial| {
        let lesson = trial.program();
        let neither = experiment.baseline();
        let mut described = lesson.to_json();
        described["all_cores"] = json!(sample(&trial.all, neither.map(|neither| &neither.all)));
        described["one_core"] = json!(sample(&trial.one, neither.map(|neither| &neither.one)));
        described
    };
    let findings = experiment.findings();
    let content = json!({
        "runs": options.repeat,
        "compute_ms": reference.map(|reference| milliseconds(reference.compute)),
        "lessons": experiment.trials.iter().map(trial).collect::<Vec<_>>(),
        "findings": findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "conclusion": conclusion(&findings),
        "hindrance": experiment.hindrance,
        "disturbance": experiment.disturbance(),
        "troubles": catalogue.troubles,
    });
    envelope::answer("experiment", outcome, Some(&options.conditions), content)
}
