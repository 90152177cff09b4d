//! Cargo builds one program, and says what is wrong with it.
//!
//! One program at a time, so that a broken one keeps no other from being built; and with those runtimes
//! alone that its exercise needs or its text names, so that who begins does not wait for all of them, and who
//! solves an exercise with another one may.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use command::show::spinner;
use judge::Exercise;
use serde_json::Value;
use supervise::{Interrupted, ended_by_ctrl_c, interrupted};

use crate::compiler::have_noted;
use crate::course::Course;

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    /// The program; none if it could not be built.
    pub(crate) program: Option<PathBuf>,
    /// What the compiler said: errors, or warnings.
    pub(crate) said: String,
}

/// A program of a package, and how cargo is called for it.
pub(crate) struct Target<'a> {
    /// The package's folder.
    pub(crate) folder: &'a Path,
    /// The program's name.
    pub(crate) name: &'a str,
    /// The features that it is built with; none for the package's usual ones.
    pub(crate) features: Option<Vec<&'a str>>,
    /// Where cargo keeps what it builds, if that is not where it usually does.
    pub(crate) target: Option<&'a Path>,
}

impl<'a> Target<'a> {
    /// The student's program of this exercise.
    pub(crate) fn of(course: &'a Course, exercise: &'a Exercise, name: &'a str) -> Target<'a> {
        // What cannot be read is cargo's to say.
        let text = course.text(exercise).unwrap_or_default();
        let features = course.manifest.runtimes_for(exercise, &text);
        Target { folder: &course.manifest.folder, name, features: Some(features), target: None }
    }

    /// Builds it.
    ///
    /// # Errors
    ///
    /// If cargo cannot be run.
    pub(crate) fn build(&self) -> Result<Built> {
        self.built_by(self.cargo())
    }

    fn built_by(&self, mut cargo: Command) -> Result<Built> {
        let progress = spinner("Building");
        let output = cargo.output();
        progress.finish_and_clear();
        let output = output.context("cargo could not be started")?;
        if interrupted() || ended_by_ctrl_c(output.status) {
            return Err(Interrupted.into());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
        let messages = String::from_utf8_lossy(&output.stdout);
        let program = messages.lines().find_map(|line| executable(line, self.name));
        Ok(Built { program: program.filter(|_| output.status.success()), said })
    }

    /// Builds it, and notes in this file how the compiler is called for it.
    ///
    /// # Errors
    ///
    /// If cargo cannot be run.
    pub(crate) fn build_noted(&self, note: &Path) -> Result<Built> {
        let mut cargo = self.cargo();
        have_noted(&mut cargo, note)?;
        self.built_by(cargo)
    }

    /// Builds a program that is known to be in order.
    pub(crate) fn build_known(&self) -> Result<PathBuf> {
        let built = self.build()?;
        let Some(program) = built.program else {
            bail!("{} does not compile:\n{}", self.name, built.said);
        };
        Ok(program)
    }

    fn cargo(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--message-format", "json-render-diagnostics"]);
        cargo.args(["--bin", self.name, "--color", colour()]).current_dir(self.folder);
        if let Some(features) = &self.features {
            cargo.args(["--no-default-features", "--features", &features.join(",")]);
        }
        cargo.envs(self.target.map(|target| ("CARGO_TARGET_DIR", target)));
        cargo
    }
}

/// Whether cargo is to use colours: what it says goes to our own errors.
fn colour() -> &'static str {
    let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|forced| forced != "0");
    if forced || std::io::stderr().is_terminal() { "always" } else { "never" }
}

/// The program in one of cargo's messages, if that is about this one
/// (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>).
fn executable(line: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let is_it = message["reason"] == "compiler-artifact" && message["target"]["name"] == name;
    message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_cargos_messages() {
        let of = |name| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"executable":"/t/{name}"}}"#
            )
        };
        assert_eq!(executable(&of("02_a"), "02_a"), Some("/t/02_a".into()));
        assert_eq!(executable(&of("03_b"), "02_a"), None);
        assert_eq!(executable("no JSON", "02_a"), None);
        assert_eq!(executable(&of("02_a").replace("\"/t/02_a\"", "null"), "02_a"), None);
    }
}
