//! What a program finds, and what it cannot reach: terminals, descriptors, its keeper, its judge.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use supervise::{Ending, Isolation, Missing, Namespace, run};

use crate::common::{PLACES, compiled, end, findings, habit, has_namespaces, left, script, texts};

/// Runs the program that does nothing but supervise another, from within a shell that has done this before.
fn supervised_after(preparation: &str, arguments: &[&str]) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{preparation}\nexec \"$@\""), "sh"]);
    shell.arg(env!("CARGO_BIN_EXE_supervise")).args(arguments);
    shell.stdin(Stdio::null()).output().expect("there is a shell")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The places, as the program that supervises is told of them.
const OPTIONS: [&[&str]; 3] = [&[], &["--in-a-group"], &["--beside"]];

#[test]
fn a_parent_that_ignores_signals_changes_nothing() {
    for place in OPTIONS {
        let program = ["sh", "-c", "grep -E 'Sig(Ign|Blk)' /proc/self/status; (exit 3); echo $?"];
        let arguments = [place, &program].concat();
        let ignoring =
            supervised_after("trap '' CHLD INT QUIT PIPE TERM HUP USR1 TSTP", &arguments);
        let usual = supervised_after(":", &arguments);
        assert!(ignoring.status.success(), "{ignoring:?}");
        assert_eq!(out(&ignoring), out(&usual), "{place:?}");
        // The C library keeps the first two signals without a name to itself.
        assert!(
            out(&usual).starts_with("SigBlk:\t0000000000000000\nSigIgn:\t00000001"),
            "{usual:?}"
        );
    }
}

#[test]
fn a_mask_for_new_files_and_open_descriptors_stay_with_whoever_has_them() {
    for place in OPTIONS {
        let program = ["sh", "-c", "umask; ls /proc/self/fd"];
        let preparation = "umask 077; exec 7</dev/null 9>/dev/null";
        let output = supervised_after(preparation, &[place, &program].concat());
        assert_eq!(out(&output), "0022\n0\n1\n2\n3\n", "{place:?}: {output:?}");
    }
}

#[test]
fn a_program_is_in_a_session_that_it_does_not_lead() {
    for place in PLACES {
        // Number, parent, group, session, terminal, the terminal's group.
        let ended = end(&script("cut -d' ' -f1,4-8 /proc/$$/stat; echo $$", place));
        let lines = texts(&ended);
        let numbers: Vec<i64> = lines[0].split(' ').flat_map(str::parse).collect();
        let own: i64 = lines[1].parse().expect("a number");
        let [number, parent, group, session, terminal, its_group] = numbers[..] else {
            panic!("{lines:?}")
        };
        assert_eq!((number, group), (own, own), "{place:?}");
        assert_eq!((session, terminal, its_group), (parent, 0, -1), "{place:?}");
    }
}

/// A terminal with a shell in it that has been told to run this.
fn in_a_terminal(command: &str) -> Option<String> {
    let mut script = Command::new("script");
    script.args(["-qec", command, "/dev/null"]).stdin(Stdio::null());
    match script.output() {
        Ok(output) => Some(out(&output)),
        Err(error) => {
            eprintln!("skipped: there is no `script` to make a terminal ({error})");
            None
        }
    }
}

#[test]
fn nothing_can_be_typed_into_the_terminal_of_whoever_runs_it() {
    let Some(terminal) = compiled("terminal.c") else { return };
    let supervise = env!("CARGO_BIN_EXE_supervise");
    for place in ["", "--in-a-group", "--beside"] {
        // Into no other: whoever may do everything could type into those of all that work here.
        let command = format!("{supervise} {place} {} $(tty)", terminal.display());
        let Some(seen) = in_a_terminal(&command) else { return };
        assert!(seen.contains("done"), "{seen}");
        assert!(seen.contains("/dev/pts/"), "{place}: {seen}");
        assert!(seen.contains("/dev/tty: No such device or address"), "{place}: {seen}");
        let typed = seen.matches("typed into").count();
        if place.is_empty() && has_namespaces() {
            assert_eq!(typed, 0, "{seen}");
        } else if typed > 0 {
            // Who may do everything may do that as well.
            assert!(rustix::process::geteuid().is_root(), "{place}: {seen}");
        }
    }
}

#[test]
fn in_a_namespace_neither_keeper_nor_judge_can_be_reached() {
    if !has_namespaces() {
        return;
    }
    for (name, says) in [
        ("kill-the-parent", &[][..]),
        ("kill-the-judge", &["there is no judge"]),
        ("stop-the-judge", &["there is no judge"]),
        ("speak-for-the-keeper", &["took 0"]),
    ] {
        let ended = end(&habit(name, Isolation::IfAllowed));
        assert_eq!(ended.confinement.namespace, Namespace::Own);
        assert_eq!(texts(&ended), says, "{name}");
        assert!(ended.is_clean(), "{name}: {ended:?}");
    }
}

#[test]
fn whoever_ends_its_keeper_is_found_out_and_ended_with_all_that_it_started() {
    for place in [Isolation::GroupIfAllowed, Isolation::Never] {
        for name in ["kill-the-parent", "kill-the-parent-of-a-daemon", "speak-for-the-keeper"] {
            let ended = end(&habit(name, place));
            assert_eq!(findings(&ended)[0], "keeper-ended", "{name}, {place:?}: {ended:?}");
            let usage = ended.usage.expect("something is known");
            assert!(usage.missing.contains(&Missing::KeeperEnded), "{name}: {usage:?}");
            assert!(!usage.alone, "{name}: {usage:?}");
        }
        let next = end(&habit("behave", place));
        assert!(next.is_clean(), "{next:?}");
    }
}

#[test]
fn whoever_ends_its_judge_is_ended_and_what_he_would_have_removed_is_removed() {
    for place in ["--in-a-group", "--beside"] {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scratch{place}"));
        std::fs::create_dir_all(scratch.join("inner")).expect("it is our folder");
        let request = habit("kill-the-judge", Isolation::Never);
        let mut judge = Command::new(env!("CARGO_BIN_EXE_supervise"));
        judge.args([place, "--scratch"]).arg(&scratch).arg(&request.program);
        judge.args(&request.arguments).stderr(Stdio::null());
        for (name, value) in &request.environment {
            judge.env(name, value.as_ref().expect("it is set"));
        }
        // Its outputs end when everything has ended that holds them: the keeper last of all.
        let output = judge.stderr(Stdio::piped()).output().expect("it runs");
        assert_eq!(output.status.code(), None, "{output:?}");
        assert_eq!(left(&request), Vec::<String>::new(), "{place}");
        assert!(!scratch.exists(), "{place}");
    }
}

#[test]
fn a_keeper_that_cannot_be_run_is_no_fault_of_the_program() {
    let mut request = habit("behave", Isolation::Never);
    request.keeper = Some("/no/such/keeper".into());
    let error = run(&request, |_| {}).expect_err("there is no keeper");
    assert!(!error.is_of_the_program(), "{error}");
    assert!(error.to_string().starts_with("cannot run this program itself once more"), "{error}");
    request.keeper = Some("/bin/true".into());
    let error = run(&request, |_| {}).expect_err("it is no keeper");
    assert!(error.to_string().contains("a process that watches over the program"), "{error}");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let mut request = habit("behave", Isolation::IfAllowed);
    request.folder = Some("/no/such/folder".into());
    let error = run(&request, |_| {}).expect_err("there is no folder");
    assert!(error.is_of_the_program(), "{error}");
    assert!(error.to_string().contains("/no/such/folder cannot be entered"), "{error}");
}

#[test]
fn a_program_that_behaves_ends_as_it_wants() {
    for place in PLACES {
        let ended = end(&script("exit 7", place));
        assert_eq!(ended.ending, Ending::Exited(7));
        let usage = ended.usage.expect("Linux tells");
        assert!(usage.alone && usage.is_complete() && usage.processes == 1, "{place:?}: {usage:?}");
    }
}
