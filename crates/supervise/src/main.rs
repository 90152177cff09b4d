//! Runs a program under supervision, and says how it ended and what was wrong with it.
//!
//! ```console
//! $ cargo run -p supervise -- --time-limit 5 PROGRAM [ARGUMENT]...
//! ```

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use supervise::{Ending, Isolation, Limits, Line, Request, Stream, run};

const USAGE: &str =
    "usage: supervise [--time-limit SECONDS] [--in-a-group | --beside] [--unlimited] \
                     [--scratch FOLDER] PROGRAM [ARGUMENT]...

  --time-limit SECONDS  how long it may run [default: 30]
  --in-a-group          in a control group of its own, without a process namespace
  --beside              with neither
  --unlimited           without any limits
  --scratch FOLDER      a folder that is removed should this command be killed";

fn main() -> ExitCode {
    supervise::keep_if_asked();
    let Some(request) = read(std::env::args_os().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let print = |line: &Line| match line.stream {
        Stream::Output => println!("{}", line.text),
        Stream::Error => eprintln!("{}", line.text),
    };
    match run(&request, print) {
        Ok(ended) => {
            eprintln!("{}, after {:.1?}. {}", ended.ending, ended.wall, ended.confinement);
            ended.findings.iter().for_each(|finding| eprintln!("{finding}"));
            match ended.ending {
                Ending::Interrupted => ExitCode::from(supervise::exit_code()),
                _ => ExitCode::from(u8::from(!ended.is_clean())),
            }
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line; `None` if it makes no sense.
fn read(mut words: impl Iterator<Item = OsString>) -> Option<Request> {
    let mut request = Request::new("");
    loop {
        let word = words.next()?;
        match word.to_str() {
            Some("--time-limit") => {
                let seconds = words.next()?.to_str()?.parse().ok()?;
                request.limits.time = Some(Duration::try_from_secs_f64(seconds).ok()?);
            }
            Some("--in-a-group") => request.isolation = Isolation::GroupIfAllowed,
            Some("--beside") => request.isolation = Isolation::Never,
            Some("--unlimited") => request.limits = Limits::none(),
            Some("--scratch") => request.scratch.push(words.next()?.into()),
            Some(option) if option.starts_with("--") => return None,
            _ => return Some(Request { program: word, ..request }.arguments(words)),
        }
    }
}
