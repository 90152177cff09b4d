//! The loudspeaker: sound is passed on, as it is made, to a program that can be heard.
//!
//! Nearly every machine has one that plays what comes through a pipe, whatever its sound goes through. So
//! nothing has to be built for this, and no library of the machine's be there. What is passed on is what was
//! played, sample by sample, and by a thread of its own: whoever plays neither waits for it, nor learns how
//! it went before the end.
//!
//! It is heard [some time later](Sound::behind). For a program may take a while to begin, and must not run dry
//! where a sound is a little late.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::slice;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// A sound of one channel, as far as a loudspeaker has to know it.
#[derive(Clone, Copy, Debug)]
pub struct Sound {
    /// Samples a second.
    pub rate: u32,
    /// For how long its beginning is held back; a program that can be told holds back no more than that itself.
    /// So much later it is heard, and a part of it that is late by less than that leaves no gap.
    pub behind: Duration,
    /// What becomes of its beginning where a program could not play it.
    pub late: Late,
}

/// From where on a program plays that begins when another one could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// From the beginning: nothing is left out, and all is heard later.
    Whole,
    /// From where the sound is by now: what is heard is in time, and what was before is left out.
    InTime,
}

impl Sound {
    /// How many bytes are held back.
    fn ahead(self) -> usize {
        (self.behind.as_secs_f64() * f64::from(self.rate)) as usize * size_of::<i16>()
    }

    /// How long a program may take to its end, once it has everything: a sound that begins anew may have to
    /// be played for some time yet.
    fn patience(self) -> Duration {
        match self.late {
            Late::Whole => Duration::from_secs(30),
            Late::InTime => Duration::from_secs(3),
        }
    }
}

/// A program that plays raw samples from its standard input, and how it is told which: 16 bits, least
/// first, signed, one channel, so many a second, and how many milliseconds it may hold back.
type Program = (&'static str, &'static [&'static str]);

/// The programs, in the order in which they are tried.
///
/// The first would hold back two seconds where nobody says anything else (`PulseAudio` 16.1), the third up to
/// half a second (its manual); what the others hold back we have not measured.
const PROGRAMS: &[Program] = &[
    (
        "paplay",
        &["--raw", "--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec={BEHIND}"],
    ),
    ("pw-play", &["--raw", "--rate={RATE}", "--channels=1", "--format=s16", "-"]),
    ("aplay", &["-q", "-t", "raw", "-r", "{RATE}", "-c", "1", "-f", "S16_LE", "-B", "{BEHIND}000"]),
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
    /// How it went; behind a lock that only its owner opens, since a receiver alone belongs to one thread.
    ended: Mutex<Receiver<Result<(), String>>>,
    playing: Playing,
    patience: Duration,
}

/// Who plays, for the one that waits for the end and the one that may be tired of waiting.
type Playing = Arc<Mutex<Player>>;

/// The program that plays, while there is one.
#[derive(Debug, Default)]
struct Player {
    child: Option<Child>,
    /// Whether nobody waits for it any more: then no other one is begun either.
    is_over: bool,
}

fn lock(playing: &Playing) -> MutexGuard<'_, Player> {
    playing.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Loudspeaker {
    /// Switches it on.
    ///
    /// # Errors
    ///
    /// A sentence, where no program is there that could be heard. Whether one that is there can is known when
    /// the loudspeaker is [closed](Loudspeaker::close).
    pub fn open(sound: Sound) -> Result<Loudspeaker, String> {
        Loudspeaker::of(PROGRAMS, sound)
    }

    /// One of these programs, the first that can be heard.
    fn of(programs: &'static [Program], sound: Sound) -> Result<Loudspeaker, String> {
        let mut programs =
            Programs { sound, all: programs, left: programs.iter(), cannot: Vec::new() };
        let first = programs.next().ok_or_else(|| programs.why())?;
        let (samples, coming) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let playing = Playing::default();
        let own = Arc::clone(&playing);
        let made = Made { sound, known: Vec::new(), coming };
        thread::spawn(move || end.send(made.be_heard(first, programs, &own)));
        let (ended, patience) = (Mutex::new(ended), sound.patience());
        Ok(Loudspeaker { samples, ended, playing, patience })
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
        let patience = self.patience;
        self.close_within(patience)
    }

    fn close_within(self, patience: Duration) -> Result<(), String> {
        drop(self.samples);
        let ended = self.ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        ended.recv_timeout(patience).unwrap_or_else(|_| {
            let mut player = lock(&self.playing);
            player.is_over = true;
            // One that has ended at last need not be.
            let _ended = player.child.as_mut().map(Child::kill);
            Err(format!("what should play it is not done after {} s", patience.as_secs()))
        })
    }
}

/// The programs that may be tried yet, and why those before cannot be heard.
struct Programs {
    sound: Sound,
    all: &'static [Program],
    left: slice::Iter<'static, Program>,
    cannot: Vec<String>,
}

/// The next program that can be started.
impl Iterator for Programs {
    type Item = (&'static str, Child);

    fn next(&mut self) -> Option<(&'static str, Child)> {
        for &(program, arguments) in self.left.by_ref() {
            match command(program, arguments, self.sound).spawn() {
                Ok(child) => return Some((program, child)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => self.cannot.push(format!("{program} does not start: {error}")),
            }
        }
        None
    }
}

impl Programs {
    /// Why none of them can be heard.
    fn why(&self) -> String {
        match self.cannot[..] {
            [] => {
                let names: Vec<_> = self.all.iter().map(|(name, _)| *name).collect();
                format!("none of {} is there to play it: install one", names.join(", "))
            }
            _ => self.cannot.join("; "),
        }
    }
}

/// How a program is started that is given what it should play.
fn command(program: &str, arguments: &[&str], sound: Sound) -> Command {
    let (rate, behind) = (sound.rate.to_string(), sound.behind.as_millis().to_string());
    let told = |it: &&str| it.replace("{RATE}", &rate).replace("{BEHIND}", &behind);
    let mut command = Command::new(program);
    command.args(arguments.iter().map(told));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    // Ctrl-C is for us: the program ends when there is nothing more to play.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// What was made of a sound, and is to be heard.
struct Made {
    sound: Sound,
    /// What has come of it.
    known: Vec<u8>,
    /// What has not.
    coming: Receiver<Vec<u8>>,
}

impl Made {
    /// Is played by this program, or by the next that can.
    fn be_heard(
        mut self,
        first: (&'static str, Child),
        mut others: Programs,
        playing: &Playing,
    ) -> Result<(), String> {
        let mut next = Some(first);
        while let Some((program, child)) = next {
            match self.played_by(child, playing) {
                Ok(()) => return Ok(()),
                Err(why) => others.cannot.push(format!("{program} {why}")),
            }
            if lock(playing).is_over {
                break;
            }
            if self.sound.late == Late::InTime {
                // What has come while the last one took nothing is late as well.
                self.known.extend(self.coming.try_iter().flatten());
                self.known.drain(..self.known.len().saturating_sub(self.sound.ahead()));
            }
            next = others.next();
        }
        Err(others.why())
    }

    /// Is played by this program, as far as it is known, and then to its end; or else what became of the
    /// program, as what it did.
    fn played_by(&mut self, mut child: Child, playing: &Playing) -> Result<(), String> {
        let input = child.stdin.take().expect("a pipe");
        let errors = child.stderr.take().expect("a pipe");
        let mut player = lock(playing);
        if player.is_over {
            let _ended = child.kill();
        }
        player.child = Some(child);
        drop(player);
        // Who is not listened to may stop, and take nothing more either.
        let listening = thread::spawn(|| last_words(errors));
        let passed_on = self.pass_on(input);
        let said = listening.join().expect("somebody who listens to the end");
        match end_of(playing) {
            Ok(status) if status.success() && passed_on.is_ok() => Ok(()),
            Ok(status) => Err(match said {
                Some(line) => format!("says: {line}"),
                None if status.success() => "stopped before the sound did".to_owned(),
                None => format!("ended with {status}"),
            }),
            Err(error) => Err(format!("is lost: {error}")),
        }
    }

    /// Passes on everything, as it comes.
    fn pass_on(&mut self, mut to: impl Write) -> io::Result<()> {
        let mut passed = 0;
        while let Ok(samples) = self.coming.recv() {
            self.known.extend(samples);
            if self.known.len() >= self.sound.ahead() {
                to.write_all(&self.known[passed..])?;
                passed = self.known.len();
            }
        }
        to.write_all(&self.known[passed..])
    }
}

/// Waits for the end of the program that plays. Nobody holds the lock meanwhile, so that it can be ended.
fn end_of(playing: &Playing) -> io::Result<ExitStatus> {
    const LOOK: Duration = Duration::from_millis(10);
    loop {
        let ended = lock(playing).child.as_mut().map_or(Ok(None), Child::try_wait);
        if let Some(ended) = ended.transpose() {
            lock(playing).child = None;
            return ended;
        }
        thread::sleep(LOOK);
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

    const SOUND: Sound = Sound { rate: 1_000, behind: Duration::from_millis(2), late: Late::Whole };

    fn open(programs: &[Program], sound: Sound) -> Result<Loudspeaker, String> {
        Loudspeaker::of(programs.to_vec().leak(), sound)
    }

    #[test]
    fn who_is_not_there_or_cannot_play_is_passed_over() {
        let deaf: Program = ("sh", &["-c", "echo no such device >&2; exit 1"]);
        let (nobody, good): (Program, Program) = (("no-such-program", &[]), ("cat", &[]));
        let close = |programs: &[Program]| {
            let loudspeaker = open(programs, SOUND)?;
            loudspeaker.play(&[1, 2, 3]);
            loudspeaker.close()
        };
        assert_eq!(close(&[nobody, deaf, good]), Ok(()));
        assert_eq!(close(&[nobody, deaf]), Err("sh says: no such device".to_owned()));
    }

    #[test]
    fn who_stops_in_the_middle_has_not_played_it() {
        for (program, why) in
            [("true", "true stopped before the sound did"), ("false", "ended with")]
        {
            let loudspeaker = open(&[(program, &[])], SOUND).expect("a program");
            loudspeaker.play(&[1; 1_000_000]); // more than a pipe holds
            let unheard = loudspeaker.close().expect_err("nobody took it");
            assert!(unheard.contains(why), "{unheard}");
        }
    }

    #[test]
    fn where_none_is_there_it_does_not_open() {
        let why = open(&[("no-such-program", &[])], SOUND).expect_err("nobody is there");
        assert_eq!(why, "none of no-such-program is there to play it: install one");
    }

    /// What a second program is given of four samples, after a first one that could not play them.
    fn heard_second(late: Late) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let heard = folder.path().join("heard");
        let path = heard.to_str().expect("a path of letters").to_owned().leak();
        let keeps: &[&str] = vec!["-c", "exec cat >\"$0\"", path].leak();
        let deaf: Program = ("sh", &["-c", "cat >&2; exit 1"]);
        let loudspeaker = open(&[deaf, ("sh", keeps)], Sound { late, ..SOUND });
        let loudspeaker = loudspeaker.expect("a shell");
        loudspeaker.play(&[1, 2, 3, 4]);
        assert_eq!(loudspeaker.close(), Ok(()));
        std::fs::read(heard).expect("what was played")
    }

    #[test]
    fn after_another_program_it_is_heard_whole_or_in_time() {
        assert_eq!(heard_second(Late::Whole), [1, 0, 2, 0, 3, 0, 4, 0]);
        assert_eq!(heard_second(Late::InTime), [3, 0, 4, 0], "the last two milliseconds");
    }

    #[test]
    fn who_has_much_to_say_is_listened_to_meanwhile() {
        let talkative = "head -c 200000 /dev/zero | tr '\\0' '\\n' >&2; cat";
        let program: Program = ("sh", vec!["-c", talkative].leak());
        let loudspeaker = open(&[program], SOUND).expect("a shell");
        loudspeaker.play(&[1; 100_000]);
        assert_eq!(loudspeaker.close(), Ok(()));
    }

    #[test]
    fn all_programs_are_told_the_rate_and_all_else_that_they_ask_for() {
        for (program, arguments) in PROGRAMS {
            let command = command(program, arguments, SOUND);
            let told: Vec<_> = command.get_args().map(|it| it.to_string_lossy()).collect();
            assert!(told.iter().any(|argument| argument.ends_with("1000")), "{told:?}");
            assert!(!told.iter().any(|argument| argument.contains(['{', '}'])), "{told:?}");
        }
    }

    #[test]
    fn who_is_never_done_is_ended() {
        let loudspeaker = open(&[("sleep", &["600"])], SOUND).expect("somebody who sleeps");
        let playing = Arc::clone(&loudspeaker.playing);
        let is_there = || lock(&playing).child.is_some();
        until(is_there);
        let why = loudspeaker.close_within(Duration::ZERO).expect_err("it is never done");
        assert!(why.contains("not done"), "{why}");
        until(|| !is_there());
    }

    #[test]
    fn after_one_that_was_ended_no_other_one_begins() {
        // The first hears nothing, and says nothing: it is not even listened to any more.
        let idle: Program = ("sh", &["-c", "exec 2>&-; exec sleep 600"]);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("begun");
        let name = path.to_str().expect("a path of letters").to_owned().leak();
        let begins: &[&str] = vec!["-c", ": >\"$0\"; cat", name].leak();
        let loudspeaker = open(&[idle, ("sh", begins)], SOUND).expect("a shell");
        let playing = Arc::clone(&loudspeaker.playing);
        until(|| lock(&playing).child.is_some());
        loudspeaker.close_within(Duration::ZERO).expect_err("it is never done");
        // The thread that has played lets go of what it knows once nothing more is tried.
        until(|| Arc::strong_count(&playing) == 1);
        assert!(!path.exists(), "somebody else has begun");
    }

    /// Waits for something, and not for ever.
    fn until(is_so: impl Fn() -> bool) {
        let begun = std::time::Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not come about");
            thread::yield_now();
        }
    }
}
