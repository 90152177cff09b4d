use super::*;

const GOOD: &str = r#"
[[exercise]]
number = 2
name = "one-by-one"
title = "One by one"
minutes = 10
misconceptions = [5]
asks = "Let them overlap."
start = "alone"
hints = ["What?", "There.", "That."]
[exercise.predict]
question = "How many?"
measure = "fetches-at-once"
stage = "solve"
tries = 10
choices = [{ text = "one", is = 1 }, { text = "more", from = 2 }]
[exercise.explain]
question = "Why?"
choices = [{ text = "a", right = true, because = "x" }, { text = "b", because = "y" }]
[[exercise.run]]
stage = "solve"
tries = 1_000
schedule = "together"
fetches = 3
asked = ["sum", "concurrent"]
[[exercise.wrong]]
name = "join"
about = "Joins."
reason = "alone"
[[part]]
title = "First things"
exercises = [2]
task = 2
[[misconception]]
number = 5
says = "Join at once."
shown_by = ["alone"]
"#;

fn read(text: &str) -> Result<Manifest, String> {
    parse(Path::new("."), "m", text)
}

fn fault(before: &str, after: &str) -> String {
    assert!(GOOD.contains(before), "{before}");
    read(&GOOD.replacen(before, after, 1)).expect_err(after)
}

#[test]
fn a_text_is_built_with_what_it_names_in_its_code() {
    let other =
        GOOD.split("[[part]]").next().expect("an exercise").replace("number = 2", "number = 1");
    let other = other
        .replace("one-by-one", "pools")
        .replace("minutes", "runtimes = [\"a-pool\", \"rt\"]\nminutes");
    let manifest =
        read(&format!("{other}{}", GOOD.replace("exercises = [2]", "exercises = [1, 2]")));
    let manifest = manifest.expect("a manifest");
    let [pools, plain] = &manifest.exercises[..] else { panic!("two exercises") };
    let of_plain = |text| manifest.runtimes_for(plain, text);
    assert_eq!(of_plain("use a_pool::*;"), ["a-pool"]);
    assert_eq!(of_plain("fn main() { rt::run(a_pool::new()) }"), ["a-pool", "rt"]);
    for nothing in
        ["", "use std::rt_pool;", "let a_pools = a - pool;", "  // rt would do", "//! rt"]
    {
        assert!(of_plain(nothing).is_empty(), "{nothing}");
    }
    assert_eq!(manifest.runtimes_for(pools, "rt"), ["a-pool", "rt"]);
}

#[test]
fn an_exercise_is_read() {
    let manifest = read(GOOD).expect("a manifest");
    assert_eq!((&manifest.parts[0].exercises[..], manifest.parts[0].task), (&[2][..], 2));
    assert_eq!(manifest.misconceptions[0].says, "Join at once.");
    let [exercise] = &manifest.exercises[..] else { panic!("one exercise") };
    assert_eq!(exercise.file(), "02_one_by_one");
    assert_eq!(exercise.runs[0].schedule, Kind::Together { fetches: 3, computes: 1 });
    assert_eq!(exercise.runs[0].asked, [Asked::Sum, Asked::Concurrent]);
    let [one, more] = &exercise.predict.choices[..] else { panic!("two choices") };
    assert_eq!([one.from, one.to, more.from, more.to], [1, 1, 2, u64::MAX]);
}

#[test]
fn what_makes_no_sense_is_named_by_its_line() {
    let faults = [
        ("minutes = 10", "minutes = \"ten\"", "m:6: `minutes` has to be a number"),
        ("minutes = 10", "minuets = 10", "`minutes` is missing"),
        ("title = \"One by one\"", "title = \"T\"\ncolour = 1", "m:6: `colour` means nothing here"),
        ("\"That.\"", "\"That.\", \"More.\"", "`hints` has to have three"),
        ("fetches = 3", "fetches = 1", "which needs `together`"),
        ("\"concurrent\"", "\"parallel\"", "which needs `together`"),
        (
            "\"concurrent\"",
            "\"last-line\"",
            "has `last-line`, which needs `late`, `during-lines` or `slow-lines`",
        ),
        ("\"concurrent\"", "\"told\"", "has `told`, which needs anything but `free`"),
        (
            "\"together\"\nfetches = 3\nasked = [\"sum\", \"concurrent\"]",
            "\"during-lines\"\nfirst = 0\nasked = [\"told\"]",
            "has `told`, which needs anything but `free`, `together` and `during-lines`",
        ),
        ("\"concurrent\"", "\"streamed\"", "has `streamed`, which needs `one-takes-long`"),
        ("\"concurrent\"", "\"deadlocked\"", "has `deadlocked`, which needs `polite`"),
        ("\"sum\", \"concurrent\"", "", "`asked` is empty"),
        ("\"sum\"", "\"sun\"", "`asked` is `sun`, and may be sum, in-order,"),
        ("right = true, ", "", "has to have one that is right"),
        ("reason = \"alone\"", "", "`reason` is missing"),
        ("reason = \"alone\"", "reason = \"lonely\"", "which is no finding"),
        ("reason = \"alone\"", "reason = \"alone\"\nelsewhere = \"x\"", "`elsewhere` is `x`"),
        ("start = \"alone\"", "start = \"lonely\"", "`start` is `lonely`, which is no finding"),
        ("name = \"one-by-one\"", "name = \"One\"", "`name` may have small letters"),
        ("fetches-at-once", "fetches", "`measure` is `fetches`, and may be"),
        ("exercises = [2]", "exercises = [2, 3]", "`exercises` has a number that no exercise has"),
        ("task = 2", "task = 3", "`task` is none of its exercises"),
        ("shown_by = [\"alone\"]", "shown_by = [\"x\"]", "`shown_by` has `x`, which is no finding"),
        ("number = 5", "number = 6", "`misconception` has no 5, which 02_one_by_one names"),
    ];
    for (before, after, expected) in faults {
        let error = fault(before, after);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn an_exercise_is_found_by_number_name_and_beginning() {
    let (exercise, rest) = GOOD.split_once("[[part]]").expect("a part");
    let next = exercise.replace("number = 2", "number = 3").replace("one-by", "one-to");
    let manifest = read(&format!("{exercise}{next}[[part]]{rest}")).expect("a manifest");
    for (wanted, number) in
        [("2", 2), ("02", 2), ("one-by", 2), ("one-to-one", 3), ("03_one_to_one", 3)]
    {
        assert_eq!(manifest.find(wanted).expect(wanted).number, number);
    }
    assert_eq!(manifest.find("one").expect_err("two"), "`one` may be `one-by-one` or `one-to-one`");
    let all = "no exercise is called `4`; there are one-by-one, one-to-one";
    assert_eq!(manifest.find("4").expect_err("none"), all);
    let error = manifest.find("one-bye-one").expect_err("none");
    assert!(error.ends_with("the nearest is `one-by-one`"), "{error}");
}
