//! The four quadrants, and the model of how long the workload takes in each.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Two yes-or-no answers together: were several *tasks* in progress at once,
/// and were several *threads* executing at once?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quadrant {
    /// One task at a time, one core at a time.
    Neither,
    /// Several tasks in progress, one core at a time.
    ConcurrentOnly,
    /// One task at a time, its parts on several cores.
    ParallelOnly,
    /// Several tasks in progress, their parts on several cores.
    Both,
}

impl Quadrant {
    /// All four, in reading order.
    pub const ALL: [Quadrant; 4] =
        [Quadrant::Neither, Quadrant::ConcurrentOnly, Quadrant::ParallelOnly, Quadrant::Both];

    /// The quadrant with these two answers.
    #[must_use]
    pub const fn from_answers(concurrent: bool, parallel: bool) -> Quadrant {
        match (concurrent, parallel) {
            (false, false) => Quadrant::Neither,
            (true, false) => Quadrant::ConcurrentOnly,
            (false, true) => Quadrant::ParallelOnly,
            (true, true) => Quadrant::Both,
        }
    }

    /// Whether several tasks are in progress at once here.
    #[must_use]
    pub const fn is_concurrent(self) -> bool {
        matches!(self, Quadrant::ConcurrentOnly | Quadrant::Both)
    }

    /// Whether several threads execute at once here.
    #[must_use]
    pub const fn is_parallel(self) -> bool {
        matches!(self, Quadrant::ParallelOnly | Quadrant::Both)
    }

    /// The name of the quadrant's crate, which is also its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Quadrant::Neither => "neither",
            Quadrant::ConcurrentOnly => "concurrent-only",
            Quadrant::ParallelOnly => "parallel-only",
            Quadrant::Both => "both",
        }
    }

    /// The least time that any schedule needs for the workload in this
    /// quadrant: the larger of what one chain of waits and compute takes and
    /// what the cores need for all the compute after the first wait.
    #[must_use]
    pub fn bound(self, model: &Model) -> Duration {
        let Model { tasks, steps, wait, compute, cores, parts } = *model;
        let cores = if self.is_parallel() { cores } else { 1 };
        let one_task = steps * (wait + compute / cores.min(parts));
        if self.is_concurrent() {
            let all_compute = wait + tasks * steps * compute / cores.min(tasks * parts);
            one_task.max(all_compute)
        } else {
            tasks * one_task
        }
    }
}

/// The workload in six numbers, from which [`Quadrant::bound`] predicts a run's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// How many tasks there are.
    pub tasks: u32,
    /// How many steps each task has.
    pub steps: u32,
    /// How long a step waits.
    pub wait: Duration,
    /// How long a step computes on one core.
    pub compute: Duration,
    /// How many cores there are; at least 1.
    pub cores: u32,
    /// How many parts a step's compute is split into, where it is split; at least 1. No step can
    /// use more cores than that, though several tasks together can.
    pub parts: u32,
}

impl fmt::Display for Quadrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Quadrant {
    type Err = UnknownQuadrant;

    fn from_str(name: &str) -> Result<Quadrant, UnknownQuadrant> {
        Quadrant::ALL
            .into_iter()
            .find(|quadrant| quadrant.name() == name)
            .ok_or_else(|| UnknownQuadrant(name.to_owned()))
    }
}

/// The error of reading a [`Quadrant`] from a name that is none of the four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownQuadrant(pub String);

impl fmt::Display for UnknownQuadrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Quadrant::ALL.map(Quadrant::name).join(", ");
        write!(f, "no quadrant is called `{}`; there are {names}", self.0)
    }
}

impl std::error::Error for UnknownQuadrant {}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(cores: u32) -> Model {
        let ms = Duration::from_millis;
        Model { tasks: 3, steps: 3, wait: ms(20), compute: ms(32), cores, parts: 8 }
    }

    fn bounds(cores: u32) -> [u128; 4] {
        Quadrant::ALL.map(|quadrant| quadrant.bound(&model(cores)).as_millis())
    }

    #[test]
    fn bounds_on_two_cores_follow_the_formulas() {
        // 9·(20+32); max(3·52, 20+9·32); 9·(20+16); max(3·36, 20+9·16).
        assert_eq!(bounds(2), [468, 308, 324, 164]);
    }

    #[test]
    fn no_step_uses_more_cores_than_it_has_parts_but_three_tasks_do() {
        assert_eq!(bounds(16), [468, 308, 9 * (20 + 4), 3 * (20 + 4)]);
        let slow = Model { compute: Duration::from_millis(320), ..model(16) };
        assert_eq!(Quadrant::Both.bound(&slow).as_millis(), 20 + 9 * 320 / 16);
    }

    #[test]
    fn one_core_leaves_nothing_of_what_parallelism_gains() {
        let [neither, concurrent_only, parallel_only, both] = bounds(1);
        assert_eq!(parallel_only, neither);
        assert_eq!(both, concurrent_only);
    }

    #[test]
    fn names_read_back() {
        for quadrant in Quadrant::ALL {
            assert_eq!(quadrant.name().parse(), Ok(quadrant));
            let answers = (quadrant.is_concurrent(), quadrant.is_parallel());
            assert_eq!(Quadrant::from_answers(answers.0, answers.1), quadrant);
        }
        assert!("sequential".parse::<Quadrant>().is_err());
    }
}
