//! Runs a program under supervision, and says how it ended and what was wrong with it.

use std::process::ExitCode;

use supervise::{Line, Request, run};

fn main() -> ExitCode {
    supervise::keep_if_asked();
    let mut words = std::env::args_os().skip(1);
    let Some(program) = words.next() else {
        eprintln!("usage: supervise PROGRAM [ARGUMENT]...");
        return ExitCode::from(2);
    };
    let request = Request::new(program).arguments(words);
    match run(&request, |line: &Line| println!("{}", line.text)) {
        Ok(ended) => {
            eprintln!("{}, after {:.1?}", ended.ending, ended.wall);
            eprintln!("{}", ended.confinement);
            ended.findings.iter().for_each(|finding| eprintln!("{finding}"));
            ExitCode::from(u8::from(!ended.is_clean()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
