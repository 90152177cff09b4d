//! Builds the quadrant crates with cargo, and finds out where their programs are.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use words::Quadrant;

use crate::process::{Interrupted, ended_by_ctrl_c, interrupted};

/// What one call of cargo built.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The program of each quadrant's crate.
    pub(crate) programs: BTreeMap<Quadrant, PathBuf>,
    /// The quadrants whose crates could not be built. Cargo has said why.
    pub(crate) failed: Vec<Quadrant>,
    /// How many crates had to be compiled, dependencies and build scripts included.
    pub(crate) compiled: usize,
}

/// Where cargo's own progress and warnings go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Messages {
    /// Straight to the terminal.
    Shown,
    /// Nowhere, unless the build fails: something else is on the screen.
    Held,
}

/// Which lessons are wanted of the crates that are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtimes {
    /// All lessons.
    All,
    /// Those on the standard library, which are built in no time.
    StdOnly,
}

/// Builds the workspace's crates of these quadrants, as far as they can be built: one that cannot does not
/// keep the others from their lessons.
///
/// # Errors
///
/// If cargo cannot be started, or nothing can be built; [`Interrupted`], if somebody pressed Ctrl-C.
pub(crate) fn build(
    quadrants: &[Quadrant],
    runtimes: Runtimes,
    messages: Messages,
) -> Result<Built> {
    build_with(cargo(), quadrants, runtimes, messages)
}

/// Builds the crates of these quadrants of a copy of the workspace, into a target folder within it,
/// without a word unless it fails.
pub(crate) fn build_copy(copy: &Path, quadrants: &[Quadrant]) -> Result<Built> {
    let mut cargo = cargo();
    cargo.current_dir(copy).env("CARGO_TARGET_DIR", copy.join("target"));
    build_with(cargo, quadrants, Runtimes::All, Messages::Held)
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let xtask = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask stands in the workspace").to_owned()
}

/// Builds one package of the workspace, with cargo's messages on the screen, and finds its program.
///
/// # Errors
///
/// If cargo cannot be started, or the package not be built; [`Interrupted`], if somebody pressed Ctrl-C.
pub(crate) fn build_package(name: &str) -> Result<PathBuf> {
    let mut artifacts = call(cargo(), &[name], &[], Messages::Shown)?;
    artifacts.programs.remove(name).with_context(|| format!("{name} could not be built"))
}

fn build_with(
    command: Command,
    quadrants: &[Quadrant],
    runtimes: Runtimes,
    messages: Messages,
) -> Result<Built> {
    let packages: Vec<_> = quadrants.iter().map(|quadrant| quadrant.name()).collect();
    let features: &[_] = match runtimes {
        Runtimes::All => &[],
        Runtimes::StdOnly => &["--no-default-features"],
    };
    let artifacts = call(command, &packages, features, messages)?;
    let programs = artifacts.programs.into_iter();
    let programs = programs.filter_map(|(name, path)| Some((name.parse().ok()?, path)));
    let mut built =
        Built { programs: programs.collect(), failed: Vec::new(), compiled: artifacts.compiled };
    built.failed.extend(quadrants.iter().filter(|quadrant| !built.programs.contains_key(quadrant)));
    if built.programs.is_empty() {
        bail!("the lessons could not be built");
    }
    Ok(built)
}

/// Has cargo build these packages, as far as they can be built.
fn call(
    mut command: Command,
    packages: &[&str],
    features: &[&str],
    messages: Messages,
) -> Result<Artifacts> {
    command.args(["build", "--keep-going", "--message-format=json-render-diagnostics"]);
    for package in packages {
        command.args(["--package", package]);
    }
    command.args(features);
    if messages == Messages::Held {
        command.arg("--quiet").stderr(Stdio::piped());
    }
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
    let held = child.stderr.take().map(|stderr| thread::spawn(move || read_all(stderr)));
    let artifacts = Artifacts::read(BufReader::new(child.stdout.take().expect("a piped stdout")));
    let status = child.wait()?;
    if interrupted() || ended_by_ctrl_c(status) {
        return Err(Interrupted.into());
    }
    if let Some(reader) = held.filter(|_| !status.success()) {
        eprint!("\n{}", reader.join().expect("reading does not panic"));
    }
    Ok(artifacts)
}

/// Whether there is a program of this quadrant's crate, be it an old one.
///
/// Cargo puts it into the folder that it has put this program into.
pub(crate) fn is_built(quadrant: Quadrant) -> bool {
    let name = format!("{quadrant}{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe().is_ok_and(|program| program.with_file_name(name).exists())
}

/// Cargo, as the program that started this one.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn read_all(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    // What could be read before an error is still worth showing.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What cargo tells of one call.
#[derive(Debug, Default)]
struct Artifacts {
    /// The programs, by name.
    programs: BTreeMap<String, PathBuf>,
    /// How many crates had to be compiled.
    compiled: usize,
}

impl Artifacts {
    /// Reads cargo's messages, one JSON document a line
    /// (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>).
    fn read(messages: impl BufRead) -> Artifacts {
        let mut artifacts = Artifacts::default();
        for line in messages.lines().map_while(Result::ok) {
            let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
            if message["reason"] != "compiler-artifact" {
                continue;
            }
            artifacts.compiled += usize::from(message["fresh"] == false);
            let program = message["executable"].as_str();
            if let (Some(program), Some(name)) = (program, message["target"]["name"].as_str()) {
                artifacts.programs.insert(name.to_owned(), program.into());
            }
        }
        artifacts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_among_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"lab"},"executable":null,"fresh":true}"#,
            "\nnot JSON\n",
            r#"{"reason":"compiler-artifact","target":{"name":"both"},"executable":"/t/both","fresh":false}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        let artifacts = Artifacts::read(messages.as_bytes());
        assert_eq!(artifacts.programs, BTreeMap::from([("both".to_owned(), "/t/both".into())]));
        assert_eq!(artifacts.compiled, 1);
    }

    /// What is said of a build where cargo is this script.
    #[cfg(unix)]
    fn build_by(script: &str) -> anyhow::Error {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let built = build_with(command, &[Quadrant::Both], Runtimes::All, Messages::Held);
        built.expect_err("nothing was built")
    }

    #[cfg(unix)]
    #[test]
    fn ctrl_c_is_no_failure_of_the_build() {
        for script in ["kill -INT $$", "exit 130"] {
            assert!(build_by(script).is::<Interrupted>(), "{script}");
        }
        assert_eq!(build_by("exit 101").to_string(), "the lessons could not be built");
    }
}
