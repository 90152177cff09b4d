//! Programs that stand ready and have not begun.

use std::fs;
use std::path::Path;

use supervise::{Isolation, Limits, Lines, Prepared, Request};

use crate::common::{PLACES, left, program, script, texts};

fn prepare(request: &Request) -> (Prepared, u32) {
    let prepared = Prepared::prepare(request).unwrap_or_else(|error| panic!("{error}"));
    let pid = prepared.pid().expect("on Linux a program can stand ready");
    (prepared, pid)
}

fn read(pid: u32, file: &str) -> String {
    fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_process_is_there_with_one_thread_and_becomes_the_program() {
    for place in PLACES {
        let (prepared, pid) = prepare(&script("echo $$; exec cat /proc/self/comm", place));
        let threads = fs::read_dir(format!("/proc/{pid}/task")).expect("it is there").count();
        assert_eq!(threads, 1, "{place:?}");
        assert!(read(pid, "cmdline").starts_with("supervise-starter"), "{place:?}");
        let parent = read(pid, "status");
        let parent = parent.lines().find_map(|line| line.strip_prefix("PPid:\t"));
        assert_eq!(parent.map(str::parse), Some(Ok(prepared.ancestor().expect("it has one"))));
        let tight = prepared.confinement().is_tight();
        let ended = prepared.go(&mut Lines(|_: &_| {})).unwrap_or_else(|error| panic!("{error}"));
        let inside = if tight { "2".to_owned() } else { pid.to_string() };
        assert_eq!(texts(&ended), [&*inside, "cat"], "{place:?}");
        assert!(ended.is_clean(), "{ended:?}");
    }
}

#[test]
fn all_that_it_is_to_find_is_prepared_before_it_begins() {
    for place in PLACES {
        let limits = Limits { open_files: Some(123), ..Limits::of_a_lesson() };
        let request = Request {
            limits,
            cores: Some(1),
            umask: Some(0o027),
            folder: Some("/proc".into()),
            ..script("exit 0", place)
        };
        let (_prepared, pid) = prepare(&request);
        let limits = read(pid, "limits");
        assert!(limits.lines().any(|l| l.starts_with("Max open files            123")), "{limits}");
        let status = read(pid, "status");
        assert!(status.contains("\nUmask:\t0027\n"), "{place:?}: {status}");
        let cores = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:\t"));
        assert!(cores.is_some_and(|cores| cores.parse::<usize>().is_ok()), "{place:?}: {cores:?}");
        let stat = read(pid, "stat");
        let (_, stat) = stat.rsplit_once(')').expect("it has a name");
        let group: u32 = stat.split_ascii_whitespace().nth(2).expect("a group").parse().unwrap();
        assert_eq!(group, pid, "{place:?}");
        let folder = fs::read_link(format!("/proc/{pid}/cwd")).expect("it is somewhere");
        assert_eq!(folder, Path::new("/proc"), "{place:?}");
    }
}

#[test]
fn a_program_that_nobody_lets_go_never_begins() {
    for place in PLACES {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("begun-{place:?}"));
        let request = script(&format!("echo > '{}'", file.display()), place);
        let (prepared, _) = prepare(&request);
        drop(prepared);
        assert_eq!(left(&request), Vec::<String>::new(), "{place:?}");
        assert!(!file.exists(), "{place:?}");
        let (prepared, _) = prepare(&request);
        prepared.go(&mut Lines(|_: &_| {})).expect("it begins");
        assert!(file.exists(), "{place:?}");
        fs::remove_file(file).expect("it is ours");
    }
}

#[test]
fn what_the_process_executed_before_is_in_no_figure() {
    let (prepared, pid) = prepare(&program("true", Isolation::IfAllowed));
    let schedule = supervise::tree::schedule(pid, pid).expect("it is there");
    assert!(schedule.executed >= prepared.spent(), "{schedule:?}, {:?}", prepared.spent());
    assert!(!prepared.spent().is_zero());
    let spent = prepared.spent();
    let ended = prepared.go(&mut Lines(|_: &_| {})).expect("it runs");
    let usage = ended.usage.expect("Linux tells");
    // What starting this program takes of its time is more than what `true` does with it.
    assert!(usage.cpu() < spent + ended.wall, "{usage:?}, {spent:?}");
    assert!(usage.first_thread.is_some_and(|first| first <= ended.wall), "{usage:?}");
}
