//! Questions by choice.

use std::io::{self, BufRead, Write};

use anyhow::Result;
use clap::{Arg, ArgMatches, value_parser};
use command::show::{BOLD, width, wrap};
use judge::Seed;
use words::WrongUsage;

/// The argument that answers for somebody who has no terminal.
pub(crate) fn argument() -> Arg {
    Arg::new("answer")
        .long("answer")
        .value_name("N")
        .value_parser(value_parser!(usize))
        .help("Answer with this choice, without being asked")
}

/// Prints a question with its choices, and has one chosen: its place, from 0.
///
/// # Errors
///
/// If nobody answers, or the command line answers with a choice that is not there.
pub(crate) fn ask(question: &str, choices: &[&str], arguments: &ArgMatches) -> Result<usize> {
    print(question, choices);
    let wrong = || WrongUsage(format!("choices are numbered from 1 to {}", choices.len()));
    if let Some(&answer) = arguments.get_one::<usize>("answer") {
        return Ok(choice(answer, choices.len()).ok_or_else(wrong)?);
    }
    let mut lines = io::stdin().lock().lines();
    loop {
        print!("Your choice, 1 to {}: ", choices.len());
        io::stdout().flush()?;
        let Some(line) = lines.next() else {
            println!();
            let text = "nobody answered; without a terminal, `--answer N` does";
            return Err(WrongUsage(text.to_owned()).into());
        };
        let answer = line?.trim().parse().ok();
        if let Some(choice) = answer.and_then(|answer| choice(answer, choices.len())) {
            return Ok(choice);
        }
    }
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

#[cfg(test)]
mod tests {
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
}
