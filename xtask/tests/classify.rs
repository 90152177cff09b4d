//! What `cargo xtask classify` says of programs of which it is known what they are.
//!
//! A verdict is about a run, and a busy machine keeps a parallel program from
//! being parallel. So a test says which verdicts would be *wrong*, and a program
//! that does not let go of its core must be found out only where it has one to itself.

use std::process::{Command, Output};

use serde_json::Value;

const MISBEHAVE: &str = env!("CARGO_BIN_EXE_misbehave");

fn xtask() -> Command {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
}

fn classify(arguments: &[&str]) -> Output {
    xtask().args(["classify", "--time-limit", "60"]).args(arguments).output().expect("it runs")
}

fn report(arguments: &[&str]) -> Value {
    let output = classify(&[&["--format", "json"], arguments].concat());
    let report = serde_json::from_slice(&output.stdout);
    report.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn verdicts(report: &Value) -> [&str; 2] {
    ["concurrent", "parallel"].map(|axis| report[axis]["verdict"].as_str().expect("a verdict"))
}

#[test]
fn the_output_is_passed_through() {
    let output = classify(&["--", MISBEHAVE, "alternate"]);
    assert_eq!(output.stdout, b"output 1\noutput 2\noutput 3\n");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("error 1\n") && errors.contains("concurrent: "), "{errors}");
}

#[test]
fn in_json_the_output_is_out_of_the_way() {
    let output = classify(&["--format", "json", "--", MISBEHAVE, "behave"]);
    serde_json::from_slice::<Value>(&output.stdout).expect("nothing but the report");
    assert_eq!(output.stderr, b"one\ntwo\nthree\n");
}

#[test]
fn the_exit_code_is_the_programs_in_the_report_and_ours_at_the_end() {
    let output = classify(&["--format", "json", "--", MISBEHAVE, "fail"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).expect("a report")["exit"], 3);
}

#[test]
fn what_is_no_program_and_what_is_no_pattern_are_wrong_usage() {
    assert_eq!(classify(&["--", "no-such-program"]).status.code(), Some(2));
    assert_eq!(classify(&["--task", "(", "--", MISBEHAVE, "behave"]).status.code(), Some(2));
    assert_eq!(classify(&["--time-limit=-1", "--", MISBEHAVE, "behave"]).status.code(), Some(2));
    assert_eq!(classify(&[]).status.code(), Some(2));
}

#[test]
fn a_program_that_prints_nothing_is_left_open() {
    let report = report(&["--", MISBEHAVE, "compute-together"]);
    assert_eq!(verdicts(&report)[0], "inconclusive");
    assert_eq!(report["exit"], 0);
}

#[test]
fn a_program_that_hangs_is_ended_and_classified() {
    let report = report(&["--time-limit", "0.5", "--", MISBEHAVE, "hang"]);
    assert_eq!(report["ending"], "ended after its time limit");
    assert_eq!(report["exit"], Value::Null);
    assert_eq!(report["findings"][0]["name"], "hung");
    if cfg!(target_os = "linux") {
        assert_eq!(verdicts(&report)[1], "ruled-out", "{report:#}");
    }
}

#[test]
fn the_pattern_says_what_a_task_is() {
    let report = report(&["--task", r"^(\w+) \d", "--", MISBEHAVE, "alternate"]);
    let concurrent = &report["concurrent"];
    assert_eq!(concurrent["evidence"]["tasks"][0]["name"], "output");
    assert_eq!(concurrent["verdict"], "ruled-out", "there is one task: {concurrent:#}");
}

#[test]
fn tasks_may_be_named_on_standard_error() {
    let report = report(&["--task", r"^(error) \d", "--", MISBEHAVE, "alternate"]);
    let evidence = &report["concurrent"]["evidence"];
    assert_eq!((&evidence["stream"], &evidence["task_count"]), (&"stderr".into(), &1.into()));
}

/// Who said something about *concurrent*.
fn sources(report: &Value) -> Vec<&str> {
    let claims = report["concurrent"]["claims"].as_array().expect("a list");
    claims.iter().filter_map(|claim| claim["source"].as_str()).collect()
}

#[cfg(unix)]
#[test]
fn what_a_program_records_of_itself_is_taken_up() {
    const FORGE: &str = env!("CARGO_BIN_EXE_forge");
    assert_eq!(sources(&report(&["--", FORGE, "honest-threads"])), ["recorder", "lines"]);
    // It may have been told where to record, and keeps its trace there.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.trace");
    for expected in [&["recorder", "lines"][..], &["lines"]] {
        let program = if expected.len() == 2 { FORGE } else { MISBEHAVE };
        let output = xtask()
            .args(["classify", "--format", "json", "--", program])
            .arg(if program == FORGE { "honest-threads" } else { "behave" })
            .env("LAB_TRACE", &path)
            .output()
            .expect("it runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        // What another run left there is not of this one.
        assert_eq!(sources(&report), expected);
        assert!(path.exists());
    }
    let damaged = report(&["--", FORGE, "damage-the-trace"]);
    assert!(
        damaged["missing"].as_str().is_some_and(|why| why.contains("Its trace")),
        "{damaged:#}"
    );
}

/// What a file holds that `classify` wrote.
fn pictured(option: &str, name: &str, command: &[&str]) -> (Output, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let arguments = [&[option, path.to_str().expect("it is text"), "--"], command].concat();
    let output = classify(&arguments);
    (output, std::fs::read_to_string(&path).expect("it was written"))
}

#[test]
fn any_program_has_a_picture() {
    let (output, svg) = pictured("--svg", "run.svg", &[MISBEHAVE, "alternate"]);
    assert_eq!(output.status.code(), Some(0));
    let document = roxmltree::Document::parse(&svg).expect("it is XML");
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    let has = |what: &str| texts.iter().any(|text| text.contains(what));
    assert!(has("alternate"), "its title is the command");
    let errors = String::from_utf8_lossy(&output.stderr);
    if !errors.contains("is not to be had") {
        assert!(has("core ") && has("misbehave"), "lanes of cores and of threads: {texts:?}");
    }
}

#[test]
fn lines_are_marks_and_tasks_have_lanes_in_other_programs_as_well() {
    let task = ["--task", r"^(\w+) \d", "--"];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.json");
    let arguments = ["--perfetto", path.to_str().expect("it is text")];
    classify(&[&arguments, &task[..], &[MISBEHAVE, "alternate"]].concat());
    let text = std::fs::read_to_string(&path).expect("it was written");
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    let events = document["traceEvents"].as_array().expect("a list");
    let lines = events.iter().filter(|event| event["cat"] == "line");
    let lines: Vec<&str> = lines.filter_map(|event| event["name"].as_str()).collect();
    assert_eq!(lines, ["output 1", "output 2", "output 3"]);
    assert!(events.iter().any(|event| event["args"]["name"] == "a output"), "{events:?}");
}

#[test]
fn a_page_shows_all_that_was_printed_and_no_markup_of_it() {
    let (_, page) = pictured("--report", "run.html", &[MISBEHAVE, "alternate"]);
    assert!(page.contains("output 3") && page.contains("error 1"), "both outputs are there");
    assert!(page.contains("exited with code 0"));
}

#[test]
fn a_picture_overwrites_nothing_that_is_not_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes.svg");
    std::fs::write(&path, "my notes").expect("there is space");
    let output =
        classify(&["--svg", path.to_str().expect("it is text"), "--", MISBEHAVE, "behave"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "nothing was run");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "my notes");
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, ChildStderr, Stdio};

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    /// Starts to classify a program that hangs, and waits until it does.
    fn classify_hanging() -> (Child, BufReader<ChildStderr>, String) {
        let mut classify = xtask()
            .args(["classify", "--format", "json", "--", MISBEHAVE, "hang-with-a-daemon"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut output = BufReader::new(classify.stderr.take().expect("it is a pipe"));
        let (mut daemon, mut program) = (String::new(), String::new());
        output.read_line(&mut daemon).expect("the daemon gives its number");
        output.read_line(&mut program).expect("the program gives its number");
        (classify, output, daemon.trim().replace("pid ", "/proc/"))
    }

    fn signal(child: &Child, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("it is a number")).expect("not 0");
        kill_process(pid, signal).expect("it is our child");
    }

    #[test]
    fn an_interrupt_ends_the_program_and_still_gives_a_report() {
        let (classify, _output, daemon) = classify_hanging();
        signal(&classify, Signal::INT);
        let output = classify.wait_with_output().expect("it is our child");
        assert_eq!(output.status.code(), Some(130));
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        assert_eq!(report["ending"], "interrupted");
        assert!(!fs::exists(&daemon).unwrap_or(true), "{daemon} is still there");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_does_not_outlive_whoever_classifies_it() {
        let (mut classify, _output, daemon) = classify_hanging();
        signal(&classify, Signal::KILL);
        classify.wait().expect("it is our child");
        while fs::exists(&daemon).unwrap_or(false) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_daemon_is_ended_and_reported() {
        let report = report(&["--", MISBEHAVE, "leave-a-daemon"]);
        assert_eq!(report["exit"], 0);
        if cfg!(target_os = "linux") {
            assert_eq!(report["findings"][0]["name"], "left-behind");
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::*;

    #[test]
    fn on_one_core_nothing_is_parallel() {
        let report = report(&["--cores", "1", "--", MISBEHAVE, "compute-together"]);
        assert_eq!(verdicts(&report)[1], "ruled-out", "{report:#}");
        assert_eq!(report["restricted_to_cores"], 1);
    }

    #[test]
    fn one_thread_is_not_parallel() {
        let report = report(&["--time-limit", "0.5", "--", MISBEHAVE, "spin"]);
        assert_eq!(verdicts(&report)[1], "ruled-out", "{report:#}");
    }

    #[test]
    fn threads_that_wake_each_other_are_not_parallel() {
        let report = report(&["--", MISBEHAVE, "hand-over"]);
        assert_ne!(verdicts(&report)[1], "proven", "{report:#}");
    }

    #[test]
    fn an_account_without_children_rules_nothing_out() {
        let ignore =
            ["--evidence", "accounts", "--", "env", "--ignore-signal=CHLD", "sleep", "0.2"];
        let report = report(&ignore);
        assert_eq!(report["exit"], 0, "{report:#}");
        assert_eq!(verdicts(&report)[1], "inconclusive", "{report:#}");
    }
}

#[cfg(target_os = "linux")]
mod known {
    //! Programs of many kinds, each of which is what it is for a reason that one can read.

    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// Where the programs are.
    const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");

    /// A program of which it is known what it is.
    struct Known {
        name: &'static str,
        /// The program and its arguments, between blanks. `P/` is the folder of programs, and `T/` one
        /// for what they need.
        command: &'static str,
        /// The pattern for its tasks, where it does not name them in a usual way.
        task: Option<&'static str>,
        /// What it would be wrong to say of it: that it is concurrent, and that it is parallel.
        wrong: [&'static str; 2],
    }

    const PROVEN: &str = "proven";
    const RULED_OUT: &str = "ruled-out";
    /// It may be either, from one run to the next.
    const NOTHING: &str = "nothing";

    const KNOWN: &[Known] = &[
        Known {
            // Its tasks are on one thread, and each waits while the others go on.
            name: "coroutines",
            command: "python3 P/coroutines.py",
            task: None,
            wrong: [RULED_OUT, PROVEN],
        },
        Known {
            // Each task prints one line, so that none is seen to last; and then it sleeps.
            name: "a pool that sleeps",
            command: "python3 P/sleeping_pool.py",
            task: Some(r"^(Processing \d)"),
            wrong: [PROVEN, PROVEN],
        },
        Known {
            name: "a pool that computes",
            command: "python3 P/computing_pool.py",
            task: Some(r"^(\d):"),
            wrong: [NOTHING, RULED_OUT],
        },
        Known {
            // Only one of its threads at a time has the interpreter's lock.
            name: "threads under the interpreter's lock",
            command: "python3 P/threads.py",
            task: None,
            wrong: [RULED_OUT, PROVEN],
        },
        Known {
            name: "one after the other",
            command: "python3 P/one_after_the_other.py",
            task: None,
            wrong: [PROVEN, PROVEN],
        },
        Known {
            name: "xargs -P2",
            command: "xargs -a P/sleepers.txt -P2 -I{} sh P/sleep.sh {}",
            task: Some(r"^(\w+):"),
            wrong: [RULED_OUT, PROVEN],
        },
        Known {
            name: "xargs -P1",
            command: "xargs -a P/sleepers.txt -P1 -I{} sh P/sleep.sh {}",
            task: Some(r"^(\w+):"),
            wrong: [PROVEN, PROVEN],
        },
        Known {
            name: "make -j2",
            command: "make -s -j2 -f P/Makefile",
            task: Some(r"^(\w+):"),
            wrong: [NOTHING, RULED_OUT],
        },
        Known {
            name: "make -j1",
            command: "make -s -j1 -f P/Makefile",
            task: Some(r"^(\w+):"),
            wrong: [PROVEN, PROVEN],
        },
        Known {
            name: "a pipeline",
            command: "sh P/pipeline.sh",
            task: None,
            wrong: [PROVEN, RULED_OUT],
        },
        Known {
            name: "xz -T1",
            command: "xz -T1 -2 -k -c T/text",
            task: None,
            wrong: [PROVEN, PROVEN],
        },
        Known {
            name: "xz -T2",
            command: "xz -T2 -2 --block-size=1MiB -k -c T/text",
            task: None,
            wrong: [PROVEN, RULED_OUT],
        },
        Known {
            // One thread runs its timers, and others clean up and compile beside it.
            name: "node with timers",
            command: "node P/timers.js",
            task: None,
            wrong: [RULED_OUT, NOTHING],
        },
        Known {
            name: "java with threads",
            command: "java P/Threads.java",
            task: None,
            wrong: [NOTHING, RULED_OUT],
        },
        Known {
            name: "C with a lock around the work",
            command: "T/lock",
            task: None,
            wrong: [NOTHING, PROVEN],
        },
        Known {
            name: "C without a lock",
            command: "T/no_lock",
            task: None,
            wrong: [NOTHING, RULED_OUT],
        },
    ];

    /// A folder with what the programs need, as far as it can be made here.
    fn prepare(name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("it is ours");
        // Text that a compressor has some work with.
        let words = (0..500_000_u64).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40);
        let text = words.map(|word| format!("{word:x}\n")).collect::<String>();
        fs::write(folder.join("text"), text).expect("there is space");
        for name in ["lock", "no_lock", "kinds"] {
            let source = format!("{PROGRAMS}/{name}.c");
            let compile = Command::new("cc")
                .args(["-O1", "-pthread", "-o", name, &source])
                .current_dir(&folder)
                .status();
            if !compile.is_ok_and(|status| status.success()) {
                eprintln!("{name}: cannot be compiled here");
            }
        }
        folder
    }

    #[test]
    fn no_known_program_is_misjudged() {
        let folder = prepare("classify");
        let mut wrongs = Vec::new();
        for Known { name, command, task, wrong } in KNOWN {
            let folder = folder.to_str().expect("it is text");
            let place = |word: &str| {
                word.replace("P/", &format!("{PROGRAMS}/")).replace("T/", &format!("{folder}/"))
            };
            let command: Vec<String> = command.split(' ').map(place).collect();
            if Command::new(&command[0]).arg("--version").output().is_err() {
                eprintln!("{name}: skipped, for there is no {} here", command[0]);
                continue;
            }
            let mut arguments: Vec<&str> = task.iter().flat_map(|task| ["--task", task]).collect();
            arguments.push("--");
            arguments.extend(command.iter().map(String::as_str));
            let report = report(&arguments);
            let said = verdicts(&report);
            eprintln!("{name}: concurrent {}, parallel {}", said[0], said[1]);
            // On a busy machine threads that want to execute at once sometimes never do.
            let is_excused = is_hindered(&report) && said[1] == RULED_OUT;
            let is_wrong = [said[0] == wrong[0], said[1] == wrong[1] && !is_excused];
            if report["exit"] != 0 || is_wrong.contains(&true) {
                wrongs.push(format!("{name}: {report:#}"));
            }
        }
        assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    }

    fn is_hindered(report: &Value) -> bool {
        report["parallel"]["hindrances"].as_array().is_some_and(|list| !list.is_empty())
    }

    /// What the kernel's own record says, where it is to be had.
    fn switches(report: &Value) -> Option<&Value> {
        let claims = report["parallel"]["claims"].as_array()?;
        claims.iter().find(|claim| claim["source"] == "switches")
    }

    /// Kinds of programs, whether they are parallel, and what keeps those from it that are not.
    const KINDS: &[(&str, bool, &str)] = &[
        ("one-thread", false, "one-thread"),
        ("join-after-start", false, "join-after-start"),
        ("one-worker", false, "one-worker"),
        ("turns", false, "turns"),
        ("pinned", false, "pinned"),
        ("waiting", false, "mostly-waiting"),
        ("processes", false, "processes-in-turn"),
        ("at-once", true, ""),
        ("children", true, ""),
        ("grandchildren", true, ""),
        ("exec-from-thread", false, ""),
        ("main-exits", true, ""),
    ];

    /// The program of many kinds, where it can be compiled.
    fn kinds() -> Option<String> {
        let kinds = prepare("kinds").join("kinds");
        kinds.exists().then(|| kinds.to_str().expect("it is text").to_owned())
    }

    #[test]
    fn each_kind_is_told_for_certain_and_with_its_cause() {
        let Some(kinds) = kinds() else { return eprintln!("skipped: no compiler here") };
        for &(kind, parallel, cause) in KINDS {
            let report = report(&["--", &kinds, kind]);
            let Some(claim) = switches(&report) else {
                return eprintln!("skipped: the kernel's own record is not to be had here");
            };
            let said = verdicts(&report)[1];
            let is_excused = is_hindered(&report) && said == RULED_OUT;
            match parallel {
                true => assert!(said == PROVEN || is_excused, "{kind}: {report:#}"),
                false => {
                    let reasons = claim["reasons"].to_string();
                    assert_eq!(said, RULED_OUT, "{kind}: {report:#}");
                    // Where others have the cores, one cause may look like another.
                    let is_told = reasons.contains(cause) || is_hindered(&report);
                    assert!(is_told, "{kind}: {reasons}");
                }
            }
        }
    }

    #[test]
    fn helpers_of_a_runtime_are_no_work_of_the_programs() {
        let Some(kinds) = kinds() else { return eprintln!("skipped: no compiler here") };
        let report = report(&["--", &kinds, "helper"]);
        let Some(claim) = switches(&report) else {
            return eprintln!("skipped: the kernel's own record is not to be had here");
        };
        assert_eq!(verdicts(&report)[1], RULED_OUT, "{report:#}");
        let reasons = claim["reasons"].to_string();
        assert!(reasons.contains("one-thread") && reasons.contains("helpers"), "{reasons}");
        let sentence = report["parallel"]["sentence"].to_string();
        assert!(sentence.contains("C2 CompilerThre"), "{sentence}");
    }

    #[test]
    fn it_is_said_who_restricted_a_program_to_one_core() {
        let Some(kinds) = kinds() else { return eprintln!("skipped: no compiler here") };
        let sentence = |arguments: &[&str]| {
            report(&[arguments, &["--", &kinds, "at-once"]].concat())["parallel"]["sentence"]
                .to_string()
        };
        let restricted = sentence(&["--cores", "1"]);
        assert!(restricted.contains("--cores"), "{restricted}");
    }

    #[test]
    fn without_the_kernels_own_record_no_kind_is_misjudged() {
        let Some(kinds) = kinds() else { return eprintln!("skipped: no compiler here") };
        for &(kind, parallel, _) in KINDS {
            let report = report(&["--evidence", "accounts", "--", &kinds, kind]);
            assert!(switches(&report).is_none());
            let wrong = if parallel { RULED_OUT } else { PROVEN };
            let is_excused = is_hindered(&report) && parallel;
            assert!(verdicts(&report)[1] != wrong || is_excused, "{kind}: {report:#}");
        }
    }

    #[test]
    fn whoever_widens_its_cores_is_seen_on_them() {
        let Some(kinds) = kinds() else { return eprintln!("skipped: no compiler here") };
        let is_one_core = std::thread::available_parallelism().map_or(1, Into::into) == 1;
        for evidence in ["all", "accounts"] {
            let report = report(&["--evidence", evidence, "--cores", "1", "--", &kinds, "escape"]);
            let is_excused = is_hindered(&report) || is_one_core;
            assert!(verdicts(&report)[1] != RULED_OUT || is_excused, "{report:#}");
        }
    }
}
