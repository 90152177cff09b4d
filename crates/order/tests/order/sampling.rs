//! Whether every legal order is as likely as every other.

use order::Order;

/// Pearson's statistic of some draws: how far their frequencies are from
/// equal, Σ (seen − expected)² ⁄ expected.
fn chi_squared(notation: &str, draws: u32, seed: u64) -> f64 {
    let contract = notation.parse::<Order>().unwrap().compile().unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let all: Vec<Vec<usize>> = contract.legal_orders().collect();
    let mut seen = vec![0_u32; all.len()];
    for _ in 0..draws {
        let drawn = contract.sample(&mut random).unwrap();
        seen[all.binary_search(&drawn).expect("a legal order")] += 1;
    }
    let expected = f64::from(draws) / all.len() as f64;
    seen.into_iter().map(|seen| (f64::from(seen) - expected).powi(2) / expected).sum()
}

/// The value that Pearson's statistic exceeds in one case of a thousand where
/// all is fair, after Wilson and Hilferty, "The distribution of chi-square",
/// 1931.
fn one_in_a_thousand(degrees_of_freedom: f64) -> f64 {
    const NORMAL_QUANTILE: f64 = 3.0902;
    let spread = 2.0 / (9.0 * degrees_of_freedom);
    degrees_of_freedom * (1.0 - spread + NORMAL_QUANTILE * spread.sqrt()).powi(3)
}

fn assert_uniform(notation: &str, legal_orders: u32) {
    let statistic = chi_squared(notation, 20 * legal_orders, 20_240_229);
    let limit = one_in_a_thousand(f64::from(legal_orders - 1));
    assert!(statistic < limit, "{notation}: χ² = {statistic:.1}, the limit is {limit:.1}");
}

#[test]
fn interleavings_are_drawn_fairly() {
    assert_uniform("(A1 ; A2 ; A3) || (B1 ; B2 ; B3) || (C1 ; C2 ; C3)", 1680);
}

#[test]
fn groups_of_unequal_size_are_interleaved_fairly() {
    assert_uniform("a || (b ; c) || (d ; (e || f) ; g)", 210);
}

#[test]
fn ways_through_a_lattice_are_drawn_fairly() {
    // A fence of eight posts: the Euler zigzag number 1,385.
    assert_uniform(
        "a || b || c || d || e || f || g || h where a < b, c < b, c < d, e < d, e < f, g < f, g < h",
        1385,
    );
}

#[test]
fn a_lattice_beside_other_lines_is_drawn_fairly() {
    assert_uniform("(a ; b) || (c ; d) || (x ; y) where a < d", 75);
}
