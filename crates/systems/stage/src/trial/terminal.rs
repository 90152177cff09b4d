//! A terminal of 80 columns and 24 lines, and a system that runs in it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// So long nothing takes; who waits for longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(120);

/// A system that runs in a terminal. It is ended when this is dropped.
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    ours: File,
    theirs: File,
    screen: Receiver<Vec<u8>>,
    text: String,
}

impl Terminal {
    /// Runs a command whose controlling terminal this is, so that Ctrl-C is a signal to it.
    pub(super) fn of(command: &Command) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it may be used");
        let size = Winsize { ws_col: 80, ws_row: 24, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&ours, size).expect("a size");
        let name = ptsname(&ours, Vec::new()).expect("a name").into_string().expect("a text");
        let theirs = OpenOptions::new().read(true).write(true).open(name).expect("their end");
        let end = || theirs.try_clone().expect("one more");
        let mut alone = Command::new("setsid"); // which becomes the command
        alone.arg("--ctty").arg(command.get_program()).args(command.get_args());
        for (variable, value) in command.get_envs() {
            match value {
                Some(value) => alone.env(variable, value),
                None => alone.env_remove(variable),
            };
        }
        let child = alone.stdin(end()).stdout(end()).stderr(end()).spawn().expect("it runs");
        let ours = File::from(ours);
        let screen = read(ours.try_clone().expect("one more"));
        Terminal { child, ours, theirs, screen, text: String::new() }
    }

    /// Waits until this has been shown, and returns all that has been.
    ///
    /// # Panics
    ///
    /// If it never is.
    #[track_caller]
    pub fn until(&mut self, part: &str) -> &str {
        let start = Instant::now();
        let mut unseen = 0; // whoever looked at all of a game's pictures for each new one would never be done
        while !self.text[unseen..].contains(part) {
            unseen = self.text.floor_char_boundary(self.text.len().saturating_sub(part.len()));
            let bytes = self.screen.recv_timeout(IN_VAIN.saturating_sub(start.elapsed()));
            let bytes = bytes.unwrap_or_else(|_| panic!("`{part}` is missing: {}", self.text));
            self.text += &String::from_utf8_lossy(&bytes);
        }
        &self.text
    }

    /// Presses keys, as a terminal sends them.
    ///
    /// # Panics
    ///
    /// If the terminal is gone.
    pub fn press(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// The number of the system's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Tells the system by a signal to end.
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

    /// Waits for the end, and for this to be shown before it; and returns all that was shown.
    ///
    /// # Panics
    ///
    /// If this is not shown, if the exit code is another one, or if the terminal is not given back.
    #[track_caller]
    pub fn ends_and_gives_back(&mut self, code: i32, last: &str) -> &str {
        self.until(last);
        let ended = self.child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(code), "{}", self.text);
        assert!(self.is_a_shells(), "what is typed is not shown any more");
        &self.text
    }
}

/// What the system shows, as it comes.
fn read(mut output: File) -> Receiver<Vec<u8>> {
    let (to, screen) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut bytes) {
            if to.send(bytes[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    screen
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
    use crate::trial::Call;

    #[test]
    fn what_is_typed_comes_to_the_system_and_what_it_says_to_the_screen() {
        let mut terminal =
            Call::of("sh", &["-c", "read it; echo \"<$it>\"; exit 7"]).in_a_terminal();
        terminal.press("words\n");
        terminal.ends_and_gives_back(7, "<words>");
    }

    #[test]
    fn ctrl_c_is_a_signal() {
        let script = "trap 'echo heard; exit 130' INT; echo one; while :; do :; done";
        let mut terminal = Call::of("sh", &["-c", script]).in_a_terminal();
        terminal.until("one");
        terminal.press("\x03");
        terminal.ends_and_gives_back(130, "heard");
    }

    #[test]
    #[should_panic(expected = "what is typed is not shown any more")]
    fn a_terminal_that_is_not_given_back_is_told() {
        Call::of("sh", &["-c", "stty -echo; echo end"])
            .in_a_terminal()
            .ends_and_gives_back(0, "end");
    }
}
