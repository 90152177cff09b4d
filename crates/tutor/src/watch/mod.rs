//! `cargo xtask watch`: judges an exercise whenever it is saved.
//!
//! One loop, which never waits for long: it looks for keys, for saves, and for what the present run has to
//! say. The run is a process of its own (`cargo xtask exercise`), so that a key or a save can end it at any
//! time, whatever it does.
//!
//! 1. [`saves`]: which texts have changed; none is lost, whatever happens meanwhile;
//! 2. [`mod@run`]: a command in a process of its own;
//! 3. [`screen`]: keys and lines, with or without a terminal.

mod run;
mod saves;
mod screen;

use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{ArgMatches, Command};
use judge::Exercise;
use supervise::{Interrupted, interrupted};
use words::Outcome;

use crate::course::{Course, argument, wanted};
use run::{Commands, Heard, Running};
use saves::Saves;
use screen::{Key, Screen, Status};

/// How long to wait for a key before looking at other things.
const TICK: Duration = Duration::from_millis(20);

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("watch")
        .about("Judges an exercise whenever it is saved")
        .arg(wanted())
        .arg(argument())
        .after_help(
            "It follows whichever exercise is saved. A key or a save ends what is running. The last line says \
             what keys do, each by its first letter. Without a terminal it knows no keys, and Ctrl-C ends it.",
        )
}

/// Watches until somebody quits.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    supervise::listen()?;
    let course = Course::open(arguments)?;
    let exercise = match course.next() {
        None if !arguments.contains_id("exercise") => course.manifest.exercises.last(),
        _ => Some(course.wanted(arguments)?),
    };
    let Some(exercise) = exercise.cloned() else { return Ok(Outcome::Passed) };
    let (screen, saves) = (Screen::open()?, Saves::of(&course));
    let commands = Commands::of(&course.manifest.folder, screen.has_keys())?;
    let mut watch = Watch { course, exercise, screen, saves, commands, running: None };
    watch.begin()?;
    while watch.step()? {}
    watch.end("")?;
    if interrupted() { Err(Interrupted.into()) } else { Ok(Outcome::Passed) }
}

/// Somebody who works at an exercise, and what is going on.
struct Watch {
    course: Course,
    /// The exercise that was saved last.
    exercise: Exercise,
    screen: Screen,
    saves: Saves,
    commands: Commands,
    /// What runs, and since when.
    running: Option<(Running, Instant)>,
}

impl Watch {
    /// Judges what is there, unless a prediction has to be made first: a finding would answer it.
    fn begin(&mut self) -> Result<()> {
        self.course.progress.refresh()?;
        let standing = self.course.progress.of(&self.exercise.file());
        if standing.solved || standing.predicted.is_some() || standing.tries > 0 {
            return self.judge();
        }
        self.screen.clear()?;
        self.say(&["next", &self.exercise.file()])?;
        self.screen.line("")?;
        self.screen.line("Predict first. Then change the file; it is judged whenever you save it.")
    }

    /// Looks once at everything: whether to go on.
    fn step(&mut self) -> Result<bool> {
        if let Some(key) = self.screen.key(TICK)? {
            self.end("Ended by a key.")?;
            if !self.obey(key)? {
                return Ok(false);
            }
        }
        if interrupted() {
            return Ok(false);
        }
        if let Some(file) = self.saves.take(&self.exercise.file()) {
            self.end("Ended: a file was saved.")?;
            self.exercise = self.course.manifest.find(&file).map_err(anyhow::Error::msg)?.clone();
            self.judge()?;
        }
        self.listen()?;
        Ok(true)
    }

    /// Does what a key stands for: whether to go on.
    fn obey(&mut self, key: Key) -> Result<bool> {
        let name = self.exercise.file();
        match key {
            Key::Quit => return Ok(false),
            Key::Hint => self.show(&["hint", &name])?,
            Key::List => self.show(&[])?,
            Key::Predict => self.ask(&["predict", &name])?,
            Key::Explain => self.ask(&["explain", &name])?,
            Key::Run => self.judge()?,
            Key::Next => {
                self.course.progress.refresh()?;
                let next = self.course.next().cloned();
                self.exercise = next.unwrap_or_else(|| self.exercise.clone());
                self.begin()?;
            }
            Key::Other => {}
        }
        Ok(true)
    }

    /// Begins to judge the exercise.
    fn judge(&mut self) -> Result<()> {
        self.screen.clear()?;
        let lines = self.screen.lines().to_string();
        let began = Instant::now();
        let running = self.commands.begin(&[&self.exercise.file(), "--lines", &lines])?;
        self.running = Some((running, began));
        self.screen.status(Status::Building)
    }

    /// Shows what the present run has to say.
    fn listen(&mut self) -> Result<()> {
        while let Some((running, began)) = &mut self.running {
            match running.hear()? {
                Heard::Begun => self.screen.status(Status::Running)?,
                Heard::Line(line) => self.screen.line(&line)?,
                Heard::Nothing => return Ok(()),
                Heard::End => {
                    let taken = began.elapsed();
                    self.running = None;
                    self.screen.status(Status::Judged(taken))?;
                }
            }
        }
        Ok(())
    }

    /// Ends the present run, if there is one, and says why.
    fn end(&mut self, why: &str) -> Result<()> {
        let Some((running, _)) = self.running.take() else { return Ok(()) };
        for line in running.end()? {
            self.screen.line(&line)?;
        }
        self.screen.line(why)?;
        self.screen.status(Status::Ended)
    }

    /// Shows what a command has to say that takes no time, on an empty screen.
    fn show(&mut self, arguments: &[&str]) -> Result<()> {
        self.screen.clear()?;
        self.say(arguments)
    }

    fn say(&mut self, arguments: &[&str]) -> Result<()> {
        for line in self.commands.say(arguments)? {
            self.screen.line(&line)?;
        }
        self.screen.status(Status::Nothing)
    }

    /// Has a command ask on the terminal.
    fn ask(&mut self, arguments: &[&str]) -> Result<()> {
        self.screen.clear()?;
        let commands = &self.commands;
        self.screen.lend(|| commands.ask(arguments))?;
        self.screen.status(Status::Nothing)
    }
}
