//! Many times as a few numbers, with [hdrhistogram](https://docs.rs/hdrhistogram).

use std::time::Duration;

use hdrhistogram::Histogram;

/// Times, to three digits; and what they come to, in milliseconds.
#[derive(Clone, Debug)]
pub struct Times(Histogram<u64>);

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Times {
        /// In microseconds, as everything in there.
        const LONGEST: u64 = 60_000_000;
        let histogram = Histogram::new_with_bounds(1, LONGEST, 3);
        let mut histogram = histogram.expect("bounds that make sense");
        for time in times {
            histogram.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST));
        }
        Times(histogram)
    }
}

impl Times {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Their mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.mean() / 1e3
    }

    /// What so many of them, from 0 to 1, did not exceed.
    #[must_use]
    pub fn quantile(&self, part: f64) -> f64 {
        self.0.value_at_quantile(part) as f64 / 1e3
    }

    /// The longest.
    #[must_use]
    pub fn worst(&self) -> f64 {
        self.0.max() as f64 / 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_times_come_to_a_few_numbers() {
        let times: Times = (1..=100).map(Duration::from_millis).collect();
        let rounded = [times.quantile(0.5), times.quantile(0.99), times.worst(), times.mean()];
        assert_eq!(rounded.map(f64::round), [50.0, 99.0, 100.0, 51.0]);
        assert_eq!(times.count(), 100);
        assert_eq!([Duration::MAX].into_iter().collect::<Times>().count(), 1);
    }
}
