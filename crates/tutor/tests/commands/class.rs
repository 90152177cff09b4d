//! A class of thirty, ten of them hostile, with four exercises of the course itself: how long that takes, how
//! much memory, and that nothing is left of it. It takes some minutes:
//!
//! ```text
//! cargo test -p tutor --test commands a_class_of_thirty -- --ignored --nocapture
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;
use wait4::Wait4;

use crate::course::handed_in;

/// The exercises of which everybody hands in something.
const EXERCISES: [&str; 4] = ["01_last_line", "02_overlap", "03_await", "06_join_is_one_task"];

/// What ten hand in, for each exercise.
const HOSTILE: [(&str, &str); 10] = [
    (
        "begets",
        "fn main() { loop { let _ = std::process::Command::new(\"/proc/self/exe\").spawn(); } }",
    ),
    ("broken", "fn main() { no_such_function() }"),
    ("eats", "fn main() { let mut all = vec![]; loop { all.push(vec![1_u8; 1 << 24]); } }"),
    ("floods", "fn main() { loop { println!(\"{}\", \"x\".repeat(1 << 20)); } }"),
    ("hangs", "fn main() { std::thread::park(); }"),
    ("includes", "const A: &str = include_str!(\"/etc/hostname\"); fn main() {}"),
    ("lifts", "#![allow(unsafe_code)] fn main() { unsafe {} }"),
    ("quits", "fn main() { println!(\"passed\"); }"),
    ("spins", "fn main() { loop { std::hint::spin_loop(); } }"),
    (
        "writes",
        "fn main() { std::fs::write(\"/tmp/written-by-a-student\", \"\").expect(\"a file\"); }",
    ),
];

/// The folder of the course.
fn course() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("exercises")
}

/// Hands in for twenty honest students and ten others: whoever is honest has solved three of four, each another
/// three, and hands in the start of the one that is left.
fn hand_in(class: &Path) {
    let text = |file: String| fs::read_to_string(course().join(&file)).expect(&file);
    let write = |student: &str, exercise: &str, text: &str| {
        let folder = class.join(student);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("{exercise}.rs")), text).expect("a file");
    };
    for (place, exercise) in EXERCISES.iter().enumerate() {
        for student in 0..20 {
            let folder =
                if student % EXERCISES.len() == place { "src/bin" } else { "answers/solutions" };
            write(
                &format!("honest-{student:02}"),
                exercise,
                &text(format!("{folder}/{exercise}.rs")),
            );
        }
        HOSTILE.iter().for_each(|(student, text)| write(student, exercise, text));
    }
}

/// The processes that run something of this folder.
fn processes_of(folder: &str) -> usize {
    let all = fs::read_dir("/proc").expect("processes").flatten();
    // What it is called it may choose itself.
    let programs = all.filter_map(|process| fs::read_link(process.path().join("exe")).ok());
    programs.filter(|program| program.to_string_lossy().contains(folder)).count()
}

#[test]
#[ignore = "it takes some minutes"]
fn a_class_of_thirty_is_judged_in_one_go_and_nothing_is_left_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let [class, scratch, answer] = ["class", "scratch", "a.json"].map(|it| folder.path().join(it));
    hand_in(&class);
    fs::create_dir(&scratch).expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
    command.args(["grade", "--unconfined", "--only", &EXERCISES.join(",")]).arg(&class);
    command.arg("--exercises").arg(course()).arg("--json").arg(&answer);
    command.env("TMPDIR", &scratch).stdin(Stdio::null());
    let began = Instant::now();
    let ended = command.spawn().expect("it runs").wait4().expect("it ends");
    let (taken, most) = (began.elapsed(), ended.rusage.maxrss >> 20);
    println!("{} s, {most} MiB in the largest process", taken.as_secs());
    assert!([Some(0), Some(3)].contains(&ended.status.code()), "{:?}", ended.status);
    let answer = fs::read_to_string(answer).expect("an answer");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let students = answer["students"].as_array().expect("students");
    assert_eq!(students.len(), 30);
    for student in students {
        let is_hostile = HOSTILE.iter().any(|(name, _)| student["student"] == *name);
        for (place, cell) in student["exercises"].as_array().expect("cells").iter().enumerate() {
            let passed = cell["outcome"] == "passed";
            let name = student["student"].as_str().expect("a name");
            let number = name.strip_prefix("honest-").and_then(|it| it.parse::<usize>().ok());
            let is_start = number.is_some_and(|number| number % EXERCISES.len() == place);
            assert!(!passed || !(is_hostile || is_start), "{name}: {cell:#}");
            assert!(is_hostile || is_start || cell["outcome"] != "failed", "{name}: {cell:#}");
        }
    }
    assert_eq!(fs::read_dir(&scratch).expect("a folder").count(), 0, "files are left");
    assert!(!Path::new("/tmp/written-by-a-student").exists(), "a file was written");
    assert_eq!(processes_of("target/tutor"), 0, "processes are left");
    let left = handed_in(&course().join("../../target/tutor"));
    assert_eq!(left, Vec::<PathBuf>::new(), "texts or programs are left");
}
