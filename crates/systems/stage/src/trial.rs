//! How a test calls a system: as a person would, and sometimes one who has changed her mind.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

/// A call of a system that is about to be made.
#[derive(Debug)]
pub struct Call(pub Command);

/// What came of it.
#[derive(Debug)]
pub struct Answer {
    /// The exit code; nothing where a signal has ended it.
    pub code: Option<i32>,
    /// The lines on the standard output.
    pub lines: Vec<String>,
    /// What was said on the standard error.
    pub errors: String,
}

impl Call {
    /// A call of the program in this file.
    #[must_use]
    pub fn of(program: &str, arguments: &[&str]) -> Call {
        let mut command = Command::new(program);
        command.args(arguments).env_remove("LAB_TRACE");
        Call(command)
    }

    /// Runs it to its end.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[must_use]
    pub fn answer(mut self) -> Answer {
        Answer::of(&self.0.output().expect("it runs"), Vec::new())
    }

    /// Runs it, and presses Ctrl-C when it has printed a line.
    ///
    /// # Panics
    ///
    /// If it cannot be started, prints nothing, or cannot be told.
    #[cfg(unix)]
    #[must_use]
    pub fn interrupted(mut self) -> Answer {
        let child = self.0.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("it runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let first = lines.next().expect("a first line").expect("text");
        let number = child.id().to_string();
        let told = Command::new("kill").args(["-INT", &number]).status().expect("a shell's kill");
        assert!(told.success(), "it is there");
        let lines = [Ok(first)].into_iter().chain(lines).map(|line| line.expect("text")).collect();
        Answer::of(&child.wait_with_output().expect("it ends"), lines)
    }
}

impl Answer {
    fn of(output: &Output, before: Vec<String>) -> Answer {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let mut lines = before;
        lines.extend(text(&output.stdout).lines().map(str::to_owned));
        Answer { code: output.status.code(), lines, errors: text(&output.stderr) }
    }

    /// A figure that was told on the standard error.
    ///
    /// # Panics
    ///
    /// If it was not.
    #[must_use]
    pub fn figure(&self, name: &str) -> f64 {
        let mut lines = self.errors.lines();
        let told = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let number = told.and_then(|told| told.split(' ').next()?.parse().ok());
        number.unwrap_or_else(|| panic!("no {name} in {}", self.errors))
    }

    /// Whether this was said on the standard error.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        self.errors.contains(text)
    }
}
