//! What a run's surroundings were, as far as anybody can tell.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Answer, Reason, milliseconds};
use crate::trace::Quantity;
use crate::trace::Trace;

/// What the machine allowed a run, and what it withheld from it.
///
/// All of it may be unknown: on another system than Linux, or after a kill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// How many cores the process was allowed to use.
    pub cores: Option<u64>,
    /// How many cores' worth of time the quota of the process's control group allows.
    pub quota: Option<f64>,
    /// How long its threads waited for a core, all told.
    pub run_delay: Option<Duration>,
    /// For how long the host took cores away from the virtual machine, summed over all cores.
    pub steal: Option<Duration>,
    /// For how long the process's control group was held back for having used up its quota.
    pub throttled: Option<Duration>,
}

impl Circumstances {
    /// What the process itself recorded at its beginning and at its end.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody allows 2⁵³ cores")]
    pub fn of(trace: &Trace) -> Circumstances {
        let grown = |quantity| {
            let [first, last] = trace.first_and_last(quantity)?;
            Some(Duration::from_nanos(last.value.saturating_sub(first.value)))
        };
        let cores = trace.first_and_last(Quantity::Cores);
        let quota = trace.first_and_last(Quantity::Quota);
        Circumstances {
            cores: cores.map(|[first, last]| first.value.max(last.value)),
            quota: quota.map(|[_, last]| last.value as f64 / 1000.0),
            run_delay: run_delay(trace),
            steal: grown(Quantity::Steal),
            throttled: grown(Quantity::Throttled),
        }
    }

    /// Fills in from `other` what is not known here.
    #[must_use]
    pub fn or(self, other: &Circumstances) -> Circumstances {
        Circumstances {
            cores: self.cores.or(other.cores),
            quota: self.quota.or(other.quota),
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

    /// What in the machine may have hindered threads that were at work for so long.
    pub(super) fn hindrances(&self, work: Duration) -> Vec<Reason> {
        /// Less than this hinders nobody.
        const SHORT: Duration = Duration::from_micros(100);
        let is_much = |time: &Duration| *time > SHORT.max(work / 10);
        let busy = match self.run_delay {
            None => Some(Reason::UnknownRunDelay),
            Some(waited) => is_much(&waited).then_some(Reason::Busy { waited }),
        };
        let throttled = self.throttled.filter(is_much);
        let steal = self.steal.filter(is_much);
        busy.into_iter()
            .chain(throttled.map(|throttled| Reason::Throttled { throttled }))
            .chain(steal.map(|steal| Reason::Stolen { steal }))
            .collect()
    }

    /// Describes the circumstances to a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "cores": self.cores,
            "quota": self.quota,
            "run_delay_ms": self.run_delay.map(milliseconds),
            "steal_ms": self.steal.map(milliseconds),
            "throttled_ms": self.throttled.map(milliseconds),
        })
    }
}

/// How long all threads waited for a core. Those that had ended before the process's last reading
/// told so themselves; the reading is about the others.
fn run_delay(trace: &Trace) -> Option<Duration> {
    let [first, last] = trace.first_and_last(Quantity::RunDelay)?;
    if first == last {
        return None;
    }
    let ended = trace.threads.iter().filter(|thread| thread.last < last.time);
    let ended: Duration = ended.filter_map(|thread| thread.run_delay).sum();
    let [before, living] = [first, last].map(|reading| Duration::from_nanos(reading.value));
    Some((living + ended).saturating_sub(before))
}

/// What somebody outside the process saw, which the process cannot forge.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// How long the whole process tree executed, by the kernel's accounts of
    /// the finished processes: user and system time together. That it exceeds the time from start
    /// to end proves nothing by itself: a thread is accounted for from the moment at which it is
    /// woken, which is a little before it gets its core.
    pub cpu: Duration,
    /// What the lines that arrived outside say of concurrency, if anybody looked.
    pub concurrent: Option<Answer>,
    /// What sampled thread states and the like say of parallelism, if anybody looked.
    pub parallel: Option<Answer>,
    /// What the machine allowed and withheld, as seen from outside.
    pub circumstances: Circumstances,
}
