//! What `cargo xtask` starts: it has cargo build the task runner, and becomes it.
//!
//! On a fresh clone that takes some half a minute, most of it for what watches and judges a program. A lesson
//! needs none of that. So whoever asks for `demo` there sees the first lesson's program as soon as that one is
//! built, and its verdict when there is somebody to give it. For this to be short, nothing is known here but
//! the standard library.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the first lesson may take. It takes less than half a second; one that was changed may never end.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match launch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn launch(arguments: &[OsString]) -> std::io::Result<ExitCode> {
    let runner = program("xtask")?;
    if !runner.exists() && arguments == ["demo"] {
        show_first_lesson()?;
    }
    if !cargo_build(&["--package", "xtask", "--bin", "xtask"])? {
        return Err(std::io::Error::other("the task runner could not be built"));
    }
    become_it(Command::new(runner).args(arguments))
}

/// Builds the lesson that takes least to build, and runs it, with nobody watching.
///
/// Whatever is wrong with it: the task runner will tell.
fn show_first_lesson() -> std::io::Result<()> {
    say(
        "Nothing is built yet. First comes the first lesson, then what judges lessons, then the others.",
    );
    if !cargo_build(&["--package", "neither", "--no-default-features"])? {
        return Ok(());
    }
    say("\nneither/std, by itself: one thread does one task after the other");
    let lesson = Command::new(program("neither")?).arg("std").spawn()?;
    end_within(PATIENCE, lesson)?;
    say("Was it what it is meant to be? What judges that is built next.\n");
    Ok(())
}

/// Waits for a program, and ends it if it takes longer.
fn end_within(patience: Duration, mut program: Child) -> std::io::Result<()> {
    let began = Instant::now();
    while program.try_wait()?.is_none() {
        if began.elapsed() > patience {
            program.kill()?;
            program.wait()?;
            break;
        }
        sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Has cargo build something, and tells whether it could. Cargo says what it does, and what was wrong.
fn cargo_build(arguments: &[&str]) -> std::io::Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(cargo);
    Ok(cargo.arg("build").args(arguments).current_dir(workspace()).status()?.success())
}

/// A program of this workspace: cargo puts it into the folder that it has put this one into.
fn program(name: &str) -> std::io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(format!("{name}{EXE_SUFFIX}")))
}

fn workspace() -> &'static Path {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).expect("this crate stands in the workspace's `crates`")
}

/// Prints a line. Where nobody reads it any longer, the task runner will notice.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Becomes that program, so that signals and the terminal are its own.
#[cfg(unix)]
fn become_it(program: &mut Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(program.exec())
}

#[cfg(not(unix))]
fn become_it(program: &mut Command) -> std::io::Result<ExitCode> {
    let code = program.status()?.code();
    std::process::exit(code.unwrap_or(1))
}
