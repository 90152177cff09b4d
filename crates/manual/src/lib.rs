//! `cargo xtask completions` and `cargo xtask manual`: what shells and `man` can be told of all that
//! `cargo xtask` understands, written from the command line itself.
//!
//! A program of its own, which is built when it is first asked for: no lesson waits for it.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{ArgMatches, Command};
use clap_complete::{Shell, generate};
use words::Outcome;

/// Does what the task runner passes on.
pub fn main() -> ExitCode {
    supervise::keep_if_asked();
    let matches = whole().get_matches();
    command::finish(|| run(&matches))
}

fn run(matches: &ArgMatches) -> Result<Outcome> {
    let text = |arguments: &ArgMatches, name| {
        let text = arguments.get_one::<String>(name).cloned();
        text.context("the task runner passes it on")
    };
    match matches.subcommand() {
        Some(("completions", arguments)) => {
            let shell = text(arguments, "shell")?.parse::<Shell>().map_err(anyhow::Error::msg)?;
            io::stdout().write_all(&completions(shell))?;
        }
        Some(("manual", arguments)) => {
            let folder = text(arguments, "folder")?;
            write_pages(Path::new(&folder))?;
            println!("The pages are in {folder}: man -l {folder}/xtask.1");
        }
        _ => bail!("this program writes completions and manual pages: see `cargo xtask --help`"),
    }
    Ok(Outcome::Passed)
}

/// The task runner's command line, with what it passes on to the tutor in its place.
fn whole() -> Command {
    let tutor = tutor::command_line();
    let whole = tutor.get_subcommands().fold(xtask::command_line(), |whole, command| {
        whole.mut_subcommand(command.get_name(), |_| command.clone())
    });
    // The name that a shell completes: what stands behind `cargo` is cargo's.
    whole.bin_name("xtask")
}

/// What the shell has to know, and a command of one word that it can complete.
fn completions(shell: Shell) -> Vec<u8> {
    let shortcut = match shell {
        Shell::Bash | Shell::Zsh => "xtask() { cargo xtask \"$@\"; }\n",
        Shell::Fish => "function xtask; cargo xtask $argv; end\n",
        Shell::PowerShell => "function xtask { cargo xtask @args }\n",
        Shell::Elvish => "fn xtask {|@words| cargo xtask $@words }\n",
        _ => "",
    };
    let mut script = Vec::new();
    generate(shell, &mut whole(), "xtask", &mut script);
    script.extend(shortcut.bytes());
    script
}

fn write_pages(folder: &Path) -> Result<()> {
    let named = || folder.display().to_string();
    std::fs::create_dir_all(folder).with_context(named)?;
    clap_mangen::generate_to(whole(), folder).with_context(named)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_command_line_makes_sense() {
        whole().debug_assert();
    }

    #[test]
    fn every_shell_can_be_asked_for_and_is_told_of_every_command_and_its_options() {
        for shell in Shell::value_variants() {
            let asked = whole().try_get_matches_from(["xtask", "completions", &shell.to_string()]);
            assert!(asked.is_ok(), "{shell}");
            let script = String::from_utf8(completions(*shell)).expect("text");
            for word in ["cargo xtask", "demo", "repeat", "exercise", "reveal", "grade"] {
                assert!(script.contains(word), "{shell} has never heard of {word}");
            }
        }
    }

    #[test]
    fn every_command_has_a_page_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        write_pages(folder.path()).expect("room for the pages");
        for command in whole().get_subcommands() {
            let page = folder.path().join(format!("xtask-{}.1", command.get_name()));
            let text = std::fs::read_to_string(page).expect("a page");
            assert!(text.contains(".SH SYNOPSIS"), "{}", command.get_name());
        }
        assert!(write_pages(&folder.path().join("xtask.1")).is_err(), "a file is no folder");
    }
}
