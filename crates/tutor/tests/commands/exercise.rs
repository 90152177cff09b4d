//! `cargo xtask exercise` as a student and an author use it, and as nobody should.

#[cfg(target_os = "linux")]
use terminal::Terminal;

use crate::course::{Course, Said};

#[test]
fn a_student_goes_from_a_prediction_to_the_next_exercise() {
    let course = Course::new();
    course.run(&[]).expect(0, &["One after the other", "Next: cargo xtask exercise predict 01"]);
    course.run(&["predict", "--answer", "3"]).expect(0, &["wrong    More.", "measured 1", "One."]);
    course
        .run(&["over"])
        .expect(1, &["│ This is printed by the program.", "✗ failed", "░ waits", "seen", "--seed"]);
    for levels in [1, 2, 3, 3] {
        let said = course.run(&["hint"]);
        assert_eq!(said.output.matches("hint ").count(), levels, "{said:#?}");
    }
    course.solve("01_overlap");
    course.run(&["1"]).expect(0, &["✓ passed", "exercise explain 01", "exercise predict 02"]);
    course.run(&["next"]).expect(0, &["02 A sum"]);
    course.run(&[]).expect(0, &["✓ 01", "not yet explained"]);
    let said = course.run(&["solution", "01"]);
    assert!(!said.expect(0, &["collect();"]).output.contains("// S"), "{said:#?}");
}

/// A solution by a runtime that the exercise does not need, as another one does.
const ON_ANOTHER_RUNTIME: &str = "
fn main() -> std::process::ExitCode { classroom::run(solve) }

fn solve(work: &classroom::Work) -> u64 {
    let tasks = work.tasks();
    thread_pool::scope(|scope| {
        let handles: Vec<_> = tasks.iter().map(|task| scope.spawn(|| task.fetch().compute())).collect();
        handles.into_iter().map(|handle| handle.join().expect(\"a find\")).sum()
    })
}
";

#[test]
fn an_exercise_may_be_solved_with_any_runtime_of_the_course() {
    let course = Course::new();
    course.add_runtime();
    course.write("src/bin/01_overlap.rs", ON_ANOTHER_RUNTIME);
    course.run(&["1"]).expect(0, &["✓ passed"]);
    course.write("class/ada/01_overlap.rs", ON_ANOTHER_RUNTIME);
    let mut grade = course.command("grade");
    grade.args(["class", "--exercises", ".", "--unconfined"]);
    Said::of(&grade.output().expect("it runs")).expect(0, &["ada  ✓  1 of 1"]);
}

/// What a terminal makes the end of the input of.
#[cfg(target_os = "linux")]
const CONTROL_D: &str = "\u{4}";

#[cfg(target_os = "linux")]
#[test]
fn whoever_solves_an_exercise_on_a_terminal_is_asked_why_and_need_not_answer() {
    let course = Course::new();
    course.solve("01_overlap");
    let mut command = course.command("exercise");
    command.args(["1", "--exercises", "."]);
    let mut terminal = Terminal::of(&command);
    terminal.until("passed");
    terminal.until("Your choice, 1 to 3: ");
    terminal.press("no choice\n");
    terminal.until("Your choice, 1 to 3: ");
    terminal.press(CONTROL_D);
    terminal.ends_and_gives_back(0, "Now explain:");
}

#[test]
fn an_explanation_is_right_or_wrong() {
    let course = Course::new();
    course.run(&["explain", "1", "--answer", "1"]).expect(2, &["01 is not solved"]);
    course.solve("01_overlap");
    course.run(&["1"]).expect(0, &[]);
    let codes = ["1", "2", "3"].map(|choice| {
        let said = course.run(&["explain", "1", "--answer", choice]);
        let is_right = said.output.contains("It is so.");
        assert_eq!(said.code, i32::from(!is_right), "{said:#?}");
        said.code
    });
    assert_eq!(codes.iter().sum::<i32>(), 2, "one of the choices is right");
    course.run(&[]).expect(0, &["  explained"]);
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    let course = Course::new();
    let cases: &[(&[&str], &str)] = &[
        (&["overlapp"], "the nearest is `overlap`"),
        (&["7"], "no exercise is called `7`"),
        (&["o"], "`o` may be `overlap` or `outcome`"),
        (&["hint", "overlapp"], "the nearest is `overlap`"),
        (&["1", "--seed", "xyz"], "is no seed"),
        (&["1", "--format", "yaml"], "invalid value 'yaml'"),
        (&["1", "--loud"], "unexpected argument '--loud'"),
        (&["solution", "1"], "--reveal"),
        (&["predict", "1"], "`--answer N` does"),
        (&["predict", "1", "--answer", "4"], "numbered from 1 to 3"),
        (&["predict", "1", "--answer", "0"], "numbered from 1 to 3"),
        (
            &["check", "1", "--only", "nothin"],
            "no answer is called `nothin`; the nearest is `nothing`",
        ),
        (&["check", "1", "--only", "thing"], "the nearest is `nothing`"),
        (&["check", "2", "--only", "xyz"], "there are 02_outcome, 02_outcome-solution"),
        (&["check", "--only", "xyz"], "no answer is called `xyz`"),
    ];
    for (arguments, part) in cases {
        course.run(arguments).expect(2, &[part]);
    }
    let output = course.command("exercise").args(["--exercises", "nowhere"]).output();
    assert_eq!(output.expect("it runs").status.code(), Some(2));
}

#[test]
fn a_broken_file_shows_the_compilers_errors_and_keeps_no_other_from_being_judged() {
    let course = Course::new();
    course.write("src/bin/01_overlap.rs", "fn main() { no_such_function() }\n");
    course.run(&["1"]).expect(1, &["no_such_function", "error[E0425]", "does not compile"]);
    let said = course.run(&["1", "--format", "json"]);
    let answer = said.json();
    assert_eq!((said.code, &answer["compiled"]), (1, &false.into()), "{answer:#}");
    assert!(answer["compiler"].as_str().is_some_and(|said| said.contains("E0425")), "{answer:#}");
    course.run(&["2"]).expect(1, &["The answer is"]);
}

#[test]
fn the_answer_for_programs_has_its_envelope_and_the_same_seed_the_same_numbers() {
    let course = Course::new();
    let [first, second] = [(); 2].map(|()| {
        let said = course.run(&["outcome", "--seed", "1f", "--format", "json"]);
        assert_eq!(said.code, 1, "{said:#?}");
        said.json()
    });
    assert_eq!(first["version"], 1);
    assert_eq!((&first["command"], &first["outcome"]), (&"exercise".into(), &"failed".into()));
    assert_eq!((&first["passed"], &first["interrupted"]), (&false.into(), &false.into()));
    assert_eq!(first["seed"], "000000000000001f");
    let finding = &first["runs"][0]["findings"][0];
    assert_eq!(finding["name"], "wrong-answer");
    assert_eq!(finding, &second["runs"][0]["findings"][0]);
    let list = course.run(&["--format", "json"]).json();
    assert_eq!((&list["outcome"], &list["exercises"][1]["tries"]), (&"passed".into(), &2.into()));
}

#[test]
fn a_text_is_kept_whenever_the_start_is_restored() {
    let course = Course::new();
    let start = course.read("src/bin/01_overlap.rs");
    course.run(&["diff", "1"]).expect(0, &["Nothing is changed."]);
    for (text, kept) in [("// one\n", "01_overlap.rs.old1"), ("// two\n", "01_overlap.rs.old2")] {
        course.write("src/bin/01_overlap.rs", text);
        course.run(&["diff", "1"]).expect(0, &[&format!("+ {}", text.trim()), "- fn main"]);
        course.run(&["reset", "1"]).expect(0, &[kept]);
        assert_eq!(course.read(&format!("src/bin/{kept}")), text);
        assert_eq!(course.read("src/bin/01_overlap.rs"), start);
    }
    course.run(&["reset", "1"]).expect(0, &["Nothing is changed."]);
}

#[test]
fn a_prediction_is_about_the_start_whatever_was_made_of_it() {
    let course = Course::new();
    course.solve("01_overlap");
    course.run(&["predict", "1", "--answer", "2"]).expect(0, &["right    One.", "measured 1"]);
    assert_eq!(
        course.read("src/bin/01_overlap.rs"),
        course.read("answers/solutions/01_overlap.rs")
    );
}

#[test]
fn whoever_predicts_rightly_and_does_the_task_need_not_do_the_rest() {
    let course = Course::new();
    // The task is not done yet; the predictions are made.
    let parts = ["All of it", "right    One.", "--test-out 02, once you have changed it"];
    course.run(&["--test-out", "--answers", "2,2"]).expect(1, &parts);
    course.solve("02_outcome");
    let said = course.run(&["--test-out"]);
    let said = said.expect(0, &["✓ passed", "1 exercise of this part need not be done."]);
    assert!(
        !said.output.contains("How many fetches"),
        "what was predicted is asked again: {said:#?}"
    );
    course.run(&[]).expect(0, &["✓ 01", "tested out", "All exercises are done."]);
}

#[test]
fn what_was_predicted_wrongly_is_worth_doing() {
    let course = Course::new();
    course.solve("02_outcome");
    let said = course.run(&["--test-out", "2", "--answers", "3,2"]);
    said.expect(1, &["wrong    More.", "0 exercises of this part", "exercise 01: One after"]);
    course.run(&["next"]).expect(0, &["01 One after the other"]);
    course.run(&["--test-out", "--answers", "1"]).expect(1, &["exercise 01: One after"]);
    course.run(&["1", "--answers", "1"]).expect(2, &["--test-out"]);
}

#[test]
fn progress_is_merged_with_another_machines_and_can_be_deleted() {
    let course = Course::new();
    course.write("progress.txt", "1 02_outcome solved\nhalf a line");
    course.run(&["hint", "1"]).expect(0, &[]);
    course.run(&[]).expect(0, &["✓ 02"]);
    assert!(course.read("progress.txt").starts_with("1 02_outcome solved\nhalf a line\n"));
    std::fs::remove_file(course.path("progress.txt")).expect("a file");
    assert!(!course.run(&[]).expect(0, &[]).output.contains('✓'));
}

#[test]
fn a_check_passes_and_names_what_is_not_in_order() {
    let course = Course::new();
    let parts = [
        "✓ 01_overlap: alone",
        "✓ 01_overlap-others nothing: work-missing",
        "9 answers, passed",
        "answers: 9 passed; 0 failed; 0 not shown",
    ];
    course.run(&["check", "1"]).expect(0, &parts);
    course.run(&["check", "2"]).expect(0, &["9 answers, passed"]);
    // An honest answer too few.
    let manifest = course.read("exercises.toml");
    let answer =
        "[[exercise.honest]]\nname = \"loop\"\nabout = \"A loop in place of an iterator.\"\n";
    course.write("exercises.toml", &manifest.replace(answer, ""));
    let fault = "02_outcome has 1 honest answer beside its solution: at least 2 are needed";
    let said = course.run(&["check", "1", "--only", "nothing"]);
    said.expect(1, &[fault, "answers: 1 passed; 1 failed; 0 not shown"]);
    // A reason that is not the one, and a start that is not cut from its solution.
    course.write(
        "exercises.toml",
        &manifest.replace("reason = \"work-missing\"", "reason = \"hung\""),
    );
    course.solve("02_outcome");
    let parts =
        ["✗ 01_overlap-others nothing: hung, but work-missing", "src/bin/02_outcome.rs is not"];
    course.run(&["check", "overlap", "--only", "nothing"]).expect(1, &parts);
    // Of the exercises those that have such an answer.
    let said = course.run(&["check", "--only", "01_overlap-others nothing"]);
    assert!(!said.expect(1, &parts).output.contains("A sum:"), "{said:#?}");
}
