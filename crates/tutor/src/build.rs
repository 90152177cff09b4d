//! Cargo builds one program, and says what is wrong with it.
//!
//! One program at a time, so that a broken one keeps no other from being built; and with those runtimes
//! alone that it needs, so that who begins does not wait for all of them.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use command::show::spinner;
use judge::Exercise;
use serde_json::Value;
use supervise::{Ending, Interrupted, Limits, Request, Stream, ended_by_ctrl_c, interrupted};

/// How long a compiler may work on a stranger's text.
const COMPILER: Duration = Duration::from_secs(120);

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
    /// The features that it needs; none for the package's usual ones.
    pub(crate) features: Option<&'a [String]>,
    /// Where cargo keeps what it builds, if that is not where it usually does.
    pub(crate) target: Option<&'a Path>,
}

impl<'a> Target<'a> {
    /// The student's program, in this folder of exercises.
    pub(crate) fn of(exercise: &'a Exercise, folder: &'a Path, name: &'a str) -> Target<'a> {
        Target { folder, name, features: Some(&exercise.runtimes), target: None }
    }

    /// Builds it.
    ///
    /// # Errors
    ///
    /// If cargo cannot be run.
    pub(crate) fn build(&self) -> Result<Built> {
        let progress = spinner("Building");
        let output = self.cargo("json-render-diagnostics", colour()).output();
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

    /// Builds it from a stranger's text, which may keep a compiler busy for ever: with limits on everything.
    ///
    /// # Errors
    ///
    /// If cargo cannot be run, or fails for another reason than the text.
    pub(crate) fn build_bounded(&self) -> Result<Built> {
        // What it says goes into files, which have no colours.
        let cargo = self.cargo("json", "never");
        let mut request = Request::new(cargo.get_program()).arguments(cargo.get_args());
        request.folder = cargo.get_current_dir().map(Path::to_owned);
        request.clean_environment = true;
        let kept = std::env::vars_os().filter(|(name, _)| is_for_cargo(name));
        request.environment = kept.map(|(name, value)| (name, Some(value))).collect();
        for (name, value) in cargo.get_envs() {
            request.environment.push((name.to_owned(), value.map(OsStr::to_owned)));
        }
        request.limits = Limits { memory: Some(4 << 30), ..Limits::of_a_lesson() };
        request.limits.time = Some(COMPILER);
        let ended = supervise::run(&request, |_| ())?;
        let of = |stream| {
            let lines = ended.lines.iter().filter(move |line| line.stream == stream);
            lines.map(|line| line.text.as_str())
        };
        let program = of(Stream::Output).find_map(|line| executable(line, self.name));
        let errors: Vec<String> =
            of(Stream::Output).filter_map(|line| error(line, self.name)).collect();
        let has_worked = ended.usage.as_ref().is_none_or(|usage| usage.cpu() >= COMPILER / 4);
        match ended.ending {
            Ending::Exited(0) => Ok(Built { program, said: String::new() }),
            Ending::Exited(_) if !errors.is_empty() => {
                Ok(Built { program: None, said: errors.concat() })
            }
            Ending::Exhausted | Ending::OutputLimit => Ok(ended_for(&ended.ending)),
            // A compiler that has hardly worked has waited for something of ours.
            Ending::TimedOut if has_worked => Ok(ended_for(&ended.ending)),
            ending => {
                let said = of(Stream::Error).collect::<Vec<_>>().join("\n");
                bail!("cargo {ending}: {said}")
            }
        }
    }

    /// Builds a program that is known to be in order.
    pub(crate) fn build_known(&self) -> Result<PathBuf> {
        let built = self.build()?;
        let Some(program) = built.program else {
            bail!("{} does not compile:\n{}", self.name, built.said);
        };
        Ok(program)
    }

    fn cargo(&self, messages: &str, colour: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--message-format", messages]);
        cargo.args(["--bin", self.name, "--color", colour]).current_dir(self.folder);
        if let Some(features) = self.features {
            cargo.args(["--no-default-features", "--features", &features.join(",")]);
        }
        cargo.envs(self.target.map(|target| ("CARGO_TARGET_DIR", target)));
        cargo
    }
}

/// Whether a variable is one that cargo or a compiler needs. A text can have a compiler tell it any that is
/// there (`env!`), so that those with secrets are none.
fn is_for_cargo(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let is_theirs = name.starts_with("CARGO") || name.starts_with("RUST");
    let is_usual =
        ["PATH", "HOME", "TMPDIR", "USERPROFILE", "SystemRoot", "TEMP"].contains(&&*name);
    is_usual || is_theirs && !name.contains("TOKEN") && !name.contains("CREDENTIAL")
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

/// An error in one of cargo's messages, as the compiler shows it, if it is in this program's own text. What has
/// no place there (a full disk, a library that is not to be had) is no fault of the text's.
fn error(line: &str, name: &str) -> Option<String> {
    let message: Value = serde_json::from_str(line).ok()?;
    let is_it = message["reason"] == "compiler-message" && message["target"]["name"] == name;
    let (path, message) = (&message["target"]["src_path"], &message["message"]);
    let is_there = |span: &Value| {
        let file = span["file_name"].as_str().filter(|file| !file.is_empty());
        file.zip(path.as_str()).is_some_and(|(file, path)| path.ends_with(file))
    };
    let has_place = message["spans"].as_array().is_some_and(|spans| spans.iter().any(is_there));
    let is_it = is_it && has_place && message["level"] == "error";
    message["rendered"].as_str().filter(|_| is_it).map(str::to_owned)
}

/// What is said of a text that would have kept a compiler busy for ever.
fn ended_for(ending: &Ending) -> Built {
    Built { program: None, said: format!("The compiler was ended: {ending}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_compiler_finds_a_secret_among_its_variables() {
        let kept = ["PATH", "CARGO_HOME", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"];
        assert!(kept.iter().all(|name| is_for_cargo(OsStr::new(name))));
        let secret =
            ["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_X_TOKEN", "GITHUB_TOKEN", "AWS_KEY"];
        assert!(!secret.iter().any(|name| is_for_cargo(OsStr::new(name))));
    }

    #[test]
    fn an_error_is_the_texts_own_where_it_has_a_place_in_it() {
        let of = |level, file| {
            format!(
                r#"{{"reason":"compiler-message","target":{{"name":"02_a","src_path":"/w/src/bin/02_a.rs"}},
                "message":{{"level":"{level}","rendered":"no","spans":[{{"file_name":"{file}"}}]}}}}"#
            )
        };
        assert_eq!(error(&of("error", "src/bin/02_a.rs"), "02_a").as_deref(), Some("no"));
        for (level, file, name) in [
            ("warning", "src/bin/02_a.rs", "02_a"),
            ("error", "src/lib.rs", "02_a"),
            ("error", "", "02_a"),
            ("error", "src/bin/02_a.rs", "03_b"),
        ] {
            assert_eq!(error(&of(level, file), name), None, "{level} {file} {name}");
        }
        let linker =
            of("error", "src/bin/02_a.rs").replace(r#"[{"file_name""#, r#"[],"x":[{"file_name""#);
        assert_eq!(error(&linker, "02_a"), None);
    }

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
