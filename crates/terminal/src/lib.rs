//! A terminal, of 80 columns and 24 lines where nobody wants another, at which nobody sits but a test.
//!
//! What is run in it finds what it would find at somebody's desk: what is typed is shown and comes a line at a
//! time, Ctrl-C is a signal, and whoever changes any of that has to give it back.
#![cfg(target_os = "linux")]

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// So long nothing takes; who waits for longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(120);

/// A command that runs in a terminal. It is ended when this is dropped.
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    ours: File,
    theirs: File,
    screen: Receiver<String>,
    /// All that was shown so far, and how much of it was waited for.
    text: String,
    seen: usize,
}

impl Terminal {
    /// Runs a command whose controlling terminal this is, so that Ctrl-C is a signal to it.
    ///
    /// # Panics
    ///
    /// If there is no terminal to be had, or no command of this name.
    #[must_use]
    pub fn of(command: &Command) -> Terminal {
        Terminal::sized(command, 80, 24)
    }

    /// Runs a command as [`of`](Terminal::of) does, in a terminal of so many columns and lines.
    ///
    /// # Panics
    ///
    /// If there is no terminal to be had, or no command of this name.
    #[must_use]
    pub fn sized(command: &Command, columns: u16, lines: u16) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it may be used");
        let size = Winsize { ws_col: columns, ws_row: lines, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&ours, size).expect("a size");
        let name = ptsname(&ours, Vec::new()).expect("a name").into_string().expect("a text");
        let theirs = OpenOptions::new().read(true).write(true).open(name).expect("their end");
        let end = || theirs.try_clone().expect("one more");
        let mut alone = in_a_session_of_its_own(command);
        let child = alone.stdin(end()).stdout(end()).stderr(end()).spawn().expect("it runs");
        let ours = File::from(ours);
        let screen = read(ours.try_clone().expect("one more"));
        Terminal { child, ours, theirs, screen, text: String::new(), seen: 0 }
    }

    /// Waits until this is shown, after all that was waited for before; and returns all that was shown.
    ///
    /// # Panics
    ///
    /// If it never is.
    #[track_caller]
    pub fn until(&mut self, part: &str) -> &str {
        let start = Instant::now();
        let mut from = self.seen; // whoever looked at all of a game's pictures for each new one would never be done
        loop {
            if let Some(place) = self.text[from..].find(part) {
                self.seen = from + place + part.len();
                return &self.text;
            }
            let unseen = self.text.len().saturating_sub(part.len());
            from = self.text.floor_char_boundary(unseen).max(self.seen);
            let shown = self.screen.recv_timeout(IN_VAIN.saturating_sub(start.elapsed()));
            self.text += &shown.unwrap_or_else(|_| panic!("`{part}` is missing: {}", self.text));
        }
    }

    /// Presses keys, as a terminal sends them.
    ///
    /// # Panics
    ///
    /// If the terminal is gone.
    pub fn press(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// The number of the command's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Tells the command by a signal to end.
    ///
    /// # Panics
    ///
    /// If it has ended before.
    pub fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("it is there");
    }

    /// Whether the terminal itself does what a shell expects of it: shows what is typed, takes lines, and
    /// makes a signal of Ctrl-C.
    ///
    /// # Panics
    ///
    /// If the terminal is gone.
    #[must_use]
    pub fn is_a_shells(&self) -> bool {
        let modes = tcgetattr(&self.theirs).expect("a terminal").local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    /// Waits for this to be shown and for the end, and returns all that was shown.
    ///
    /// # Panics
    ///
    /// If this is not shown, if there is no end or another exit code, or if the terminal is not given back.
    #[track_caller]
    pub fn ends_and_gives_back(&mut self, code: i32, last: &str) -> &str {
        self.until(last);
        let ended = self.end();
        assert_eq!(ended.code(), Some(code), "{}", self.text);
        assert!(self.is_a_shells(), "what is typed is not shown any more");
        &self.text
    }

    /// How the command ended. What it shows until then is taken in.
    #[track_caller]
    fn end(&mut self) -> ExitStatus {
        const LOOK: Duration = Duration::from_millis(10);
        let start = Instant::now();
        loop {
            let ended = self.child.try_wait().expect("a child");
            // What it has shown by then is all there is; one that draws all the time is never done.
            match self.screen.recv_timeout(LOOK) {
                Ok(shown) => self.text += &shown,
                Err(_) => {
                    if let Some(ended) = ended {
                        return ended;
                    }
                }
            }
            assert!(start.elapsed() < IN_VAIN, "it does not end: {}", self.text);
        }
    }
}

/// The command, begun by one that makes the terminal its own and then becomes it. Its variables are given to it
/// alone: whoever begins it is found where we are, also if it itself should find little or nothing.
fn in_a_session_of_its_own(command: &Command) -> Command {
    let mut alone = Command::new("setsid");
    alone.args(["--ctty", "env"]);
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => {
                let equal = [variable, "=".as_ref(), value];
                alone.arg(equal.into_iter().collect::<OsString>())
            }
            None => alone.env_remove(variable),
        };
    }
    alone.arg(command.get_program()).args(command.get_args());
    command.get_current_dir().map(|folder| alone.current_dir(folder));
    alone
}

/// What the command shows, as it comes, in whole letters.
fn read(mut output: File) -> Receiver<String> {
    let (to, screen) = mpsc::channel();
    thread::spawn(move || {
        let (mut bytes, mut begun) = ([0; 4096], Vec::new());
        while let Ok(length @ 1..) = output.read(&mut bytes) {
            begun.extend(&bytes[..length]);
            let rest = begun.split_off(whole(&begun));
            if to.send(String::from_utf8_lossy(&begun).into_owned()).is_err() {
                return;
            }
            begun = rest;
        }
    });
    screen
}

/// How many of these bytes are whole letters, or none that could become one.
fn whole(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    let is_begun = str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
    bytes.len() - if is_begun { last.len() } else { 0 }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a failed assertion it may still run.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_is_cut_in_two_waits_for_the_rest() {
        assert_eq!(
            [&b"a\xe2\x96"[..], b"a\xe2\x96\x88", b"\xff", b"\xe2a", b""].map(whole),
            [1, 4, 1, 2, 0]
        );
    }

    fn shell(script: &str) -> Terminal {
        Terminal::of(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn what_is_typed_comes_to_the_command_and_what_it_says_to_the_screen() {
        let mut terminal = shell("read it; echo \"<$it>\"; exit 7");
        terminal.press("words\n");
        terminal.ends_and_gives_back(7, "<words>");
    }

    #[test]
    fn a_terminal_is_as_large_as_it_is_wanted() {
        shell("stty size").ends_and_gives_back(0, "24 80");
        let mut terminal = Terminal::sized(Command::new("stty").arg("size"), 60, 20);
        terminal.ends_and_gives_back(0, "20 60");
    }

    #[test]
    fn ctrl_c_is_a_signal() {
        let mut terminal = shell("trap 'echo heard; exit 130' INT; echo one; while :; do :; done");
        terminal.until("one");
        terminal.press("\x03");
        terminal.ends_and_gives_back(130, "heard");
    }

    #[test]
    fn what_was_waited_for_once_has_to_come_once_more() {
        let mut terminal = shell("echo again; read it; echo between; echo again");
        terminal.until("again");
        terminal.press("\n");
        let shown = terminal.until("again");
        assert!(shown.contains("between"), "{shown}");
    }

    #[test]
    fn a_command_runs_where_and_with_what_it_would_without_a_terminal() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "pwd; echo \"$IT\""]).current_dir("/");
        command.env("IT", "is here").env("PATH", "/nowhere");
        let mut terminal = Terminal::of(&command);
        terminal.until("/\r\n");
        terminal.ends_and_gives_back(0, "is here");
    }

    #[test]
    #[should_panic(expected = "what is typed is not shown any more")]
    fn a_terminal_that_is_not_given_back_is_told() {
        shell("stty -echo; echo end").ends_and_gives_back(0, "end");
    }
}
