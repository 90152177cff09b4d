//! The command line that all systems share.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use words::Outcome;
use words::names::unknown;

use crate::files;
use crate::print::print;
use crate::stop;
use crate::trouble::Trouble;
use crate::verb::{self, Verb};

/// A system, and the ways in which it can do its work. Where it does not, a sentence says why; one that may
/// find that a machine cannot show what it was asked for says [which of the two it is](Trouble).
#[derive(Clone, Copy, Debug)]
pub struct System<W: 'static, E = String> {
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
    pub run: fn(W, &Options) -> Result<(), E>,
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
/// where the arguments name nothing that is here; 3 where this machine cannot show what was asked for; and
/// 130 where somebody pressed Ctrl-C.
#[must_use]
pub fn main<W: Copy, E: Into<Trouble>>(system: &System<W, E>) -> ExitCode {
    main_with(system, &[])
}

/// The same of a system that does something besides.
#[must_use]
pub fn main_with<W: Copy, E: Into<Trouble>>(system: &System<W, E>, verbs: &[Verb]) -> ExitCode {
    match obey(system, verbs, std::env::args_os().skip(1).collect()) {
        Err(trouble) => fail(system.name, &trouble.to_string(), trouble.exit_code()),
        Ok(_) if stop::stopped() => {
            fail(system.name, "stopped early, as somebody asked", stop::exit_code())
        }
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
    }
}

impl<W, E> System<W, E> {
    /// The way of this name.
    ///
    /// # Errors
    ///
    /// What there is in its place, where there is none.
    pub fn way(&self, name: &str) -> Result<&'static Way<W>, Trouble> {
        let names: Vec<_> = self.ways.iter().map(|way| way.name).collect();
        let found = self.ways.iter().find(|way| way.name == name);
        found.ok_or_else(|| Trouble::Misused(unknown("way", name, &names)))
    }
}

/// Does what the arguments ask for.
fn obey<W: Copy, E: Into<Trouble>>(
    system: &System<W, E>,
    verbs: &[Verb],
    mut arguments: Vec<OsString>,
) -> Result<Outcome, Trouble> {
    let is_name = |first: &OsString| !first.as_encoded_bytes().starts_with(b"-");
    if !verbs.is_empty() && arguments.first().is_some_and(is_name) {
        let verb = verb::named(verbs, &arguments.remove(0))?;
        if arguments.iter().any(|argument| argument == "-h" || argument == "--help") {
            print(&verb.help(system.name))?;
            return Ok(Outcome::Passed);
        }
        listen()?;
        return (verb.run)(arguments);
    }
    let arguments = Arguments::parse(arguments, system.listens, system.extras)?;
    let Some(name) = arguments.way.filter(|_| !arguments.help) else {
        print(&list(system, verbs))?;
        return Ok(Outcome::Passed);
    };
    let way = system.way(&name)?;
    arguments.options.out.as_deref().map_or(Ok(()), files::place_for)?;
    listen()?;
    (system.run)(way.way, &arguments.options).map_err(Into::into)?;
    Ok(Outcome::Passed)
}

/// From now on Ctrl-C is heard.
fn listen() -> Result<(), String> {
    stop::listen().map_err(|error| format!("Ctrl-C cannot be heard: {error}"))
}

/// Says what is wrong, in a line.
fn fail(name: &str, why: &str, code: u8) -> ExitCode {
    // Where nobody reads it there is still the exit code.
    let _unread = writeln!(io::stderr(), "{name}: {why}");
    ExitCode::from(code)
}

/// The system and its ways, for a person.
fn list<W, E>(system: &System<W, E>, verbs: &[Verb]) -> String {
    let System { name, summary, ways, leaves, listens, extras, .. } = system;
    let port = if *listens {
        format!("Choose a port: cargo run -p {name} -- --as WAY --port PORT\n")
    } else {
        String::new()
    };
    let rows = ways.iter().map(|way| format!("  {:<18} {}\n", way.name, way.summary));
    let rows: String = rows.collect();
    let first = ways.first().map_or("WAY", |way| way.name);
    let extra = |Extra { name, value, summary }: &Extra| {
        let call = format!("--{name} {}", value.unwrap_or_default());
        format!("  {call:<18} {summary}\n")
    };
    let extras: String = extras.iter().map(extra).collect();
    let extras =
        if extras.is_empty() { extras } else { format!("What it can do besides:\n\n{extras}\n") };
    let verb = |Verb { name: verb, arguments, summary, .. }: &Verb| {
        format!("  cargo run -p {name} -- {verb} {arguments}\n      {summary}\n")
    };
    let verbs: String = verbs.iter().map(verb).collect();
    let verbs = if verbs.is_empty() { verbs } else { format!("Or have it do this:\n\n{verbs}\n") };
    format!(
        "{summary}\n\nWays to do it:\n\n{rows}\n{extras}{verbs}\
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
    fn ways_and_verbs_are_listed_and_obeyed_by_their_names() {
        const WAYS: &[Way<()>] =
            &[Way::new((), "neither", "one after the other"), Way::new((), "both", "all")];
        let (ways, leaves) = (WAYS, "the sound");
        let (summary, listens) = ("It.", false);
        let (extras, run) = (EXTRAS, |(), _: &Options| Ok::<_, String>(()));
        let system = System { name: "x", summary, ways, leaves, listens, extras, run };
        let run = |arguments: Vec<OsString>| match arguments.first() {
            Some(_) => Err(Trouble::NotShown("not here".into())),
            None => Ok(Outcome::Failed),
        };
        let (arguments, summary) = ("[--port PORT]", "serves");
        let details = "  --port PORT  which door\n";
        let verb = Verb { name: "serve", arguments, summary, details, run };
        let help = verb.help("x");
        assert!(help.contains("x -- serve [--port PORT]") && help.ends_with(details), "{help}");
        let list = list(&system, &[verb]);
        let calls = ["cargo run -p x -- --as neither", "cargo run -p x -- serve [--port PORT]"];
        for part in ["one after the other", "both ", "--replay FILE", "plays again"] {
            assert!(list.contains(part), "{list}");
        }
        assert!(calls.iter().all(|call| list.contains(call)), "{list}");
        let ended = |arguments: &[&str]| {
            let ended = obey(&system, &[verb], arguments.iter().map(Into::into).collect());
            ended.map_err(|trouble| trouble.exit_code())
        };
        assert_eq!(ended(&["serve"]), Ok(Outcome::Failed));
        assert_eq!(ended(&["serve", "-h"]), Ok(Outcome::Passed));
        assert_eq!(ended(&["serve", "--port"]), Err(3));
        assert_eq!(ended(&["save"]), Err(2));
        assert_eq!(ended(&["--as", "neither"]), Ok(Outcome::Passed));
        assert_eq!(ended(&["--as", "serve"]), Err(2));
    }
}
