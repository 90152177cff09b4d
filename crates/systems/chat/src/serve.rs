//! `chat serve`: a server for people, until somebody presses Ctrl-C.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use lexopt::prelude::*;
use stage::files::room_for;
use stage::{Outcome, Trouble, Verb};

use crate::server::{MOST, end_when, listen, serve};
use crate::{How, SYSTEM};

/// The verb, for the command line.
pub const VERB: Verb = Verb {
    name: "serve",
    arguments: "[--port PORT] [--as WAY] [--most CLIENTS] [--while-input]",
    summary: "serves a page and a chat, until Ctrl-C; with --while-input, until its input ends",
    details: "",
    run: |arguments| run(arguments).map(|()| Outcome::Passed),
};

/// What the arguments ask for.
struct Asked {
    how: How,
    port: u16,
    /// How many clients there are at most.
    most: usize,
    /// Whether to end as soon as the standard input does: whoever starts this from a program holds it.
    while_input: bool,
}

fn asked(arguments: Vec<OsString>) -> Result<Asked, Trouble> {
    let mut asked = Asked { how: How::Both, port: 0, most: MOST, while_input: false };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("as") => asked.how = SYSTEM.way(&parser.value()?.string()?)?.way,
            Long("port") => asked.port = parser.value()?.parse()?,
            Long("most") => asked.most = parser.value()?.parse()?,
            Long("while-input") => asked.while_input = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(asked)
}

fn run(arguments: Vec<OsString>) -> Result<(), Trouble> {
    let Asked { how, port, most, while_input } = asked(arguments)?;
    room_for(most as u64).map_err(Trouble::NotShown)?;
    let house = how.house()?;
    let is_over = Arc::new(AtomicBool::new(false));
    if while_input {
        watch_input(Arc::clone(&is_over));
    }
    let dropped = house.threads.block_on(async {
        let listener = listen(port)?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        stage::print(&format!("http://{address}/\n"))?;
        // Where nobody reads it there is nobody to tell.
        let _unread = writeln!(
            io::stderr(),
            "Open that in a browser, or: cargo run -p chat -- join {address} --name Ada"
        );
        let end = end_when(move || stage::stopped() || is_over.load(Ordering::Relaxed));
        Ok::<_, String>(serve(listener, house.delivery, None, most, end).await)
    })?;
    let _unread = writeln!(io::stderr(), "Everybody was told. {dropped} were too slow.");
    Ok(())
}

/// Says when the standard input has ended.
fn watch_input(is_over: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut some = [0; 512];
        while io::stdin().read(&mut some).is_ok_and(|read| read > 0) {}
        is_over.store(true, Ordering::Relaxed);
    });
}
