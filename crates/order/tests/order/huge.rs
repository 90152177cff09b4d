//! Contracts far larger than a stack, on a stack far smaller than usual.

use std::thread;

use order::{Order, line, par, seq};

const LINES: usize = 1_000_000;
const LEVELS: usize = 100_000;

/// Runs a test on a stack on which recursion to any of these depths overflows.
fn on_a_small_stack(test: fn()) {
    const BYTES: usize = 128 * 1024;
    let thread = thread::Builder::new().stack_size(BYTES).spawn(test).expect("a thread");
    thread.join().expect("the test passes");
}

fn texts() -> impl Iterator<Item = String> {
    (0..LINES).map(|n| n.to_string())
}

/// Lines nested like `(((a ; b) || c) ; d) …`, or from the right.
fn nested(outside: fn(Order, Order) -> [Order; 2]) -> Order {
    (1..LEVELS).fold(line("0"), |inner, level| {
        let both = outside(inner, line(level.to_string()));
        if level % 2 == 0 { seq(both) } else { par(both) }
    })
}

/// Every operation that walks through a whole contract.
fn put_through_its_paces(order: &Order) {
    let contract = order.compile().expect("a sound contract");
    let first = contract.legal_orders().next().expect("a legal order");
    assert!(contract.check(contract.texts(&first)).is_legal());
    assert_eq!(&order.to_string().parse::<Order>().expect("it reads back"), order);
    assert!(!order.short().to_string().is_empty());
    assert!(contract.count().exact().is_some());
}

#[test]
fn a_million_lines_in_series() {
    on_a_small_stack(|| put_through_its_paces(&seq(texts().map(line))));
}

#[test]
fn a_million_lines_in_parallel() {
    on_a_small_stack(|| {
        let order = par(texts().map(line));
        let mut printed: Vec<String> = texts().collect();
        printed.reverse();
        assert!(order.check(printed).expect("a sound contract").is_legal());
    });
}

#[test]
fn a_hundred_thousand_levels_nested_from_the_left() {
    on_a_small_stack(|| put_through_its_paces(&nested(|inner, line| [inner, line])));
}

#[test]
fn a_hundred_thousand_levels_nested_from_the_right() {
    on_a_small_stack(|| put_through_its_paces(&nested(|inner, line| [line, inner])));
}

#[test]
fn a_hundred_thousand_parentheses_around_one_line() {
    on_a_small_stack(|| {
        let notation = format!("{}a{}", "(".repeat(LEVELS), ")".repeat(LEVELS));
        assert_eq!(notation.parse(), Ok(line("a")));
    });
}

#[test]
fn two_large_groups_in_series_have_no_edge_a_pair() {
    on_a_small_stack(|| {
        // 250,000 million edges would not fit into any memory.
        let group = |name: char| par((0..LINES / 2).map(move |n| line(format!("{name}{n}"))));
        let order = seq([group('a'), group('b')]);
        let printed = order.lines().map(|line| line.label().unwrap_or_default());
        assert_eq!(printed.count(), LINES);
        let contract = order.compile().expect("a sound contract");
        let all: Vec<usize> = (0..LINES).collect();
        assert!(contract.check(contract.texts(&all)).is_legal());
    });
}

#[test]
fn a_million_lines_of_one_text() {
    on_a_small_stack(|| {
        let order = seq((1..=LINES).map(|n| line("tick").occurrence(n)));
        let ticks = std::iter::repeat_n("tick", LINES);
        assert!(order.check(ticks).expect("a sound contract").is_legal());
    });
}

#[test]
fn a_million_unknown_lines() {
    on_a_small_stack(|| {
        let order = seq((0..1000).map(|n| line(format!("line {n}"))));
        let report = order.check(texts()).expect("a sound contract");
        assert_eq!(report.violations().len() + report.omitted(), LINES + 1000);
        assert_eq!(report.violations().len(), 11_000, "the rest is counted and not kept");
    });
}
