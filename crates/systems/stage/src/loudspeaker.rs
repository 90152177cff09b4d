//! The loudspeaker: what the card plays is passed on to a program that can be heard.
//!
//! Nearly every system has one that plays what comes through a pipe, whatever its sound goes through. So
//! nothing has to be built for this, and no library of the system's be there. What is passed on is what the
//! WAV file has, sample by sample, gaps and all.
//!
//! It is heard half a second later. For a program may take a while to begin, and must not run dry: a gap of
//! the card would be heard twice, once while nothing comes, and then as the silence that has come. (One that
//! is longer than half a second is, in part; a file takes less on most machines.)

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::score::RATE;

/// How many bytes are held back until there is somebody to be passed them on to: half a second.
const AHEAD: usize = RATE as usize / 2 * size_of::<i16>();

/// How long a program may take to its end, once it has everything; with the longest evening that is played
/// from its beginning once more, since the program before could not.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that plays raw samples from its standard input, and how it is told which: 16 bits, least
/// first, signed, one channel, and [`RATE`] of them a second.
type Program = (&'static str, &'static [&'static str]);

/// The programs, in the order in which they are tried.
const PROGRAMS: &[Program] = &[
    ("paplay", &["--raw", "--rate={RATE}", "--channels=1", "--format=s16le"]),
    ("pw-play", &["--raw", "--rate={RATE}", "--channels=1", "--format=s16", "-"]),
    ("aplay", &["-q", "-t", "raw", "-r", "{RATE}", "-c", "1", "-f", "S16_LE"]),
    ("play", &["-q", "-t", "raw", "-r", "{RATE}", "-c", "1", "-e", "signed", "-b", "16", "-"]),
    (
        "ffplay",
        &["-v", "error", "-nodisp", "-autoexit", "-f", "s16le", "-sample_rate", "{RATE}", "-"],
    ),
];

/// A loudspeaker. A thread of its own passes everything on, so that nobody waits for it who plays.
#[derive(Debug)]
pub struct Loudspeaker {
    samples: Sender<Vec<u8>>,
    ended: Receiver<Result<(), String>>,
    playing: Playing,
}

/// The program that plays, while there is one.
type Playing = Arc<Mutex<Option<Child>>>;

impl Loudspeaker {
    /// Switches it on.
    #[must_use]
    pub fn open() -> Loudspeaker {
        Loudspeaker::of(PROGRAMS)
    }

    /// One of these programs, the first that can be heard.
    fn of(programs: &'static [Program]) -> Loudspeaker {
        let (samples, coming) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let playing = Playing::default();
        let own = Arc::clone(&playing);
        thread::spawn(move || {
            end.send(Sound { known: Vec::new(), coming }.be_heard(programs, &own))
        });
        Loudspeaker { samples, ended, playing }
    }

    /// Plays samples, after all that it has been given before.
    pub fn play(&self, samples: &[i16]) {
        let bytes = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        // Why nobody takes them is said when it is closed.
        let _unheard = self.samples.send(bytes);
    }

    /// Closes it, once everything was heard.
    ///
    /// # Errors
    ///
    /// A sentence, where it was not.
    pub fn close(self) -> Result<(), String> {
        self.close_within(PATIENCE)
    }

    fn close_within(self, patience: Duration) -> Result<(), String> {
        drop(self.samples);
        self.ended.recv_timeout(patience).unwrap_or_else(|_| {
            if let Some(child) =
                self.playing.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            {
                // One that has ended at last need not be.
                let _ended = child.kill();
            }
            Err(format!("what should play it is not done after {} s", patience.as_secs()))
        })
    }
}

/// How a program is started that is given what it should play.
fn command(program: &str, arguments: &[&str]) -> Command {
    let rate = RATE.to_string();
    let arguments = arguments.iter().map(|argument| argument.replace("{RATE}", &rate));
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    // Ctrl-C is for us: the program ends when there is nothing more to play.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// What is to be heard.
struct Sound {
    /// What has come of it.
    known: Vec<u8>,
    /// What has not.
    coming: Receiver<Vec<u8>>,
}

impl Sound {
    /// Is played by the first program that can.
    fn be_heard(mut self, programs: &[Program], playing: &Playing) -> Result<(), String> {
        let mut cannot = Vec::new();
        for &(program, arguments) in programs {
            match command(program, arguments).spawn() {
                Ok(child) => match self.played_by(child, playing) {
                    Ok(()) => return Ok(()),
                    Err(why) => cannot.push(format!("{program} says: {why}")),
                },
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => cannot.push(format!("{program} does not start: {error}")),
            }
        }
        let names: Vec<_> = programs.iter().map(|(name, _)| *name).collect();
        Err(match cannot[..] {
            [] => format!("none of {} is there to play it: install one", names.join(", ")),
            _ => cannot.join("; "),
        })
    }

    /// Is played by this program, from its beginning to its end.
    fn played_by(&mut self, mut child: Child, playing: &Playing) -> Result<(), String> {
        let here = || playing.lock().unwrap_or_else(PoisonError::into_inner);
        let input = child.stdin.take().expect("a pipe");
        let errors = child.stderr.take().expect("a pipe");
        *here() = Some(child);
        // Who is not listened to may stop, and take nothing more either.
        let listening = thread::spawn(|| last_words(errors));
        let passed_on = self.pass_on(input);
        // Until it ends. Nobody holds the lock meanwhile, so that it can be ended.
        let said = listening.join().expect("somebody who listens to the end");
        let ended = here().take().map(|mut child| child.wait());
        match ended {
            Some(Ok(status)) if status.success() && passed_on.is_ok() => Ok(()),
            Some(Ok(status)) => Err(said.unwrap_or_else(|| status.to_string())),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("it is gone".to_owned()),
        }
    }

    /// Passes on everything, as it comes.
    fn pass_on(&mut self, mut to: impl Write) -> io::Result<()> {
        let mut passed = 0;
        while let Ok(samples) = self.coming.recv() {
            self.known.extend(samples);
            if self.known.len() >= AHEAD {
                to.write_all(&self.known[passed..])?;
                passed = self.known.len();
            }
        }
        to.write_all(&self.known[passed..])
    }
}

/// The last line that says anything, once nothing more comes.
fn last_words(from: impl Read) -> Option<String> {
    let lines = BufReader::new(from).split(b'\n').map_while(Result::ok);
    let lines = lines.filter(|line| !line.trim_ascii().is_empty());
    lines.last().map(|line| String::from_utf8_lossy(&line).into_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_there_or_cannot_play_is_passed_over() {
        let deaf: Program = ("sh", &["-c", "echo no such device >&2; exit 1"]);
        let (nobody, good): (Program, Program) = (("no-such-program", &[]), ("cat", &[]));
        let close = |programs: Vec<Program>| {
            let loudspeaker = Loudspeaker::of(programs.leak());
            loudspeaker.play(&[1, 2, 3]);
            loudspeaker.close()
        };
        assert_eq!(close(vec![nobody, deaf, good]), Ok(()));
        assert_eq!(close(vec![nobody, deaf]), Err("sh says: no such device".to_owned()));
        let missing = "none of no-such-program is there to play it: install one";
        assert_eq!(close(vec![nobody]), Err(missing.to_owned()));
    }

    #[test]
    fn who_has_much_to_say_is_listened_to_meanwhile() {
        let talkative = "head -c 200000 /dev/zero | tr '\\0' '\\n' >&2; cat";
        let program: Program = ("sh", vec!["-c", talkative].leak());
        let loudspeaker = Loudspeaker::of(vec![program].leak());
        loudspeaker.play(&[1; 100_000]);
        assert_eq!(loudspeaker.close(), Ok(()));
    }

    #[test]
    fn all_programs_are_told_the_rate() {
        for (program, arguments) in PROGRAMS {
            let command = command(program, arguments);
            let mut told = command.get_args().map(|argument| argument.to_string_lossy());
            assert!(told.any(|argument| argument.ends_with(&RATE.to_string())), "{program}");
        }
    }

    #[test]
    fn who_is_never_done_is_ended() {
        const NEVER: Program = ("sleep", &["600"]);
        let loudspeaker = Loudspeaker::of(&[NEVER]);
        let playing = Arc::clone(&loudspeaker.playing);
        let is_there = || playing.lock().expect("nobody panics").is_some();
        while !is_there() {
            thread::yield_now();
        }
        let why = loudspeaker.close_within(Duration::ZERO).expect_err("it is never done");
        assert!(why.contains("not done"), "{why}");
        while is_there() {
            thread::yield_now();
        }
    }
}
