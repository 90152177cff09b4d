//! What more cores bring: a model on one core, on two, and so on to a thousand.

use lanes::Time;

use crate::model::Model;
use crate::schedule::Schedule;

/// On how many cores a model is tried: powers of two.
pub const CORES: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// How long a model takes on more and more cores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// For how long there is anything to compute, all told.
    pub work: Time,
    /// How long the longest chain takes of what must come one after the other.
    pub span: Time,
    /// How it goes on each of the [`CORES`].
    pub schedules: Vec<Schedule>,
    /// For how long no two cores compute, on as many as one likes.
    serial: Time,
}

impl Curve {
    /// Tries a model on all of the [`CORES`].
    #[must_use]
    pub fn of(model: &Model) -> Curve {
        let schedules = CORES.map(|cores| Schedule::of(model, cores)).to_vec();
        let serial = Schedule::of(model, usize::MAX).alone;
        Curve { work: model.work(), span: model.span(), schedules, serial }
    }

    /// How long it takes on so many cores; nothing where that was not tried.
    #[must_use]
    pub fn time_on(&self, cores: usize) -> Option<Time> {
        let mut schedules = self.schedules.iter();
        schedules.find(|schedule| schedule.cores == cores).map(|schedule| schedule.length)
    }

    /// How long it takes on one core.
    #[must_use]
    pub fn one(&self) -> Time {
        self.schedules.first().map_or(0, |schedule| schedule.length)
    }

    /// How many times as fast as on one core it is, if it takes so long.
    #[must_use]
    pub fn speed_up(&self, time: f64) -> f64 {
        if time > 0.0 { self.one() as f64 / time } else { 1.0 }
    }

    /// What no schedule on so many cores can better: `max(work / cores, span)`.
    #[must_use]
    pub fn at_least(&self, cores: usize) -> f64 {
        (self.work as f64 / cores as f64).max(self.span as f64)
    }

    /// What no greedy schedule on so many cores exceeds: `work / cores + span`.
    #[must_use]
    pub fn at_most(&self, cores: usize) -> f64 {
        self.work as f64 / cores as f64 + self.span as f64
    }

    /// The share of the time on one core in which there is nothing to divide: all wait, or there is one
    /// part to be computed.
    #[must_use]
    pub fn serial_share(&self) -> f64 {
        match self.one() {
            0 => 1.0,
            one => (self.serial as f64 / one as f64).min(1.0),
        }
    }

    /// How many times as fast it is on so many cores by Amdahl's law: what can be divided is, and the
    /// rest stays (Amdahl, *Validity of the single processor approach*, 1967).
    #[must_use]
    pub fn amdahl(&self, cores: usize) -> f64 {
        let serial = self.serial_share();
        1.0 / (serial + (1.0 - serial) / cores as f64)
    }

    /// How many times as much is done in the same time on so many cores, where what can be divided grows
    /// with them (Gustafson, *Reevaluating Amdahl's law*, 1988).
    #[must_use]
    pub fn gustafson(&self, cores: usize) -> f64 {
        let serial = self.serial_share();
        serial + (1.0 - serial) * cores as f64
    }

    /// The fewest of the [`CORES`] on which it takes no more than a twentieth longer than on the most.
    #[must_use]
    pub fn enough(&self) -> usize {
        let last = self.schedules.last().map_or(0, |schedule| schedule.length) as f64;
        let mut schedules = self.schedules.iter();
        let enough = schedules.find(|schedule| schedule.length as f64 <= last * 1.05);
        enough.map_or(1, |schedule| schedule.cores)
    }
}
