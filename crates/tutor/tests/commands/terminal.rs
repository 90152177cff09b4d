//! A terminal of 80 columns and 24 lines, and a command on it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// So long nothing takes; who waits for longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(120);

/// A command that has a terminal.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    /// What was printed and not yet waited for.
    text: String,
}

impl Terminal {
    pub(crate) fn of(mut command: Command) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it may be used");
        let size = Winsize { ws_col: 80, ws_row: 24, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&ours, size).expect("a size");
        let name = ptsname(&ours, Vec::new()).expect("a name").into_string().expect("a text");
        let theirs = OpenOptions::new().read(true).write(true).open(name).expect("their end");
        let end = || theirs.try_clone().expect("one more");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("it runs");
        let (to, screen) = mpsc::channel();
        let keyboard = File::from(ours);
        let mut output = keyboard.try_clone().expect("one more");
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                if to.send(bytes[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Terminal { child, keyboard, screen, text: String::new() }
    }

    /// Waits until this is printed, after all that was waited for before.
    #[track_caller]
    pub(crate) fn until(&mut self, part: &str) {
        loop {
            if let Some(place) = self.text.find(part) {
                self.text.drain(..place + part.len());
                return;
            }
            match self.screen.recv_timeout(IN_VAIN) {
                Ok(bytes) => self.text += &String::from_utf8_lossy(&bytes),
                Err(_) => panic!("`{part}` is missing: {}", self.text),
            }
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// The exit code, once it has ended.
    #[track_caller]
    pub(crate) fn end(mut self) -> Option<i32> {
        loop {
            match self.screen.recv_timeout(IN_VAIN) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {}", self.text),
            }
        }
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a failed assertion it may still run.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
