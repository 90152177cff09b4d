//! `cargo xtask order`: counts, samples and checks legal orders, of any program's output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use lab::order::{BigUint, Checker, Count, Order, Poset, Report, Rng};
use regex_lite::Regex;
use serde_json::{Value, json};
use supervise::{Ended, Ending, Finding, Input, Request, Stream, Watcher};
use words::{Outcome, WrongUsage};

use crate::output::CannotPrint;
use crate::process;
use crate::show::{self, BAD, DIM, GOOD, glyph};

const ABOUT: &str = "Counts, samples and checks legal orders, of any program's output";

const NOTATION: &str = "\
A contract says which lines must come before which:
  'a ; b'             first a, then b
  'a || b'            a and b in any order (∥ means the same)
  '(a ; b) || c'      parentheses group; without them ; binds tighter than ||
  '\"Task A - Step 1\"' a line with blanks or signs in it
  '/took [0-9]+ ms/'  a line that matches a regular expression
  'tick ; tick#2'     a line that is printed twice
  'A1: \"Task A - 1\"'  a line with a label, a short name for it
  'a || b where a<b'  besides, a before b, wherever they stand

docs/orders.md explains all of it.

Exit code 0: the output is legal, or nothing was checked; 1: it is not legal, or the program failed;
2: the command line makes no sense, or a file cannot be read.";

pub(crate) fn describe() -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    };
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let number = || value_parser!(u64);
    let command = Arg::new("command")
        .value_name("COMMAND")
        .last(true)
        .num_args(1..)
        .value_parser(value_parser!(OsString))
        .help("Run this, pass its standard output through, and check that");
    Command::new("order").about(ABOUT).after_help(NOTATION).args([
        Arg::new("expression")
            .value_name("EXPRESSION")
            .required_unless_present("contract")
            .help("The contract"),
        option(
            "contract",
            "FILE",
            "Read the contract from a file; a line that begins with # is a remark",
        )
        .conflicts_with("expression"),
        option("ignore", "PATTERN", "Leave out lines that match this regular expression somewhere")
            .value_parser(Regex::new)
            .action(ArgAction::Append),
        flag("count", "Print the number of legal orders and nothing else"),
        option("nth", "RANK", "Show the legal order with this rank, from 1"),
        option("sample", "N", "Draw N legal orders, each as likely as the others")
            .value_parser(number()),
        option("seed", "S", "Draw the same orders as the last time with this seed")
            .value_parser(number())
            .requires("sample"),
        option("enumerate", "N", "Show the first N legal orders").value_parser(number()),
        option("check", "FILE", "Check the lines of a file, or with - of standard input")
            .conflicts_with("command"),
        option("format", "FORMAT", "text, or json for a program to read")
            .value_parser(["text", "json"])
            .default_value("text"),
        command,
    ])
}

pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let order = contract(arguments)?;
    let has_command = arguments.contains_id("command");
    if !has_command && std::env::args_os().any(|argument| argument == "--") {
        // An empty variable in somebody's script must not make a check pass.
        return Err(wrong_usage("after `--` stands no command"));
    }
    let question = Question { contract: order.compile().map_err(wrong_usage)?, arguments };
    let answer = question.answer()?;
    if question.is_json() {
        println!("{:#}", answer.to_json(&question)?);
    } else {
        answer.print(&question).map_err(CannotPrint::from_output)?;
    }
    Ok(if answer.is_good() { Outcome::Passed } else { Outcome::Failed })
}

/// The contract, as it was typed or as it stands in a file.
fn contract(arguments: &ArgMatches) -> Result<Order> {
    if let Some(expression) = arguments.get_one::<String>("expression") {
        return expression.parse().map_err(wrong_usage);
    }
    let name = arguments.get_one::<String>("contract").expect("clap requires one of the two");
    let text = std::fs::read_to_string(name);
    let text = text.map_err(|error| wrong_usage(format!("cannot read {name}: {error}")))?;
    // Places in the file stay places in the contract.
    let is_remark = |line: &&str| line.trim_start().starts_with('#');
    let blank = |line: &str| " ".repeat(line.trim_end_matches('\n').len()) + "\n";
    let lines = text.split_inclusive('\n');
    let contract: String =
        lines.map(|line| if is_remark(&line) { blank(line) } else { line.to_owned() }).collect();
    contract.parse().map_err(|error| wrong_usage(format!("{name}: {error}")))
}

fn wrong_usage(error: impl std::fmt::Display) -> anyhow::Error {
    WrongUsage(error.to_string()).into()
}

/// What the command line asks of a contract.
struct Question<'a> {
    contract: Poset,
    arguments: &'a ArgMatches,
}

/// What there is to say, each where it was asked for.
#[derive(Default)]
struct Answer {
    count: Option<Count>,
    nth: Option<Vec<usize>>,
    /// What samples are drawn with. They are drawn as they are shown: there may be a million.
    seed: Option<u64>,
    check: Option<Checked>,
    ended: Option<Ended>,
}

/// A checked output and, where it is a legal order and to number it does not take long, its rank
/// and how many there are.
struct Checked {
    report: Report,
    rank: Option<BigUint>,
    count: Option<Count>,
}

impl Question<'_> {
    fn is_json(&self) -> bool {
        self.arguments.get_one::<String>("format").is_some_and(|format| format == "json")
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.arguments.get_one(name).copied()
    }

    fn answer(&self) -> Result<Answer> {
        let contract = &self.contract;
        let mut answer = Answer::default();
        if let Some(rank) = self.arguments.get_one::<String>("nth") {
            answer.nth = Some(self.nth(rank)?);
        }
        if self.number("sample").is_some() {
            answer.seed = Some(self.number("seed").unwrap_or_else(|| fastrand::u64(..)));
        }
        if let Some(file) = self.arguments.get_one::<String>("check") {
            answer.check = Some(self.checked(self.check_file(file)?));
        }
        if let Some(mut command) = self.arguments.get_many::<OsString>("command") {
            let program = command.next().expect("clap wants at least one");
            let (report, ended) = self.check_program(program, command)?;
            answer.check = Some(self.checked(report));
            answer.ended = Some(ended);
        }
        let shows_orders = answer.nth.is_some() || answer.seed.is_some();
        let is_asked = shows_orders || self.number("enumerate").is_some() || answer.check.is_some();
        if self.arguments.get_flag("count") || !is_asked {
            answer.count = Some(contract.count());
        }
        Ok(answer)
    }

    /// As many orders as were asked for, drawn with this seed.
    fn sample(&self, seed: u64) -> impl Iterator<Item = Result<Vec<usize>>> {
        let mut random = Rng::with_seed(seed);
        let draws = 0..self.number("sample").unwrap_or(0);
        draws.map(move |_| Ok(self.contract.sample(&mut random)?))
    }

    /// As many orders as were asked for, from the first.
    fn enumerate(&self) -> Option<impl Iterator<Item = Vec<usize>>> {
        let most = usize::try_from(self.number("enumerate")?).unwrap_or(usize::MAX);
        Some(self.contract.legal_orders().take(most))
    }

    fn nth(&self, rank: &str) -> Result<Vec<usize>> {
        let digits = rank.replace([',', '_'], "");
        let number = digits.parse().map_err(|_| wrong_usage(format!("`{rank}` is no rank")))?;
        let found = self.contract.unrank(&number)?;
        let count = || format!("the ranks go from 1 to {}", self.contract.count());
        found.ok_or_else(|| wrong_usage(format!("no legal order has the rank {rank}: {}", count())))
    }

    fn check_file(&self, name: &str) -> Result<Report> {
        let reader: Box<dyn Read> = match name {
            "-" => Box::new(io::stdin().lock()),
            _ => Box::new(
                File::open(name).map_err(|e| wrong_usage(format!("cannot read {name}: {e}")))?,
            ),
        };
        let mut lines = Lines::new(self);
        read_all(reader, &mut lines)
            .map_err(|error| wrong_usage(format!("cannot read {name}: {error}")))?;
        Ok(lines.finish())
    }

    /// Whether somebody asked to leave this line out.
    fn is_ignored(&self, line: &str) -> bool {
        let patterns = self.arguments.get_many::<Regex>("ignore");
        patterns.into_iter().flatten().any(|pattern| pattern.is_match(line))
    }

    /// Runs a program and checks its standard output, which is passed through
    /// to where ours goes, or to standard error where ours is for JSON.
    ///
    /// Ctrl-C ends the program, and not us: what it printed so far is checked.
    fn check_program<'a>(
        &self,
        program: &OsString,
        arguments: impl Iterator<Item = &'a OsString>,
    ) -> Result<(Report, Ended)> {
        let request = Request::of_a_stranger(program).arguments(arguments.cloned());
        // Lines are checked as they come, and need not be kept.
        let request = Request { input: Input::Ours, kept_output: 0, ..request };
        let through: Box<dyn Write> =
            if self.is_json() { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        let mut passing = Passing { through, lines: Lines::new(self), failure: None };
        let ended = process::watch(&request, &mut passing).map_err(|error| {
            // Somebody named it on the command line.
            if error.is_of_the_program() { wrong_usage(error) } else { error.into() }
        })?;
        if let Some(error) = passing.failure {
            let name = program.display();
            let context = format!("cannot pass on what {name} prints");
            return Err(anyhow::Error::new(CannotPrint(error)).context(context));
        }
        if !passing.lines.unfinished.is_empty() {
            // What is said about the output begins on a line of its own.
            eprintln!();
        }
        Ok((passing.lines.finish(), ended))
    }

    /// Numbers a legal order, where that does not take long.
    fn checked(&self, report: Report) -> Checked {
        const MOST_LINES: usize = 1000;
        let worth_it = report.is_legal() && report.expected() <= MOST_LINES;
        let progress = worth_it.then(|| show::spinner("Numbering the legal orders"));
        let rank = worth_it.then(|| self.contract.rank(report.sequence()));
        let count = worth_it.then(|| self.contract.count());
        progress.into_iter().for_each(|progress| progress.finish_and_clear());
        Checked { rank: rank.and_then(Result::ok).flatten(), count, report }
    }

    /// A legal order in the short form of the notation.
    fn short(&self, sequence: &[usize]) -> String {
        let name = |&line: &usize| self.contract.lines()[line].short().to_string();
        sequence.iter().map(name).collect::<Vec<_>>().join(" ; ")
    }
}

/// No line is longer: of what goes on for ever without a line end only this much is looked at.
const LONGEST_LINE: usize = 1 << 20;

/// Cuts an output into lines, and checks them as they come.
struct Lines<'a> {
    question: &'a Question<'a>,
    checker: Checker<'a>,
    unfinished: Vec<u8>,
}

impl<'a> Lines<'a> {
    fn new(question: &'a Question<'a>) -> Lines<'a> {
        Lines { question, checker: Checker::new(&question.contract), unfinished: Vec::new() }
    }

    /// Takes in the next piece. What is no UTF-8 becomes � in the lines.
    fn push(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|&byte| byte == b'\n') {
            let room = LONGEST_LINE.saturating_sub(self.unfinished.len());
            self.unfinished.extend_from_slice(&part[..part.len().min(room)]);
            if part.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let bytes = std::mem::take(&mut self.unfinished);
        let line = without_line_end(&bytes);
        if !self.question.is_ignored(&line) {
            self.checker.line(&line);
        }
    }

    /// What there is to say of all of it; the last line may lack its end.
    fn finish(mut self) -> Report {
        if !self.unfinished.is_empty() {
            self.end_line();
        }
        self.checker.finish()
    }
}

fn read_all(mut input: impl Read, lines: &mut Lines<'_>) -> io::Result<()> {
    let mut piece = vec![0; 1 << 16];
    loop {
        match input.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => lines.push(&piece[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Passes a program's output through, and has it checked.
struct Passing<'a> {
    through: Box<dyn Write>,
    lines: Lines<'a>,
    /// Why the output could not be passed through any longer.
    failure: Option<io::Error>,
}

impl Watcher for Passing<'_> {
    fn output(&mut self, stream: Stream, bytes: &[u8], _arrival: Duration) -> ControlFlow<()> {
        if stream == Stream::Error {
            // Where nobody reads on, there is nobody to tell.
            let _unread = io::stderr().write_all(bytes);
            return ControlFlow::Continue(());
        }
        if let Err(error) = self.through.write_all(bytes).and_then(|()| self.through.flush()) {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        self.lines.push(bytes);
        ControlFlow::Continue(())
    }
}

fn without_line_end(line: &[u8]) -> std::borrow::Cow<'_, str> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line))
}

impl Answer {
    fn is_good(&self) -> bool {
        self.check.as_ref().is_none_or(|check| check.report.is_legal())
            && self.ended.as_ref().is_none_or(|ended| ended.ending.is_success())
    }

    fn print(&self, question: &Question<'_>) -> Result<()> {
        let mut out = anstream::stdout().lock();
        if let Some(count) = &self.count {
            if question.arguments.get_flag("count") {
                writeln!(out, "{}", plain(count))?;
            } else {
                let order = question.contract.order().short().to_string();
                writeln!(out, "{}", order.replace('∥', glyph("∥", "||")))?;
                writeln!(out, "{DIM}legal orders:{DIM:#} {count}")?;
            }
        }
        if let Some(legal) = &self.nth {
            writeln!(out, "{}", question.short(legal))?;
        }
        for legal in self.seed.into_iter().flat_map(|seed| question.sample(seed)) {
            writeln!(out, "{}", question.short(&legal?))?;
        }
        for legal in question.enumerate().into_iter().flatten() {
            writeln!(out, "{}", question.short(&legal))?;
        }
        out.flush()?;
        if let (Some(seed), None) = (self.seed, question.number("seed")) {
            anstream::eprintln!("{DIM}drawn with --seed {seed}{DIM:#}");
        }
        self.print_check(question)
    }

    /// Says how an output was. What a program printed stays as it was: what
    /// is said about it goes to standard error.
    fn print_check(&self, question: &Question<'_>) -> Result<()> {
        let Some(checked) = &self.check else { return Ok(()) };
        let (style, text) = if checked.report.is_legal() {
            (GOOD, checked.verdict())
        } else {
            (BAD, checked.report.to_string())
        };
        // That its lines were not kept is our doing.
        let of_program = |it: &&Finding| !matches!(it, Finding::Flooded { .. });
        let findings = self.ended.iter().flat_map(|ended| &ended.findings).filter(of_program);
        findings.for_each(|finding| anstream::eprintln!("{BAD}{finding}{BAD:#}"));
        if question.arguments.contains_id("command") {
            anstream::eprintln!("{style}{text}{style:#}");
        } else {
            writeln!(anstream::stdout(), "{style}{text}{style:#}")?;
        }
        Ok(())
    }

    fn to_json(&self, question: &Question<'_>) -> Result<Value> {
        let texts = |legal: &Vec<usize>| json!(question.contract.texts(legal));
        let drawn =
            |seed| question.sample(seed).map(|legal| Ok(texts(&legal?))).collect::<Result<_>>();
        let sample: Option<Vec<Value>> = self.seed.map(drawn).transpose()?;
        let mut value = json!({
            "contract": question.contract.order().to_string(),
            "lines": question.contract.lines().len(),
        });
        let mut tell = |name: &str, told: Option<Value>| {
            told.into_iter().for_each(|told| value[name] = told);
        };
        tell("count", self.count.as_ref().map(count_to_json));
        tell("nth", self.nth.as_ref().map(texts));
        tell("seed", self.seed.map(|seed| json!(seed.to_string())));
        tell("sample", sample.map(Value::from));
        tell("enumerate", question.enumerate().map(|orders| orders.map(|it| texts(&it)).collect()));
        tell("check", self.check.as_ref().map(|check| check.report.to_json()));
        let rank = self.check.as_ref().and_then(|check| check.rank.as_ref());
        tell("rank", rank.map(|rank| json!(rank.to_string())));
        let exit_code = |ended: &Ended| match ended.ending {
            Ending::Exited(code) => json!(code),
            _ => Value::Null,
        };
        tell("exit_code", self.ended.as_ref().map(exit_code));
        Ok(value)
    }
}

impl Checked {
    /// What there is to say of a legal order.
    fn verdict(&self) -> String {
        match (self.rank.clone().map(Count::Exact), &self.count) {
            (Some(_), Some(count)) if *count.number() == 1_u32.into() => {
                "the only legal order".into()
            }
            (Some(rank), Some(count)) => format!("legal order {rank} of {count}"),
            (_, Some(count)) => format!("a legal order, one of {count}"),
            (_, None) => format!("a legal order of {} lines", self.report.expected()),
        }
    }
}

/// The number in digits, and where it is no more than a bound, that.
fn plain(count: &Count) -> String {
    match count {
        Count::Exact(number) => number.to_string(),
        Count::AtLeast(number) => format!("at least {number}"),
    }
}

/// Numbers that no number type of other programs may hold go as text.
fn count_to_json(count: &Count) -> Value {
    json!({ "number": count.number().to_string(), "exact": count.exact().is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(contract: &str, arguments: &[&str]) -> (Poset, ArgMatches) {
        let arguments = [&["order", contract], arguments].concat();
        let contract = contract.parse::<Order>().and_then(|order| order.compile());
        (contract.expect("a contract"), describe().get_matches_from(arguments))
    }

    /// Whether these pieces of an output are what the contract says.
    fn is_legal(contract: &str, arguments: &[&str], pieces: &[&[u8]]) -> bool {
        let (contract, arguments) = question(contract, arguments);
        let question = Question { contract, arguments: &arguments };
        let mut lines = Lines::new(&question);
        pieces.iter().for_each(|piece| lines.push(piece));
        lines.finish().is_legal()
    }

    #[test]
    fn lines_are_whole_however_their_bytes_arrive() {
        let contract = "\"é ∥\" ; \"\" ; last";
        let text = "é ∥\r\n\nlast".as_bytes();
        let drops: Vec<&[u8]> = text.chunks(1).collect();
        assert!(is_legal(contract, &[], &[text]));
        assert!(is_legal(contract, &[], &drops));
    }

    #[test]
    fn what_never_ends_its_line_is_cut() {
        let (contract, arguments) = question("a", &[]);
        let question = Question { contract, arguments: &arguments };
        let mut lines = Lines::new(&question);
        (0..40).for_each(|_| lines.push(&[b'x'; 1 << 16]));
        assert_eq!(lines.unfinished.len(), LONGEST_LINE);
    }

    #[test]
    fn what_is_ignored_is_in_nobodys_way() {
        let output: &[&[u8]] = &[b"a\nINFO: x\nb\n12 %\n"];
        assert!(!is_legal("a ; b", &[], output));
        assert!(!is_legal("a ; b", &["--ignore", "^INFO"], output));
        assert!(is_legal("a ; b", &["--ignore", "^INFO", "--ignore", "[0-9]+ %"], output));
    }
}
