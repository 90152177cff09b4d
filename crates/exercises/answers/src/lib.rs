//! Many answers to one exercise in one program: honest ones that are written otherwise, and wrong ones that
//! are known.

use std::process::ExitCode;

pub mod cheats;

/// An answer: its name, and what runs it.
pub type Answer = (&'static str, fn() -> ExitCode);

/// Runs the answer whose name stands on the command line; lists all names for `--list`.
pub fn choose(answers: &[Answer]) -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    if wanted == "--list" {
        answers.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    }
    let Some((_, answer)) = answers.iter().find(|(name, _)| *name == wanted) else {
        eprintln!("There is no answer `{wanted}` here; `--list` lists them.");
        return ExitCode::from(2);
    };
    answer()
}
