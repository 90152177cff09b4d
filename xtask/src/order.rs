//! `cargo xtask order`: counts, samples and checks legal orders, of any program's output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command as Program, ExitStatus, Stdio};

use anyhow::{Context, Result, anyhow};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use lab::order::{BigUint, Checker, Count, Order, Poset, Report, Rng};
use serde_json::{Value, json};
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
        Arg::new("contract").value_name("EXPRESSION").required(true).help("The contract"),
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
    let contract = arguments.get_one::<String>("contract").expect("clap requires it");
    let order: Order = contract.parse().map_err(wrong_usage)?;
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
    status: Option<ExitStatus>,
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
            let (report, status) = self.check_program(program, command)?;
            answer.check = Some(self.checked(report));
            answer.status = Some(status);
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
        let mut checker = Checker::new(&self.contract);
        each_line(reader, |_| Ok(()), |line| checker.line(line))
            .map_err(|error| wrong_usage(format!("cannot read {name}: {error}")))?;
        Ok(checker.finish())
    }

    /// Runs a program and checks its standard output, which is passed through
    /// to where ours goes, or to standard error where ours is for JSON.
    fn check_program<'a>(
        &self,
        program: &OsString,
        arguments: impl Iterator<Item = &'a OsString>,
    ) -> Result<(Report, ExitStatus)> {
        // Ctrl-C ends the program, and not us: what it printed so far is checked.
        process::listen().context("Ctrl-C cannot be listened to")?;
        let name = program.display();
        let mut child = Program::new(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| wrong_usage(format!("cannot run {name}: {error}")))?;
        let output = child.stdout.take().expect("a pipe was asked for");
        let mut through: Box<dyn Write> =
            if self.is_json() { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        let mut checker = Checker::new(&self.contract);
        let mut last_byte = b'\n';
        let pass_on = |bytes: &[u8]| {
            last_byte = bytes.last().copied().unwrap_or(last_byte);
            through.write_all(bytes).and_then(|()| through.flush())
        };
        each_line(output, pass_on, |line| checker.line(line))
            .map_err(CannotPrint)
            .with_context(|| format!("cannot pass on what {name} prints"))?;
        if last_byte != b'\n' {
            // What is said about the output begins on a line of its own.
            eprintln!();
        }
        let status = child.wait().with_context(|| format!("cannot wait for {name}"))?;
        Ok((checker.finish(), status))
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

/// Reads to the end, in pieces as they come; hands on every piece as it is
/// and every line without its end. What is no UTF-8 becomes � in the lines.
fn each_line(
    input: impl Read,
    mut pass_on: impl FnMut(&[u8]) -> io::Result<()>,
    mut take: impl FnMut(&str),
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut unfinished = Vec::new();
    loop {
        let piece = input.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        pass_on(piece)?;
        for part in piece.split_inclusive(|&byte| byte == b'\n') {
            let room = LONGEST_LINE.saturating_sub(unfinished.len());
            unfinished.extend_from_slice(&part[..part.len().min(room)]);
            if part.ends_with(b"\n") {
                take(&without_line_end(&unfinished));
                unfinished.clear();
            }
        }
        let length = piece.len();
        input.consume(length);
    }
    if !unfinished.is_empty() {
        take(&without_line_end(&unfinished));
    }
    Ok(())
}

fn without_line_end(line: &[u8]) -> std::borrow::Cow<'_, str> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line))
}

impl Answer {
    fn is_good(&self) -> bool {
        self.check.as_ref().is_none_or(|check| check.report.is_legal())
            && self.status.is_none_or(|status| status.success())
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
        if question.arguments.contains_id("command") {
            anstream::eprintln!("{style}{text}{style:#}");
        } else {
            writeln!(anstream::stdout(), "{style}{text}{style:#}")?;
        }
        match self.status {
            Some(status) if !status.success() => Err(anyhow!("the program ended with {status}")),
            _ => Ok(()),
        }
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
        tell("exit_code", self.status.map(|status| json!(status.code())));
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

    /// Hands out its bytes one at a time.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut buffer[..1])
        }
    }

    fn lines(input: impl Read) -> Vec<String> {
        let mut lines = Vec::new();
        each_line(input, |_| Ok(()), |line| lines.push(line.to_owned())).expect("bytes in memory");
        lines
    }

    #[test]
    fn lines_are_whole_however_their_bytes_arrive() {
        let text = "é ∥\r\n\nlast".as_bytes();
        assert_eq!(lines(text), ["é ∥", "", "last"]);
        assert_eq!(lines(Drops(text)), lines(text));
    }

    #[test]
    fn what_never_ends_its_line_is_cut() {
        let endless = io::repeat(b'x').take(3 * LONGEST_LINE as u64 + 1);
        assert_eq!(lines(endless).iter().map(String::len).collect::<Vec<_>>(), [LONGEST_LINE]);
    }
}
