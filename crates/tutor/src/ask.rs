//! Questions by choice.

use std::io::{self, BufRead, BufReader, Write};

use anyhow::Result;
use clap::{Arg, ArgMatches, value_parser};
use command::show::{BOLD, width, wrap};
use judge::Seed;
use judge::manifest::Range;
use words::WrongUsage;

/// The argument that answers for somebody who has no terminal.
pub(crate) fn argument() -> Arg {
    Arg::new("answer")
        .long("answer")
        .value_name("N")
        .value_parser(value_parser!(usize))
        .help("Answer with this choice, without being asked")
}

/// A question, and who answers it.
pub(crate) struct Question<'a> {
    pub(crate) text: &'a str,
    pub(crate) choices: &'a [&'a str],
    /// The choice on the command line, from 1.
    pub(crate) answer: Option<usize>,
}

/// The choice on the command line, of a command that has this [argument].
pub(crate) fn answer(arguments: &ArgMatches) -> Option<usize> {
    arguments.get_one::<usize>("answer").copied()
}

impl Question<'_> {
    /// Prints the question with its choices, and has one chosen: its place, from 0; none if nobody answers.
    ///
    /// # Errors
    ///
    /// If the command line answers with a choice that is not there; if somebody presses Ctrl-C.
    pub(crate) fn ask(&self) -> Result<Option<usize>> {
        print(self.text, self.choices);
        let all = self.choices.len();
        if let Some(answer) = self.answer {
            let wrong = || WrongUsage(format!("choices are numbered from 1 to {all}"));
            return Ok(Some(choice(answer, all).ok_or_else(wrong)?));
        }
        let mut answers = answers()?;
        loop {
            print!("Your choice, 1 to {all}: ");
            io::stdout().flush()?;
            if answers.buffer().is_empty() {
                wait()?;
            }
            let mut typed = String::new();
            if answers.read_line(&mut typed)? == 0 {
                println!();
                return Ok(None);
            }
            if let Some(choice) = typed.trim().parse().ok().and_then(|it| choice(it, all)) {
                return Ok(Some(choice));
            }
        }
    }
}

/// The error of a command that somebody had to answer.
pub(crate) fn nobody() -> WrongUsage {
    WrongUsage("nobody answered; without a terminal, `--answer N` does".to_owned())
}

/// What is typed. Not by way of the standard library's buffer, into which nobody can look.
#[cfg(unix)]
fn answers() -> io::Result<BufReader<std::fs::File>> {
    use std::os::fd::AsFd;
    Ok(BufReader::new(io::stdin().as_fd().try_clone_to_owned()?.into()))
}

#[cfg(not(unix))]
fn answers() -> io::Result<BufReader<io::Stdin>> {
    Ok(BufReader::new(io::stdin()))
}

/// Waits until something is typed. Once a program was judged Ctrl-C is noted rather than obeyed, and reading
/// would go on.
#[cfg(unix)]
fn wait() -> Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use supervise::{Interrupted, interrupted};
    const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    let keyboard = io::stdin();
    while matches!(poll(&mut [PollFd::new(&keyboard, PollFlags::IN)], Some(&LOOK)), Ok(0) | Err(_))
    {
        if interrupted() {
            return Err(Interrupted.into());
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn wait() -> Result<()> {
    Ok(())
}

/// The place of a choice that was typed.
fn choice(typed: usize, of: usize) -> Option<usize> {
    (1..=of).contains(&typed).then(|| typed - 1)
}

fn print(question: &str, choices: &[&str]) {
    anstream::println!();
    wrap(question, width()).iter().for_each(|line| anstream::println!("{BOLD}{line}{BOLD:#}"));
    for (number, text) in (1..).zip(choices) {
        for (place, line) in wrap(text, width() - 5).iter().enumerate() {
            let number = if place == 0 { format!("{number}.") } else { String::new() };
            anstream::println!("  {number:<2} {line}");
        }
    }
}

/// In which order so many choices are shown: always the same for one exercise, and not with the right one
/// where its author wrote it down.
pub(crate) fn mixed(exercise: &str, choices: usize) -> Vec<usize> {
    let seed = exercise.bytes().fold(Seed::new(0), |seed, byte| seed.part("name", byte.into()));
    let mut order: Vec<usize> = (0..choices).collect();
    order.sort_by_key(|&choice| seed.draw("choice", choice as u64));
    order
}

/// In which order amounts are shown: from the least to the most or from the most to the least, wherever their
/// author wrote the right one. Any other order would look as if it meant something. Which of the two it is, is
/// [mixed].
pub(crate) fn ranked<'a>(exercise: &str, amounts: &'a [Range]) -> Vec<&'a Range> {
    let mut ranked: Vec<&Range> = amounts.iter().collect();
    ranked.sort_by_key(|amount| (amount.from, amount.to));
    if mixed(exercise, 2)[0] == 1 {
        ranked.reverse();
    }
    ranked
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use judge::Manifest;

    use super::*;

    #[test]
    fn choices_count_from_one() {
        assert_eq!([0, 1, 4, 5].map(|typed| choice(typed, 4)), [None, Some(0), Some(3), None]);
    }

    #[test]
    fn choices_are_mixed_and_stay_so() {
        let orders = ["02_a", "03_b", "04_c", "05_d", "06_e"].map(|exercise| mixed(exercise, 4));
        assert!(orders.iter().any(|order| order[0] != 0), "{orders:?}");
        for order in &orders {
            let mut all = order.clone();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3]);
        }
        assert_eq!(mixed("02_a", 4), orders[0]);
    }
    #[test]
    fn amounts_are_shown_by_how_much_they_are_in_either_direction() {
        let amount = |from, to| Range { text: format!("{from}"), from, to };
        let written = [amount(2, 3), amount(0, 0), amount(4, u64::MAX), amount(1, 1)];
        let texts = |exercise| {
            let ranked = ranked(exercise, &written);
            ranked.iter().map(|amount| amount.text.as_str()).collect::<String>()
        };
        assert_eq!(["02_overlap", "03_await"].map(texts), ["0124", "4210"]);
    }

    /// In most of the first exercises the least is right.
    #[test]
    fn in_no_part_of_the_course_is_the_least_always_at_the_same_place() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("exercises");
        let manifest = Manifest::read(&folder).expect("the course");
        for part in &manifest.parts {
            let all = manifest.exercises.iter().filter(|it| part.exercises.contains(&it.number));
            let is_first = |exercise: &judge::Exercise| {
                let amounts = &exercise.predict.choices;
                let least = amounts.iter().map(|amount| amount.from).min();
                Some(ranked(&exercise.file(), amounts)[0].from) == least
            };
            let (first, last): (Vec<_>, Vec<_>) = all.partition(|exercise| is_first(exercise));
            assert!(!first.is_empty() && !last.is_empty(), "{}", part.title);
        }
    }
}
