//! What a run's surroundings were, as far as anybody can tell.

use std::time::Duration;

use serde_json::{Value, json};
use words::{Axis, Time, milliseconds};

use crate::reason::{Blame, Reason};

/// What the machine allowed a run, and what it withheld from it.
///
/// All of it may be unknown. What the judge knows goes before what the judged program says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// How many cores the program was allowed to use.
    pub cores: Option<u64>,
    /// How many cores' worth of time the quota of the process's control group allows.
    pub quota: Option<f64>,
    /// How long the run took.
    pub wall: Option<Duration>,
    /// For how long **others** executed on those cores meanwhile, summed over all cores: everybody but the
    /// program and what it started. What a program's own threads take from each other is no
    /// circumstance.
    pub others: Option<Duration>,
    /// How long the program's threads waited for a core, whoever had it, all told.
    pub run_delay: Option<Duration>,
    /// For how long the host took cores away from the virtual machine, summed over all cores.
    pub steal: Option<Duration>,
    /// For how long the process's control group was held back for having used up its quota.
    pub throttled: Option<Duration>,
}

impl Circumstances {
    /// Fills in from `other` what is not known here.
    #[must_use]
    pub fn or(self, other: &Circumstances) -> Circumstances {
        Circumstances {
            cores: self.cores.or(other.cores),
            quota: self.quota.or(other.quota),
            wall: self.wall.or(other.wall),
            others: self.others.or(other.others),
            run_delay: self.run_delay.or(other.run_delay),
            steal: self.steal.or(other.steal),
            throttled: self.throttled.or(other.throttled),
        }
    }

    /// Whether there is no more than one core's worth of time, so that even a
    /// program that would use more has no reason to start a second worker.
    #[must_use]
    pub fn has_one_core(&self) -> bool {
        self.cores == Some(1) || self.quota.is_some_and(|quota| quota < 2.0)
    }

    /// What in the machine may have hindered a run from being concurrent or parallel.
    ///
    /// Two threads need two cores to execute at once, and two tasks need one core now and then to
    /// be in progress at once. Where others left that much free, nobody was hindered.
    #[must_use]
    pub fn hindrances(&self, axis: Axis) -> Vec<Reason> {
        let needed = match axis {
            Axis::Concurrent => 0.75,
            Axis::Parallel => 1.75,
        };
        let lost = [(self.throttled, THROTTLED), (self.steal, STOLEN)];
        let lost = lost.into_iter().filter_map(|(time, (name, why))| {
            let time = time.filter(|&time| self.is_much(time))?;
            Some(Reason::new(name, why.replace("{}", &Time(time).to_string())))
        });
        let one_core = (axis == Axis::Parallel && self.has_one_core()).then(no_second_core);
        let busy = self.busy(needed).filter(|_| one_core.is_none());
        one_core.into_iter().chain(busy).chain(lost).collect()
    }

    /// Whether others left less than so many cores free.
    fn busy(&self, needed: f64) -> Option<Reason> {
        let (Some(others), Some(wall)) = (self.others, self.wall) else {
            let sentence = "How long others executed on its cores is not known, so the machine may \
                            have been busy.";
            return Some(Reason::new("unknown-others", sentence));
        };
        let cores = self.cores.unwrap_or(1).min(1 << 20);
        let taken = others.as_secs_f64() / wall.as_secs_f64().max(1e-6);
        let free = cores as f64 - taken;
        (free < needed && taken > 0.1).then(|| {
            let sentence = format!(
                "The machine was busy with something else: others executed for {} on the {cores} \
                 core{} that this run of {} could use.",
                Time(others),
                if cores == 1 { "" } else { "s" },
                Time(wall)
            );
            Reason::new("busy", sentence)
        })
    }

    /// Less than a tenth of a core's time hinders nobody.
    fn is_much(&self, time: Duration) -> bool {
        const SHORT: Duration = Duration::from_micros(100);
        time > SHORT.max(self.wall.unwrap_or_default() / 10)
    }

    /// Describes the circumstances to a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "cores": self.cores,
            "quota": self.quota,
            "wall_ms": self.wall.map(milliseconds),
            "others_ms": self.others.map(milliseconds),
            "run_delay_ms": self.run_delay.map(milliseconds),
            "steal_ms": self.steal.map(milliseconds),
            "throttled_ms": self.throttled.map(milliseconds),
        })
    }
}

/// Where there is no more than one core's worth of time, nobody need start a second worker.
fn no_second_core() -> Reason {
    let sentence = "There was one core's worth of time, and so no reason to start a second worker.";
    Reason::new("no-second-core", sentence).blaming(Blame::Machine)
}

const THROTTLED: (&str, &str) =
    ("throttled", "The process had used up its quota and was held back for {}.");

const STOLEN: (&str, &str) =
    ("stolen", "The host of this virtual machine took its cores away for {}.");
