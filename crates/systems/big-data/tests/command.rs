//! `big-data` as a person calls it.

use std::net::TcpListener;

use stage::trial::{Answer, Call};

fn counter(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_big-data"), arguments)
}

#[test]
fn all_ways_come_to_the_same_pairs() {
    let folder = tempfile::tempdir().expect("a folder");
    let pairs = ["plain", "one-worker", "workers", "processes"].map(|way| {
        let file = folder.path().join(way);
        let lines = counter(&["--as", way, "--out"]).with(&file).answer().succeeded().lines;
        assert_eq!(lines.last().map(String::as_str), Some("Pairs - the same again"), "{lines:?}");
        std::fs::read_to_string(file).expect("pairs")
    });
    assert_eq!(pairs[0].lines().count(), 10, "{}", pairs[0]);
    assert!(pairs.iter().all(|other| *other == pairs[0]));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = counter(&["--as", "plain", "--out"]).with(folder.path().join("pairs.txt"));
    call.with_room_for(0).answer().failed(1, "pairs.txt cannot be written");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_gets_no_half_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pairs.txt");
    let answer = counter(&["--as", "workers", "--out"]).with(&file).interrupted();
    assert_eq!(answer.lines, ["Pairs - counted on a plain thread"]);
    assert!(!file.exists(), "pairs were written");
}

/// What comes of processes that find each other by this host file.
fn answer_with_hosts(hosts: &str) -> Answer {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hosts.txt");
    std::fs::write(&file, hosts).expect("room");
    counter(&["--as", "processes", "--hosts"]).with(&file).answer()
}

/// The address of a port that nobody else listens on, as long as this is there.
fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    (listener, address)
}

#[test]
fn a_port_that_is_taken_is_told_and_there_is_no_answer() {
    let (_, free) = port();
    let (_taken, address) = port();
    let answer = answer_with_hosts(&format!("{free}\n{address}\n"));
    let answer = answer.failed(1, "there is no answer");
    assert!(answer.says("process 2 of 2 did not come to its end"), "{}", answer.errors);
    assert!(answer.says("Address already in use"), "{}", answer.errors);
    assert_eq!(answer.lines, ["Pairs - counted on a plain thread"]);
}

#[test]
fn what_is_no_host_file_is_told_in_a_sentence() {
    answer_with_hosts("\n").failed(1, "hosts.txt is no host file: it names nobody");
    answer_with_hosts("nowhere\n\nat all\n\n").failed(1, "process 1 of 2 did not come to its end");
}

#[cfg(target_os = "linux")]
mod processes {
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    use super::counter;

    /// The two processes that a call has started, once they are there.
    fn both(call: u32) -> [Pid; 2] {
        /// So long nothing takes; who waits for longer waits in vain.
        const IN_VAIN: Duration = Duration::from_secs(120);
        let start = Instant::now();
        while start.elapsed() < IN_VAIN {
            let list = std::fs::read_to_string(format!("/proc/{call}/task/{call}/children"));
            let list = list.unwrap_or_default();
            let numbers = list.split_whitespace().filter_map(|number| number.parse().ok());
            let there: Vec<Pid> = numbers.filter_map(Pid::from_raw).collect();
            if let Ok(both) = there.try_into() {
                return both;
            }
            std::thread::yield_now();
        }
        panic!("the two processes never come");
    }

    fn is_there(process: Pid) -> bool {
        test_kill_process(process).is_ok()
    }

    #[test]
    fn one_that_is_killed_in_the_middle_leaves_no_half_answer_and_nobody_behind() {
        let mut other = None;
        let answer = counter(&["--as", "processes"]).disturbed(|child| {
            let both = both(child.id());
            kill_process(both[1], Signal::KILL).expect("it is there");
            other = Some(both[0]);
        });
        let answer = answer.failed(1, "there is no answer");
        assert!(answer.says("did not come to its end"), "{}", answer.errors);
        assert!(!answer.lines.iter().any(|line| line.contains("again")), "{:?}", answer.lines);
        assert!(!is_there(other.expect("there were two")), "the other one is ended as well");
    }

    #[test]
    fn ctrl_c_leaves_no_half_answer_and_nobody_behind() {
        let mut terminal = counter(&["--as", "processes"]).in_a_terminal();
        let both = both(terminal.process());
        terminal.press("\x03");
        let text = terminal.ends_and_gives_back(130, "stopped early");
        assert!(!text.contains("again") && !text.contains("panicked"), "{text}");
        assert!(!both.into_iter().any(is_there), "some are left");
    }
}
