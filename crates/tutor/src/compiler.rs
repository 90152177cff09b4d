//! The compiler, called for a stranger's text.
//!
//! Cargo builds our own text of a program, and has the compiler called by us, who note how: with which
//! arguments, and which variables. That call is made again for each text that strangers have handed in, without
//! cargo: in a folder of its own, with limits on everything, and confined as the program will be. So a compiler
//! reads the toolchain, the libraries that were built for our text, the system's, and that one text; and writes
//! nowhere but in its folder. Compilers of several texts are in nobody's way, as several cargos would be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use supervise::{Ended, Ending, Finding, Interrupted, Limits, Request, Stream};

use crate::build::Built;
use crate::confine::{Bounds, within};
use crate::desk::Desk;

/// How long a compiler may work on a stranger's text.
const TIME: Duration = Duration::from_secs(120);

/// How much memory it may have meanwhile, with the linker.
pub(crate) const MEMORY: u64 = 2 << 30;

/// How long a file may become that it writes.
const FILE: u64 = 256 << 20;

/// How many processes it may be: a linker is called by several others.
const PROCESSES: usize = 16;

/// The variable that has the file in which a call is noted. Whoever finds it was called by cargo.
const NOTE: &str = "TUTOR_NOTES_THE_COMPILERS_CALL";

/// Where linkers and what they link are, beside libraries.
const SYSTEM: &[&str] = &["/usr", "/bin", "/etc/alternatives", "/nix/store", "/opt"];

/// Arguments that say where the results go, and how errors are told: that is for us to say. Those that have
/// a word of their own for their value end with a space.
const REPLACED: &[&str] = &[
    "--error-format=",
    "--json=",
    "--emit=",
    "--diagnostic-width=",
    "--out-dir ",
    "-C extra-filename=",
    "-C incremental=",
];

/// How the compiler is called for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compiler {
    /// The compiler itself.
    program: PathBuf,
    arguments: Vec<String>,
    variables: BTreeMap<String, String>,
    /// Where the text stands, below the folder in which it is called.
    source: PathBuf,
    /// What it reads, beside that.
    reads: Vec<PathBuf>,
    /// Whether it is kept from everything else.
    is_confined: bool,
}

/// Notes how the compiler is called, and calls it, where cargo has called this program in its place.
pub(crate) fn note_if_asked() -> Option<ExitCode> {
    let note = std::env::var_os(NOTE)?;
    let mut words = std::env::args_os().skip(1);
    let mut compiler = Command::new(words.next()?);
    compiler.args(words).env_remove(NOTE);
    let noted = note_call(&compiler, Path::new(&note));
    let code = noted.and_then(|()| Ok(compiler.status()?.code())).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        None
    });
    Some(ExitCode::from(code.and_then(|code| code.try_into().ok()).unwrap_or(101)))
}

/// Notes a call by which a program is compiled; a library's is passed over.
fn note_call(compiler: &Command, note: &Path) -> Result<()> {
    let arguments = compiler.get_args().map(|it| it.to_str().context("an argument is no text"));
    let arguments = arguments.collect::<Result<Vec<&str>>>()?;
    if !arguments.windows(2).any(|pair| pair == ["--crate-type", "bin"]) {
        return Ok(());
    }
    let variables = std::env::vars().filter(|(name, _)| is_for_a_compiler(name));
    let call = json!({
        "compiler": compiler.get_program().to_str().context("its path is no text")?,
        "arguments": arguments,
        "variables": variables.collect::<BTreeMap<_, _>>(),
    });
    fs::write(note, call.to_string()).with_context(|| note.display().to_string())
}

/// Whether a variable is one that a compiler or a linker needs. A text can have a compiler tell it any that is
/// there (`env!`), so that all others are none.
fn is_for_a_compiler(name: &str) -> bool {
    let of_packages = ["CARGO_PKG_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_MANIFEST_"];
    let of_systems = ["PATH", "SystemRoot", "ProgramData", "TEMP", "TMP", "LIB", "INCLUDE"];
    of_packages.iter().any(|start| name.starts_with(start)) || of_systems.contains(&name)
}

/// Has cargo call us in the compiler's place, who note in this file how.
pub(crate) fn have_noted(cargo: &mut Command, note: &Path) -> Result<()> {
    cargo.env("RUSTC_WRAPPER", std::env::current_exe()?).env(NOTE, note);
    Ok(())
}

impl Compiler {
    /// The compiler, as it was noted that it was called. It may read this folder of libraries.
    pub(crate) fn noted(note: &Path, libraries: &Path) -> Result<Compiler> {
        let call = fs::read_to_string(note).context("cargo has not called the compiler")?;
        let call: Value = serde_json::from_str(&call)?;
        let strange = || anyhow!("{}: {call}", note.display());
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let arguments = call["arguments"].as_array().ok_or_else(strange)?.iter().map(text);
        let arguments = arguments.collect::<Option<Vec<String>>>().ok_or_else(strange)?;
        let is_source = |argument: &&String| argument.ends_with(".rs");
        let source = arguments.iter().find(is_source).map(PathBuf::from).ok_or_else(strange)?;
        let variables = call["variables"].as_object().ok_or_else(strange)?;
        let variables = variables.iter().map(|(name, value)| Some((name.clone(), text(value)?)));
        let compiler = text(&call["compiler"]).ok_or_else(strange)?;
        let toolchain = toolchain(&compiler)?;
        let own = toolchain.join(format!("bin/rustc{}", std::env::consts::EXE_SUFFIX));
        let system = SYSTEM.iter().map(PathBuf::from);
        Ok(Compiler {
            // Not what chooses one of several, which looks at a person's settings.
            program: if own.is_file() { own } else { compiler.into() },
            arguments: kept(arguments),
            variables: variables.collect::<Option<_>>().ok_or_else(strange)?,
            source,
            reads: system.chain([toolchain, libraries.to_owned()]).collect(),
            is_confined: true,
        })
    }

    /// The same, which is kept from nothing but what it could use up.
    pub(crate) fn unconfined(self) -> Compiler {
        Compiler { is_confined: false, ..self }
    }

    /// Compiles a stranger's text, which may keep a compiler busy for ever: the program is on its desk then.
    ///
    /// # Errors
    ///
    /// If the compiler cannot be run, or fails for another reason than the text.
    pub(crate) fn compile(&self, text: &str, desk: &Desk) -> Result<Built> {
        desk.write(&self.source, text)?;
        let ended = supervise::run(&self.request(desk)?, |_| ())?;
        let has_worked = ended.usage.as_ref().is_none_or(|usage| usage.cpu() >= TIME / 4);
        let errors = errors(&ended, &self.source);
        let is_over = |finding: &Finding| matches!(finding, Finding::TooMuchCpu { .. });
        match &ended.ending {
            Ending::Exited(0) => {
                Ok(Built { program: Some(program(&desk.results())?), said: String::new() })
            }
            Ending::Exited(_) if !errors.is_empty() => Ok(Built { program: None, said: errors }),
            Ending::Exhausted | Ending::OutputLimit => Ok(ended_for(&ended.ending)),
            Ending::Signal { .. } if ended.findings.iter().any(is_over) => {
                Ok(ended_for(&ended.ending))
            }
            // A compiler that has hardly worked has waited for something of ours.
            Ending::TimedOut if has_worked => Ok(ended_for(&ended.ending)),
            Ending::Interrupted => Err(Interrupted.into()),
            ending => bail!("the compiler {ending}: {}", said(&ended)),
        }
    }

    fn request(&self, desk: &Desk) -> Result<Request> {
        let folder = desk.folder().to_owned();
        let bounds = Bounds {
            reads: self.reads.iter().cloned().chain([folder.clone()]).collect(),
            writes: vec![desk.results()],
            temporary: Some(desk.temporary()),
            keeps: self.variables.keys().cloned().collect(),
        };
        let mut request = match self.is_confined {
            true => {
                let [this, words @ ..] = within(&bounds, &self.program)?;
                Request::new(this).arguments(words)
            }
            false => Request::new(&self.program),
        };
        request = request.arguments(&self.arguments);
        request = request.arguments(["--emit=link", "--error-format=json", "--out-dir"]);
        request.arguments.push(desk.results().into());
        request.clean_environment = true;
        let variables = self.variables.iter();
        request.environment =
            variables.map(|(name, value)| (name.into(), Some(value.into()))).collect();
        request.folder = Some(folder.clone());
        request.limits = Limits {
            time: Some(TIME),
            cpu: Some(TIME),
            memory: Some(MEMORY),
            file_size: Some(FILE),
            processes: Some(PROCESSES),
            ..Limits::of_a_lesson()
        };
        request.scratch = vec![folder];
        Ok(request)
    }
}

/// The folder of the toolchain that a compiler is a part of.
fn toolchain(compiler: &str) -> Result<PathBuf> {
    let output = Command::new(compiler).args(["--print", "sysroot"]).output();
    let output = output.with_context(|| compiler.to_owned())?;
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

/// The arguments of a call, but for those that are replaced.
fn kept(arguments: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        let next = arguments.peek().map(String::as_str).unwrap_or_default();
        let pair = format!("{argument} {next}");
        let of_one = |start: &str| !start.contains(' ') && argument.starts_with(start);
        let of_two = |start: &str| start.contains(' ') && pair.starts_with(start);
        if REPLACED.iter().any(|start| of_two(start)) {
            arguments.next();
        } else if !REPLACED.iter().any(|start| of_one(start)) {
            kept.push(argument);
        }
    }
    kept
}

/// The program among the results, which is the only one. Linkers may not say that it is one: that would
/// change what a file is like.
fn program(results: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(results)?.map(|entry| Ok(entry?.path()));
    let is_program =
        |path: &PathBuf| path.extension().unwrap_or_default() == std::env::consts::EXE_EXTENSION;
    let found = files.find(|path: &Result<PathBuf>| path.as_ref().map_or(true, is_program));
    let program = found.context("the compiler has made no program")??;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    }
    Ok(program)
}

/// The errors that the compiler has found in this text, as it shows them.
fn errors(ended: &Ended, source: &Path) -> String {
    ended.lines.iter().filter_map(|line| error(&line.text, source)).collect()
}

/// An error in one of a compiler's messages, if it is in the text itself. What has no place there (a full disk, a
/// library that is not to be had) is no fault of the text's
/// (<https://doc.rust-lang.org/rustc/json.html#diagnostics>).
fn error(line: &str, source: &Path) -> Option<String> {
    let message: Value = serde_json::from_str(line).ok()?;
    let is_there =
        |span: &Value| span["file_name"].as_str().is_some_and(|file| Path::new(file) == source);
    let has_place = message["spans"].as_array().is_some_and(|spans| spans.iter().any(is_there));
    let is_it = has_place && message["level"] == "error";
    message["rendered"].as_str().filter(|_| is_it).map(str::to_owned)
}

/// What a compiler has said, as people read it.
fn said(ended: &Ended) -> String {
    let errors = ended.lines.iter().filter(|line| line.stream == Stream::Error);
    let rendered = errors.map(|line| {
        let message: Option<Value> = serde_json::from_str(&line.text).ok();
        let rendered = message.as_ref().and_then(|message| message["rendered"].as_str());
        rendered.unwrap_or(&line.text).to_owned()
    });
    rendered.collect::<Vec<_>>().join("\n")
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
        let kept = ["PATH", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"];
        assert!(kept.iter().all(|name| is_for_a_compiler(name)));
        let others =
            ["CARGO_REGISTRY_TOKEN", "GITHUB_TOKEN", "HOME", "RUSTC_BOOTSTRAP", "CARGO_HOME"];
        assert!(!others.iter().any(|name| is_for_a_compiler(name)));
    }

    #[test]
    fn where_results_go_is_for_us_to_say() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let call = words(
            "--crate-name a src/bin/a.rs --error-format=json --json=artifacts --emit=dep-info,link \
             -C strip=debuginfo -C extra-filename=-1 --out-dir /t -C incremental=/t/i -L dependency=/t",
        );
        let ours = "--crate-name a src/bin/a.rs -C strip=debuginfo -L dependency=/t";
        assert_eq!(kept(call), words(ours));
    }

    #[test]
    fn an_error_is_the_texts_own_where_it_has_a_place_in_it() {
        let of = |level, file| {
            format!(r#"{{"level":"{level}","rendered":"no","spans":[{{"file_name":"{file}"}}]}}"#)
        };
        let source = Path::new("src/bin/02_a.rs");
        assert_eq!(error(&of("error", "src/bin/02_a.rs"), source).as_deref(), Some("no"));
        for (level, file) in
            [("warning", "src/bin/02_a.rs"), ("error", "src/lib.rs"), ("error", "")]
        {
            assert_eq!(error(&of(level, file), source), None, "{level} {file}");
        }
        assert_eq!(error(r#"{"level":"error","rendered":"no","spans":[]}"#, source), None);
        assert_eq!(error("no JSON", source), None);
    }
}
