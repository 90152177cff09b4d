//! A server for people, as a process.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// `chat serve`, which ends with us.
pub(crate) struct Server {
    pub(crate) process: Child,
    _output: BufReader<ChildStdout>,
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
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut address = String::new();
        output.read_line(&mut address).expect("its address");
        Server { process, _output: output, address: address.trim().to_owned() }
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
