//! The question of a lesson, its choices, and which of them is right.
//!
//! What can be measured is not left to what is written: `Answer, by the clock: …` says how.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use words::Quadrant;

use super::joined;

/// What the reader is asked to predict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// The question.
    pub(crate) text: String,
    /// What the reader may choose from: two things at least.
    pub(crate) choices: Vec<String>,
    /// How to find the right one in a run, if it can be found there.
    pub(crate) by: Option<Measure>,
    /// The place of the choice that is right as far as is written.
    pub(crate) answer: usize,
    /// Why it is.
    pub(crate) because: String,
}

/// How the right choice is found in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// By the time taken: choices are [spans](Span).
    Clock,
    /// By the verdict: choices are quadrants.
    Verdict,
    /// By how many orders the contract allows.
    Contract,
    /// By the most tasks that were in progress at once.
    TasksAtOnce,
    /// By how many threads computed.
    Threads,
    /// By how many parts were computed on a thread that prints steps.
    PartsBeside,
    /// By a line of the output, numbered from 1.
    Line(usize),
    /// By the time that the last line on the standard error tells: choices are [spans](Span).
    Told,
    /// By the time taken beside another's: choices are of [`BESIDE`].
    Beside(Other),
    /// By how much more memory it had than the program before it was changed: choices are like `60 MiB`.
    Memory,
}

/// Beside whose time a program's own is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// The program's, before it was changed.
    Before,
    /// That of the lesson of this name.
    Lesson(String),
}

/// How long something takes beside something else.
pub(crate) const BESIDE: [&str; 3] = ["shorter", "as long", "longer"];

impl Question {
    /// Reads the paragraph behind `Predict: `, in its lines, and the one behind `Answer`.
    pub(super) fn read(predict: Vec<&str>, answer: &str) -> Result<Question> {
        let end = predict.iter().position(is_choice).unwrap_or(predict.len());
        let (text, choices) = (joined(&predict[..end]), &predict[end..]);
        ensure!(text.contains('?'), "`Predict: …` asks nothing");
        ensure!(
            choices.len() >= 2,
            "`Predict: …?` has no two choices below it, as in: - one thing"
        );
        ensure!(choices.iter().all(is_choice), "a choice stands on a line of its own");
        let choices: Vec<_> = choices.iter().map(|choice| choice[2..].to_owned()).collect();
        let (by, answer) = answer.split_once(": ").context("no colon precedes the answer")?;
        let by = by.strip_prefix(", by ").map(Measure::read).transpose()?;
        let right = choices.iter().position(|choice| told(answer, choice).is_some());
        let right =
            right.with_context(|| format!("no choice, with a full stop, begins: {answer}"))?;
        if let Some(by) = &by {
            let wrong = choices.iter().find(|choice| !by.can_find(choice));
            wrong.map_or(Ok(()), |choice| bail!("`{choice}` cannot be measured by {by}"))?;
        }
        let because = told(answer, &choices[right]).expect("it begins so").to_owned();
        Ok(Question { text, choices, by, answer: right, because })
    }

    /// The question that every change can be asked, answered by a text that begins with a *quadrant*.
    pub(super) fn of_quadrants(outcome: &str) -> Result<Question> {
        let name = outcome.strip_prefix('*').and_then(|text| text.split_once('*'));
        let (name, _) = name.with_context(|| format!("no *quadrant* begins: {outcome}"))?;
        let choices = Quadrant::ALL.map(|quadrant| quadrant.name().replace('-', " "));
        let answer = choices.iter().position(|choice| choice == name);
        Ok(Question {
            text: "In which quadrant is its run then?".to_owned(),
            by: Some(Measure::Verdict),
            answer: answer.with_context(|| format!("`{name}` is no quadrant"))?,
            // The name is told already where it stands alone.
            because: sentence(outcome.split_once("*. ").map_or(outcome, |(_, why)| why)),
            choices: choices.to_vec(),
        })
    }

    /// The question as a sentence of its own.
    pub(crate) fn asked(&self) -> String {
        sentence(&self.text)
    }

    /// Beside whose time or memory the program's own is to be compared, if that is the question.
    pub(crate) fn other(&self) -> Option<&Other> {
        match &self.by {
            Some(Measure::Beside(other)) => Some(other),
            Some(Measure::Memory) => Some(&Other::Before),
            _ => None,
        }
    }

    /// The lesson beside whose time this one's is to be compared, if that is the question.
    pub(crate) fn other_lesson(&self) -> Option<&str> {
        match self.other()? {
            Other::Lesson(id) => Some(id),
            Other::Before => None,
        }
    }
}

/// Whether a line is a choice.
pub(super) fn is_choice(line: &&str) -> bool {
    line.starts_with("- ")
}

/// A text that begins with a capital letter, be it between stars.
fn sentence(text: &str) -> String {
    let begin = text.len() - text.trim_start_matches('*').len();
    let mut characters = text[begin..].chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    text[..begin].chars().chain(first).chain(characters).collect()
}

/// The lesson that is named in: the time of `both/std`.
fn lesson_in(by: &str) -> Option<&str> {
    by.strip_prefix("the time of `")?.strip_suffix('`')
}

/// What follows the choice and its full stop.
fn told<'a>(answer: &'a str, choice: &str) -> Option<&'a str> {
    let rest = answer.strip_prefix(choice)?.strip_prefix('.')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
}

impl Measure {
    fn read(name: &str) -> Result<Measure> {
        if let Some(number) = name.strip_prefix("line ") {
            return Ok(Measure::Line(number.parse()?));
        }
        if let Some(id) = lesson_in(name) {
            return Ok(Measure::Beside(Other::Lesson(id.to_owned())));
        }
        let named = [
            Measure::Clock,
            Measure::Verdict,
            Measure::Contract,
            Measure::TasksAtOnce,
            Measure::Threads,
            Measure::PartsBeside,
            Measure::Told,
            Measure::Beside(Other::Before),
            Measure::Memory,
        ];
        let mut named = named.into_iter().filter(|measure| measure.to_string() == name);
        named.next().with_context(|| format!("nothing can be measured by {name}"))
    }

    /// Whether the choice is of the kind that is found in this way.
    fn can_find(&self, choice: &str) -> bool {
        match self {
            Measure::Clock | Measure::Told => Span::read(choice).is_some(),
            Measure::Beside(_) => BESIDE.contains(&choice),
            Measure::Memory => mebibytes(choice).is_some(),
            Measure::Verdict => quadrant(choice).is_some(),
            Measure::Contract | Measure::TasksAtOnce | Measure::Threads | Measure::PartsBeside => {
                number(choice).is_some()
            }
            Measure::Line(_) => true,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measure::Clock => f.write_str("the clock"),
            Measure::Verdict => f.write_str("the verdict"),
            Measure::Contract => f.write_str("the contract"),
            Measure::TasksAtOnce => f.write_str("the tasks at once"),
            Measure::Threads => f.write_str("the threads that compute"),
            Measure::PartsBeside => f.write_str("the parts on the thread that prints"),
            Measure::Told => f.write_str("what it tells"),
            Measure::Beside(Other::Before) => f.write_str("the time before"),
            Measure::Memory => f.write_str("the memory before"),
            Measure::Beside(Other::Lesson(id)) => write!(f, "the time of `{id}`"),
            Measure::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// The quadrant that a choice names.
pub(crate) fn quadrant(choice: &str) -> Option<Quadrant> {
    choice.replace(' ', "-").parse().ok()
}

/// The whole number that a choice is.
pub(crate) fn number(choice: &str) -> Option<u64> {
    choice.replace(',', "").parse().ok()
}

/// How many bytes a choice like `60 MiB` is.
pub(crate) fn mebibytes(choice: &str) -> Option<u64> {
    number(choice.strip_suffix(" MiB")?)?.checked_mul(1 << 20)
}

/// A time in what a lesson spends it on: `1 wait + 9 computes / cores`, `9 computes / 8 threads`, or `300 ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Span {
    waits: u32,
    /// Computes, those included that are shared among a known number of threads.
    computes: f64,
    /// Computes that are shared among the cores.
    shared: u32,
    fixed: Duration,
}

impl Span {
    /// Reads what stands between the signs of a sum.
    pub(crate) fn read(text: &str) -> Option<Span> {
        text.split(" + ").try_fold(Span::default(), |mut span, term| {
            let (count, unit) = term.split_once(' ')?;
            let count: u32 = number(count)?.try_into().ok()?;
            match unit {
                "wait" | "waits" => span.waits += count,
                "compute" | "computes" => span.computes += f64::from(count),
                "computes / cores" => span.shared += count,
                "ms" => span.fixed += Duration::from_millis(count.into()),
                _ => {
                    let threads = unit.strip_prefix("computes / ")?.strip_suffix(" threads")?;
                    let threads: u32 = number(threads).filter(|&it| it > 0)?.try_into().ok()?;
                    span.computes += f64::from(count) / f64::from(threads);
                }
            }
            Some(span)
        })
    }

    /// How long it is where a wait and a step's compute take so long, and a step can use so many cores.
    pub(crate) fn length(&self, wait: Duration, compute: Duration, cores: usize) -> Duration {
        let cores = u32::try_from(cores.max(1)).unwrap_or(u32::MAX);
        let alone = compute.mul_f64(self.computes);
        self.waits * wait + alone + self.shared * compute / cores + self.fixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(choices: &[&str], answer: &str) -> Result<Question> {
        Question::read([&["how", "many?"], choices].concat(), answer)
    }

    #[test]
    fn a_question_that_cannot_be_answered_is_none() {
        for (choices, answer, fault) in [
            (&["- 1"][..], ": 1.", "has no two choices"),
            (&["- 1", "or 2"], ": 1.", "a line of its own"),
            (&["- 1", "- 2"], ": 3.", "no choice, with a full stop, begins: 3."),
            (&["- 1", "- 12"], ": 1 or so.", "no choice"),
            (&["- 1", "- 2"], ", by the moon: 1.", "nothing can be measured by the moon"),
            (
                &["- 1", "- two"],
                ", by the contract: 1.",
                "`two` cannot be measured by the contract",
            ),
            (
                &["- both", "- 2"],
                ", by the verdict: both.",
                "`2` cannot be measured by the verdict",
            ),
            (&["- 1", "- 2 ms"], ", by the clock: 2 ms.", "`1` cannot be measured by the clock"),
        ] {
            let error = read(choices, answer).expect_err(fault).to_string();
            assert!(error.contains(fault), "{error}");
        }
        let question = read(&["- 1", "- 12"], ", by line 3: 12. So it is.").expect("a question");
        assert_eq!((question.answer, question.by), (1, Some(Measure::Line(3))));
        assert_eq!(question.because, "So it is.");
    }

    #[test]
    fn a_time_may_be_compared_with_another_lessons() {
        let question = |by: &str| {
            let answer = format!(", by {by}: shorter.");
            read(&["- longer", "- shorter"], &answer).expect("a question")
        };
        let lesson = question("the time of `both/std`");
        assert_eq!((lesson.other_lesson(), lesson.answer), (Some("both/std"), 1));
        let before = question("the time before");
        assert_eq!((before.other(), before.other_lesson()), (Some(&Other::Before), None));
        let error = read(&["- longer", "- ten"], ", by the time of `both/std`: longer.");
        let error = error.expect_err("no comparison").to_string();
        assert!(error.contains("`ten` cannot be measured by the time of `both/std`"), "{error}");
    }

    #[test]
    fn memory_is_told_in_mebibytes() {
        let answer = ", by the memory before: 1,000 MiB.";
        let question = read(&["- 1,000 MiB", "- 2 MiB"], answer).expect("a question");
        assert_eq!(question.other(), Some(&Other::Before));
        assert_eq!(mebibytes("1,000 MiB"), Some(1_048_576_000));
        assert_eq!(["MiB", "2", "2 GiB"].map(mebibytes), [None; 3]);
    }

    #[test]
    fn a_span_is_as_long_as_what_it_is_made_of() {
        let ms = Duration::from_millis;
        let length = |text| Span::read(text).map(|span| span.length(ms(20), ms(30), 2));
        assert_eq!(length("1 wait + 9 computes"), Some(ms(290)));
        assert_eq!(length("9 waits + 9 computes / cores"), Some(ms(315)));
        assert_eq!(length("9 waits + 8 computes / 4 threads"), Some(ms(240)));
        assert_eq!(length("300 ms"), Some(ms(300)));
        for text in
            ["", "9", "nine waits", "9 waits and 9 computes", "-1 waits", "9 computes / 0 threads"]
        {
            assert_eq!(length(text), None, "{text}");
        }
    }
}
