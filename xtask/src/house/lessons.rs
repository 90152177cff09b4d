//! Rules on lessons: their tables, their headers, their size, their runtimes and their waits.

use std::ops::RangeInclusive;

use lab::lesson::Runtime;
use words::quadrant::Quadrant;

use super::Violation;
use super::workspace::{File, Token, Workspace, begins, group, joined};
use crate::header::{Header, Measure, lines_down_to_the_answer, quadrant};

/// A lesson's file may have this many lines, its header included, and the answers below it not.
const LINES_OF_A_LESSON: usize = 60;

/// A function in a quadrant's crate may have this many lines, from its name to its last brace.
const LINES_OF_A_FUNCTION: usize = 25;

/// Calls that wait, by their names in the standard library and in the runtimes.
const WAITS: &[&str] = &[
    "after",
    "at",
    "interval",
    "park_timeout",
    "recv_timeout",
    "sleep",
    "sleep_until",
    "tick",
    "timeout",
    "wait_timeout",
];

/// Waits for something else than `work::wait()`: where, for what, and why that is the work.
const OTHER_WAITS: &[(&str, &str, &str)] = &[
    ("crates/both/src/tokio_workers.rs", "BEAT", "a heart beats beside the tasks"),
    (
        "crates/concurrent-only/src/article.rs",
        "work::wait_of(PAUSE)",
        "the article's program waits for a time of its own",
    ),
    (
        "crates/concurrent-only/src/dial.rs",
        "work::wait_of(WAIT)",
        "how much a task waits is what the lesson is about",
    ),
    (
        "crates/concurrent-only/src/on_std.rs",
        "alarm.get().saturating_duration_since(Instant::now())",
        "the loop sleeps until the first of its tasks' waits is over",
    ),
    (
        "crates/parallel-only/src/article_sleeping.rs",
        "SIMULATED_WORK*work::slowdown()",
        "the article's program has nothing but this sleep",
    ),
];

/// A row of a chapter's `LESSONS`.
#[derive(Debug)]
struct Row {
    runtime: Runtime,
    /// The lesson's name, where it is not its runtime's.
    name: Option<String>,
    /// The module that runs.
    module: String,
    line: usize,
}

impl Row {
    /// The module that a lesson of this name belongs into.
    fn expected_module(&self) -> String {
        match &self.name {
            Some(name) => name.replace('-', "_"),
            None => format!("on_{}", crate_name(self.runtime)),
        }
    }
}

pub(super) fn lessons_and_tables_agree(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (quadrant, chapter) in chapters(workspace) {
        let rows = rows(chapter);
        let files: Vec<_> = lessons(workspace).filter(|file| is_of(quadrant, file)).collect();
        for file in &files {
            if !rows.iter().any(|row| row.module == file.stem()) {
                let remedy = format!("add a row for it to LESSONS, in {}", chapter.path);
                violations.push(Violation::new(file, 1, "no row of LESSONS runs it", remedy));
            }
        }
        for row in &rows {
            let expected = row.expected_module();
            if row.module != expected || !files.iter().any(|file| file.stem() == expected) {
                let fault = format!("a row runs `{}`, and not the file {expected}.rs", row.module);
                let remedy = "call a lesson's file on_RUNTIME.rs, or after its own name";
                violations.push(Violation::new(chapter, row.line, fault, remedy));
            }
        }
        violations.extend(wrong_cells(chapter, &rows));
    }
    violations
}

/// Runtimes that are neither a lesson nor a gap of this chapter, or both.
fn wrong_cells(chapter: &File, rows: &[Row]) -> Vec<Violation> {
    let gaps = gaps(chapter);
    let mut violations = Vec::new();
    for runtime in Runtime::ALL {
        let lessons =
            rows.iter().filter(|row| row.name.is_none() && row.runtime == runtime).count();
        let gaps = gaps.iter().filter(|gap| **gap == runtime).count();
        if lessons + gaps != 1 {
            let name = runtime.name();
            let fault = format!("{name} has {lessons} lessons and {gaps} gaps here");
            let remedy = "each runtime is one lesson in LESSONS or one gap in GAPS";
            violations.push(Violation::new(chapter, 1, fault, remedy));
        }
    }
    violations
}

pub(super) fn one_runtime_a_lesson(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (quadrant, chapter) in chapters(workspace) {
        for row in rows(chapter) {
            let mut files = lessons(workspace).filter(|file| is_of(quadrant, file));
            let Some(file) = files.find(|file| file.stem() == row.module) else { continue };
            let declared = declared_runtimes(file);
            let is_allowed = |runtime: Runtime| match &declared[..] {
                [] => runtime == row.runtime,
                declared => declared.contains(&runtime.name()),
            };
            let used = used_runtimes(file);
            for &(runtime, line) in used.iter().filter(|(runtime, _)| !is_allowed(*runtime)) {
                let fault = format!("`{}` is used", crate_name(runtime));
                let remedy = "use one runtime only, or begin the header with `Runtimes: …, ….` if \
                              the lesson is about joining them";
                violations.push(Violation::new(file, line, fault, remedy));
            }
            for name in declared {
                if !used.iter().any(|(runtime, _)| runtime.name() == name) {
                    let fault = format!("the header names {name}, and the lesson does not use it");
                    let remedy = "leave it out of `Runtimes: …`";
                    violations.push(Violation::new(file, 1, fault, remedy));
                }
            }
        }
    }
    violations
}

pub(super) fn each_lesson_has_its_header(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in lessons(workspace) {
        let remedy = "begin the file with `//!` and a claim, and end the header with the paragraphs \
                      `Predict: …?`, with choices below it, and ``Change: `this` to `that` ``; end \
                      the file with `// Answer: choice. …` and `// Then: *quadrant*. …`";
        let fault = match Header::read(&file.text) {
            Err(error) => Some(error.to_string()),
            Ok(header) if header.claim.is_empty() || header.claim.starts_with("Predict: ") => {
                Some("the header makes no claim".to_owned())
            }
            Ok(header) => match header.change(&file.text) {
                Err(error) => Some(error.to_string()),
                // Or else it would be taken for another change than the one that is suggested.
                Ok(changed) if header.unchange(&changed).as_ref() != Some(&file.text) => Some(
                    format!("what it is changed to, `{}`, stands in the file before", header.new),
                ),
                Ok(_) => None,
            },
        };
        violations.extend(fault.map(|fault| Violation::new(file, 1, fault, remedy)));
    }
    violations
}

pub(super) fn no_chapter_tells_an_answer(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (chapter, _) in chapters(workspace) {
        for file in lessons(workspace).filter(|file| is_of(chapter, file)) {
            // What is wrong with a header is said elsewhere.
            let Ok(Header { question, .. }) = Header::read(&file.text) else { continue };
            let answer = question.choices[question.answer].as_str();
            let is_told = match question.by {
                Some(Measure::Verdict) => quadrant(answer) == Some(chapter),
                Some(Measure::TasksAtOnce) => !chapter.is_concurrent(),
                _ => false,
            };
            if is_told {
                let fault = format!("that the answer is `{answer}` is known from *{chapter}*");
                let remedy =
                    "ask how long it takes, in which order lines come, or which threads compute";
                violations.push(Violation::new(file, 1, fault, remedy));
            }
        }
    }
    violations
}

pub(super) fn a_lesson_fits_on_a_screen(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in workspace.sources().filter(|file| Quadrant::ALL.iter().any(|q| is_of(*q, file))) {
        for (name, lines) in functions(file) {
            let length = lines.end() - lines.start() + 1;
            if length > LINES_OF_A_FUNCTION {
                let fault = format!("`{name}` has {length} lines, more than {LINES_OF_A_FUNCTION}");
                let remedy = "name a part of it, and make that a function";
                violations.push(Violation::new(file, *lines.start(), fault, remedy));
            }
        }
    }
    for file in lessons(workspace) {
        let lines = lines_down_to_the_answer(&file.text);
        if lines > LINES_OF_A_LESSON {
            let fault = format!("the file has {lines} lines, more than {LINES_OF_A_LESSON}");
            let remedy = "one idea a lesson: take out what is not needed to see it";
            violations.push(Violation::new(file, lines, fault, remedy));
        }
    }
    violations
}

pub(super) fn lessons_wait_for_their_work_only(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in lessons(workspace) {
        let others = OTHER_WAITS.iter().filter(|(path, ..)| *path == file.path);
        let tokens = file.tokens();
        let waits = waits(&tokens);
        for (line, call, time) in &waits {
            if time != "work::wait()" && !others.clone().any(|(_, other, _)| other == time) {
                let fault = format!("`{call}` waits for `{time}`");
                let remedy = "wait for `work::wait()`; if it orders two lines, join, await or send";
                violations.push(Violation::new(file, *line, fault, remedy));
            }
        }
        for (_, other, reason) in others {
            if !waits.iter().any(|(.., time)| time == other) {
                let fault = format!("nothing waits for `{other}` any more ({reason})");
                let remedy = "take it out of OTHER_WAITS, in xtask/src/house/lessons.rs";
                violations.push(Violation::new(file, 1, fault, remedy));
            }
        }
    }
    violations
}

/// The files of lessons: all sources of the quadrants' crates but the chapter and the program.
pub(super) fn lessons(workspace: &Workspace) -> impl Iterator<Item = &File> {
    workspace.sources().filter(|file| {
        Quadrant::ALL.iter().any(|quadrant| is_of(*quadrant, file))
            && !["lib", "main"].contains(&file.stem())
    })
}

/// The quadrants, each with the file that has its table.
fn chapters(workspace: &Workspace) -> impl Iterator<Item = (Quadrant, &File)> {
    let chapter = |quadrant: Quadrant| workspace.file(&format!("crates/{quadrant}/src/lib.rs"));
    Quadrant::ALL.into_iter().filter_map(move |quadrant| Some((quadrant, chapter(quadrant)?)))
}

fn is_of(quadrant: Quadrant, file: &File) -> bool {
    file.path.starts_with(&format!("crates/{quadrant}/src/"))
}

/// The runtime's name as Rust code has it.
fn crate_name(runtime: Runtime) -> String {
    runtime.name().replace('-', "_")
}

/// The runtime of a variant's name, such as `AsyncStd`.
fn runtime(variant: &Token) -> Option<Runtime> {
    Runtime::ALL.into_iter().find(|runtime| format!("{runtime:?}") == variant.text)
}

/// The rows `Lesson::new(Runtime::Tokio, "…", on_tokio::run).named("…")` of a chapter.
fn rows(chapter: &File) -> Vec<Row> {
    let tokens = chapter.tokens();
    let mut rows: Vec<Row> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        if begins(&tokens[place..], &["Lesson", "::", "new", "("]) {
            let arguments = group(&tokens, place + 3);
            if let ([_, _, variant, ..], [.., module, _, _]) = (arguments, without_comma(arguments))
            {
                let runtime = runtime(variant).expect("the compiler knows the runtime too");
                let module = module.text.clone();
                rows.push(Row { runtime, name: None, module, line: token.line });
            }
        } else if begins(&tokens[place..], &[".", "named", "("])
            && let (Some(row), [name]) = (rows.last_mut(), group(&tokens, place + 2))
        {
            row.name = Some(name.text.trim_matches('"').to_owned());
        }
    }
    rows
}

fn without_comma(arguments: &[Token]) -> &[Token] {
    match arguments {
        [arguments @ .., last] if last.text == "," => arguments,
        arguments => arguments,
    }
}

/// The runtimes `Gap { runtime: Runtime::Rayon, … }` of a chapter.
fn gaps(chapter: &File) -> Vec<Runtime> {
    let tokens = chapter.tokens();
    let windows = tokens.windows(5);
    let gaps = windows.filter(|tokens| begins(tokens, &["runtime", ":", "Runtime", "::"]));
    gaps.filter_map(|tokens| runtime(&tokens[4])).collect()
}

/// The runtimes that a header names in its first line: `//! Runtimes: tokio, rayon. …`.
fn declared_runtimes(file: &File) -> Vec<&str> {
    let names = file.text.strip_prefix("//! Runtimes: ").and_then(|text| text.split_once('.'));
    names.map_or(Vec::new(), |(names, _)| names.split(", ").collect())
}

/// The runtimes that the code names, each with the first line that does.
fn used_runtimes(file: &File) -> Vec<(Runtime, usize)> {
    let tokens = file.tokens();
    let used = Runtime::ALL.into_iter().filter(|runtime| *runtime != Runtime::Std);
    let first = |runtime| tokens.iter().find(|token| token.text == crate_name(runtime));
    used.filter_map(|runtime| Some((runtime, first(runtime)?.line))).collect()
}

/// The functions with a body, and the lines from name to last brace.
fn functions(file: &File) -> Vec<(String, RangeInclusive<usize>)> {
    let tokens = file.tokens();
    let mut functions = Vec::new();
    for (place, keyword) in tokens.iter().enumerate() {
        // A type such as `fn()` has no name, and a function that a trait asks for has no body.
        let is_name =
            |token: &Token| token.text.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let Some(name) = tokens.get(place + 1).filter(|name| keyword.text == "fn" && is_name(name))
        else {
            continue;
        };
        let mut outer = tokens[place..].iter().filter(|token| token.depth == keyword.depth);
        if outer
            .find(|token| ["{", ";"].contains(&token.text.as_str()))
            .is_some_and(|t| t.text == "{")
        {
            let end = outer.next().expect("braces are closed");
            functions.push((name.text.clone(), keyword.line..=end.line));
        }
    }
    functions
}

/// The calls that wait: line, name, and time.
fn waits(tokens: &[Token]) -> Vec<(usize, &str, String)> {
    let calls = tokens.windows(2).enumerate();
    let calls =
        calls.filter(|(_, pair)| WAITS.contains(&pair[0].text.as_str()) && pair[1].text == "(");
    calls
        .map(|(place, pair)| {
            (pair[0].line, pair[0].text.as_str(), joined(group(tokens, place + 1)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::faults;

    const CHAPTER: &str = "crates/neither/src/lib.rs";
    const LESSON: &str = "crates/neither/src/on_tokio.rs";

    /// A chapter with a row for `on_tokio`, and gaps for all other runtimes.
    fn chapter() -> String {
        let gap = |runtime| format!("    Gap {{ runtime: Runtime::{runtime:?}, reason: \"\" }},\n");
        let gaps: String =
            Runtime::ALL.into_iter().filter(|r| *r != Runtime::Tokio).map(gap).collect();
        format!(
            "const LESSONS: &[Lesson] = &[\n\
             \x20   Lesson::new(Runtime::Tokio, \"\", on_tokio::run),\n];\n\
             const GAPS: &[Gap] = &[\n{gaps}];\n"
        )
    }

    #[test]
    fn a_chapter_whose_files_are_its_rows_is_fine() {
        let files = [(CHAPTER, &*chapter()), (LESSON, "")];
        assert_eq!(faults(lessons_and_tables_agree, &files), [""; 0]);
    }

    #[test]
    fn a_file_without_a_row_is_caught() {
        let files = [(CHAPTER, &*chapter()), (LESSON, ""), ("crates/neither/src/extra.rs", "")];
        let expected = ["crates/neither/src/extra.rs:1: no row of LESSONS runs it"];
        assert_eq!(faults(lessons_and_tables_agree, &files), expected);
    }

    #[test]
    fn a_row_without_its_file_is_caught() {
        let expected =
            [format!("{CHAPTER}:2: a row runs `on_tokio`, and not the file on_tokio.rs")];
        assert_eq!(faults(lessons_and_tables_agree, &[(CHAPTER, &chapter())]), expected);
    }

    #[test]
    fn a_lesson_that_is_not_called_as_its_file_is_caught() {
        let chapter =
            chapter().replace("on_tokio::run)", "on_tokio::run,\n    )\n    .named(\"queue\")");
        let files = [(CHAPTER, &*chapter), (LESSON, "")];
        assert_eq!(
            faults(lessons_and_tables_agree, &files),
            [
                "crates/neither/src/lib.rs:2: a row runs `on_tokio`, and not the file queue.rs",
                "crates/neither/src/lib.rs:1: tokio has 0 lessons and 0 gaps here",
            ]
        );
    }

    #[test]
    fn a_cell_that_is_neither_lesson_nor_gap_is_caught() {
        let chapter = chapter().replace("Runtime::Smol", "Runtime::Rayon");
        assert_eq!(
            faults(lessons_and_tables_agree, &[(CHAPTER, &chapter), (LESSON, "")]),
            [
                "crates/neither/src/lib.rs:1: smol has 0 lessons and 0 gaps here",
                "crates/neither/src/lib.rs:1: rayon has 0 lessons and 2 gaps here",
            ]
        );
    }

    #[test]
    fn a_second_runtime_is_caught_even_inside_a_macro() {
        let lesson = "//! A claim about rayon.\n\nuse tokio::join;\n\nfn f() {\n\
                      \x20   join!(rayon::spawn(g));\n}\n";
        let files = [(CHAPTER, &*chapter()), (LESSON, lesson)];
        assert_eq!(faults(one_runtime_a_lesson, &files), [format!("{LESSON}:6: `rayon` is used")]);
    }

    #[test]
    fn a_header_may_name_two_runtimes_that_are_both_used() {
        let lesson =
            "//! Runtimes: tokio, rayon. A claim.\n\nuse rayon::spawn;\nuse tokio::join;\n";
        assert_eq!(
            faults(one_runtime_a_lesson, &[(CHAPTER, &chapter()), (LESSON, lesson)]),
            [""; 0]
        );
    }

    #[test]
    fn a_header_that_names_a_runtime_in_vain_is_caught() {
        let lesson = "//! Runtimes: tokio, rayon. A claim.\n\nuse tokio::join;\n";
        let expected =
            [format!("{LESSON}:1: the header names rayon, and the lesson does not use it")];
        assert_eq!(
            faults(one_runtime_a_lesson, &[(CHAPTER, &chapter()), (LESSON, lesson)]),
            expected
        );
    }

    /// A lesson's text with one piece of it replaced.
    fn lesson(old: &str, new: &str) -> String {
        let text = "//! A claim.\n//!\n//! Predict: what?\n//! - this\n//! - that\n//!\n\
                    //! Change: `f();` to `g();`\n\npub fn run() {\n    f();\n}\n\n\
                    // Answer: that.\n//\n// Then: *both*. Because.\n";
        assert!(text.contains(old));
        text.replacen(old, new, 1)
    }

    #[test]
    fn a_header_with_all_its_parts_is_fine() {
        assert_eq!(faults(each_lesson_has_its_header, &[(LESSON, &lesson("", ""))]), [""; 0]);
    }

    #[test]
    fn a_header_without_one_of_its_parts_is_caught() {
        for (part, instead, fault) in [
            ("//! A claim.\n//!\n", "", "the header makes no claim"),
            ("Predict: what?", "Guess.", "the header has no paragraph `Predict: …`"),
            ("what?", "something.", "`Predict: …` asks nothing"),
            ("//! - that\n", "", "`Predict: …?` has no two choices below it, as in: - one thing"),
            ("Change: ", "", "the header has no paragraph `Change: …`"),
            ("// Then: ", "", "the end of the file has no paragraph `Then …`"),
            ("// Answer: that.\n", "", "the end of the file has no paragraph `Answer …`"),
            ("Answer: that", "Answer: those", "no choice, with a full stop, begins: those."),
            ("    f();", "", "the code to change, `f();`, stands in the file 0 times"),
            (
                "    f();",
                "    f();\n    g();",
                "what it is changed to, `g();`, stands in the file before",
            ),
        ] {
            let text = lesson(part, instead);
            assert_eq!(
                faults(each_lesson_has_its_header, &[(LESSON, &text)]),
                [format!("{LESSON}:1: {fault}")]
            );
        }
    }

    #[test]
    fn a_question_that_the_chapter_answers_is_caught() {
        let asked = |by: &str, choices: [&str; 2], answer: &str| {
            let choices = choices.map(|choice| format!("//! - {choice}\n")).concat();
            let text = lesson("//! - this\n//! - that\n", &choices)
                .replace("// Answer: that.", &format!("// Answer, by {by}: {answer}."));
            faults(no_chapter_tells_an_answer, &[(CHAPTER, &chapter()), (LESSON, &text)])
        };
        let quadrants = |answer| asked("the verdict", ["neither", "both"], answer);
        let expected = "that the answer is `neither` is known from *neither*";
        assert_eq!(quadrants("neither"), [format!("{LESSON}:1: {expected}")]);
        assert_eq!(quadrants("both"), [""; 0], "a name may mislead");
        assert_eq!(asked("the tasks at once", ["1", "3"], "1").len(), 1);
        assert_eq!(asked("the threads that compute", ["1", "3"], "1"), [""; 0]);
    }

    #[test]
    fn a_long_function_is_caught_at_its_first_line() {
        let text =
            format!("type F = fn();\n\npub fn run(f: F) {{\n{}}}\n", "    f();\n".repeat(24));
        let expected = [format!("{LESSON}:3: `run` has 26 lines, more than 25")];
        assert_eq!(faults(a_lesson_fits_on_a_screen, &[(LESSON, &text)]), expected);
        let shorter = text.replacen("    f();\n", "", 1);
        assert_eq!(faults(a_lesson_fits_on_a_screen, &[(LESSON, &shorter)]), [""; 0]);
    }

    #[test]
    fn a_long_lesson_is_caught() {
        let long = |lines| "use f;\n".repeat(lines) + "\n// Answer: that.\n";
        let expected = [format!("{LESSON}:61: the file has 61 lines, more than 60")];
        assert_eq!(faults(a_lesson_fits_on_a_screen, &[(LESSON, &long(61))]), expected);
        assert_eq!(faults(a_lesson_fits_on_a_screen, &[(LESSON, &long(60))]), [""; 0]);
    }

    #[test]
    fn a_sleep_for_the_sake_of_order_is_caught() {
        let text = "fn f() {\n    sleep(work::wait());\n    sleep(Duration::from_millis(5));\n}\n";
        let expected = [format!("{LESSON}:3: `sleep` waits for `Duration::from_millis(5)`")];
        assert_eq!(faults(lessons_wait_for_their_work_only, &[(LESSON, text)]), expected);
    }

    #[test]
    fn an_exception_that_is_no_longer_needed_is_caught() {
        let file = ("crates/concurrent-only/src/article.rs", "fn f() {}\n");
        let found = faults(lessons_wait_for_their_work_only, &[file]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].contains("nothing waits for `work::wait_of(PAUSE)` any more"),
            "{found:?}"
        );
    }
}
