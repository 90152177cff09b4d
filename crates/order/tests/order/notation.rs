//! The notation, there and back, and what is said of bad text.

use order::{Error, ErrorKind, Order, line, par, pattern, seq};
use proptest::collection::vec;
use proptest::prelude::*;

/// Contracts with every feature of the notation: texts of any characters,
/// labels, patterns, repeated lines and edges.
fn contracts() -> impl Strategy<Value = Order> {
    let text = || prop_oneof![".*", "[a-z \"\\\\/#;|<:,()\n\u{1b}∥]{0,8}", "[a-zA-Z0-9_.-]{1,5}"];
    let leaf = prop_oneof![
        text().prop_map(Leaf::Line),
        (text(), text()).prop_map(|(text, label)| Leaf::Labelled(text, label)),
        text().prop_map(Leaf::Repeated),
        text().prop_map(Leaf::Pattern),
    ];
    let leaves = leaf.prop_map(|leaf| vec![leaf]).boxed();
    (vec(leaves, 1..12), vec(any::<bool>(), 12), vec((0..12_usize, 0..12_usize), 0..4))
        .prop_map(|(leaves, series, edges)| build(leaves.concat(), &series, &edges))
}

#[derive(Clone, Debug)]
enum Leaf {
    Line(String),
    Labelled(String, String),
    Repeated(String),
    Pattern(String),
}

impl Leaf {
    /// The line; its number makes it unlike all others, and a first letter
    /// texts unlike labels.
    fn order(&self, number: usize) -> Order {
        match self {
            Leaf::Line(text) => line(format!("T{number}_{text}")),
            Leaf::Labelled(text, label) => {
                line(format!("T{number}_{text}")).label(format!("L{number}_{label}"))
            }
            Leaf::Repeated(text) => {
                let text = format!("T{number}_{text}");
                seq([line(&*text), line(text).occurrence(2)])
            }
            Leaf::Pattern(text) => pattern(format!("{number}/[0-9]+{}", regex_escape(text))),
        }
    }

    fn name(&self, number: usize) -> Option<String> {
        match self {
            Leaf::Line(text) | Leaf::Repeated(text) => Some(format!("T{number}_{text}")),
            Leaf::Labelled(_, label) => Some(format!("L{number}_{label}")),
            Leaf::Pattern(_) => None,
        }
    }
}

fn regex_escape(text: &str) -> String {
    let escaped = |c: char| if c.is_ascii_punctuation() { vec!['\\', c] } else { vec![c] };
    text.chars().flat_map(escaped).collect()
}

fn build(leaves: Vec<Leaf>, series: &[bool], edges: &[(usize, usize)]) -> Order {
    let mut order = par([]);
    for (number, leaf) in leaves.iter().enumerate() {
        let both = [order, leaf.order(number)];
        order = if series[number] { seq(both) } else { par(both) };
    }
    let name = |number: usize| leaves.get(number)?.name(number);
    for &(a, b) in edges {
        if let (true, Some(earlier), Some(later)) = (a < b, name(a), name(b)) {
            order = order.before(earlier, later);
        }
    }
    order
}

proptest! {
    #[test]
    fn what_is_written_reads_back(order in contracts()) {
        prop_assert_eq!(order.to_string().parse(), Ok(order));
    }

    #[test]
    fn what_is_written_for_people_reads_back(order in contracts()) {
        prop_assert_eq!(format!("{order:#}").parse(), Ok(order));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[ab(){}\"/\\\\;|∥<:,#0-9\n where]{0,30}") {
        if let Err(error) = text.parse::<Order>() {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn the_algebra_is_written_in_full_with_signs_and_in_short() {
    let task =
        |task: char| seq([1, 2].map(|n| line(format!("{task} {n}")).label(format!("{task}{n}"))));
    let order = par([task('A'), task('B')]).before("A1", "B 2");
    assert_eq!(
        order.to_string(),
        r#"(A1: "A 1" ; A2: "A 2") || (B1: "B 1" ; B2: "B 2") where A1 < "B 2""#
    );
    assert_eq!(
        format!("{order:#}"),
        r#"(A1: "A 1" ; A2: "A 2") ∥ (B1: "B 1" ; B2: "B 2") where A1 < "B 2""#
    );
    assert_eq!(order.short().to_string(), "(A1 ; A2) ∥ (B1 ; B2) where A1 < B2");
}

#[test]
fn series_bind_tighter_than_parallels() {
    let read: Order = "a ; b || c ; d".parse().unwrap();
    assert_eq!(read, par([seq(["a", "b"].map(line)), seq(["c", "d"].map(line))]));
}

#[test]
fn a_chain_of_edges_stands_for_each_of_them() {
    let read: Order = "a || b || c where a < b < c".parse().unwrap();
    assert_eq!(read, par(["a", "b", "c"].map(line)).before("a", "b").before("b", "c"));
}

#[test]
fn a_contract_without_lines_reads_back() {
    assert_eq!("()".parse(), Ok(seq([])));
    assert_eq!(seq([]).to_string(), "()");
}

#[test]
fn edges_inside_of_parentheses_hold_outside_too() {
    let inside: Order = "(a || b where a < b) ; c".parse().unwrap();
    let outside: Order = "(a || b) ; c where a < b".parse().unwrap();
    assert_eq!(inside, outside);
}

fn error(notation: &str) -> Error {
    notation.parse::<Order>().expect_err("a bad contract")
}

/// The picture under an error's first line.
fn picture(error: &Error) -> String {
    error.to_string().split_once('\n').expect("a message and a picture").1.to_owned()
}

#[test]
fn an_error_points_at_its_place() {
    let cases = [
        ("a ; ; b", ErrorKind::Syntax, "    a ; ; b\n        ^"),
        ("a ; b || a", ErrorKind::SameLine, "    a ; b || a\n             ^"),
        ("(a ; b || c", ErrorKind::Syntax, "    (a ; b || c\n    ^"),
        ("a ; b)", ErrorKind::Syntax, "    a ; b)\n         ^"),
        ("a | b", ErrorKind::Syntax, "    a | b\n      ^"),
        ("a ; \"b", ErrorKind::Syntax, "    a ; \"b\n        ^^"),
        ("a ; /b(/ ; c", ErrorKind::Pattern, "    a ; /b(/ ; c\n        ^^^^"),
        ("x: a ; x: b", ErrorKind::SameLabel, "    x: a ; x: b\n           ^^^^"),
        ("b: a ; b", ErrorKind::SameLabel, "    b: a ; b\n    ^^^^"),
        ("a ; a#3", ErrorKind::MissingOccurrence, "    a ; a#3\n        ^^^"),
        (
            "a || b where a < c",
            ErrorKind::UnknownName,
            "    a || b where a < c\n                     ^",
        ),
        ("a ; b where b < a", ErrorKind::Cycle, "    a ; b where b < a\n                ^^^^^"),
        ("a#2 ; a", ErrorKind::Cycle, "    a#2 ; a\n    ^^^"),
    ];
    for (notation, kind, expected) in cases {
        let error = error(notation);
        assert_eq!((error.kind(), &*picture(&error)), (kind, expected), "{notation}");
    }
}

#[test]
fn an_order_that_was_built_points_into_its_own_notation() {
    let order = par([line("a b").label("x"), line("c")]).before("c", "d");
    let error = order.check(["c"]).expect_err("no line is called d");
    let expected = "    (x: \"a b\" || c) where c < d\n";
    assert_eq!(error.kind(), ErrorKind::UnknownName);
    assert_eq!(&error.notation()[error.place()], "d", "{expected}");
}

#[test]
fn a_cycle_is_told_line_by_line() {
    let error = error("(a ; b) || (c ; d) where b < c, d < a");
    assert_eq!(
        error.message(),
        r#"these lines wait for one another: "a" before "b" before "c" before "d" before "a""#
    );
}

#[test]
fn an_error_in_a_long_contract_shows_its_surroundings_only() {
    let lines: Vec<String> = (0..1000).map(|n| format!("line{n}")).collect();
    let notation = lines.join(" ; ").replace("line500", "line499");
    let error = error(&notation);
    assert_eq!(error.kind(), ErrorKind::SameLine);
    assert!(picture(&error).lines().all(|line| line.chars().count() < 100), "{error}");
}

#[test]
fn an_error_on_a_later_line_names_it_and_shows_it() {
    let error = error("a ;\nb ; |");
    assert_eq!((error.line(), error.column()), (2, 5));
    assert_eq!(picture(&error), "    b ; |\n        ^");
}

#[test]
#[should_panic(expected = "only a single line has a label")]
fn a_label_on_more_than_a_line_is_refused() {
    let _ = seq(["a", "b"].map(line)).label("x");
}
