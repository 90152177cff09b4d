//! `video-game` as somebody plays it: in a terminal, which has to be given back as it was.
#![cfg(target_os = "linux")]

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// So long nothing takes; who waits for longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(120);

/// What shows another screen, and what the one that was there before.
const TAKEN: &str = "\x1b[?1049h";
const GIVEN_BACK: &str = "\x1b[?1049l";

/// A command that has a terminal.
struct Terminal {
    child: Child,
    ours: File,
    theirs: File,
    screen: Receiver<Vec<u8>>,
    text: String,
}

impl Terminal {
    fn of(mut command: Command) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it may be used");
        let size = Winsize { ws_col: 80, ws_row: 24, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&ours, size).expect("a size");
        let name = ptsname(&ours, Vec::new()).expect("a name").into_string().expect("a text");
        let theirs = OpenOptions::new().read(true).write(true).open(name).expect("their end");
        let end = || theirs.try_clone().expect("one more");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("it runs");
        let (to, screen) = mpsc::channel();
        let ours = File::from(ours);
        let mut output = ours.try_clone().expect("one more");
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                if to.send(bytes[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Terminal { child, ours, theirs, screen, text: String::new() }
    }

    /// Waits until this is shown.
    #[track_caller]
    fn until(&mut self, part: &str) {
        while !self.text.contains(part) {
            let bytes = self.screen.recv_timeout(IN_VAIN);
            let bytes = bytes.unwrap_or_else(|_| panic!("`{part}` is missing: {}", self.text));
            self.text += &String::from_utf8_lossy(&bytes);
        }
    }

    fn press(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// Whether the terminal itself does what a shell expects of it: shows what is typed, takes lines, and
    /// makes a signal of Ctrl-C.
    fn is_a_shells(&self) -> bool {
        let modes = tcgetattr(&self.theirs).expect("a terminal").local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    /// Asserts that it ends so, and gives back the terminal, with this shown afterwards.
    #[track_caller]
    fn ends_and_gives_back(&mut self, code: Option<i32>, afterwards: &str) {
        self.until(GIVEN_BACK);
        self.until(afterwards);
        assert_eq!(self.child.wait().expect("it ends").code(), code, "{}", self.text);
        assert!(self.is_a_shells(), "what is typed is not shown any more");
        let shown = self.text.rfind(afterwards).expect("it was waited for");
        let back = self.text.find(GIVEN_BACK).expect("it was waited for");
        assert!(back < shown, "`{afterwards}` is on a screen that nobody sees any more");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a failed assertion it may still run.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn play(arguments: &[&str]) -> Terminal {
    let mut command = Command::new(env!("CARGO_BIN_EXE_video-game"));
    command.args(["--as", "both", "--play"]).args(arguments).env_remove("LAB_TRACE");
    let mut terminal = Terminal::of(command);
    terminal.until(TAKEN);
    terminal.until("0 caught. Arrows fly");
    assert!(!terminal.is_a_shells(), "keys would come a line at a time");
    terminal
}

#[test]
fn what_was_played_can_be_played_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys.txt");
    let path = file.to_str().expect("a path of letters");
    let mut terminal = play(&["--record", path]);
    terminal.press("\x1b[D"); // the left arrow
    terminal.until("1 caught. Arrows fly");
    terminal.press("q");
    terminal.ends_and_gives_back(Some(0), "99th percentile");
    let end = terminal.text.lines().find(|line| line.contains("caught: state")).expect("an end");
    let keys = std::fs::read_to_string(&file).expect("what was pressed");
    assert!(keys.contains(" left\n") && keys.ends_with(" end\n"), "{keys}");
    let mut again = Command::new(env!("CARGO_BIN_EXE_video-game"));
    let again = again.args(["--as", "parallel-only", "--replay", path]).output().expect("it runs");
    let again = String::from_utf8_lossy(&again.stdout).into_owned();
    let state = end.split("caught: ").nth(1).expect("a state").trim_end();
    assert!(again.contains(state), "{state} is missing in {again}");
}

#[test]
fn ctrl_c_and_a_signal_give_the_terminal_back() {
    let mut terminal = play(&[]);
    terminal.press("\x03");
    terminal.ends_and_gives_back(Some(0), "99th percentile");
    let mut terminal = play(&[]);
    let process = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it is there");
    terminal.ends_and_gives_back(Some(143), "stopped early");
}

/// What the test below runs in a terminal: on its own it does nothing.
#[test]
fn panics_while_the_terminal_is_its_own() {
    if std::env::var_os("PANIC_IN_A_TERMINAL").is_some() {
        let terminal = video_game::terminal::Terminal::take().expect("a terminal");
        std::mem::forget(terminal); // nobody gets so far as to give it back
        panic!("a lantern has gone out");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_seen() {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "panics_while_the_terminal_is_its_own", "--nocapture"]);
    command.env("PANIC_IN_A_TERMINAL", "1");
    let mut terminal = Terminal::of(command);
    terminal.until(TAKEN);
    terminal.ends_and_gives_back(Some(101), "a lantern has gone out");
}
