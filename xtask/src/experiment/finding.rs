//! What the times of a lesson on all cores and on one show.

use evidence::Answer;
use serde_json::{Value, json};
use words::Quadrant;

use super::Trial;
use super::sample::{Answers, Spread};
use crate::show::duration;

/// What became of a lesson's gain on one core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It survived.
    Survived,
    /// Part of it survived, and part of it was lost.
    Divided,
    /// It was lost.
    Lost,
    /// The times do not tell.
    Open,
}

/// What the times of one lesson show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    /// The lesson.
    pub(super) lesson: String,
    /// The chapter that it stands in.
    pub(super) chapter: Quadrant,
    /// Whether it is one of the cells.
    pub(super) is_cell: bool,
    /// What became of its gain.
    pub(super) fate: Fate,
    /// The same in words, with the numbers.
    pub(super) sentence: String,
}

/// With fewer runs than this nobody knows how much the times vary.
const FEWEST_RUNS: usize = 3;
/// The least part of *neither*'s time whose saving counts as a gain.
const LEAST_GAIN: f64 = 0.05;
/// Between what should be kept, all or nothing of the gain, and what should not lies this.
const HALF: f64 = 0.5;
/// What is kept of a gain that has two sources is neither less than this nor more than the rest.
const SOME: f64 = 0.1;
/// How much longer a program may take before that counts as slower. Two cores for one make a
/// program that needs them take twice as long, and one that does not need them equally long.
const LONGER: f64 = 1.25;

impl Fate {
    /// The fate's name, for a program to read.
    fn name(self) -> &'static str {
        match self {
            Fate::Survived => "survived",
            Fate::Divided => "divided",
            Fate::Lost => "lost",
            Fate::Open => "inconclusive",
        }
    }
}

/// An estimate, and the limits between which it lies if times are no further off than the middle
/// half of the runs.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Estimate {
    low: f64,
    middle: f64,
    high: f64,
}

impl Estimate {
    /// The time saved, in seconds.
    fn saved(before: Spread, after: Spread) -> Estimate {
        let seconds = |spread: Spread| {
            [spread.low, spread.middle, spread.high].map(|time| time.as_secs_f64())
        };
        let (before, after) = (seconds(before), seconds(after));
        Estimate {
            low: before[0] - after[2],
            middle: before[1] - after[1],
            high: before[2] - after[0],
        }
    }

    /// How many times as large as another, which is positive throughout.
    fn over(self, other: Estimate) -> Estimate {
        let ends = [self.low / other.low, self.low / other.high];
        let other_ends = [self.high / other.low, self.high / other.high];
        Estimate {
            low: ends[0].min(ends[1]),
            middle: self.middle / other.middle,
            high: other_ends[0].max(other_ends[1]),
        }
    }
}

impl From<Spread> for Estimate {
    fn from(spread: Spread) -> Estimate {
        let Spread { low, middle, high, .. } = spread;
        let [low, middle, high] = [low, middle, high].map(|time| time.as_secs_f64());
        Estimate { low, middle, high }
    }
}

impl Finding {
    /// What the runs of a lesson show, beside those of *neither*.
    pub(super) fn of(trial: &Trial, neither: Option<&Trial>, hindrance: Option<&str>) -> Finding {
        let lesson = trial.program();
        let (fate, sentence) = match hindrance {
            Some(reason) => (Fate::Open, format!("open: {reason}.")),
            None => judge(trial, neither).unwrap_or_else(|reason| (Fate::Open, reason)),
        };
        Finding {
            lesson: lesson.id(),
            chapter: lesson.chapter,
            is_cell: lesson.is_cell(),
            fate,
            sentence,
        }
    }

    /// The finding for a program to read.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "lesson": self.lesson,
            "gain_on_one_core": self.fate.name(),
            "sentence": self.sentence,
        })
    }
}

/// The fate of the gain and the numbers, or why there are none.
fn judge(trial: &Trial, neither: Option<&Trial>) -> Result<(Fate, String), String> {
    let times = |trial: &Trial| -> Result<[Spread; 2], String> {
        let spreads = [trial.all.times(), trial.one.times()];
        let enough = |spread: &Spread| spread.times >= FEWEST_RUNS;
        let [Some(all), Some(one)] = spreads.map(|spread| spread.filter(enough)) else {
            let id = trial.program().id();
            return Err(format!("open: {id} has less than {FEWEST_RUNS} runs without fault."));
        };
        Ok([all, one])
    };
    let (lesson, cores) = (trial.program(), trial.all.cores);
    if !lesson.is_cell() {
        let answers = lesson.chapter.is_parallel().then(|| trial.all.parallel());
        return Ok(compare(times(trial)?, cores, answers));
    }
    let neither = neither.ok_or("open: there are no runs of neither to compare with.")?;
    Ok(weigh(lesson.chapter, times(trial)?, times(neither)?, cores))
}

/// What one core leaves of the time that a lesson saves in comparison with *neither*.
fn weigh(
    chapter: Quadrant,
    [all, one]: [Spread; 2],
    [neither_all, neither_one]: [Spread; 2],
    cores: usize,
) -> (Fate, String) {
    let saved = Estimate::saved(neither_all, all);
    let neither = neither_all.middle;
    if saved.low < LEAST_GAIN * neither.as_secs_f64() {
        let (taken, neither) = (duration(all.middle), duration(neither));
        let text = format!(
            "open: {taken} on {cores} cores is not clearly less than the {neither} of neither."
        );
        return (Fate::Open, text);
    }
    let kept = Estimate::saved(neither_one, one).over(saved);
    let fate = match chapter {
        Quadrant::Both if kept.low > SOME && kept.high < 1.0 - SOME => Fate::Divided,
        Quadrant::Both => Fate::Open,
        _ if kept.low > HALF => Fate::Survived,
        _ if kept.high < HALF => Fate::Lost,
        _ => Fate::Open,
    };
    let percent = 100.0 * kept.middle;
    let share = if percent < 0.5 { "nothing".to_owned() } else { format!("{percent:.0} %") };
    let (taken, neither) = (duration(all.middle), duration(neither));
    let numbers = format!(
        "{taken} where neither takes {neither} on {cores} cores, and {share} of that gain on one"
    );
    let meaning = match (fate, chapter) {
        (Fate::Survived, _) => ": it survives.",
        (Fate::Lost, _) => ": it is lost.",
        (Fate::Divided, _) => ": concurrency's part survives, that of parallelism is lost.",
        (Fate::Open, Quadrant::Both) => ", which does not tell two parts from one.",
        (Fate::Open, _) => ", but the times vary too much to build on that.",
    };
    (fate, numbers + meaning)
}

/// Whether a program of its own kind takes longer on one core. Of one that is called parallel the
/// verdicts on its runs on all cores are given: where they contradict the times, those show only
/// that the machine had no second core to spare.
fn compare([all, one]: [Spread; 2], cores: usize, parallel: Option<Answers>) -> (Fate, String) {
    let longer = Estimate::from(one).over(all.into());
    let was_parallel = parallel.is_some_and(|answers| answers.proven > 0);
    let was_not_parallel = parallel.and_then(Answers::unanimous) == Some(Answer::RuledOut);
    let (fate, meaning) = match longer {
        Estimate { high, .. } if high < LONGER => match parallel {
            None => (Fate::Survived, ": one core does as well."),
            Some(_) if was_not_parallel => (
                Fate::Survived,
                ": one core does as well, so that it is not parallel, as its verdicts say, too.",
            ),
            Some(_) if was_parallel => {
                (Fate::Open, ", although it was parallel: the machine had no second core to spare.")
            }
            Some(_) => (Fate::Open, ", and the verdicts on it are inconclusive."),
        },
        Estimate { low, .. } if low > LONGER => match parallel {
            None => (Fate::Lost, ": it needs its cores."),
            Some(_) => (Fate::Lost, ": it needs its cores, for what it loses is parallelism's."),
        },
        _ => (Fate::Open, ", which is neither as long nor clearly longer."),
    };
    let (on_all, on_one) = (duration(all.middle), duration(one.middle));
    (fate, format!("{on_all} on {cores} cores and {on_one} on one{meaning}"))
}

/// What all findings together say of the two kinds of gain; nothing where none is of a lesson that is a cell.
pub(super) fn conclusion(findings: &[Finding]) -> Option<String> {
    findings.iter().find(|finding| finding.is_cell)?;
    let fate = |chapter| {
        let cells = findings.iter().filter(|finding| finding.chapter == chapter && finding.is_cell);
        let mut fates: Vec<_> = cells.map(|finding| finding.fate).collect();
        fates.dedup();
        if let [fate] = fates[..] { fate } else { Fate::Open }
    };
    let of_concurrency = match fate(Quadrant::ConcurrentOnly) {
        Fate::Survived => "The gain of concurrency survives one core",
        Fate::Lost => {
            "The gain of concurrency was lost on one core, which the model does not explain"
        }
        Fate::Divided | Fate::Open => "Whether the gain of concurrency survives one core is open",
    };
    let of_parallelism = match fate(Quadrant::ParallelOnly) {
        Fate::Lost => "that of parallelism does not.",
        Fate::Survived => "that of parallelism survived too, which the model does not explain.",
        Fate::Divided | Fate::Open => "whether that of parallelism does is open.",
    };
    Some(format!("{of_concurrency}; {of_parallelism}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A spread of this many milliseconds, give or take.
    fn spread(middle: u64, give_or_take: u64) -> Spread {
        let [low, middle, high] =
            [middle - give_or_take, middle, middle + give_or_take].map(Duration::from_millis);
        Spread { low, middle, high, times: 5 }
    }

    fn weighed(chapter: Quadrant, all: u64, one: u64, give_or_take: u64) -> (Fate, String) {
        let [all, one, neither] = [all, one, 400].map(|time| spread(time, give_or_take));
        weigh(chapter, [all, one], [neither, neither], 2)
    }

    #[test]
    fn what_is_saved_on_one_core_as_well_survives() {
        let (fate, sentence) = weighed(Quadrant::ConcurrentOnly, 200, 204, 5);
        assert_eq!(fate, Fate::Survived);
        let numbers = "200 ms where neither takes 400 ms on 2 cores, and 98 % of that gain on one";
        assert_eq!(sentence, format!("{numbers}: it survives."));
    }

    #[test]
    fn what_is_not_saved_on_one_core_is_lost() {
        assert_eq!(weighed(Quadrant::ParallelOnly, 300, 400, 5).0, Fate::Lost);
        let (fate, sentence) = weighed(Quadrant::ParallelOnly, 300, 420, 5);
        assert_eq!(fate, Fate::Lost);
        assert!(sentence.contains("nothing of that gain"), "{sentence}");
    }

    #[test]
    fn a_gain_with_two_sources_is_divided() {
        assert_eq!(weighed(Quadrant::Both, 130, 220, 5).0, Fate::Divided);
        assert_eq!(weighed(Quadrant::Both, 130, 130, 5).0, Fate::Open);
        assert_eq!(weighed(Quadrant::Both, 130, 400, 5).0, Fate::Open);
    }

    #[test]
    fn times_that_vary_much_show_nothing() {
        assert_eq!(weighed(Quadrant::ConcurrentOnly, 200, 204, 60).0, Fate::Open);
        assert_eq!(weighed(Quadrant::ParallelOnly, 300, 400, 40).0, Fate::Open);
        let (fate, sentence) = weighed(Quadrant::ParallelOnly, 390, 400, 5);
        assert_eq!(fate, Fate::Open);
        assert!(sentence.contains("not clearly less"), "{sentence}");
    }

    /// The fate of a parallel program with these times, if all runs had this verdict.
    fn compared(all: u64, one: u64, give_or_take: u64, verdict: Answer) -> (Fate, String) {
        let times = [spread(all, give_or_take), spread(one, give_or_take)];
        compare(times, 2, Some(Answers::count([verdict; 5])))
    }

    #[test]
    fn a_program_that_needs_no_core_is_as_fast_on_one() {
        let (fate, sentence) = compared(200, 205, 2, Answer::RuledOut);
        assert_eq!(fate, Fate::Survived);
        assert!(sentence.contains("it is not parallel"), "{sentence}");
        assert_eq!(compared(130, 255, 10, Answer::Proven).0, Fate::Lost);
        assert_eq!(compared(130, 165, 20, Answer::Proven).0, Fate::Open);
    }

    #[test]
    fn a_parallel_program_without_cores_is_not_called_sequential() {
        let (fate, sentence) = compared(237, 254, 5, Answer::Proven);
        assert_eq!(fate, Fate::Open);
        assert!(sentence.contains("no second core to spare"), "{sentence}");
        assert_eq!(compared(237, 254, 5, Answer::Inconclusive).0, Fate::Open);
    }

    #[test]
    fn the_conclusion_claims_no_more_than_the_findings() {
        let finding = |chapter, fate| Finding {
            lesson: String::new(),
            chapter,
            is_cell: true,
            fate,
            sentence: String::new(),
        };
        let concurrent = |fate| finding(Quadrant::ConcurrentOnly, fate);
        let parallel = |fate| finding(Quadrant::ParallelOnly, fate);
        let told = |findings: &[Finding]| conclusion(findings).expect("a sentence");
        assert_eq!(
            told(&[concurrent(Fate::Survived), parallel(Fate::Lost)]),
            "The gain of concurrency survives one core; that of parallelism does not."
        );
        let findings = [concurrent(Fate::Survived), concurrent(Fate::Open), parallel(Fate::Open)];
        assert_eq!(
            told(&findings),
            "Whether the gain of concurrency survives one core is open; \
             whether that of parallelism does is open."
        );
        let of_a_system = Finding { is_cell: false, ..parallel(Fate::Lost) };
        assert_eq!(conclusion(&[of_a_system]), None, "one system says nothing in general");
    }
}
