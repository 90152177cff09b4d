//! What is said on a machine that lacks something: it is taken away from the command, and from all that it starts,
//! by the thread that starts it.

use std::thread;

use rustix::thread::{CpuSet, sched_setaffinity};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use crate::course::{Course, Said};

/// Runs a command on a machine that has none of these system calls.
fn without(course: &Course, calls: &[i64], name: &str, arguments: &[&str]) -> Said {
    let mut command = course.command(name);
    command.args(arguments).args(["--exercises", "."]);
    thread::scope(|scope| {
        let run = || {
            let calls = calls.iter().map(|&call| (call, Vec::new())).collect();
            let missing = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
            let machine = std::env::consts::ARCH.try_into().expect("a machine that is known");
            let filter = SeccompFilter::new(calls, SeccompAction::Allow, missing, machine);
            let filter: BpfProgram = filter.and_then(TryInto::try_into).expect("a filter");
            apply_filter(&filter).expect("it may be filtered");
            Said::of(&command.output().expect("it runs"))
        };
        scope.spawn(run).join().expect("a thread")
    })
}

/// Whether nothing was judged, since nobody wanted that to be done without being confined; and what was said.
fn is_refused(calls: &[i64], parts: &[&str]) {
    let course = Course::new();
    course.write("class/ada/02_outcome.rs", &course.read("answers/solutions/02_outcome.rs"));
    let arguments = ["class", "--only", "2", "--csv", "a.csv"];
    let said = without(&course, calls, "grade", &arguments);
    said.expect(3, parts).expect(3, &["`--unconfined` does it all the same"]);
    assert!(!course.path("a.csv").exists(), "something was judged: {said:#?}");
}

#[test]
fn without_landlock_nothing_is_judged_unless_somebody_insists() {
    is_refused(&[libc::SYS_landlock_create_ruleset], &["no Landlock: files are not confined"]);
    let course = Course::new();
    course.write("class/ada/02_outcome.rs", &course.read("answers/solutions/02_outcome.rs"));
    let arguments = ["class", "--only", "2", "--unconfined"];
    let said = without(&course, &[libc::SYS_landlock_create_ruleset], "grade", &arguments);
    said.expect(0, &["no Landlock", "✓  1 of 1"]);
}

#[test]
fn without_namespaces_nothing_is_judged() {
    let calls = [libc::SYS_unshare, libc::SYS_clone3];
    is_refused(&calls, &["There is no network of its own", "There is no process namespace"]);
}

#[test]
fn without_filters_nothing_is_judged() {
    is_refused(&[libc::SYS_seccomp], &["System calls are not filtered"]);
}

/// The second exercise, which asks for something that only the kernel can tell.
fn with(course: &Course, before: &str, after: &str) {
    let (first, second) = course.read("exercises.toml").split_once("number = 2").map_or_else(
        || panic!("a second exercise"),
        |(first, second)| (first.to_owned(), second.to_owned()),
    );
    assert!(second.contains(before), "{second}");
    course.write("exercises.toml", &format!("{first}number = 2{}", second.replace(before, after)));
    course.solve("02_outcome");
}

#[test]
fn without_the_kernels_record_what_needs_it_is_not_shown() {
    let course = Course::new();
    with(&course, "asked = [\"sum\"]", "asked = [\"sum\", \"one-thread\"]");
    let said = without(&course, &[libc::SYS_perf_event_open], "exercise", &["2"]);
    said.expect(
        3,
        &["? not shown", "The kernel's record is not to be had", "neither a pass nor a"],
    );
}

#[test]
fn with_one_core_nobody_fails_for_not_being_parallel() {
    let course = Course::new();
    let (free, together) = ("schedule = \"free\"", "schedule = \"together\"\ncomputes = 2");
    with(&course, free, together);
    with(&course, "asked = [\"sum\"]", "asked = [\"sum\", \"parallel\"]");
    let mut command = course.command("exercise");
    command.args(["2", "--exercises", "."]);
    let said = thread::scope(|scope| {
        let run = || {
            let mut one = CpuSet::new();
            one.set(0);
            sched_setaffinity(None, &one).expect("a core");
            Said::of(&command.output().expect("it runs"))
        };
        scope.spawn(run).join().expect("a thread")
    });
    said.expect(3, &["? not shown", "This machine has one core"]);
}
