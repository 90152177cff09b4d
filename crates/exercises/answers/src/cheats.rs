//! What can be done to a judge besides answering: none of it may help.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};

/// Sends the program's own output to nowhere, as one that closes it does.
pub fn throw_output_away() {
    #[cfg(unix)]
    {
        let nowhere = fs::File::create("/dev/null").expect("a place for nothing");
        rustix::stdio::dup2_stdout(&nowhere).expect("an output");
    }
}

/// Keeps this thread, and all that it starts from now on, to the first core that it may use.
pub fn keep_to_one_core() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let all = sched_getaffinity(None).expect("some cores");
        let first = (0..CpuSet::MAX_CPU).find(|&core| all.is_set(core)).expect("a core");
        let mut one = CpuSet::new();
        one.set(first);
        sched_setaffinity(None, &one).expect("a system that lets us have less");
    }
}

/// Starts so many processes that do nothing for a while, and waits for none.
pub fn beget(processes: usize) -> Vec<Child> {
    let sleep = |_| Command::new("sleep").arg("20").spawn().ok();
    (0..processes).filter_map(sleep).collect()
}

/// Ends whoever started this program.
pub fn end_parent() {
    #[cfg(unix)]
    if let Some(parent) = rustix::process::getppid() {
        // In a namespace of its own it has none, or one that it cannot end.
        let _ = rustix::process::kill_process(parent, rustix::process::Signal::KILL);
    }
}

/// Takes all files of whoever started this program, and tells each of them that all is well.
pub fn rob_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{PidfdFlags, PidfdGetfdFlags, getppid, pidfd_getfd, pidfd_open};
        let parent = getppid().and_then(|parent| pidfd_open(parent, PidfdFlags::empty()).ok());
        let Some(parent) = parent else { return };
        for number in 3..32 {
            if let Ok(file) = pidfd_getfd(&parent, number, PidfdGetfdFlags::empty()) {
                let _ =
                    rustix::io::write(&file, b"{\"code\":0,\"signal\":null,\"complete\":true}\n");
            }
        }
    }
}

/// Everything that looks like a number in the environment, and around the judge's socket.
#[must_use]
pub fn look_around(address: &str) -> Vec<u64> {
    let folder = address.trim_start_matches("unix:").split('#').next().map(Path::new);
    let files = folder.and_then(Path::parent).and_then(|folder| fs::read_dir(folder).ok());
    let files = files.into_iter().flatten().flatten().map(|it| it.path().display().to_string());
    let environment = std::env::vars().map(|(name, value)| format!("{name}={value}"));
    let texts = environment.chain(files);
    let numbers = texts.flat_map(|text| {
        let words: Vec<u64> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|word| word.parse().ok())
            .collect();
        words
    });
    numbers.collect()
}

/// The solution's text, from where it lies.
#[must_use]
pub fn solution(exercise: &str) -> String {
    let path = format!("{}/solutions/{exercise}.rs", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).unwrap_or_default()
}
