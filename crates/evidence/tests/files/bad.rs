//! Whatever stands in the place of a trace, it is told, nothing hangs, and the rest is read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use evidence::trace::{Event, Folder, Happening, Problem, Trace};
use evidence::{Evidence, Verdict};
use fastrand::Rng;
use trace::layout::{HEADER, MAGIC, word};

use crate::made::Made;

/// A process with one task.
fn made(process: u64) -> Made {
    let event =
        |time, what| Event { time: Duration::from_millis(time), thread: 0, core: None, what };
    let name = format!("task of {process}");
    Made::new(
        process,
        vec![
            event(0, Happening::ThreadStarted { name: "main".to_owned(), system: Some(17) }),
            event(1, Happening::TaskStarted { task: 1, name }),
            event(2, Happening::TaskEnded { task: 1 }),
        ],
    )
}

/// A folder with a good trace of process 1, and something else in the place of that of process 2.
fn with(something: impl FnOnce(&Path)) -> Result<Trace, evidence::trace::ReadError> {
    let folder = tempfile::tempdir().expect("a folder");
    made(1).write(folder.path());
    something(&folder.path().join("2.trace"));
    Trace::read(folder.path())
}

/// What is said of it, where the good trace was read.
fn problem(something: impl FnOnce(&Path)) -> Problem {
    let trace = with(something).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trace.tasks.len(), 1);
    assert_eq!(&*trace.tasks[0].name, "task of 1");
    let [fault] = &trace.faults[..] else { panic!("one fault: {:?}", trace.faults) };
    assert!(fault.file.ends_with("2.trace"), "{fault}");
    let verdict = Verdict::of(Evidence::default().and(&trace));
    assert!(verdict.to_string().contains(&fault.to_string()), "{verdict}");
    fault.problem.clone()
}

fn changed(place: usize, value: u64) -> impl FnOnce(&Path) {
    move |path| {
        let mut bytes = made(2).bytes();
        bytes[place * 8..][..8].copy_from_slice(&value.to_ne_bytes());
        fs::write(path, bytes).expect("room");
    }
}

#[test]
fn files_that_are_no_traces_are_told_by_what_they_are() {
    let write = |bytes: Vec<u8>| move |path: &Path| fs::write(path, bytes).expect("room");
    let whole = made(2).bytes();
    let (length, needed) = (whole.len() as u64 - 1, whole.len() as u64);
    for (expected, found) in [
        (Problem::Emptied, problem(write(Vec::new()))),
        (Problem::Emptied, problem(write(vec![0; 100_000]))),
        (Problem::Foreign, problem(write(b"LABTRASH".to_vec()))),
        (Problem::Foreign, problem(write(b"my thesis\n".repeat(10_000)))),
        (Problem::CutShort { length, needed }, problem(write(whole[..whole.len() - 1].to_vec()))),
        (Problem::CutShort { length: 4000, needed }, problem(write(whole[..4000].to_vec()))),
        (Problem::Version(1), problem(changed(word::VERSION, 1))),
        (Problem::Foreign, problem(changed(word::MAGIC, MAGIC + 1))),
        (Problem::Damaged { offset: 4096 }, problem(changed(HEADER, 99))),
        (Problem::Damaged { offset: 4096 + 32 }, problem(changed(HEADER + 4, 99))),
        (Problem::OtherClock, problem(changed(word::CLOCK, 8))),
        (Problem::Copy, problem(|path| fs::write(path, made(1).bytes()).expect("room"))),
    ] {
        assert_eq!(found, expected);
    }
}

#[cfg(unix)]
#[test]
fn things_that_are_no_files_are_told_by_what_they_are() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let pipe = |path: &Path| {
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
    };
    let link = |to: &'static str| move |path: &Path| symlink(to, path).expect("a link");
    let socket = |path: &Path| drop(UnixListener::bind(path).expect("a socket"));
    for (expected, found) in [
        ("pipe", problem(pipe)),
        ("folder", problem(|path| fs::create_dir(path).expect("a folder"))),
        ("socket", problem(socket)),
        // Not even to a good trace: who reads a folder reads what is in it.
        ("link", problem(link("1.trace"))),
        ("link", problem(link("/dev/zero"))),
        ("link", problem(link("nothing"))),
    ] {
        assert_eq!(found, Problem::NotAFile(expected));
    }
    // A file that is named is whatever it is called.
    let error = Trace::read("/dev/zero").expect_err("it is no trace");
    assert_eq!(error.faults[0].problem, Problem::NotAFile("device"));
}

#[cfg(unix)]
#[test]
fn a_file_that_nobody_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;

    let locked = |path: &Path| {
        fs::write(path, made(2).bytes()).expect("room");
        fs::set_permissions(path, fs::Permissions::from_mode(0o0)).expect("it is ours");
    };
    if rustix::process::geteuid().is_root() {
        println!("not shown: who may do everything may read every file");
        return;
    }
    let found = problem(locked);
    assert!(matches!(found, Problem::System { .. }), "{found}");
}

#[test]
fn a_file_that_is_longer_than_any_disk_is_read_as_far_as_it_is_written() {
    for blocks in [1, 1 << 16, u64::MAX] {
        let trace = with(|path| {
            let mut bytes = made(2).bytes();
            for place in [word::BLOCKS, word::CLAIMED] {
                bytes[place * 8..][..8].copy_from_slice(&blocks.to_ne_bytes());
            }
            fs::write(path, bytes).expect("room");
            File::options()
                .write(true)
                .open(path)
                .and_then(|file| file.set_len(1 << 40))
                .expect("holes");
        });
        let trace = trace.expect("both can be read");
        // Only one of them may be as long as both together.
        let expected = if blocks == 1 { 2 } else { 1 };
        assert_eq!((trace.processes.len(), trace.faults.len()), (expected, 2 - expected));
    }
}

#[test]
fn files_of_other_names_are_none_of_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    made(1).write(folder.path());
    for name in ["notes.txt", "3.trace.new", "trace", ".trace~"] {
        fs::write(folder.path().join(name), "whatever").expect("room");
    }
    let trace = Trace::read(folder.path()).expect("a trace");
    assert_eq!((trace.processes.len(), trace.faults.len()), (1, 0));
}

#[test]
fn a_folder_without_a_good_trace_says_all_that_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["1.trace", "2.trace", "3.trace", "4.trace", "5.trace", "6.trace", "7.trace"] {
        fs::write(folder.path().join(name), "whatever").expect("room");
    }
    let error = Trace::read(folder.path()).expect_err("there is none");
    assert_eq!((error.faults.len(), error.is_empty()), (7, false));
    assert!(error.to_string().ends_with("5.trace` is not a trace; and 2 more"), "{error}");
}

#[test]
fn more_files_than_anybody_wants_to_read_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    made(1).write(folder.path());
    for number in 0..5000 {
        fs::write(folder.path().join(format!("x{number}.trace")), "whatever").expect("room");
    }
    let trace = Trace::read(folder.path()).expect("the first one");
    assert_eq!(trace.processes.len(), 1);
    assert_eq!(trace.faults.iter().filter(|fault| fault.problem == Problem::TooMuch).count(), 1);
}

#[test]
fn a_folder_that_is_watched_tells_what_was_never_there_from_what_was_removed() {
    let is_watched = cfg!(target_os = "linux");
    let folder = tempfile::tempdir().expect("a folder");
    let mut watched = Folder::watch(folder.path());
    let problems = |watched: &mut Folder| -> Vec<(PathBuf, Problem)> {
        let faults = watched.read().map_or_else(|error| error.faults, |trace| trace.faults);
        let name = |path: PathBuf| path.file_name().map_or_else(PathBuf::new, PathBuf::from);
        faults.into_iter().map(|fault| (name(fault.file), fault.problem)).collect()
    };
    let own = PathBuf::from(folder.path().file_name().expect("a name"));
    let never = if is_watched { Problem::NeverMade } else { Problem::NoTrace };
    assert_eq!(problems(&mut watched), [(own.clone(), never)]);
    fs::write(folder.path().join("notes.txt"), "").expect("room");
    let one = made(1).write(folder.path());
    assert_eq!(problems(&mut watched), []);
    let two = made(2).write(folder.path());
    fs::rename(&two, folder.path().join("hidden")).expect("the same folder");
    let removed = |name: &str| (PathBuf::from(name), Problem::Removed);
    let expected = if is_watched { vec![removed("2.trace")] } else { Vec::new() };
    assert_eq!(problems(&mut watched), expected);
    fs::remove_file(one).expect("it is there");
    if is_watched {
        assert_eq!(problems(&mut watched), [removed("1.trace"), removed("2.trace")]);
    }
    fs::remove_dir_all(folder.path()).expect("it is ours");
    fs::create_dir(folder.path()).expect("another one");
    made(3).write(folder.path());
    if is_watched {
        assert_eq!(problems(&mut watched), [(own, Problem::Removed)]);
    } else {
        println!("not shown: this system does not watch folders in a way that we know");
    }
}

#[test]
fn a_damaged_trace_spoils_no_other() {
    const COPIES: u64 = 600;
    let whole = made(2).bytes();
    let mut damaged = 0;
    for seed in 0..COPIES {
        let mut random = Rng::with_seed(seed);
        let trace = with(|path| {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..4) {
                let place = match random.bool() {
                    true => random.usize(8..16 * 8),
                    false => random.usize(4096..4096 + 200),
                };
                let any = random.u8(..);
                bytes[place] = random.choice([0, 1, 0x7f, 0xff, any]).expect("one of them");
            }
            fs::write(path, bytes).expect("room");
        });
        let Ok(trace) = trace else { panic!("the good one can be read: {seed}") };
        assert!(trace.tasks.iter().any(|task| &*task.name == "task of 1"), "{seed}");
        let verdict = Verdict::of(Evidence::default().and(&trace));
        assert!(!verdict.to_string().is_empty() && verdict.to_json().is_object());
        damaged += trace.faults.len();
    }
    assert!(damaged > 100, "only {damaged} were found to be damaged");
}
