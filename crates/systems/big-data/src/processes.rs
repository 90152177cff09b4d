//! Several processes, which find each other by the engine's own host file. On one machine or on many is
//! the same to them.
//!
//! Each of them is this program, run once more. There is an answer if all of them come to their end; where
//! one does not, the others are ended as well, and there is none.

use std::env;
use std::fmt::Display;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;

use lab::task::Task;
use timely::Config;

use crate::corpus::Corpus;
use crate::flow;
use crate::pairs::Answer;

/// What tells a process that it is one of several: the arguments of the engine.
const VARIABLE: &str = "BIG_DATA_ENGINE";

/// What an answer begins with, among whatever else the engine prints.
const MARK: &str = "answer:";

/// Does the work of one process of several, if this is one; else there is something else to do.
#[must_use]
pub fn worker() -> Option<ExitCode> {
    let arguments = env::var(VARIABLE).ok()?;
    // Whoever started us holds the other end. When it is gone, nobody wants to know.
    thread::spawn(|| {
        let _gone = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    Some(match work(&arguments) {
        Ok(answer) => {
            println!("{MARK}{}", written(&answer));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    })
}

fn work(arguments: &str) -> Result<Answer, String> {
    let config = Config::from_args(arguments.split(' ').map(str::to_owned))?;
    let corpus = Arc::new(Corpus::read()?);
    let task = Task::start("process");
    let answer = flow::run(config, task, &corpus);
    task.end();
    answer
}

/// Counts with a process of one worker for each line of a host file; or with so many on this machine, where
/// there is none.
///
/// # Errors
///
/// A sentence, where no port is free, or one of them cannot be started, or does not come to its end.
pub fn run(hosts: Option<&str>, many: usize) -> Result<Answer, String> {
    let failed = |error: io::Error| format!("the processes cannot be started: {error}");
    // Ports are free for a moment only.
    let hosts = hosts.map_or_else(|| addresses(many), |hosts| Ok(hosts.to_owned()));
    let hosts = hosts.map_err(|error| format!("no ports are free: {error}"))?;
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("hosts.txt");
    fs::write(&file, &hosts).map_err(failed)?;
    let processes = hosts.lines().count();
    let mut all = Processes::default();
    let (ended, endings) = mpsc::channel();
    for number in 0..processes {
        let arguments = format!("-w 1 -n {processes} -p {number} -h {}", file.display());
        let program = env::current_exe().map_err(failed)?;
        let mut command = Command::new(program);
        // What they record would be tasks of their own, and they are parts of one.
        command.env(VARIABLE, arguments).env_remove("LAB_TRACE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let output = child.stdout.take().expect("a pipe");
        all.0.push(child);
        let ended = ended.clone();
        thread::spawn(move || ended.send((number, answer(output))));
    }
    drop(ended);
    let mut sum = Answer::default();
    for (number, answer) in endings {
        let status = all.wait(number)?;
        match answer.filter(|_| status.success()) {
            Some(answer) => sum = sum.and(answer),
            None => return Err(all.broken(number, status)),
        }
    }
    Ok(sum)
}

/// A host file, an address a line. Empty lines name nobody.
///
/// # Errors
///
/// A sentence, where it cannot be read or names nobody.
pub fn hosts(file: &Path) -> Result<String, String> {
    let cannot = |why: &dyn Display| format!("{} is no host file: {why}", file.display());
    let hosts = fs::read_to_string(file).map_err(|error| cannot(&error))?;
    let named = hosts.lines().map(str::trim).filter(|line| !line.is_empty());
    let hosts: String = named.map(|line| format!("{line}\n")).collect();
    if hosts.is_empty() { Err(cannot(&"it names nobody")) } else { Ok(hosts) }
}

/// So many free ports of the loopback interface, as a host file has them.
fn addresses(many: usize) -> io::Result<String> {
    // All are held at once, so that no two are the same.
    let held =
        (0..many).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<io::Result<Vec<_>>>()?;
    let address = |listener: &TcpListener| Ok(format!("{}\n", listener.local_addr()?));
    held.iter().map(address).collect()
}

/// Processes, none of which is left behind.
#[derive(Default)]
struct Processes(Vec<Child>);

impl Processes {
    fn wait(&mut self, number: usize) -> Result<ExitStatus, String> {
        self.0[number].wait().map_err(|error| format!("process {number} is lost: {error}"))
    }

    /// What is to be said where one of them did not come to its end.
    fn broken(&mut self, number: usize, status: ExitStatus) -> String {
        let mut why = String::new();
        if let Some(mut errors) = self.0[number].stderr.take() {
            // What cannot be read says nothing.
            let _unread = errors.read_to_string(&mut why);
        }
        let why = why.lines().next().map(|line| format!(": {line}")).unwrap_or_default();
        let of = self.0.len();
        format!(
            "process {} of {of} did not come to its end ({status}){why}; there is no answer",
            number + 1
        )
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already is not there to be ended.
            let _gone = child.kill();
            let _status = child.wait();
        }
    }
}

/// The answer among the lines of a process, if it comes.
fn answer(output: impl Read) -> Option<Answer> {
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    let answers: Vec<Answer> = lines.filter_map(|line| read(line.strip_prefix(MARK)?)).collect();
    answers.into_iter().next()
}

fn written(answer: &Answer) -> String {
    let Answer { pairs, all, hash, most } = answer;
    let most = most.iter().map(|(count, pair)| format!(" {count} {pair}"));
    format!("{pairs} {all} {hash}{}", most.collect::<String>())
}

fn read(line: &str) -> Option<Answer> {
    let numbers = line.split(' ').map(|number| number.parse().ok());
    let numbers: Vec<u64> = numbers.collect::<Option<_>>()?;
    let (&[pairs, all, hash], most) = numbers.split_first_chunk()?;
    let most = most.chunks_exact(2).map(|most| (most[0], most[1])).collect();
    Some(Answer { pairs, all, hash, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_its_way() {
        let answer = Answer { pairs: 3, all: 9, hash: u64::MAX, most: vec![(5, 1), (4, u64::MAX)] };
        assert_eq!(read(&written(&answer)), Some(answer.clone()));
        let lines = format!("awaiting connections\n{MARK}{}\nmore\n", written(&answer));
        assert_eq!(super::answer(lines.as_bytes()), Some(answer));
        assert_eq!((read("1 2"), read("1 2 x"), super::answer("".as_bytes())), (None, None, None));
    }

    #[test]
    fn every_process_has_an_address_of_its_own() {
        let addresses = addresses(3).expect("ports");
        let distinct: std::collections::HashSet<&str> = addresses.lines().collect();
        assert_eq!(distinct.len(), 3);
    }
}
