//! The game: its five systems, and how they hang together.
//!
//! ```text
//! keys ──> physics ──┐
//!         picture ───┼──> handover
//!           sound ───┘
//! ```
//!
//! In each frame, keys come before the physics that they steer. Picture and sound are made of the scene that
//! was handed over at the end of the frame before, and need nothing of this frame's physics. When all three
//! are done, the new state is handed over. That is all that is promised: it is a partial order, and what
//! is not ordered may be done at once.

use lab::task::Task;
use stage::Digest;

use crate::arena::Arena;
use crate::clock::{Next, TICKS_A_FRAME, Times};
use crate::keys::Keys;
use crate::scene::Scene;
use crate::screen::Screen;
use crate::sound::Speaker;
use crate::split::Split;

/// All that there is of a game.
#[derive(Debug)]
pub struct Game {
    /// Where keys come from.
    pub keys: Keys,
    /// What the physics is about.
    pub arena: Arena,
    /// What was handed over of it for picture and sound.
    pub scene: Scene,
    /// Where pictures are shown.
    pub screen: Screen,
    /// Where sound is heard.
    pub speaker: Speaker,
    /// Whether lines are told; who plays in the terminal would not see the game for them.
    pub tells: bool,
}

/// A game that is over, and what the clock saw of it.
#[derive(Debug)]
pub struct Played {
    /// The game.
    pub game: Game,
    /// How long its frames took.
    pub times: Times,
}

impl Game {
    /// A game before its first frame.
    #[must_use]
    pub fn new(keys: Keys, screen: Screen, speaker: Speaker, tells: bool) -> Game {
        let (arena, mut scene) = (Arena::default(), Scene::default());
        scene.extract(&arena);
        Game { keys, arena, scene, screen, speaker, tells }
    }

    /// Says how it ended.
    pub fn tell_end(&self) {
        let task = Task::start("end");
        let mut sound = Digest::default();
        sound.add(self.speaker.samples.iter().flat_map(|sample| sample.to_bits().to_le_bytes()));
        let (caught, state, pictures) =
            (self.arena.caught, self.arena.digest(), self.screen.digest());
        task.say(format_args!("{caught} caught: state {state}"));
        task.say(format_args!("Pictures {pictures}, sound {sound}"));
        task.end();
    }
}

/// One frame: its number, and whether its systems tell that they are done.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Its number.
    pub number: u32,
    /// Whether lines are told of it.
    pub tells: bool,
}

impl Frame {
    /// A frame; of a game that tells lines, each fifteenth does.
    #[must_use]
    pub fn new(number: u32, tells: bool) -> Frame {
        Frame { number, tells: tells && number % 15 == 14 }
    }

    /// Has a system do its work of this frame: a task, which does not wait for anything.
    fn system(self, name: &str, work: impl FnOnce(Task) -> String) {
        let task = Task::start(name);
        let done = work(task);
        if self.tells {
            task.say(format_args!("Frame {} - {done}", self.number + 1));
        }
        task.end();
    }
}

/// Takes the keys of a frame, and says whether there is another one after it.
pub fn keys(frame: Frame, keys: &mut Keys, arena: &mut Arena) -> Next {
    frame.system("keys", |_| {
        arena.direction = keys.direction(frame.number);
        format!("keys: {}", arena.direction)
    });
    if keys.is_over() { Next::Nothing } else { Next::Frame }
}

/// Computes the ticks of a frame.
pub fn physics(frame: Frame, arena: &mut Arena, split: Split) {
    frame.system("physics", |task| {
        (0..TICKS_A_FRAME).for_each(|_| arena.tick(task, split));
        format!("physics: {}", arena.digest())
    });
}

/// Draws the picture of a frame, and shows it.
pub fn picture(frame: Frame, scene: &Scene, screen: &mut Screen, split: Split) {
    frame.system("picture", |task| {
        screen.draw(frame.number, scene, task, split);
        format!("picture of {} fireflies", scene.flies.len())
    });
}

/// Makes the sound of a frame.
pub fn sound(frame: Frame, scene: &Scene, speaker: &mut Speaker) {
    frame.system("sound", |task| {
        let _computing = task.begin_part(1, 0);
        speaker.play(scene);
        format!("sound of {} samples", speaker.samples.len())
    });
}

/// Hands the new state over to the next frame's picture and sound.
pub fn handover(frame: Frame, arena: &Arena, scene: &mut Scene) {
    frame.system("handover", |task| {
        let _computing = task.begin_part(1, 0);
        scene.extract(arena);
        "handed over".to_owned()
    });
}
