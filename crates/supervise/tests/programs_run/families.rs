//! What a program starts: processes in groups and sessions of their own, daemons, lineages that are never
//! there when one looks.
use supervise::{Ended, Ending, Finding, Isolation, Missing, Request, run};

use crate::common::{
    PATIENT, PLACES, SHORT, compiled, end, findings, habit, left, program, script, sentences, texts,
};

fn hung(name: &str, place: Isolation) -> Ended {
    let ended = end(&habit(name, place).time_limit(SHORT));
    assert_eq!(ended.ending, Ending::TimedOut, "{name}, {place:?}");
    ended
}

#[test]
fn a_deadlock_is_told_apart_from_an_endless_loop() {
    for place in PLACES {
        let deadlock = sentences(&hung("deadlock", place));
        assert!(deadlock.ends_with("all of its 2 threads were waiting, as in a deadlock"));
        let spin = sentences(&hung("spin", place));
        assert!(spin.ends_with("1 of its 1 threads were running"), "{spin}");
    }
}

#[test]
fn a_program_that_ignores_termination_is_killed() {
    for place in PLACES {
        assert_eq!(findings(&hung("ignore-termination", place)), ["hung"]);
    }
}

#[test]
fn a_program_that_stops_itself_is_ended() {
    for place in PLACES {
        let ended = hung("stop-itself", place);
        assert!(sentences(&ended).ends_with("was stopped by a signal"), "{ended:?}");
    }
}

#[test]
fn a_program_that_closes_its_output_and_runs_on_is_ended() {
    for place in PLACES {
        assert_eq!(hung("close-the-output", place).lines.len(), 1);
    }
}

#[test]
fn processes_in_groups_and_sessions_of_their_own_are_ended() {
    for place in PLACES {
        assert_eq!(hung("hang-with-twenty", place).lines.len(), 20);
        hung("change-the-group", place);
        hung("hang-with-a-daemon", place);
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
        assert_eq!(ended.ending, Ending::TimedOut, "{place:?}");
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
