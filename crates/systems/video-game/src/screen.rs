//! The screen: it shows pictures in the terminal, and keeps them for the film, where somebody wants that.

use bevy_ecs::resource::Resource;
use lab::task::Task;
use stage::Digest;

use crate::arena::SIZE;
use crate::meadow::Meadow;
use crate::picture::{Row, draw_row};
use crate::scene::Scene;
use crate::split::Split;
use crate::terminal::Terminal;

/// Each so many frames, one comes into the film.
pub const FRAMES_A_FILM_PICTURE: u32 = 3;

/// How many pictures a film has at most: half a minute of them.
pub const LONGEST_FILM: usize = 300;

/// The screen.
#[derive(Debug, Resource)]
pub struct Screen {
    meadow: Meadow,
    rows: Vec<Row>,
    /// The pictures of the film; nothing where nobody wants one.
    pub film: Option<Vec<Vec<Row>>>,
    terminal: Option<Terminal>,
    shown: Digest,
}

impl Screen {
    /// A screen, which keeps a film where somebody wants one, and shows all in a terminal where there is one.
    #[must_use]
    pub fn new(keeps_film: bool, terminal: Option<Terminal>) -> Screen {
        let rows = vec![Row::new(); SIZE.1];
        let (film, shown) = (keeps_film.then(Vec::new), Digest::default());
        Screen { meadow: Meadow::default(), rows, film, terminal, shown }
    }

    /// Draws a scene, and shows it.
    pub fn draw(&mut self, frame: u32, scene: &Scene, task: Task, split: Split) {
        let meadow = &self.meadow;
        split.fill(task, 1, &mut self.rows, |y, row| draw_row(meadow, scene, y, row));
        let _computing = task.begin_part(2, 0);
        self.rows.iter().for_each(|row| self.shown.add(row.as_flattened().iter().copied()));
        if frame.is_multiple_of(FRAMES_A_FILM_PICTURE)
            && let Some(film) = self.film.as_mut().filter(|film| film.len() < LONGEST_FILM)
        {
            film.push(self.rows.clone());
        }
        if let Some(terminal) = &mut self.terminal {
            terminal.show(&self.rows, scene.caught);
        }
    }

    /// All pictures that were shown, as a number.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.shown
    }

    /// Gives the terminal back, as it was.
    pub fn close(&mut self) {
        self.terminal = None;
    }
}
