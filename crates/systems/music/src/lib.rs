//! **Music while one writes code.** Three things have to be done at once, and the one core of an old
//! machine does them all: can one hear that?
//!
//! A [player] owes the sound card a buffer, which is 20 ms of sound, every 20 ms. An [editor] answers each
//! key of somebody who types. A [compiler] has six files: it reads one, and then computes for some 150 to
//! 200 ms, and so on. The [card] plays what it has, and is silent for as long as it has nothing: that is a
//! gap, and one hears it. What was played is written as a WAV file, gaps and all. With `--live` a
//! [loudspeaker](stage::loudspeaker) plays it meanwhile, and with `--keyboard` it is you who types the [keys].
//!
//! The ways differ in who has the core when:
//!
//! 1. [`neither`]: first all of the music, then the keys, then the compiler;
//! 2. [`concurrent_only`]: a thread each, on **one core**. The kernel takes the core from the compiler soon
//!    after the player is due: no gap;
//! 3. [`one_thread`]: three tasks of one thread. Nobody takes the thread from the compiler, and it does not
//!    give it: the music stops for as long as a file takes;
//! 4. [`yielding`]: the same, and every millisecond the compiler asks whether anybody else is due: no gap;
//! 5. [`both`]: a thread each, on all cores.
//!
//! Predict: which of the five has gaps, how many, and how long? How long does the unluckiest key wait?
//!
//! Change: in [`yielding`], `Duration::from_millis(1)` to `Duration::from_millis(50)`.
//!
//! Then: still *concurrent only*, and there are gaps again: the card has 20 to 40 ms left when the compiler
//! begins.
//!
//! Answer: only `one_thread`, one gap a file, each as long as the file takes but for what the card still had.
//! There a key waits for the file that is being compiled; in `neither` the first one waits for all of the
//! music, and in the other three for some milliseconds. Concurrency needs no second core to sound right.
//! It needs somebody who takes the core away: the kernel does it to threads, and to a task nobody does.
//!
//! How does the kernel know that the player is due? It does not. It shares the core out, and keeps accounts
//! of who has had how much: who has slept has had less than its share, and the compiler, which computes on
//! and on, more. When the player wakes, it is the one that is owed. (Since Linux 6.6 those who are owed time,
//! or have just had their share, are *eligible*, and of these the one whose *virtual deadline* is earliest
//! goes first: [EEVDF](https://docs.kernel.org/scheduler/sched-eevdf.html). Before, it was the one that had
//! had least: [CFS](https://docs.kernel.org/scheduler/sched-design-CFS.html).) In the middle of a buffer that
//! takes long the player has had its share, and it is the compiler's turn; if it computed as much as the
//! compiler does, nobody would go first.
//!
//! *Worst buffer* says how long the card waited, at most, from when it had room for a buffer: until the player
//! had the core, and had computed it. Up to 20 ms nobody hears.

use std::path::Path;
use std::time::{Duration, Instant};

use stage::loudspeaker::{Late, Sound};
use stage::{Extra, Loudspeaker, Options, System, Trouble, Way};

pub mod both;
pub mod card;
pub mod compiler;
pub mod concurrent_only;
pub mod editor;
pub mod keyboard;
pub mod keys;
pub mod neither;
pub mod one_thread;
pub mod player;
pub mod score;
pub mod time;
pub mod yielding;

use card::Card;
use compiler::{Compiler, FILES};
use editor::Editor;
use keyboard::Keyboard;
use keys::Keys;
use player::Player;
use score::{RATE, TUNE};

/// The system, for its command line.
pub const SYSTEM: System<How, Trouble> = System {
    name: "music",
    summary: "Music while one writes code that is being compiled: is there a gap in the music?",
    ways: &[
        Way::new(How::Neither, "neither", "all of the music, then the keys, then the compiler"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "a thread each, on one core"),
        Way::new(How::OneThread, "one-thread", "three tasks of one thread"),
        Way::new(How::Yielding, "yielding", "the same, and the compiler yields each millisecond"),
        Way::new(How::Both, "both", "a thread each, on all cores"),
    ],
    leaves: "the sound",
    listens: false,
    extras: &[
        Extra { name: LIVE, value: None, summary: "plays the sound as it is made, gaps and all" },
        Extra { name: KEYBOARD, value: None, summary: "lets you type, and plays for longer" },
    ],
    run,
};

const LIVE: &str = "live";
const KEYBOARD: &str = "keyboard";

/// How often the tune is played to somebody who types: that is a quarter of a minute.
const TIMES_TO_TYPE: u32 = 8;

/// What is heard live. So long a gap of the card is heard once, as the silence that it has played, and not a
/// second time before, as nothing that comes. (A file takes less on most machines.)
const SOUND: Sound = Sound { rate: RATE, behind: Duration::from_millis(500), late: Late::Whole };

/// How the three are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One after the other.
    Neither,
    /// As threads on one core.
    ConcurrentOnly,
    /// As tasks of one thread.
    OneThread,
    /// As tasks of one thread, with a compiler that yields.
    Yielding,
    /// As threads on all cores.
    Both,
}

/// Who works in the evening.
#[derive(Debug)]
pub struct Desk {
    /// The one with the music.
    pub player: Player,
    /// The one with the keys.
    pub editor: Editor,
    /// The one with the files.
    pub compiler: Compiler,
}

/// What there is to tell of an evening of music, keys and files.
#[derive(Debug)]
pub struct Evening {
    /// The sound card, and what it played.
    pub card: Card,
    /// How long each key waited for its answer.
    pub keys: Vec<Duration>,
}

fn run(how: How, options: &Options) -> Result<(), Trouble> {
    let keyboard = options.asks_for(KEYBOARD).then(Keyboard::take).transpose()?;
    let live = options.asks_for(LIVE).then(|| Loudspeaker::open(SOUND)).transpose();
    let (loudspeaker, is_there) = match live {
        Ok(loudspeaker) => (loudspeaker, Ok(())),
        Err(why) => (None, Err(why)),
    };
    let desk = desk(keyboard.as_ref(), loudspeaker);
    let mut evening = match how {
        How::Neither => neither::run(desk),
        How::ConcurrentOnly => concurrent_only::run(desk)?,
        How::OneThread => one_thread::run(desk),
        How::Yielding => yielding::run(desk),
        How::Both => both::run(desk),
    };
    drop(keyboard);
    let heard = is_there.and_then(|()| evening.card.switch_off());
    tell(&evening);
    options.out.as_deref().map_or(Ok(()), |file| keep(&evening.card, file))?;
    heard.map_err(|why| {
        let why = format!("what it sounds like: {why}; --out FILE keeps the sound");
        Trouble::NotShown(why)
    })
}

/// Has all three begin now.
fn desk(keyboard: Option<&Keyboard>, loudspeaker: Option<Loudspeaker>) -> Desk {
    let times = keyboard.map_or(1, |_| TIMES_TO_TYPE);
    let start = Instant::now();
    let scripted = || Keys::scripted(start);
    let keys = keyboard.map_or_else(scripted, |keyboard| keyboard.keys(start + TUNE * times));
    let times = times as usize;
    Desk {
        player: Player { start, times, card: Card::new(loudspeaker) },
        editor: Editor { keys },
        compiler: Compiler { files: times * FILES },
    }
}

/// Tells what the user felt.
fn tell(evening: &Evening) {
    let gaps = evening.card.gaps();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    stage::figure("gaps", gaps.len() as f64, "");
    stage::figure("silence", milliseconds(gaps.iter().map(|gap| gap.length).sum()), "ms");
    stage::figure("worst buffer", milliseconds(evening.card.longest_wait()), "ms");
    let worst = evening.keys.iter().copied().max().unwrap_or_default();
    stage::figure("worst key", milliseconds(worst), "ms");
}

/// Writes what was played.
fn keep(card: &Card, file: &Path) -> Result<(), String> {
    card.write(file).map_err(|error| {
        format!(
            "{} cannot be written: {error}; the figures above hold all the same",
            file.display()
        )
    })
}
