//! `cargo xtask grade`: a class of honest, careless and hostile students.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::course::{Course, Said, handed_in};

/// What hostile students hand in instead of the second exercise, with what has to come of it.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("broken", "fn main() { no_such_function() }", "does-not-compile"),
    (
        "endless",
        "fn main() { loop { println!(\"{}\", \"x\".repeat(1 << 20)); } }",
        "too-much-output",
    ),
    ("hung", "fn main() { std::thread::park(); }", "hung"),
    ("include", "const A: &str = include_str!(\"/etc/hostname\"); fn main() {}", "unfit"),
    ("module", "#[path = \"../../answers/solutions/02_outcome.rs\"] mod a; fn main() {}", "unfit"),
    ("quits", "fn main() { println!(\"passed\"); }", "never-asked"),
    ("unsafe", "#![allow(unsafe_code)] fn main() { unsafe {} }", "does-not-compile"),
];

/// Texts that have the compiler read what is not theirs, past the check of their words, and what it says to that. (A
/// script for debuggers becomes a part of the program, and so does what an assembler includes.)
const READERS: &[(&str, &str, &str)] = &[
    (
        "debugs",
        "#![debugger_visualizer(gdb_script_file = \"FILE\")]\nfn main() {}",
        "Permission denied",
    ),
    ("asks", "const A: &str = env!(\"HOME\"); fn main() { println!(\"{A}\"); }", "not defined"),
    (
        "assembles",
        "std::arch::global_asm!(\".incbin \\\"FILE\\\"\"); fn main() {}",
        "usage of `core::arch::global_asm`",
    ),
];

/// Tries to get out, and is an honest solution if it cannot.
const SPY: &str = "
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::{env, fs, net, thread};

fn main() -> std::process::ExitCode {
    assert!(fs::read_dir(\"/etc\").is_err(), \"files can be read\");
    assert!(fs::write(\"SEEN\", \"seen\").is_err(), \"files can be written\");
    let variables: Vec<String> = env::vars().map(|(name, _)| name).collect();
    assert!(variables.len() == 2 && env::var(\"TMPDIR\").is_ok(), \"found {variables:?}\");
    // The fourth is the one by which they are listed.
    let open = fs::read_dir(\"/proc/self/fd\").expect(\"its own files\").count();
    assert!(open == 4, \"{open} files are open\");
    keep_files_of_its_own();
    let told = net::UdpSocket::bind(\"127.0.0.1:0\").and_then(|it| it.connect(\"192.0.2.1:53\"));
    assert!(told.is_err(), \"there is a network\");
    assert!(UnixStream::connect(\"SOCKET\").is_err(), \"sockets that are files can be reached\");
    let program = env::current_exe().and_then(fs::metadata).expect(\"it may be looked at\");
    let changed = fs::set_permissions(env::current_exe().expect(\"a path\"), program.permissions());
    assert!(changed.is_err(), \"files can be changed\");
    assert!(thread::spawn(|| Command::new(\"/bin/true\").status()).join().expect(\"a thread\").is_err());
    classroom::run(solve)
}

fn keep_files_of_its_own() {
    let own = env::temp_dir();
    assert!(fs::read_dir(&own).expect(\"its folder\").count() == 0, \"its folder is not empty\");
    fs::create_dir(own.join(\"a\")).expect(\"a folder\");
    let megabyte = vec![1; 1 << 20];
    let file = |number| fs::write(own.join(format!(\"a/{number}\")), &megabyte);
    let kept = (0..1000).take_while(|&number| file(number).is_ok()).count();
    assert!((8..100).contains(&kept), \"it keeps {kept} MiB\");
    let script = own.join(\"script\");
    fs::write(&script, \"#!/bin/sh\").expect_err(\"there is no room left\");
}

fn solve(work: &classroom::Work) -> u64 {
    work.tasks().iter().map(|task| task.compute()).sum()
}
";

fn grade(course: &Course, arguments: &[&str]) -> Said {
    let mut command = course.command("grade");
    command.args(arguments).args(["class", "--exercises", ".", "--unconfined"]);
    Said::of(&command.output().expect("it runs"))
}

/// Whether this machine can confine programs.
fn can_confine() -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_tutor")).arg("--confined").output();
    output.is_ok_and(|output| output.status.success() && output.stdout.is_empty())
}

/// Asserts that nothing is left beside the workspace's copy of what was handed in, and nothing in it.
#[track_caller]
fn nothing_is_left(course: &Course) {
    let start = course.read("src/bin/02_outcome.rs");
    assert_eq!(
        course.read("target/tutor/src/bin/02_outcome.rs"),
        start,
        "a student's text is left"
    );
    assert_eq!(handed_in(&course.path("target/tutor")), Vec::<PathBuf>::new());
}

fn cell<'a>(answer: &'a Value, student: &str) -> &'a Value {
    let students = answer["students"].as_array().expect("students");
    let row = students.iter().find(|row| row["student"] == student);
    &row.unwrap_or_else(|| panic!("{student}: {answer:#}"))["exercises"][0]
}

/// Hands in for a class that is mostly hostile. Returns the file that a spy would write, and a socket that it should
/// not reach.
fn hand_in(course: &Course) -> (PathBuf, UnixListener) {
    let file = |student: &str| format!("class/{student}/02_outcome.rs");
    for (student, text, _) in HOSTILE {
        course.write(&file(student), text);
    }
    let path = |name: &str| course.path(name).to_str().expect("a text").to_owned();
    course.write("secret.gdb", "a secret");
    for (student, text, _) in READERS {
        course.write(&file(student), &text.replace("FILE", &path("secret.gdb")));
    }
    let listener = UnixListener::bind(course.path("socket")).expect("a socket");
    let spy = SPY.replace("SEEN", &path("seen.txt")).replace("SOCKET", &path("socket"));
    course.write(&file("spy"), &spy);
    course.write(&file("zoe"), &course.read("answers/solutions/02_outcome.rs"));
    course.write(&file("start"), &course.read("src/bin/02_outcome.rs"));
    course.write("class/nothing/notes.txt", "I was ill.");
    course.write("class/no_student.txt", "");
    fs::create_dir_all(course.path("class/link")).expect("a folder");
    let solution = course.path("answers/solutions/02_outcome.rs");
    std::os::unix::fs::symlink(solution, course.path(&file("link"))).expect("a link");
    (course.path("seen.txt"), listener)
}

#[test]
fn a_hostile_student_harms_nobody_and_keeps_nobody_from_being_judged() {
    let course = Course::new();
    let start = course.read("src/bin/02_outcome.rs");
    let (seen, _listener) = hand_in(&course);
    let texts = ["--csv", "a.csv", "--junit", "a.xml", "--gradescope", "all", "--report", "a.html"];
    // Whatever is named twice counts once.
    let arguments = [&["--only", "2,outcome", "--format", "json"][..], &texts].concat();
    let said = grade(&course, &arguments);
    let answer = said.expect(0, &[]).json();
    assert_eq!(
        answer["students"].as_array().map(Vec::len),
        Some(HOSTILE.len() + READERS.len() + 5)
    );
    let expected = HOSTILE.iter().map(|&(student, _, found)| (student, found));
    let readers = READERS.iter().map(|&(student, ..)| (student, "does-not-compile"));
    let expected = expected.chain(readers.filter(|_| can_confine()));
    let others = [("link", "unfit"), ("start", "wrong-answer")];
    for (student, found) in expected.chain(others) {
        let cell = cell(&answer, student);
        assert_eq!(
            (&cell["found"], &cell["outcome"]),
            (&found.into(), &"failed".into()),
            "{cell:#}"
        );
        assert_eq!((&cell["points"], &cell["of"]), (&0.into(), &1.into()), "{cell:#}");
    }
    let nothing = cell(&answer, "nothing");
    assert_eq!((&nothing["outcome"], &nothing["of"]), (&"missing".into(), &1.into()));
    let zoe = cell(&answer, "zoe");
    assert_eq!((&zoe["outcome"], &zoe["points"]), (&"passed".into(), &1.into()), "{zoe:#}");
    if can_confine() {
        for (student, _, said) in READERS {
            let cell = cell(&answer, student);
            assert!(cell["said"].as_str().is_some_and(|it| it.contains(said)), "{cell:#}");
        }
        let spy = cell(&answer, "spy");
        assert_eq!(spy["outcome"], "passed", "{spy:#}");
        assert!(!seen.exists(), "the spy has written a file");
    }
    assert_eq!(course.read("a.csv").lines().count(), 1 + HOSTILE.len() + READERS.len() + 5);
    assert!(course.read("a.xml").contains("<testcase classname=\"zoe\" name=\"02_outcome\"/>"));
    let results: Value = serde_json::from_str(&course.read("all/zoe/results.json")).expect("JSON");
    assert_eq!(results["tests"][0]["status"], "passed");
    let page = course.read("a.html");
    assert!(page.contains(">zoe</h2>") && page.contains("What is believed"), "{page}");
    assert!(page.contains("cannot find function `no_such_function`"), "{page}");
    // The student's own files and progress are of nobody's interest.
    assert_eq!(course.read("src/bin/02_outcome.rs"), start);
    assert!(!course.path("progress.txt").exists());
}

#[test]
fn where_a_compiler_cannot_be_confined_nothing_is_judged_unless_somebody_insists() {
    let course = Course::new();
    course.write("class/ada/02_outcome.rs", &course.read("answers/solutions/02_outcome.rs"));
    // A linker that stands where strangers' compilers must not read.
    let linker = course.path("linker");
    fs::write(&linker, "#!/bin/sh\nexec cc \"$@\"\n").expect("a file");
    fs::set_permissions(&linker, fs::Permissions::from_mode(0o755)).expect("a program");
    course.write(
        ".cargo/config.toml",
        &format!("[build]\nrustflags = [\"-Clinker={}\"]\n", linker.display()),
    );
    let mut command = course.command("grade");
    command.args(["class", "--exercises", ".", "--only", "2", "--csv", "a.csv"]);
    if can_confine() {
        let said = Said::of(&command.output().expect("it runs"));
        said.expect(3, &["The compiler cannot be confined", "`--unconfined` does it all the same"]);
        assert!(!course.path("a.csv").exists(), "something was judged: {said:#?}");
        nothing_is_left(&course);
    }
    grade(&course, &["--only", "2"]).expect(0, &["✓  1 of 1"]);
}

#[test]
fn a_table_has_a_row_a_student_and_a_mark_an_exercise_that_anybody_handed_in() {
    let course = Course::new();
    course.write("class/ada/01_overlap.rs", &course.read("answers/solutions/01_overlap.rs"));
    // As a clone has it.
    course.write("class/ada/src/bin/02_outcome.rs", &course.read("src/bin/02_outcome.rs"));
    let said = grade(&course, &["--seed", "5"]);
    let said = said.expect(0, &["01 02  points", "--seed 0000000000000005", "1 student"]);
    let row = |said: &Said, name| {
        said.output.lines().find(|line| line.starts_with(name)).map(str::to_owned).expect("a row")
    };
    assert!(row(said, "ada").ends_with("✓  ✗  1 of 2"), "{said:#?}");
    // What nobody has handed in is left out, and what only one has not is missing there.
    course.write("class/bob/notes.txt", "I was ill.");
    fs::remove_file(course.path("class/ada/01_overlap.rs")).expect("a file");
    let said = grade(&course, &[]);
    said.expect(0, &["  02  points", "2 students"]);
    assert!(row(&said, "bob").ends_with("  –  0 of 1"), "{said:#?}");
    let said = grade(&course, &["--only", "1"]);
    assert!(row(said.expect(0, &["  01  points"]), "ada").ends_with("  –  0 of 1"), "{said:#?}");
}

#[test]
fn nothing_that_was_handed_in_is_left_however_it_ends() {
    let course = Course::new();
    course.write("class/ada/02_outcome.rs", &course.read("answers/solutions/02_outcome.rs"));
    grade(&course, &[]).expect(0, &["1 of 1"]);
    nothing_is_left(&course);
    // It cannot write down what came of the first student.
    grade(&course, &["--csv", "nowhere/a.csv"]).expect(1, &["nowhere/a.csv"]);
    nothing_is_left(&course);
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    let course = Course::new();
    course.write("class/ada/notes.txt", "I was ill.");
    course.write("class/ada/02_outcome.rs", "");
    course.write("ill/ada/notes.txt", "I was ill.");
    let wrong: &[(&[&str], &str)] = &[
        (&["nowhere"], "nowhere"),
        (&["class/ada"], "is it one student's?"),
        (&["."], "is it one student's?"),
        (&["ill"], "ill/STUDENT/src/bin/NN_name.rs; found instead: 1 folder without such a file"),
        (&["ill/ada", "--only", "2"], "ill/ada/STUDENT/NN_name.rs was looked for"),
        (&["class", "--only", "overlapp"], "the nearest is `overlap`"),
        (&["class", "--seed", "x"], "is no seed"),
        (
            &["class", "--unconfined", "--report", "class/ada/notes.txt"],
            "was not made by this command",
        ),
        (&[], "required"),
    ];
    for (arguments, part) in wrong {
        let mut command = course.command("grade");
        let output = command.args(*arguments).args(["--exercises", "."]).output().expect("it runs");
        Said::of(&output).expect(2, &[part]);
    }
}
