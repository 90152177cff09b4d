//! Which of a question's choices a run shows to be right, and how that was seen.

use std::time::Duration;

use evidence::trace::Trace;
use lab::work;
use lanes::{Lanes, State};
use words::Outcome;

use crate::examine::{Conditions, Run};
use crate::explain;
use crate::header::{BESIDE, Measure, Other, Question, Span, mebibytes, number, quadrant};
use crate::process::Stream;
use crate::series::Series;
use crate::show::{count, duration, printable, thousands};

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    /// The place of the choice that it makes right, if it makes one right.
    pub(crate) choice: Option<usize>,
    /// What was seen, as a sentence.
    pub(crate) sentence: String,
}

/// What the runs show of the question, if it is one that runs can answer; where it is about two programs,
/// beside the runs of the other one: that from before a change, or another lesson.
pub(crate) fn measure(
    question: &Question,
    series: &Series,
    other: Option<&Series>,
    conditions: &Conditions,
) -> Option<Measured> {
    let run = series.face()?;
    Some(match question.by.as_ref()? {
        Measure::Clock => clock(question, series, run, conditions),
        Measure::Verdict => verdict(question, run),
        Measure::Contract => {
            let orders = run.promise.order.count().map(|orders| orders.to_string());
            let orders = orders.unwrap_or_default().replace(',', "");
            let sentence = format!("Its contract allows this many orders: {}.", thousands(&orders));
            counted(question, &orders, sentence)
        }
        Measure::TasksAtOnce => {
            let levels = run.trace.as_ref().map(|trace| Lanes::of(trace).strip.in_progress)?;
            let most = levels.iter().map(|level| level.most).max().unwrap_or(0);
            let were = if most == 1 { "was" } else { "were" };
            let tasks = count(most as usize, "task");
            let sentence = format!("At most {tasks} {were} in progress at once.");
            counted(question, &most.to_string(), sentence)
        }
        Measure::Threads => {
            let lanes = run.trace.as_ref().map(Lanes::of)?;
            let computed = lanes.threads.iter().filter(|lane| lane.totals.of(State::Computing) > 0);
            let threads = computed.count();
            let sentence = format!("{} computed.", count(threads, "thread"));
            counted(question, &threads.to_string(), sentence)
        }
        Measure::PartsBeside => {
            let trace = run.trace.as_ref()?;
            let [beside, all] = parts_beside(trace);
            let all = count(all, "part");
            let sentence = format!("Of {all} the thread that prints the steps computed {beside}.");
            counted(question, &beside.to_string(), sentence)
        }
        Measure::Line(number) => line(question, run, *number),
        Measure::Told => told(question, series, run, conditions)?,
        Measure::Beside(who) => beside(question, who, series, other?),
        Measure::Memory => memory(question, [other?.face()?, run]),
    })
}

/// What is right, as a page says it: what was measured here, or else what is written; and why.
pub(crate) fn answer(
    question: &Question,
    series: &Series,
    other: Option<&Series>,
    conditions: &Conditions,
) -> String {
    let Question { choices, answer, because, .. } = question;
    let written = &choices[*answer];
    match measure(question, series, other, conditions) {
        Some(Measured { choice: Some(seen), sentence }) if seen != *answer => format!(
            "{}. {sentence} (Written is another answer: {written}. What was measured counts; a machine \
             with fewer cores, or a busy one, may differ.) {because}",
            choices[seen]
        ),
        Some(Measured { sentence, .. }) => format!("{written}. {sentence} {because}"),
        None => format!("{written}. {because}"),
    }
}

/// How long a choice takes where a step computes for so long, if it is a time.
pub(crate) fn length(choice: &str, compute: Duration, conditions: &Conditions) -> Option<Duration> {
    let cores = conditions.cores().min(work::PARTS);
    Some(Span::read(choice)?.length(work::wait(), compute, cores))
}

/// The choice whose time is nearest to the time taken: by the ratio, since that is how times err. How
/// long a step computed is what the run itself tells: the time on a core, whoever had the others.
fn clock(question: &Question, series: &Series, run: &Run, conditions: &Conditions) -> Measured {
    let taken = series.taken();
    if let Some(why) = series.disturbance() {
        let sentence = format!("It took {}, which tells nothing. {why}", duration(taken));
        return Measured { choice: None, sentence };
    }
    let sentence = format!("It took {}.", duration(taken));
    Measured {
        choice: nearest(&lengths(question, run, conditions), taken, question.answer),
        sentence,
    }
}

/// How long each choice takes where a step computes for as long as it did in this run.
fn lengths(question: &Question, run: &Run, conditions: &Conditions) -> Vec<Duration> {
    let compute = run.reference(conditions.slow).compute;
    let lengths = question.choices.iter().map(|choice| length(choice, compute, conditions));
    lengths.map(Option::unwrap_or_default).collect()
}

/// The choice whose time is nearest to the one that the program itself tells.
fn told(
    question: &Question,
    series: &Series,
    run: &Run,
    conditions: &Conditions,
) -> Option<Measured> {
    let mut errors = run.report.lines.iter().filter(|line| line.stream == Stream::Error);
    let text = printable(&errors.next_back()?.text);
    let told = time_in(&text)?;
    let sentence = format!("It said: `{text}`.");
    Some(match series.disturbance() {
        Some(why) => Measured { choice: None, sentence: format!("{sentence} {why}") },
        None => {
            let lengths = lengths(question, run, conditions);
            Measured { choice: nearest(&lengths, told, question.answer), sentence }
        }
    })
}

/// The first number of milliseconds in a line, and one at least: less than that is not told apart.
fn time_in(line: &str) -> Option<Duration> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut times = words.windows(2).filter(|pair| pair[1] == "ms");
    let milliseconds: u64 = times.find_map(|pair| pair[0].parse().ok())?;
    Some(Duration::from_millis(milliseconds.max(1)))
}

/// How the time taken compares with that of the other program.
fn beside(question: &Question, who: &Other, series: &Series, other: &Series) -> Measured {
    let times = [series, other].map(Series::taken);
    let [taken, others] = times.map(duration);
    let mut sentence = match who {
        Other::Lesson(id) => format!("It took {taken}, and {id} {others}."),
        Other::Before => format!("It took {taken}, and {others} before."),
    };
    if let Some(why) = series.disturbance().or_else(|| other.disturbance()) {
        sentence += &format!(" That tells nothing. {why}");
        return Measured { choice: None, sentence };
    }
    if let Some(failed) = [series, other].iter().find(|it| it.outcome() == Outcome::Failed) {
        sentence +=
            &format!(" That tells nothing: {} is not as it should be.", failed.program.id());
        return Measured { choice: None, sentence };
    }
    let found = compared(times[0], times[1]);
    Measured { choice: question.choices.iter().position(|choice| choice == found), sentence }
}

/// How a time compares with another one, as choices say it. One run of a program differs from the next by
/// some per cent, which are no difference.
fn compared(time: Duration, other: Duration) -> &'static str {
    const NO_DIFFERENCE: f64 = 1.07;
    let times = time.as_secs_f64() / other.as_secs_f64();
    BESIDE[usize::from(times > 1.0 / NO_DIFFERENCE) + usize::from(times > NO_DIFFERENCE)]
}

/// How much more memory the second run had than the first.
fn memory(question: &Question, runs: [&Run; 2]) -> Measured {
    let peaks = runs.map(|run| run.report.usage.as_ref().map(|usage| usage.peak_memory));
    let [Some(before), Some(now)] = peaks else {
        let sentence = "How much memory it had is not known on this system.".to_owned();
        return Measured { choice: None, sentence };
    };
    let [was, is] = [before, now].map(|bytes| format!("{:.1} MiB", bytes as f64 / MEBIBYTE));
    let sizes = question.choices.iter().map(|choice| mebibytes(choice).unwrap_or_default() as f64);
    let more = now.saturating_sub(before) as f64;
    Measured {
        choice: closest(&sizes.collect::<Vec<_>>(), more, question.answer),
        sentence: format!("It had {is} of memory at most, and {was} before."),
    }
}

const MEBIBYTE: f64 = (1 << 20) as f64;

/// The place of the length that is nearest to the time, or the preferred one where both are about the same.
fn nearest(lengths: &[Duration], taken: Duration, preferred: usize) -> Option<usize> {
    let lengths: Vec<_> = lengths.iter().map(Duration::as_secs_f64).collect();
    closest(&lengths, taken.as_secs_f64(), preferred)
}

/// The same of any sizes.
fn closest(sizes: &[f64], found: f64, preferred: usize) -> Option<usize> {
    let apart = |one: f64, other: f64| (one.max(1e-9) / other.max(1e-9)).ln().abs();
    let off = |place: &usize| apart(sizes[*place], found);
    let place = (0..sizes.len()).min_by(|a, b| off(a).total_cmp(&off(b)))?;
    Some(if apart(sizes[place], sizes[preferred]) < 0.1 { preferred } else { place })
}

/// How many parts were computed on threads that printed a step as well, and how many there were.
fn parts_beside(trace: &Trace) -> [usize; 2] {
    let prints = |thread| {
        let mut steps = trace.lines.iter().filter(|line| line.step.is_some());
        steps.any(|line| line.thread == thread)
    };
    let beside = trace.parts.iter().filter(|part| prints(part.thread)).count();
    [beside, trace.parts.len()]
}

fn verdict(question: &Question, run: &Run) -> Measured {
    // Where the machine was in the way, another run of the same program may be in another quadrant.
    let found = run.verdict.quadrant().filter(|_| run.outcome() != Outcome::NotShown);
    let is_found = |choice: &String| found.is_some() && quadrant(choice) == found;
    let choice = question.choices.iter().position(is_found);
    Measured { choice, sentence: sentence_of(run) }
}

/// In which quadrant the run was, in plain words.
pub(crate) fn sentence_of(run: &Run) -> String {
    let open = |what| format!("It could not be shown whether {what}.");
    match (run.verdict.quadrant(), run.verdict.concurrent.answer.known()) {
        (Some(quadrant), _) => {
            let tasks = if quadrant.is_concurrent() { "Several" } else { "No two" };
            let tasks = format!("{tasks} tasks were in progress at once");
            let threads = if quadrant.is_parallel() { "several" } else { "no two" };
            match run.outcome() {
                Outcome::NotShown
                    if run.promise.quadrant.is_parallel() && !quadrant.is_parallel() =>
                {
                    format!(
                        "{tasks}. Whether several threads execute at once could not be seen this time: the \
                     machine was in the way."
                    )
                }
                Outcome::NotShown => format!(
                    "{tasks}, and {threads} threads executed at once, this time: the machine was in the way."
                ),
                _ => format!(
                    "{tasks}, and {threads} threads executed at once: {}.",
                    explain::name(quadrant)
                ),
            }
        }
        (None, None) => open("several tasks were in progress at once"),
        (None, Some(_)) => open("several threads executed at once"),
    }
}

/// What a choice means, where it is a quadrant.
pub(crate) fn meaning(question: &Question, choice: &str) -> Option<&'static str> {
    let quadrant = quadrant(choice).filter(|_| question.by == Some(Measure::Verdict))?;
    Some(explain::meaning(quadrant))
}

fn counted(question: &Question, found: &str, sentence: String) -> Measured {
    let is_found =
        |choice: &String| number(choice).map(|it| it.to_string()).as_deref() == Some(found);
    Measured { choice: question.choices.iter().position(is_found), sentence }
}

fn line(question: &Question, run: &Run, number: usize) -> Measured {
    let mut output = run.report.lines.iter().filter(|line| line.stream == Stream::Output);
    let Some(line) = output.nth(number - 1) else {
        return Measured { choice: None, sentence: format!("There was no line {number}.") };
    };
    let text = format!("`{}`", printable(&line.text));
    let choice = question.choices.iter().position(|choice| *choice == text);
    Measured { choice, sentence: format!("Line {number} was {text}.") }
}

#[cfg(test)]
mod tests {
    use lanes::script::Script;

    use super::*;

    #[test]
    fn the_nearest_time_is_the_right_one() {
        let ms = Duration::from_millis;
        let lengths = [ms(200), ms(240), ms(360)];
        assert_eq!(nearest(&lengths, ms(190), 1), Some(0));
        assert_eq!(nearest(&lengths, ms(700), 1), Some(2));
        // 290 is nearer to 240 by what is between, and to 360 by the ratio.
        assert_eq!(nearest(&lengths, ms(298), 1), Some(2));
    }

    #[test]
    fn parts_are_told_apart_by_whether_their_thread_prints_steps() {
        let script = Script::new().thread(0, 0, "main").start(0, 0, 1, "A").step(0, 0, 1, 1);
        let script = script.thread(1, 1, "").thread(1, 2, "").part(1..3, [1, 0], [1, 1, 1]);
        let script = script.part(1..3, [0, 1], [1, 1, 2]).say(4, 2, 1, "no step");
        let script = script.part(4..5, [2, 0], [1, 1, 3]);
        assert_eq!(parts_beside(&script.end(5, 0, 1).trace()), [1, 3]);
    }

    #[test]
    fn a_time_is_compared_with_another_one() {
        let beside_100 = |time| compared(Duration::from_millis(time), Duration::from_millis(100));
        assert_eq!([80, 95, 105, 120].map(beside_100), ["shorter", "as long", "as long", "longer"]);
    }

    #[test]
    fn a_time_is_told_in_a_line() {
        let ms = Duration::from_millis;
        assert_eq!(time_in("late by 23 ms"), Some(ms(23)));
        assert_eq!(time_in("2 beats, late by 0 ms"), Some(ms(1)));
        assert_eq!(time_in("late by some ms"), None);
    }

    #[test]
    fn of_times_that_are_about_the_same_the_preferred_one_is_right() {
        let ms = Duration::from_millis;
        // On one core, what is divided by the number of cores is what it was.
        assert_eq!(nearest(&[ms(360), ms(360)], ms(365), 1), Some(1));
        assert_eq!(nearest(&[ms(360), ms(240)], ms(365), 1), Some(0));
    }
}
