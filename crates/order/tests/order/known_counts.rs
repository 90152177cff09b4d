//! Counts that mathematics knows.

use num_bigint::BigUint;
use order::{Count, Order, line, par, seq};

fn count(order: &Order) -> BigUint {
    let count = order.count().expect("a sound contract");
    count.exact().unwrap_or_else(|| panic!("{count} is not exact")).clone()
}

fn factorial(n: usize) -> BigUint {
    (1..=n).map(BigUint::from).product()
}

/// So many lines, one after the other.
fn chain(name: &str, length: usize) -> Order {
    seq((1..=length).map(|n| line(format!("{name}{n}"))))
}

/// Rows in parallel, where each line also waits for the one above it: a
/// pipeline, row by row and stage by stage.
fn grid(rows: usize, columns: usize) -> Order {
    let cell = |row, column| format!("{row}.{column}");
    let row = |row| seq((1..=columns).map(move |column| line(cell(row, column))));
    let downwards = (2..=rows).flat_map(|row| (1..=columns).map(move |column| (row, column)));
    downwards.fold(par((1..=rows).map(row)), |order, (row, column)| {
        order.before(cell(row - 1, column), cell(row, column))
    })
}

/// 1 < 2 > 3 < 4 > 5 …
fn fence(length: usize) -> Order {
    let lines = par((1..=length).map(|n| line(n.to_string())));
    (1..length).fold(lines, |order, n| {
        let (odd, even) = if n % 2 == 1 { (n, n + 1) } else { (n + 1, n) };
        order.before(odd.to_string(), even.to_string())
    })
}

#[test]
fn the_quadrants_have_the_counts_that_the_documents_name() {
    let tasks = |steps| ["A", "B", "C"].map(|task| chain(task, steps));
    assert_eq!(count(&seq(tasks(4))), 1_u32.into());
    assert_eq!(count(&par(tasks(4))), 34_650_u32.into());
    assert_eq!(count(&par(tasks(3))), 1_680_u32.into());
    assert_eq!(count(&par(["A", "B", "C", "D"].map(line))), 24_u32.into());
}

#[test]
fn chains_interleave_in_as_many_ways_as_the_multinomial_coefficient_says() {
    for lengths in [&[1, 1][..], &[5, 7], &[4, 4, 4], &[1, 2, 3, 4, 5], &[10; 10]] {
        let chains = lengths.iter().enumerate();
        let order = par(chains.map(|(number, &length)| chain(&format!("{number}:"), length)));
        let divisor: BigUint = lengths.iter().map(|&length| factorial(length)).product();
        assert_eq!(count(&order), factorial(lengths.iter().sum()) / divisor, "{lengths:?}");
    }
}

#[test]
fn grids_of_two_rows_are_counted_by_the_catalan_numbers() {
    // https://oeis.org/A000108
    let catalan = |n: usize| factorial(2 * n) / (factorial(n) * factorial(n + 1));
    for columns in (1..=40).chain([600]) {
        assert_eq!(count(&grid(2, columns)), catalan(columns), "2 × {columns}");
    }
}

/// Frame, Robinson and Thrall, "The hook graphs of the symmetric group", 1954:
/// the factorial of the number of cells over the product of every cell's hook.
fn hook_length_formula(rows: usize, columns: usize) -> BigUint {
    let hook = |row, column| BigUint::from(rows - row + columns - column + 1);
    let cells = (1..=rows).flat_map(|row| (1..=columns).map(move |column| (row, column)));
    let hooks: BigUint = cells.map(|(row, column)| hook(row, column)).product();
    factorial(rows * columns) / hooks
}

#[test]
fn grids_are_counted_by_the_hook_length_formula() {
    for (rows, columns) in [(3, 3), (3, 8), (4, 4), (5, 6), (7, 7), (11, 11)] {
        let expected = hook_length_formula(rows, columns);
        assert_eq!(count(&grid(rows, columns)), expected, "{rows} × {columns}");
    }
}

#[test]
fn fences_are_counted_by_the_euler_zigzag_numbers() {
    // https://oeis.org/A000111
    let zigzag: [u32; 14] =
        [1, 1, 2, 5, 16, 61, 272, 1385, 7936, 50521, 353_792, 2_702_765, 22_368_256, 199_360_981];
    for (length, expected) in (1..).zip(zigzag) {
        assert_eq!(count(&fence(length)), expected.into(), "{length} posts");
    }
}

#[test]
fn a_bounded_buffer_of_one_place_alternates() {
    let items = 1..=50;
    let handed_over = par([chain("put", 50), chain("get", 50)]);
    let order = items.fold(handed_over, |order, n| {
        let order = order.before(format!("put{n}"), format!("get{n}"));
        if n < 50 { order.before(format!("get{n}"), format!("put{}", n + 1)) } else { order }
    });
    assert_eq!(count(&order), 1_u32.into());
}

#[test]
fn what_is_too_large_to_count_has_an_honest_lower_bound() {
    // Of 14 × 14 there are 40,116,600 downsets.
    let counted = grid(14, 14).count().expect("a sound contract");
    let Count::AtLeast(bound) = counted else { panic!("{counted} is not a bound") };
    let truth = hook_length_formula(14, 14);
    assert!(bound < truth);
    assert!(bound.to_string().len() + 10 > truth.to_string().len(), "it has most of the digits");
}
