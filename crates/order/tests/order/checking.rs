//! What is said of outputs that break their contract.

use order::{Name, Order, Report, Seen, Violation};

fn check(contract: &str, output: &str) -> Report {
    contract.parse::<Order>().unwrap().check(output.split_whitespace()).unwrap()
}

/// The sentences of all violations.
fn sentences(contract: &str, output: &str) -> Vec<String> {
    check(contract, output).violations().iter().map(Violation::to_string).collect()
}

fn seen(text: &str, place: usize) -> Seen {
    Seen { text: text.to_owned(), place }
}

#[test]
fn a_line_too_early_is_told_with_the_line_it_should_have_waited_for() {
    let report = check("(A1 ; A2) || (B1 ; B2)", "B1 A2 B2 A1");
    let expected = Violation::TooEarly { line: seen("A2", 2), awaited: seen("A1", 4) };
    assert_eq!(report.violations(), [expected]);
}

#[test]
fn the_last_of_several_awaited_lines_is_named() {
    let report = check("(a || b || c) ; d", "a d c b");
    let expected = Violation::TooEarly { line: seen("d", 2), awaited: seen("b", 4) };
    assert_eq!(report.violations(), [expected]);
}

#[test]
fn a_missing_line_does_not_hide_that_those_around_it_are_swapped() {
    assert_eq!(
        sentences("A1 ; A2 ; A3", "A3 A1"),
        [
            r#"line 1, "A3", came too early: it must wait for "A1", which came only as line 2"#,
            r#""A2" never came"#,
        ]
    );
}

#[test]
fn an_extra_edge_is_checked() {
    let contract = "(put1 ; put2) || (get1 ; get2) where put1 < get1, put2 < get2";
    let report = check(contract, "put1 get1 get2 put2");
    let expected = Violation::TooEarly { line: seen("get2", 3), awaited: seen("put2", 4) };
    assert_eq!(report.violations(), [expected]);
}

#[test]
fn missing_repeated_and_unknown_lines_are_told_apart() {
    let kinds: Vec<_> =
        check("a ; b ; c", "a x a c").violations().iter().map(Violation::kind).collect();
    assert_eq!(kinds, ["unknown", "repeated", "missing"]);
}

#[test]
fn a_repeated_line_is_told_with_its_last_allowed_place() {
    assert_eq!(
        sentences("tick ; tick#2 ; end", "tick tick tick end"),
        [r#"line 3, "tick", came already 2 times, last as line 2, and may come no more often"#]
    );
}

#[test]
fn an_unknown_line_is_told_with_the_missing_line_that_is_most_like_it() {
    let report = check("Step-1 ; Step-2 ; Step-3", "Step-1 Step-5 Step-3");
    let nearest = Some(Name::from("Step-2"));
    assert_eq!(report.violations()[0], Violation::Unknown { line: seen("Step-5", 2), nearest });
}

#[test]
fn an_unknown_line_that_is_like_no_other_is_told_alone() {
    let report = check("Step-1 ; Step-2", "Step-1 warning! Step-2");
    let unknown = Violation::Unknown { line: seen("warning!", 2), nearest: None };
    assert_eq!(report.violations(), [unknown]);
}

#[test]
fn the_nth_line_with_a_text_is_its_nth_occurrence() {
    let contract = "(tick ; A) || (tick#2 ; B)";
    assert!(check(contract, "tick A tick B").is_legal());
    assert!(!check(contract, "tick B tick A").is_legal());
}

#[test]
fn a_pattern_matches_whole_lines_only() {
    assert!(check("/took[0-9]+ms/", "took15ms").is_legal());
    assert!(!check("/took[0-9]+ms/", "It-took15ms").is_legal());
    assert!(!check("/took[0-9]+|x/", "took15ms").is_legal());
}

#[test]
fn an_exact_line_goes_before_a_pattern_that_matches_it_too() {
    assert!(check("/t.*/ || tick", "tick tack").is_legal());
    assert!(check("/t.*/ || tick", "tack tick").is_legal());
}

#[test]
fn a_line_goes_to_the_first_pattern_that_is_still_to_come() {
    assert!(check("/a.*/ || /.*b/", "a1 ab").is_legal());
    assert!(check("tick ; /t.*/", "tick tick").is_legal());
    assert_eq!(
        sentences("/a.*/ || /.*b/", "a1 ab a2"),
        [r#"line 3, "a2", matches /a.*/, which came already as line 1, and may come only once"#]
    );
}

#[test]
fn a_pattern_is_a_regular_expression_by_itself() {
    for expression in ["a)|(?:b", "a\\"] {
        let error = order::pattern(expression).compile().unwrap_err();
        assert!(error.to_string().contains("no regular expression"), "{error}");
    }
    assert!(order::pattern("(?x) a  # a comment").check(["a"]).unwrap().is_legal());
}

#[test]
fn what_cannot_be_seen_is_shown() {
    assert_eq!(
        sentences("Step", "\u{feff}Step"),
        [
            r#"line 1, "\u{feff}Step", is not in the contract; was "Step" meant?"#,
            r#""Step" never came"#
        ]
    );
}

#[test]
fn a_long_line_is_cut_in_sentences() {
    let sentences = sentences("a", &"x".repeat(10_000));
    assert!(sentences[0].len() < 300 && sentences[0].contains('…'), "{}", sentences[0]);
}

#[test]
fn a_pattern_that_came_too_early_is_told_as_it_was_printed() {
    assert_eq!(
        sentences("start ; /took[0-9]+ms/", "took15ms start"),
        [
            r#"line 1, "took15ms", came too early: it must wait for "start", which came only as line 2"#
        ]
    );
}

#[test]
fn a_report_shows_the_first_violations_and_counts_the_rest() {
    let output = "x ".repeat(100);
    let shown = check("a", &output).to_string();
    assert_eq!(shown.lines().count(), 21);
    assert!(shown.ends_with("\nand 81 more"), "{shown}");
}

#[test]
fn a_report_for_programs_has_kinds_places_and_sentences() {
    let json = check("a ; b", "b a").to_json();
    let violation = &json["violations"][0];
    assert_eq!(violation["kind"], "too-early");
    assert_eq!(
        (&violation["line"]["place"], &violation["awaited"]["place"]),
        (&1.into(), &2.into())
    );
    assert_eq!(json["legal"], false);
}

#[test]
#[should_panic(expected = "came too early")]
fn assert_legal_panics_with_the_report() {
    "a ; b".parse::<Order>().unwrap().assert_legal(["b", "a"]);
}

#[test]
fn assert_legal_shows_the_output_around_the_fault_and_not_all_of_a_long_contract() {
    let names: Vec<String> = (0..10_000).map(|number| format!("line-{number}")).collect();
    let order = order::seq(names.iter().map(order::line));
    let mut output = names.clone();
    output.swap(5_000, 5_001);
    let panic = std::panic::catch_unwind(|| order.assert_legal(&output)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("line 5001, \"line-5001\"; line 5002, \"line-5000\""), "{message}");
    assert!(message.len() < 4_000, "{} bytes", message.len());
}

#[test]
#[should_panic(expected = "occurrences are counted from 1")]
fn an_edge_names_no_zeroth_line() {
    let _ = order::line("a").before(("a", 0), "a");
}
