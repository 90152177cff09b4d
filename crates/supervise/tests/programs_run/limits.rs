//! Who takes more of something than he may have is ended for it, and told so; who takes nearly as much is not.

use std::time::Duration;
#[cfg(target_os = "linux")]
use std::{
    panic,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

use supervise::{Ended, Ending, Isolation, Limits, Request};

use crate::common::{PLACES, compiled, end, findings, habit, program, script, sentences};

const MEBIBYTE: u64 = 1 << 20;

fn within(limits: Limits, request: Request) -> Ended {
    let time = request.limits.time;
    end(&Request { limits: Limits { time, ..limits }, ..request })
}

#[test]
fn too_much_memory() {
    for place in PLACES {
        let limits = Limits { memory: Some(64 * MEBIBYTE), ..Limits::none() };
        let ended = within(limits, habit("hoard-memory", place));
        assert_eq!(ended.ending, Ending::Exhausted, "{place:?}: {ended:?}");
        assert!(sentences(&ended).contains("which is more than 64.0 MiB"), "{ended:?}");
    }
}

#[test]
fn memory_that_processes_share_counts_once() {
    let Some(share) = compiled("share.c") else { return };
    for place in PLACES {
        let limits = Limits { memory: Some(100 * MEBIBYTE), ..Limits::none() };
        let ended = within(limits, program(&share, place).arguments(["60", "5"]));
        assert!(ended.is_clean(), "{place:?}: {ended:?}");
    }
}

#[test]
fn addresses_are_no_memory() {
    let Some(reserve) = compiled("reserve.c") else { return };
    for place in PLACES {
        let ended = within(Limits::of_a_lesson(), program(&reserve, place));
        assert!(ended.is_clean(), "{place:?}: {ended:?}");
    }
}

#[test]
fn too_many_processes() {
    for place in PLACES {
        let limits = Limits { processes: Some(40), ..Limits::none() };
        let ended = within(limits, habit("many-processes", place));
        assert_eq!(findings(&ended), ["too-many-processes"], "{place:?}: {ended:?}");
        let limits = Limits { processes: Some(61), ..Limits::none() };
        let request = habit("many-processes", place).time_limit(Duration::from_millis(300));
        assert_eq!(findings(&within(limits, request)), ["hung"], "{place:?}");
    }
}

#[test]
fn too_much_of_a_core() {
    for place in PLACES {
        let limits = Limits { cpu: Some(Duration::from_secs(1)), ..Limits::none() };
        let ended = within(limits, habit("spin", place));
        assert_eq!(findings(&ended), ["too-much-cpu"], "{place:?}: {ended:?}");
    }
}

#[test]
fn too_much_of_a_core_by_one_that_does_not_listen() {
    let limits = Limits { cpu: Some(Duration::from_secs(1)), ..Limits::none() };
    let request = script("trap '' XCPU; while :; do :; done", Isolation::IfAllowed);
    let ended = within(limits, request);
    assert_eq!(findings(&ended), ["too-much-cpu"], "{ended:?}");
}

#[test]
fn a_file_too_long() {
    for place in PLACES {
        let limits = Limits { file_size: Some(MEBIBYTE), ..Limits::none() };
        let ended = within(limits, habit("write-a-long-file", place));
        assert!(
            sentences(&ended).starts_with("wrote more than 1.0 MiB into one file"),
            "{ended:?}"
        );
    }
}

#[test]
fn too_many_files() {
    for place in PLACES {
        let limits = Limits { open_files: Some(100), ..Limits::none() };
        let ended = within(limits, habit("hoard-files", place));
        assert!(findings(&ended).contains(&"too-many-files"), "{place:?}: {ended:?}");
        assert!(ended.lines[0].text.starts_with("97 files"), "{ended:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn time_in_which_others_had_the_cores_does_not_count() {
    let is_over = AtomicBool::new(false);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let limit = Duration::from_millis(300);
    let ended = thread::scope(|scope| {
        for _ in 0..3 * cores {
            scope.spawn(|| {
                while !is_over.load(Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let limits = Limits { time_for_waiting: Some(3 * limit), ..Limits::none() };
        let request = habit("spin", Isolation::IfAllowed).time_limit(limit);
        let ended = panic::catch_unwind(|| within(limits, request));
        is_over.store(true, Relaxed);
        ended.unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    });
    assert_eq!(ended.ending, Ending::TimedOut, "{ended:?}");
    let given = match ended.findings[0] {
        supervise::Finding::Hung { limit, more, .. } if more > Duration::ZERO => limit + more,
        supervise::Finding::Starved { limit, .. } => 4 * limit,
        _ => panic!("{ended:?}"),
    };
    assert!(ended.wall >= given, "it was promised {given:?}: {ended:?}");
}

/// Somebody else's program may do all that; it is ended by time alone.
#[test]
fn without_limits_nothing_is_limited() {
    let limits =
        "cat /proc/self/limits | grep -v 'max file locks' > /dev/null; ulimit -f; ulimit -t";
    let stranger = Request::of_a_stranger("sh");
    let request = script(limits, Isolation::Never);
    let ended = within(stranger.limits, request);
    let ours = std::process::Command::new("sh").args(["-c", limits]).output().expect("it runs");
    let ours = String::from_utf8_lossy(&ours.stdout).into_owned();
    assert_eq!(crate::common::texts(&ended).join("\n"), ours.trim_end());
}
