//! What a program starts: processes in groups and sessions of their own, daemons, lineages that are never
//! there when one looks.
use supervise::{Ended, Ending, Finding, Isolation, Missing, Request, run};

use crate::common::{
    PATIENT, PLACES, SHORT, compiled, end, findings, habit, left, program, script, sentences, texts,
};

/// Runs a program that hangs, and is ended once it has had so long as it needs to get into its habit. Nobody
/// knows how long that is on this machine at this moment.
fn hung(name: &str, place: Isolation, is_in_its_habit: impl Fn(&Ended) -> bool) -> Ended {
    let mut limit = SHORT;
    loop {
        let ended = end(&habit(name, place).time_limit(limit));
        assert_eq!(ended.ending, Ending::TimedOut, "{name}, {place:?}");
        if is_in_its_habit(&ended) {
            return ended;
        }
        assert!(limit < PATIENT, "{name}, {place:?}: {ended:?}");
        limit *= 2;
    }
}

/// What is said of a program that hangs ends so, sooner or later.
fn hung_and_said(name: &str, place: Isolation, words: &str) {
    hung(name, place, |ended| sentences(ended).ends_with(words));
}

#[test]
fn a_deadlock_is_told_apart_from_an_endless_loop() {
    for place in PLACES {
        hung_and_said(
            "deadlock",
            place,
            "all of its 2 threads were waiting, as in a deadlock or a long sleep",
        );
        hung_and_said("spin", place, "its only thread was running");
    }
}

#[test]
fn a_program_that_ignores_termination_is_killed() {
    for place in PLACES {
        let ended = hung("ignore-termination", place, |ended| !ended.lines.is_empty());
        assert_eq!(findings(&ended), ["hung"]);
    }
}

#[test]
fn a_program_that_stops_itself_is_ended() {
    for place in PLACES {
        hung_and_said("stop-itself", place, "was stopped by a signal");
    }
}

#[test]
fn a_program_that_closes_its_output_and_runs_on_is_ended() {
    for place in PLACES {
        let ended = hung("close-the-output", place, |ended| !ended.lines.is_empty());
        assert_eq!(ended.lines.len(), 1);
    }
}

#[test]
fn processes_in_groups_and_sessions_of_their_own_are_ended() {
    for place in PLACES {
        hung("hang-with-twenty", place, |ended| ended.lines.len() == 20);
        hung("change-the-group", place, |ended| ended.lines.len() == 5);
        hung("hang-with-a-daemon", place, |ended| ended.lines.len() == 2);
    }
}

#[test]
fn a_child_that_holds_the_output_open_is_found_and_ended() {
    for place in PLACES {
        let ended = end(&habit("leave-a-child", place));
        assert_eq!(ended.ending, Ending::Exited(0));
        assert_eq!(findings(&ended), ["left-behind"]);
        assert!(sentences(&ended).contains("misbehaving hang (pid "), "{ended:?}");
    }
}

#[test]
fn a_daemon_is_found_and_ended() {
    for place in PLACES {
        let ended = end(&habit("leave-a-daemon", place));
        let [Finding::LeftBehind(left)] = ended.findings.as_slice() else { panic!("{ended:?}") };
        assert_eq!(left.len(), 1, "{left:?}");
    }
}

#[test]
fn a_process_that_begets_and_dies_for_ever_is_caught() {
    for place in PLACES {
        let ended = end(&habit("beget-and-die", place));
        assert_eq!(ended.ending, Ending::Exited(0));
        assert_eq!(findings(&ended), ["left-behind"]);
    }
}

/// Twenty lineages, each in ever new sessions, each generation of which lives for two milliseconds.
#[test]
fn lineages_that_beget_faster_than_anybody_looks_are_ended() {
    let Some(lineages) = compiled("lineages.c") else { return };
    for place in PLACES {
        let request = program(&lineages, place).arguments(["20", "10", "2000"]).time_limit(SHORT);
        let ended = end(&request);
        // They may be too many at the one moment or the other, if nobody takes leave of them.
        assert!(matches!(ended.ending, Ending::TimedOut | Ending::Exhausted), "{place:?}");
        assert!(!findings(&ended).contains(&"escaped"), "{place:?}: {}", sentences(&ended));
    }
}

#[test]
fn a_process_of_somebody_else_is_left_alone_even_where_it_holds_the_output() {
    let mut other = None;
    let request = habit("hang", Isolation::Never).time_limit(SHORT);
    let ended = run(&request, |line| {
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
    assert!(findings(&ended.expect("it ran")).contains(&"held-open"));
    assert_eq!(left(&request), Vec::<String>::new());
}

#[test]
fn a_program_on_one_core_may_use_one_core() {
    for place in PLACES {
        let ended = end(&Request { cores: Some(1), ..program("nproc", place) });
        assert_eq!((texts(&ended), ended.cores), (vec!["1"], Some(1)));
    }
}

#[test]
fn the_account_has_the_cpu_time_of_whom_nobody_waits_for() {
    for place in PLACES {
        let busy = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        let alone = end(&script(busy, place)).usage.expect("Linux tells");
        let orphan =
            format!("( ({busy}) & ) ; sleep 0.1; while [ -e /proc/$$/nothing ]; do :; done");
        let request = Request { grace: PATIENT, ..script(&orphan, place) };
        let handed = end(&request).usage.expect("Linux tells");
        assert!(handed.cpu() > alone.cpu() / 2, "{place:?}: {handed:?}, {alone:?}");
        assert!(alone.is_complete() && handed.is_complete(), "{place:?}");
        assert!(alone.alone && !handed.alone, "{place:?}: {alone:?}, {handed:?}");
        assert!(handed.processes >= 2, "{place:?}: {handed:?}");
    }
}

/// A process that has gone its own way is not in the account if its parent does not want to know: with
/// `SIGCHLD` ignored, and with `SA_NOCLDWAIT`.
#[test]
fn children_without_an_account_are_missed() {
    let Some(disown) = compiled("disown.c") else { return };
    for place in PLACES {
        for how in ["ignore", "no-wait"] {
            let ended = end(&program(&disown, place).arguments([how, "15"]));
            assert_eq!(ended.ending, Ending::Exited(0), "{ended:?}");
            let usage = ended.usage.expect("Linux tells");
            assert_eq!(usage.missing, [Missing::Disowned], "{how}, {place:?}: {usage:?}");
        }
        let ended = end(&program(&disown, place).arguments(["own", "15"]));
        let usage = ended.usage.expect("Linux tells");
        assert!(usage.is_complete() && usage.processes >= 2, "{place:?}: {usage:?}");
    }
}
