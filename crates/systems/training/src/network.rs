//! The network: sixty-four pixels, a layer of units, and ten answers; and in which direction it errs.
//!
//! Only sums, products and quotients, and an exponential that is made of them: each is rounded alike
//! everywhere, so that the same lessons in the same order make the same network on every machine.

use fastrand::Rng;

use crate::digits::{Digit, KINDS, PIXELS};

/// How many units the hidden layer has.
pub const UNITS: usize = 192;

/// How many weights there are: from each pixel to each unit, a threshold for each unit, from each unit to
/// each answer, and a threshold for each answer.
pub const WEIGHTS: usize = (PIXELS + 1) * UNITS + (UNITS + 1) * KINDS;

/// Weights, or by how much each of them should change.
pub type Weights = Vec<f32>;

/// The weights as the two layers have them: a row for each of what comes in, and one for thresholds.
fn layers(weights: &[f32]) -> (&[f32], &[f32]) {
    weights.split_at((PIXELS + 1) * UNITS)
}

/// Weights by chance, from a seed: as large as lets a signal through neither louder nor softer.
#[must_use]
pub fn by_chance(seed: u64) -> Weights {
    let mut random = Rng::with_seed(seed);
    let mut weights = vec![0.0; WEIGHTS];
    let (first, second) = weights.split_at_mut((PIXELS + 1) * UNITS);
    for (layer, inputs, width) in [(first, PIXELS, UNITS), (second, UNITS, KINDS)] {
        let largest = (6.0 / inputs as f32).sqrt();
        layer[..inputs * width].fill_with(|| (2.0 * random.f32() - 1.0) * largest);
    }
    weights
}

/// What a network makes of a picture.
struct Thought {
    units: [f32; UNITS],
    /// How likely it holds each answer to be.
    answers: [f32; KINDS],
}

/// Passes what comes in through a layer: each thing that comes in adds its row, by as much as it is.
fn pass<const OUT: usize>(incoming: &[f32], layer: &[f32]) -> [f32; OUT] {
    let (rows, thresholds) = layer.split_at(incoming.len() * OUT);
    let mut out: [f32; OUT] = thresholds.try_into().expect("a threshold for each");
    for (strength, row) in incoming.iter().zip(rows.chunks_exact(OUT)) {
        out.iter_mut().zip(row).for_each(|(out, weight)| *out += strength * weight);
    }
    out
}

fn think(weights: &[f32], pixels: &[f32; PIXELS]) -> Thought {
    let (first, second) = layers(weights);
    let units: [f32; UNITS] = pass(pixels, first).map(|signal: f32| signal.max(0.0));
    let signals: [f32; KINDS] = pass(&units, second);
    let loudest = signals.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shares = signals.map(|signal| exponential(signal - loudest));
    let all: f32 = shares.iter().sum();
    Thought { units, answers: shares.map(|share| share / all) }
}

/// How likely a network holds each answer to be.
#[must_use]
pub fn answers(weights: &[f32], pixels: &[f32; PIXELS]) -> [f32; KINDS] {
    think(weights, pixels).answers
}

/// Adds to `errors` in which direction each weight errs on a picture (the gradient of the cross-entropy).
pub fn add_errors(weights: &[f32], digit: &Digit, errors: &mut [f32]) {
    let Thought { units, mut answers } = think(weights, &digit.pixels);
    answers[digit.kind] -= 1.0;
    let (_, second) = layers(weights);
    let (first_errors, second_errors) = errors.split_at_mut((PIXELS + 1) * UNITS);
    // A unit that was silent has no part in it.
    let mut blame = [0.0; UNITS];
    for ((blame, unit), row) in blame.iter_mut().zip(units).zip(second.chunks_exact(KINDS)) {
        if unit > 0.0 {
            *blame = row.iter().zip(&answers).map(|(weight, error)| weight * error).sum();
        }
    }
    add_products(&units, &answers, second_errors);
    add_products(&digit.pixels, &blame, first_errors);
}

/// Adds to a layer's errors: what came in, times what went wrong with what came out.
fn add_products(incoming: &[f32], wrong: &[f32], errors: &mut [f32]) {
    let threshold = [1.0];
    let incoming = incoming.iter().chain(&threshold);
    for (strength, row) in incoming.zip(errors.chunks_exact_mut(wrong.len())) {
        row.iter_mut().zip(wrong).for_each(|(error, wrong)| *error += strength * wrong);
    }
}

/// e to a power of at most 0, to within a millionth of itself down to a power of -30: the first terms of its
/// series for a 1,024th of the power, squared ten times.
fn exponential(power: f32) -> f32 {
    const TIMES: u32 = 10;
    let power = f64::from(power.max(-80.0)) / f64::from(1 << TIMES);
    let rest = 1.0 + power / 3.0 * (1.0 + power / 4.0);
    let mut result = 1.0 + power * (1.0 + power / 2.0 * rest);
    for _ in 0..TIMES {
        result *= result;
    }
    result as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digits::Digits;

    #[test]
    fn the_exponential_is_one() {
        for power in [0.0, -1e-3, -1.0, -5.5, -30.0] {
            let exact = f32::exp(power);
            assert!((exponential(power) / exact - 1.0).abs() < 1e-6, "{power}");
        }
    }

    #[test]
    fn errors_say_in_which_direction_a_network_errs() {
        let digit = &Digits::ours().lessons[0];
        let weights = by_chance(1);
        let mut errors = vec![0.0; WEIGHTS];
        add_errors(&weights, digit, &mut errors);
        let wrong = |weights: &[f32]| -answers(weights, &digit.pixels)[digit.kind].ln();
        let mut place = 0;
        for _ in 0..40 {
            place = (place + 331) % WEIGHTS;
            let moved = |by: f32| {
                let mut weights = weights.clone();
                weights[place] += by;
                wrong(&weights)
            };
            let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!((slope - errors[place]).abs() < 2e-3, "{place}: {slope} {}", errors[place]);
        }
    }
}
