//! One test for each bad habit of `programs/misbehave.rs`.

use std::time::Duration;

use supervise::{Ending, Finding, Line, Report, Request, Stream, run};

/// How long a program may take that ends by itself: far longer than it needs on a busy machine.
const PATIENT: Duration = Duration::from_secs(60);

/// How long a program may take that never ends: enough for it to get into its habit.
const SHORT: Duration = Duration::from_millis(500);

fn program(name: &str) -> Request {
    Request { keeper: Some(env!("CARGO_BIN_EXE_supervise").into()), ..Request::new(name) }
}

fn misbehave(habit: &str) -> Request {
    program(env!("CARGO_BIN_EXE_misbehaving")).arguments([habit]).time_limit(PATIENT)
}

fn report(request: &Request) -> Report {
    run(request, |_| {}).unwrap_or_else(|error| panic!("{error:#}"))
}

fn texts(report: &Report) -> Vec<&str> {
    report.lines.iter().map(|line| line.text.as_str()).collect()
}

fn findings(report: &Report) -> Vec<&str> {
    report.findings.iter().map(Finding::name).collect()
}

fn sentences(report: &Report) -> String {
    report.findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}

/// The processes that said `pid …` and are still alive.
#[cfg(target_os = "linux")]
fn alive(report: &Report) -> Vec<u32> {
    let pids = report.lines.iter().filter_map(|line| line.text.strip_prefix("pid ")?.parse().ok());
    pids.filter(|pid| std::fs::exists(format!("/proc/{pid}")).unwrap_or(true)).collect()
}

#[test]
fn a_program_that_behaves_gives_no_reason_for_complaint() {
    let report = report(&misbehave("behave"));
    assert_eq!(texts(&report), ["one", "two", "three"]);
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn lines_are_passed_on_in_the_order_in_which_they_are_kept() {
    let mut seen = Vec::new();
    let report = run(&misbehave("alternate"), |line| seen.push(line.clone())).unwrap();
    assert_eq!(seen, report.lines);
    let of = |stream| move |line: &&Line| line.stream == stream;
    let outputs: Vec<_> = seen.iter().filter(of(Stream::Output)).map(|line| &line.text).collect();
    assert_eq!(outputs, ["output 1", "output 2", "output 3"]);
    assert_eq!(seen.iter().filter(of(Stream::Error)).count(), 3);
}

#[test]
fn an_error_is_found_with_its_code_and_its_last_words() {
    let report = report(&misbehave("fail"));
    assert_eq!(report.ending, Ending::Exited(3));
    assert_eq!(sentences(&report), "exited with code 3: the dog ate it");
}

#[test]
fn a_panic_is_found_with_its_message() {
    let report = report(&misbehave("panic"));
    assert_eq!(findings(&report), ["panicked"]);
    assert!(sentences(&report).ends_with(": the cat is on the keyboard"), "{report:?}");
}

#[test]
fn a_panic_is_found_even_where_the_program_ends_well() {
    let report = report(&misbehave("panic-in-a-thread"));
    assert_eq!(report.ending, Ending::Exited(0));
    assert_eq!(findings(&report), ["panicked"]);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let error = run(&program("no-such-program"), |_| {}).unwrap_err();
    assert!(format!("{error:#}").starts_with("`no-such-program`: it cannot be run"), "{error:#}");
}

#[test]
fn a_gigabyte_is_counted_and_its_beginning_kept() {
    let report = report(&misbehave("print-a-gigabyte"));
    assert_eq!(report.ending, Ending::Exited(0));
    assert_eq!(report.printed, 1 << 30);
    assert_eq!(findings(&report)[0], "flooded");
    let kept: usize = report.lines.iter().map(|line| line.text.len()).sum();
    assert!((100_000..1 << 20).contains(&kept), "{kept}");
}

#[test]
fn a_program_that_prints_for_ever_is_ended_for_it() {
    let request = Request { output_limit: Some(1 << 26), ..misbehave("print-for-ever") };
    let report = report(&request);
    assert_eq!(report.ending, Ending::OutputLimit);
    assert_eq!(findings(&report), ["too-much-output", "flooded"]);
}

#[test]
fn an_endless_line_keeps_its_beginning() {
    let report = report(&misbehave("print-an-endless-line"));
    assert_eq!(findings(&report), ["long-line", "half-line"]);
    assert!(sentences(&report).contains("line 1 of stdout is 64.0 MiB long"), "{report:?}");
}

#[test]
fn half_a_line_is_found() {
    let report = report(&misbehave("print-half-a-line"));
    assert_eq!(sentences(&report), "stdout ends in the middle of line 2");
}

#[test]
fn broken_utf8_is_found_with_its_line() {
    let report = report(&misbehave("print-broken-utf-8"));
    assert_eq!(sentences(&report), "line 2 of stdout is not UTF-8, nor are 1 more");
}

#[test]
fn a_program_that_hangs_is_ended() {
    let report = report(&misbehave("hang").time_limit(SHORT));
    assert_eq!(report.ending, Ending::TimedOut);
    assert_eq!(findings(&report), ["hung"]);
}

#[test]
fn an_environment_and_a_folder_are_the_ones_asked_for() {
    let request = program("sh").arguments(["-c", "echo $WORD; pwd"]);
    let request = Request { folder: Some("/".into()), ..request.variable("WORD", "seen") };
    if cfg!(unix) {
        assert_eq!(texts(&report(&request)), ["seen", "/"]);
    }
}

#[cfg(unix)]
mod unix {
    use super::*;

    #[test]
    fn an_abort_is_found() {
        let report = report(&misbehave("abort"));
        assert_eq!(sentences(&report), "aborted (SIGABRT)");
    }

    #[test]
    fn a_stack_overflow_is_found_with_its_last_words() {
        let report = report(&misbehave("overflow-the-stack"));
        let expected = "aborted (SIGABRT): fatal runtime error: stack overflow";
        assert!(sentences(&report).starts_with(expected), "{report:?}");
    }

    #[test]
    fn a_signal_is_found_by_its_name() {
        let report = report(&misbehave("segfault"));
        assert_eq!(sentences(&report), "killed by SIGSEGV (signal 11)");
    }

    #[test]
    fn a_program_that_kills_its_supervisor_is_an_error() {
        let error = run(&misbehave("kill-the-parent"), |_| {}).unwrap_err();
        assert!(format!("{error:#}").contains("ended by somebody else"), "{error:#}");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::*;

    const NOBODY: [u32; 0] = [];

    fn hung(habit: &str) -> Report {
        let report = report(&misbehave(habit).time_limit(SHORT));
        assert_eq!(report.ending, Ending::TimedOut);
        assert_eq!(alive(&report), NOBODY, "{habit}");
        report
    }

    #[test]
    fn a_deadlock_is_told_apart_from_an_endless_loop() {
        let deadlock = sentences(&hung("deadlock"));
        assert!(deadlock.ends_with("all of its 2 threads were waiting, as in a deadlock"));
        let spin = sentences(&hung("spin"));
        assert!(spin.ends_with("1 of its 1 threads were running"), "{spin}");
    }

    #[test]
    fn a_program_that_ignores_termination_is_killed() {
        assert_eq!(findings(&hung("ignore-termination")), ["hung"]);
    }

    #[test]
    fn a_program_that_stops_itself_is_ended() {
        assert!(sentences(&hung("stop-itself")).ends_with("was stopped by a signal"));
    }

    #[test]
    fn a_program_that_closes_its_output_and_runs_on_is_ended() {
        assert_eq!(hung("close-the-output").lines.len(), 1);
    }

    #[test]
    fn twenty_processes_in_groups_of_their_own_are_ended() {
        let report = hung("hang-with-twenty");
        assert_eq!(report.lines.len(), 20, "{report:?}");
    }

    #[test]
    fn a_program_that_changes_its_process_group_is_ended() {
        hung("change-the-group");
    }

    #[test]
    fn a_daemon_is_ended_with_the_program_that_started_it() {
        hung("hang-with-a-daemon");
    }

    #[test]
    fn a_child_that_holds_the_output_open_is_found_and_ended() {
        let report = report(&misbehave("leave-a-child"));
        assert_eq!(report.ending, Ending::Exited(0));
        assert_eq!(findings(&report), ["left-behind"]);
        assert!(sentences(&report).contains("misbehaving hang (pid "), "{report:?}");
        assert_eq!(alive(&report), NOBODY);
    }

    #[test]
    fn a_daemon_is_found_and_ended() {
        let report = report(&misbehave("leave-a-daemon"));
        assert_eq!(findings(&report), ["left-behind"]);
        let [Finding::LeftBehind(left)] = report.findings.as_slice() else { panic!("{report:?}") };
        let [daemon] = left.as_slice() else { panic!("{report:?}") };
        assert!(!std::fs::exists(format!("/proc/{}", daemon.pid)).unwrap());
    }

    #[test]
    fn a_process_that_begets_and_dies_for_ever_is_caught() {
        let report = report(&misbehave("beget-and-die"));
        assert_eq!(report.ending, Ending::Exited(0));
        assert_eq!(findings(&report), ["left-behind"]);
    }

    #[test]
    fn a_process_of_somebody_else_is_left_alone_even_where_it_holds_the_output() {
        let mut other = None;
        let report = run(&misbehave("hang").time_limit(SHORT), |line| {
            let pid = line.text.trim_start_matches("pid ");
            let output = std::fs::File::options().write(true).open(format!("/proc/{pid}/fd/1"));
            let mut command = std::process::Command::new("sleep");
            let command = command.arg("600").stdout(output.expect("it is there"));
            other = Some(command.spawn().expect("it sleeps"));
        });
        let mut other = other.expect("the program printed a line");
        let is_alive = other.try_wait().expect("it is our child").is_none();
        other.kill().and_then(|()| other.wait().map(drop)).expect("it is our child");
        assert!(is_alive, "it was ended with the program");
        assert!(findings(&report.expect("it ran")).contains(&"held-open"));
    }

    #[test]
    fn a_program_on_one_core_may_use_one_core() {
        let request = Request { cores: Some(1), ..program("nproc") };
        let report = report(&request);
        assert_eq!((texts(&report), report.cores), (vec!["1"], Some(1)));
    }

    #[test]
    fn the_account_has_the_cpu_time_of_grandchildren() {
        let report = report(&misbehave("spin").time_limit(SHORT));
        let usage = report.usage.expect("Linux tells");
        assert!(usage.cpu() > SHORT / 10, "{usage:?}");
    }
}
