//! What the tests of the supervisor share.

use std::ffi::OsStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use supervise::{Ended, Finding, Isolation, Line, Request, run};

/// How long a program may take that ends by itself: far longer than it needs on a busy machine.
pub(crate) const PATIENT: Duration = Duration::from_secs(60);

/// How long a program may take that never ends: enough for it to get into its habit.
pub(crate) const SHORT: Duration = Duration::from_millis(500);

/// All places that a program can be in: a namespace of its own and a control group of its own, where the
/// system allows them, a group alone, and beside everything else.
pub(crate) const PLACES: [Isolation; 3] =
    [Isolation::IfAllowed, Isolation::GroupIfAllowed, Isolation::Never];

/// The variable by which the processes of a run are known, whatever their numbers.
const MARK: &str = "SUPERVISE_TEST";

/// A request for a program in one of the places, with a mark of its own.
pub(crate) fn program(name: impl AsRef<OsStr>, place: Isolation) -> Request {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let mark = format!("{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
    let keeper = Some(env!("CARGO_BIN_EXE_supervise").into());
    let request = Request { keeper, isolation: place, ..Request::new(name.as_ref()) };
    request.variable(MARK, mark).time_limit(PATIENT)
}

/// A request for a bad habit.
pub(crate) fn habit(name: &str, place: Isolation) -> Request {
    program(env!("CARGO_BIN_EXE_misbehaving"), place).arguments([name])
}

/// A request for a script.
pub(crate) fn script(text: &str, place: Isolation) -> Request {
    program("sh", place).arguments(["-c", text])
}

/// Runs a program, and makes sure that nothing of it is left.
pub(crate) fn end(request: &Request) -> Ended {
    let ended = run(request, |_| {}).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(left(request), Vec::<String>::new(), "{ended:?}");
    ended
}

/// The living processes of a run.
pub(crate) fn left(request: &Request) -> Vec<String> {
    let mark = request.environment.iter().find(|(name, _)| name == MARK);
    let (_, mark) = mark.expect("each has a mark");
    let mark = format!("{MARK}={}\0", mark.as_ref().expect("it is set").display());
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let is_ours = |process: &std::path::PathBuf| {
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&mark)
    };
    let processes = entries.flatten().map(|entry| entry.path()).filter(is_ours);
    let commands = processes.map(|process| std::fs::read_to_string(process.join("cmdline")));
    commands.map(|command| command.unwrap_or_default().replace('\0', " ")).collect()
}

pub(crate) fn texts(ended: &Ended) -> Vec<&str> {
    ended.lines.iter().map(|line: &Line| line.text.as_str()).collect()
}

pub(crate) fn findings(ended: &Ended) -> Vec<&str> {
    ended.findings.iter().map(Finding::name).collect()
}

pub(crate) fn sentences(ended: &Ended) -> String {
    ended.findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}

/// Whether there are process namespaces here; says so where there are none.
#[cfg(unix)]
pub(crate) fn has_namespaces() -> bool {
    let ended = end(&script("exit 0", Isolation::IfAllowed));
    let tight = ended.confinement.is_tight();
    if !tight {
        eprintln!("skipped: {}", ended.confinement);
    }
    tight
}

/// A program of which the source is in C: what it does cannot be done in safe Rust. `None`, said aloud,
/// where there is no compiler.
#[cfg(unix)]
pub(crate) fn compiled(source: &str) -> Option<std::path::PathBuf> {
    use std::path::Path;
    use std::process::Command;

    static COMPILING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = COMPILING.lock();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(source);
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(source).with_extension("");
    // Elsewhere somebody may run what was there before.
    let new = to.with_extension(std::process::id().to_string());
    match Command::new("cc").arg("-O1").arg("-o").args([&new, &from]).status() {
        Ok(status) => assert!(status.success(), "{source} does not compile"),
        Err(error) => {
            eprintln!("skipped: {source} cannot be compiled ({error})");
            return None;
        }
    }
    std::fs::rename(&new, &to).expect("both are in one folder");
    Some(to)
}
