//! What becomes of a program when whoever runs it is asked to end, or stopped.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use supervise::{Isolation, Request};

use crate::common::{habit, left, script};

const OPTIONS: [&[&str]; 3] = [&[], &["--in-a-group"], &["--beside"]];

/// A program that runs another.
struct Judge {
    process: Child,
    lines: BufReader<ChildStdout>,
    request: Request,
}

impl Judge {
    fn start(options: &[&str], request: Request) -> Judge {
        let mut command = Command::new(env!("CARGO_BIN_EXE_supervise"));
        command.args(options).arg(&request.program).args(&request.arguments);
        for (name, value) in &request.environment {
            command.env(name, value.as_ref().expect("it is set"));
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("it runs");
        let lines = BufReader::new(process.stdout.take().expect("a pipe was asked for"));
        Judge { process, lines, request }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("it prints text");
        line.trim_end().to_owned()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).expect("it is our child");
    }

    /// Waits until it is stopped.
    fn wait_until_stopped(&self) {
        let options = WaitOptions::UNTRACED;
        let status = waitpid(Some(Pid::from_child(&self.process)), options).expect("our child");
        assert!(status.is_some_and(|(_, status)| status.stopped()), "{status:?}");
    }

    /// Its exit code, and what it said of the program; nothing of that is left.
    fn end(mut self) -> (Option<i32>, String) {
        let (mut said, mut rest) = (String::new(), String::new());
        self.lines.read_to_string(&mut rest).expect("it prints text");
        let mut errors = self.process.stderr.take().expect("a pipe was asked for");
        errors.read_to_string(&mut said).expect("it prints text");
        let status = self.process.wait().expect("it is our child");
        assert_eq!(left(&self.request), Vec::<String>::new());
        (status.code(), said + &rest)
    }
}

/// A test that fails leaves nothing behind either.
impl Drop for Judge {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

#[test]
fn requests_to_end_end_the_program_too_and_are_told_by_the_exit_code() {
    for options in OPTIONS {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let mut judge = Judge::start(options, habit("hang-with-a-daemon", Isolation::Never));
            assert!(judge.line().starts_with("pid "), "{options:?}");
            judge.signal(signal);
            let (code, said) = judge.end();
            assert_eq!(code, Some(128 + signal.as_raw()), "{options:?}: {said}");
            assert!(said.contains("\ninterrupted\n"), "{said}");
        }
    }
}

/// Lets some hundredths of a second pass, without which signals would come at one moment only.
fn let_pass(hundredths: u32) {
    let time = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let slept = Command::new("sleep").arg(time).status().expect("there is `sleep`");
    assert!(slept.success());
}

#[test]
fn nothing_is_left_whenever_the_request_comes() {
    for (round, options) in (0..4).flat_map(|round| OPTIONS.map(|options| (round, options))) {
        for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
            let mut judge = Judge::start(options, habit("hang-with-twenty", Isolation::Never));
            let_pass(round);
            judge.signal(signal);
            let request = judge.request.clone();
            let code = judge.process.wait().expect("it is our child").code();
            // Before it listens, it ends as any program does.
            let expected = [None, Some(128 + signal.as_raw())];
            assert!(expected.contains(&code), "{options:?}, {signal:?}, {round}: {code:?}");
            // Who was killed has told nobody, and his keeper ends what he started a moment later. A process
            // that is becoming another program cannot be told by its environment.
            let mut quiet = 0;
            for _ in 0..500 {
                quiet = if left(&request).is_empty() { quiet + 1 } else { 0 };
                if quiet == 10 {
                    break;
                }
                let_pass(1);
            }
            assert_eq!(left(&request), Vec::<String>::new(), "{options:?}, {signal:?}, {round}");
        }
    }
}

/// How long the processes of a run have executed, in hundredths of a second.
fn executed(request: &Request) -> u64 {
    let mark = request.environment[0].1.as_ref().expect("it is set").to_string_lossy().into_owned();
    let processes = fs::read_dir("/proc").expect("this is Linux").flatten();
    let processes = processes.filter(|process| {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&mark) && !command.starts_with(b"supervise")
    });
    let stat = |process: fs::DirEntry| fs::read_to_string(process.path().join("stat")).ok();
    let time = |stat: String| -> Option<u64> {
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_ascii_whitespace().skip(11);
        Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
    };
    processes.filter_map(stat).filter_map(time).sum()
}

/// Waits until nothing of the run executes.
fn wait_until_still(request: &Request) {
    let mut before = executed(request);
    for _ in 0..300 {
        let_pass(20);
        let now = executed(request);
        if now == before {
            return;
        }
        before = now;
    }
    panic!("it runs on while nobody listens");
}

const SPIN: &str = "i=0; echo begun; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done";

#[test]
fn a_program_is_stopped_with_whoever_runs_it() {
    for options in OPTIONS {
        for signal in [Signal::TSTP, Signal::STOP] {
            let mut judge = Judge::start(options, script(SPIN, Isolation::Never));
            assert_eq!(judge.line(), "begun");
            judge.signal(signal);
            judge.wait_until_stopped();
            wait_until_still(&judge.request);
            judge.signal(Signal::CONT);
            let (code, said) = judge.end();
            assert_eq!(code, Some(0), "{options:?}, {signal:?}: {said}");
            assert!(said.ends_with("done\n"), "{options:?}, {signal:?}: {said}");
        }
    }
}

/// How long a program may run in what follows: far longer than it does.
const LIMIT: &str = "4";

/// How long it is stopped for, in hundredths of a second: for longer than it may run.
const LONGER: u32 = 450;

#[test]
fn while_a_program_is_stopped_its_clocks_stand_still() {
    for options in OPTIONS {
        for signal in [Signal::TSTP, Signal::STOP] {
            let options = [options, &["--time-limit", LIMIT]].concat();
            let request = script("echo begun; sleep 0.3; echo done", Isolation::Never);
            let mut judge = Judge::start(&options, request);
            assert_eq!(judge.line(), "begun");
            judge.signal(signal);
            judge.wait_until_stopped();
            let_pass(LONGER);
            judge.signal(Signal::CONT);
            let (code, said) = judge.end();
            assert_eq!(code, Some(0), "{options:?}, {signal:?}: {said}");
            assert!(said.ends_with("done\n"), "{options:?}, {signal:?}: {said}");
        }
    }
}

#[test]
fn who_is_stopped_can_still_be_asked_to_end() {
    for options in OPTIONS {
        let for_ever = script("echo begun; while :; do :; done", Isolation::Never);
        let mut judge = Judge::start(options, for_ever);
        assert_eq!(judge.line(), "begun");
        judge.signal(Signal::TSTP);
        judge.wait_until_stopped();
        judge.signal(Signal::TERM);
        judge.signal(Signal::CONT);
        let (code, said) = judge.end();
        assert_eq!(code, Some(128 + Signal::TERM.as_raw()), "{options:?}: {said}");
    }
}

#[test]
fn a_judge_that_its_program_stops_hears_everything_at_its_time() {
    for options in &OPTIONS[1..] {
        let options = [options, &["--time-limit", LIMIT][..]].concat();
        let judge = Judge::start(&options, habit("stop-the-judge", Isolation::Never));
        // What was printed before may not have been heard yet.
        judge.wait_until_stopped();
        let_pass(LONGER);
        judge.signal(Signal::CONT);
        let (code, said) = judge.end();
        assert_eq!(code, Some(0), "{options:?}: {said}");
        assert!(said.ends_with("before\nmeanwhile\nafterwards\n"), "{options:?}: {said}");
    }
}

#[test]
fn signals_that_are_ignored_stay_so() {
    let request = script("echo begun; sleep 0.3; echo done", Isolation::Never);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_supervise")]);
    shell.arg(&request.program).args(&request.arguments).stdout(Stdio::piped());
    let mut judge = shell.stderr(Stdio::null()).spawn().expect("there is a shell");
    let mut lines = BufReader::new(judge.stdout.take().expect("a pipe was asked for")).lines();
    assert!(lines.next().is_some_and(|line| line.is_ok_and(|line| line == "begun")));
    kill_process(Pid::from_child(&judge), Signal::HUP).expect("it is our child");
    assert!(lines.next().is_some_and(|line| line.is_ok_and(|line| line == "done")));
    assert!(judge.wait().expect("it is our child").success());
}
