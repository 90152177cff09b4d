//! What several runs come to.

use super::Measured;

/// What several runs have measured, as [`Seen`](super::Seen) and [`Measured`] have it of one: of each figure
/// the median, whichever run that was.
pub(super) struct Middle {
    pub(super) rate: f64,
    pub(super) mean: f64,
    pub(super) median: f64,
    pub(super) percentile: f64,
    pub(super) worst: f64,
    pub(super) in_progress: f64,
    pub(super) at_least: f64,
    pub(super) at_most: f64,
    pub(super) uploads: f64,
}

impl Middle {
    /// The medians of these runs, one at least, each with so many connections.
    pub(super) fn of(runs: &[Measured], connections: u32) -> Middle {
        let middle = |figure: &dyn Fn(&Measured) -> f64| {
            let mut figures: Vec<_> = runs.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            let last = figures.len() - 1;
            f64::midpoint(figures[last / 2], figures[last.div_ceil(2)])
        };
        let all = f64::from(connections);
        Middle {
            rate: middle(&|run| run.titles.rate),
            mean: middle(&|run| run.titles.mean),
            median: middle(&|run| run.titles.median),
            percentile: middle(&|run| run.titles.percentile),
            worst: middle(&|run| run.titles.worst),
            in_progress: middle(&|run| run.titles.law(connections).in_progress),
            at_least: middle(&|run| run.titles.possible.start() * all),
            at_most: middle(&|run| run.titles.possible.end() * all),
            uploads: middle(&|run| run.uploads),
        }
    }
}

/// A run in which half of all waited so long, and so many answers came a second.
#[cfg(test)]
pub(super) fn run(median: f64, rate: f64) -> Measured {
    let (mean, percentile, worst, possible) = (1e3 / rate, 9.0, 9.0, 0.5..=1.5);
    let titles = super::Seen { rate, mean, median, percentile, worst, failed: 0, possible };
    Measured { titles, uploads: 1.0, failed_uploads: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_the_one_in_the_middle() {
        let Middle { median, rate, in_progress, at_most, .. } =
            Middle::of(&[run(1.0, 30.0), run(3.0, 20.0), run(2.0, 10.0)], 1);
        assert_eq!([median, rate, in_progress, at_most], [2.0, 20.0, 1.0, 1.5]);
        let Middle { median, rate, .. } = Middle::of(&[run(1.0, 30.0), run(2.0, 10.0)], 1);
        assert_eq!([median, rate], [1.5, 20.0]);
    }
}
