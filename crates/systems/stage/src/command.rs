//! The command line that all systems share.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use words::Outcome;
use words::names::unknown;

use crate::stop;

/// A system, and the ways in which it can do its work.
#[derive(Clone, Copy, Debug)]
pub struct System<W: 'static> {
    /// The name of its package.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Its ways, in reading order.
    pub ways: &'static [Way<W>],
    /// What `--out` writes.
    pub leaves: &'static str,
    /// Whether it listens on a port, which `--port` chooses.
    pub listens: bool,
    /// What it can be asked for besides, and no other system.
    pub extras: &'static [Extra],
    /// Does the work in one of the ways.
    pub run: fn(W, &Options) -> Result<(), String>,
}

/// One way in which a system does its work.
#[derive(Clone, Copy, Debug)]
pub struct Way<W> {
    /// Which one it is, for the system's own `match`.
    pub way: W,
    /// Its name after `--as`.
    pub name: &'static str,
    /// What is done at once, and by whom, in a line.
    pub summary: &'static str,
}

impl<W> Way<W> {
    /// A way with a name and a summary.
    #[must_use]
    pub const fn new(way: W, name: &'static str, summary: &'static str) -> Way<W> {
        Way { way, name, summary }
    }
}

/// Something that one system alone can be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// Its name after `--`.
    pub name: &'static str,
    /// What follows the name, as the list of ways has it; nothing where the name says it all.
    pub value: Option<&'static str>,
    /// What it does, in a line.
    pub summary: &'static str,
}

/// Something that a system does besides its work, when a word before all options says so.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// The word.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Does it, with what stands after the word.
    pub run: fn(lexopt::Parser) -> Result<Outcome, Refusal>,
}

/// Why something was not done, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The arguments name nothing that is here.
    Usage(String),
    /// The work could not be done.
    Work(String),
}

impl From<lexopt::Error> for Refusal {
    fn from(error: lexopt::Error) -> Refusal {
        Refusal::Usage(format!("{error} (--help shows how)"))
    }
}

impl From<String> for Refusal {
    fn from(why: String) -> Refusal {
        Refusal::Work(why)
    }
}

/// What the command line asks for besides the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where to write what the system leaves behind; nothing where nobody wants it.
    pub out: Option<PathBuf>,
    /// The port of the loopback interface to listen on, 0 for any that is free.
    pub port: u16,
    /// The [extras](Extra) that were asked for, each with its value.
    extras: Vec<(&'static str, OsString)>,
}

impl Options {
    /// Whether an extra was asked for.
    #[must_use]
    pub fn asks_for(&self, extra: &str) -> bool {
        self.file(extra).is_some()
    }

    /// The file that an extra was given; the last one, where there were several.
    #[must_use]
    pub fn file(&self, extra: &str) -> Option<&Path> {
        let given = self.extras.iter().rev().find(|(name, _)| *name == extra);
        given.map(|(_, value)| Path::new(value))
    }
}

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    way: Option<String>,
    help: bool,
    options: Options,
}

impl Arguments {
    fn parse(
        arguments: impl IntoIterator<Item = OsString>,
        listens: bool,
        extras: &'static [Extra],
    ) -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::*;

        let extra = |name: &str| extras.iter().find(|extra| extra.name == name);

        let mut parsed = Arguments::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => parsed.help = true,
                Long("as") => parsed.way = Some(parser.value()?.string()?),
                Long("out") => parsed.options.out = Some(parser.value()?.into()),
                Long("port") if listens => parsed.options.port = parser.value()?.parse()?,
                Long(name) => match extra(name) {
                    Some(Extra { name, value, .. }) => {
                        let value = value.map(|_| parser.value()).transpose()?;
                        parsed.options.extras.push((name, value.unwrap_or_default()));
                    }
                    None => return Err(argument.unexpected()),
                },
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(parsed)
    }
}

/// The whole `main` of a system: lists its ways, or does its work in the one that is named.
///
/// The exit code is 0; 1 where the work could not be done, with the reason on the standard error; 2
/// where the arguments name nothing that is here; and 130 where somebody pressed Ctrl-C.
#[must_use]
pub fn main<W: Copy>(system: &System<W>) -> ExitCode {
    main_or(system, &[])
}

/// The same of a system that does other things as well, when the first argument says so. What is not shown
/// has the exit code 3.
#[must_use]
pub fn main_or<W: Copy>(system: &System<W>, verbs: &[Verb]) -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).peekable();
    let verb = arguments.peek().and_then(|word| verbs.iter().find(|verb| *word == *verb.name));
    let done = stop::listen().map_err(|error| format!("Ctrl-C cannot be heard: {error}").into());
    let done = done.and_then(|()| match verb {
        Some(verb) => (verb.run)(lexopt::Parser::from_args(arguments.skip(1))),
        None => work(system, verbs, arguments).map(|()| Outcome::Passed),
    });
    match done {
        Ok(_) if stop::stopped() => {
            fail(system.name, "stopped early, as somebody asked", stop::exit_code())
        }
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(Refusal::Usage(why)) => fail(system.name, &why, 2),
        Err(Refusal::Work(why)) => fail(system.name, &why, 1),
    }
}

/// Lists the ways, or works in the one that is named.
fn work<W: Copy>(
    system: &System<W>,
    verbs: &[Verb],
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<(), Refusal> {
    let arguments = Arguments::parse(arguments, system.listens, system.extras)?;
    let Some(name) = arguments.way.filter(|_| !arguments.help) else {
        print!("{}", list(system, verbs));
        return Ok(());
    };
    Ok((system.run)(system.way(&name)?.way, &arguments.options)?)
}

impl<W> System<W> {
    /// The way of this name.
    ///
    /// # Errors
    ///
    /// What there is in its place, where there is none.
    pub fn way(&self, name: &str) -> Result<&'static Way<W>, Refusal> {
        let names: Vec<_> = self.ways.iter().map(|way| way.name).collect();
        let found = self.ways.iter().find(|way| way.name == name);
        found.ok_or_else(|| Refusal::Usage(unknown("way", name, &names)))
    }
}

/// Says what is wrong, in a line.
fn fail(name: &str, why: &str, code: u8) -> ExitCode {
    // Where nobody reads it there is still the exit code.
    let _unread = writeln!(io::stderr(), "{name}: {why}");
    ExitCode::from(code)
}

/// The system and its ways, for a person.
fn list<W>(system: &System<W>, verbs: &[Verb]) -> String {
    let System { name, summary, ways, leaves, listens, extras, .. } = system;
    let port = if *listens {
        format!("Choose a port: cargo run -p {name} -- --as WAY --port PORT\n")
    } else {
        String::new()
    };
    let rows = ways.iter().map(|way| format!("  {:<18} {}\n", way.name, way.summary));
    let rows: String = rows.collect();
    let first = ways.first().map_or("WAY", |way| way.name);
    let row = |call: String, summary| format!("  {call:<18} {summary}\n");
    let extras = extras.iter().map(|Extra { name, value, summary }| {
        row(format!("--{name} {}", value.unwrap_or_default()), summary)
    });
    let verbs =
        verbs.iter().map(|Verb { name, summary, .. }| row(format!("{name} --help"), summary));
    let extras: String = extras.chain(verbs).collect();
    let extras =
        if extras.is_empty() { extras } else { format!("What it can do besides:\n\n{extras}\n") };
    format!(
        "{summary}\n\nWays to do it:\n\n{rows}\n{extras}\
         Try one:       cargo run -p {name} -- --as {first}\n\
         Keep {leaves}: cargo run -p {name} -- --as {first} --out FILE\n{port}\
         Have all of them judged: cargo xtask system {name}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTRAS: &[Extra] = &[
        Extra { name: "play", value: None, summary: "plays" },
        Extra { name: "replay", value: Some("FILE"), summary: "plays again" },
    ];

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments = arguments.iter().map(Into::into);
        Arguments::parse(arguments, true, EXTRAS).map_err(|error| error.to_string())
    }

    #[test]
    fn extras_are_read_where_a_system_has_them() {
        let options = parse(&["--replay=x.txt", "--as", "both"]).expect("good arguments").options;
        assert_eq!(options.file("replay"), Some(Path::new("x.txt")));
        assert!(options.asks_for("replay") && !options.asks_for("play"));
        assert!(parse(&["--play"]).expect("good arguments").options.asks_for("play"));
        assert!(parse(&["--replay"]).is_err());
        assert!(parse(&["--record"]).is_err());
    }

    #[test]
    fn a_way_and_a_file_are_read() {
        let parsed = parse(&["--as", "both", "--out=x.wav"]).expect("good arguments");
        assert_eq!(parsed.way.as_deref(), Some("both"));
        assert_eq!(parsed.options.out, Some("x.wav".into()));
        assert!(parse(&["--as"]).is_err());
        assert!(parse(&["--port", "65536"]).is_err());
        assert!(parse(&["both"]).is_err());
    }

    #[test]
    fn the_list_has_every_way_and_how_to_call_it() {
        const WAYS: &[Way<()>] =
            &[Way::new((), "neither", "one after the other"), Way::new((), "both", "all")];
        let (ways, leaves) = (WAYS, "the sound");
        let (summary, listens) = ("It.", false);
        let (extras, run) = (EXTRAS, |(), _: &Options| Ok(()));
        let system = System { name: "x", summary, ways, leaves, listens, extras, run };
        let load = Verb { name: "load", summary: "asks a lot", run: |_| Ok(Outcome::Passed) };
        let list = list(&system, &[load]);
        let call = "cargo run -p x -- --as neither";
        let extra = ["--replay FILE", "plays again", "load --help", "asks a lot"];
        for part in ["one after the other", "both ", call].into_iter().chain(extra) {
            assert!(list.contains(part), "{list}");
        }
    }
}
