//! The studio: frames are rendered, and come into the film one after the other.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use lab::task::Task;
use rayon::prelude::*;
use reel::{Reel, Reorder, Shape};
use stage::Digest;

use crate::frame::{FRAMES, HEIGHT, WIDTH, rows};

/// A frame that is rendered and not yet in the film. It is in progress until it is.
#[derive(Debug)]
pub struct Shot {
    task: Task,
    pixels: Vec<u8>,
}

impl Shot {
    /// Renders a frame on the calling thread.
    #[must_use]
    pub fn render(number: usize) -> Shot {
        Shot::of(number, |task| band(task, number, 0, 1))
    }

    /// Renders a frame in bands that are equally high, a core each. The calling thread waits.
    #[must_use]
    pub fn render_in_bands(number: usize, bands: usize) -> Shot {
        Shot::of(number, |task| {
            let all = (0..bands).into_par_iter().with_max_len(1);
            all.flat_map_iter(|it| band(task, number, it, bands)).collect()
        })
    }

    fn of(number: usize, render: impl FnOnce(Task) -> Vec<u8>) -> Shot {
        let task = Task::start(format!("frame {}", number + 1));
        let pixels = render(task);
        task.say(format_args!("Frame {} - rendered", number + 1));
        Shot { task, pixels }
    }
}

/// One of so many bands of a frame, as a part of its compute.
fn band(task: Task, number: usize, band: usize, bands: usize) -> Vec<u8> {
    let part = task.begin_part(1, band + 1);
    rows(number, HEIGHT * band / bands..HEIGHT * (band + 1) / bands, &part)
}

/// The film, and what there is to tell of how it came about.
pub struct Film {
    reel: Reel,
    begun: Instant,
    written: usize,
    first: Duration,
    held: usize,
    digest: Digest,
}

impl Film {
    /// Begins a film, in this file if there is one.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written.
    pub fn begin(file: Option<&Path>) -> Result<Film, String> {
        let (width, height, frames) = (WIDTH as u32, HEIGHT as u32, FRAMES as u32);
        let reel = Reel::create(file, Shape { width, height, frames, a_second: 16 })?;
        let (begun, first, digest) = (Instant::now(), Duration::ZERO, Digest::default());
        Ok(Film { reel, begun, written: 0, first, held: 1, digest })
    }

    /// Renders frame after frame in this way, until all are in the film or somebody asks to stop.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written.
    pub fn shoot_in_turn(&mut self, render: impl Fn(usize) -> Shot) -> Result<(), String> {
        (0..FRAMES).take_while(|_| !stage::stopped()).try_for_each(|it| self.add(render(it)))
    }

    /// Has frames rendered side by side, with room for so many that are not yet in the film, while the
    /// calling thread writes them in order.
    ///
    /// Who renders is given a function for it, which renders a frame when there is room, and says
    /// whether there was anything to do.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written. Then no further frame is begun.
    pub fn shoot(
        &mut self,
        room: usize,
        render: impl FnOnce(&(dyn Fn(usize) -> bool + Sync)) + Send,
    ) -> Result<(), String> {
        let buffer = Reorder::new(room);
        thread::scope(|scope| {
            let end = Closing(&buffer);
            scope.spawn(|| {
                let _end = end;
                render(&|number| shoot_one(&buffer, number));
            });
            let end = Closing(&buffer);
            while let Some(written) = buffer.take(|shot| self.add(shot)) {
                written?;
            }
            drop(end);
            Ok::<_, String>(())
        })?;
        self.held = buffer.most();
        Ok(())
    }

    /// Writes the next frame.
    fn add(&mut self, shot: Shot) -> Result<(), String> {
        let Shot { task, pixels } = shot;
        let part = task.begin_part(2, 0);
        self.reel.write(&pixels)?;
        self.digest.add(pixels);
        drop(part);
        self.written += 1;
        task.say(format_args!("Frame {} - written", self.written));
        task.end();
        if self.written == 1 {
            self.first = self.begun.elapsed();
        }
        Ok(())
    }

    /// Ends the film, and tells what whoever waited for it felt.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written.
    pub fn finish(self) -> Result<(), String> {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        stage::figure("film done", milliseconds(self.begun.elapsed()), "ms");
        stage::figure("first frame", milliseconds(self.first), "ms");
        stage::figure("frames held", self.held as f64, "");
        self.reel.finish()?;
        let task = Task::start("film");
        task.say(format_args!("Film - {} frames, pixels {}", self.written, self.digest));
        task.end();
        Ok(())
    }
}

/// Renders one frame when there is room for it, and says whether there was anything to do.
fn shoot_one(buffer: &Reorder<Shot>, number: usize) -> bool {
    if number >= FRAMES || stage::stopped() {
        return false;
    }
    let place = buffer.begin(number);
    place.map(|place| place.put(Shot::render(number))).is_some()
}

/// Closes a buffer when it is dropped, also by a panic: nobody is to wait for who is gone.
struct Closing<'a>(&'a Reorder<Shot>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_bands_a_frame_has_its_pixels_are_the_same() {
        let whole = Shot::render(5);
        assert_eq!(whole.pixels.len(), WIDTH * HEIGHT * 3);
        for bands in [1, 2, 3, 8, 2 * HEIGHT] {
            assert!(Shot::render_in_bands(5, bands).pixels == whole.pixels, "{bands} bands");
        }
    }

    #[test]
    fn who_panics_is_not_waited_for() {
        let mut film = Film::begin(None).expect("nothing is written");
        let shot = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            film.shoot(2, |frame| {
                assert!(frame(0), "there is room");
                panic!("as somebody does");
            })
        }));
        assert!(shot.is_err());
        assert_eq!(film.written, 1);
    }
}
