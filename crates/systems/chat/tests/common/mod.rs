//! A server for people, as a process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Whoever waits for longer waits in vain.
pub(crate) const IN_VAIN: Duration = Duration::from_secs(60);

/// `chat serve`, which ends with us.
pub(crate) struct Server {
    pub(crate) process: Child,
    /// Where it listens, as a browser shows it.
    pub(crate) address: String,
}

impl Server {
    /// Starts one on a port, 0 for any that is free.
    pub(crate) fn start(port: &str) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_chat"))
            .args(["serve", "--while-input", "--port", port])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a server");
        let output = process.stdout.take().expect("a pipe");
        let (told, address) = mpsc::channel();
        thread::spawn(move || told.send(BufReader::new(output).lines().next()));
        let address = address.recv_timeout(IN_VAIN).expect("it says something within a minute");
        let address = address.expect("its address").expect("text");
        Server { process, address }
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> String {
        let port = self.address.trim_end_matches('/').rsplit(':').next();
        port.expect("a port").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}
