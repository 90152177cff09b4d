//! The server of a crowd: a process of its own, so that its memory can be told from the clients'.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::memory::resident;

/// A running server. It ends when this is dropped, and also when the process is killed that has this.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
}

impl Server {
    /// Starts one that serves in this way, so many clients.
    ///
    /// # Errors
    ///
    /// A sentence, where it cannot begin.
    pub(super) fn start(way: &str, clients: usize) -> Result<Server, String> {
        let failed = |error: std::io::Error| format!("the server cannot be started: {error}");
        let mut process = Command::new(std::env::current_exe().map_err(failed)?)
            .args(["serve", "--while-input", "--as", way, "--most", &clients.to_string()])
            .env_remove("LAB_TRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut first = String::new();
        let output = process.stdout.take().expect("a pipe");
        let read = BufReader::new(output).read_line(&mut first).map_err(failed);
        let address = first.trim().trim_start_matches("http://").trim_end_matches('/').parse();
        match (read, address) {
            (Ok(_), Ok(address)) => Ok(Server { process, address }),
            _ => {
                drop(process.stdin.take());
                let ended = process.wait().map_err(failed)?;
                Err(format!("the server cannot begin, as `chat serve --as {way}` says ({ended})"))
            }
        }
    }

    /// How much memory is resident of it, in bytes.
    ///
    /// # Errors
    ///
    /// A sentence, where nobody tells.
    pub(super) fn resident(&self) -> Result<u64, String> {
        resident(self.process.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}
