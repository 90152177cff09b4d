//! The studio: frames are rendered, developed, and come into the film one after the other.
//!
//! Only the last of these has an order, and all wait for whoever does it. So it should be short: a frame is
//! compressed by whoever has rendered it, and what is left to be done in order is to copy it into the file.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use lab::task::Task;
use rayon::prelude::*;
use reel::{Darkroom, Frame, Reel, Reorder, Shape};
use stage::Digest;

use crate::frame::{FRAMES, HEIGHT, WIDTH, rows};

/// The steps of a frame, as the trace has them.
const RENDER: usize = 1;
const DEVELOP: usize = 2;
const WRITE: usize = 3;

/// A frame that is rendered and not yet in the film. It is in progress until it is.
#[derive(Debug)]
pub struct Shot {
    task: Task,
    pixels: Vec<u8>,
}

/// A frame that has the form of the film.
#[derive(Debug)]
struct Developed {
    shot: Shot,
    frame: Frame,
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

    /// Develops it, on the calling thread.
    fn developed(self, darkroom: Darkroom) -> Developed {
        let _part = self.task.begin_part(DEVELOP, 0);
        let frame = darkroom.develop(&self.pixels);
        Developed { shot: self, frame }
    }
}

/// One of so many bands of a frame, as a part of its compute.
fn band(task: Task, number: usize, band: usize, bands: usize) -> Vec<u8> {
    let part = task.begin_part(RENDER, band + 1);
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
        (0..FRAMES).take_while(|_| !stage::stopped()).try_for_each(|it| {
            let developed = render(it).developed(self.reel.darkroom());
            self.add(&developed)
        })
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
        let (buffer, darkroom) = (Reorder::new(room), self.reel.darkroom());
        thread::scope(|scope| {
            let end = Closing(&buffer);
            scope.spawn(|| {
                let _end = end;
                render(&|number| shoot_one(&buffer, darkroom, number));
            });
            let end = Closing(&buffer);
            while let Some(written) = buffer.take(|developed| self.add(&developed)) {
                written?;
            }
            drop(end);
            Ok::<_, String>(())
        })?;
        self.held = buffer.most();
        Ok(())
    }

    /// Writes the next frame.
    fn add(&mut self, developed: &Developed) -> Result<(), String> {
        let Developed { shot: Shot { task, pixels }, frame } = developed;
        let part = task.begin_part(WRITE, 0);
        self.reel.write(frame)?;
        self.digest.add(pixels.iter().copied());
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

/// Renders and develops one frame when there is room for it, and says whether there was anything to do.
fn shoot_one(buffer: &Reorder<Developed>, darkroom: Darkroom, number: usize) -> bool {
    if number >= FRAMES || stage::stopped() {
        return false;
    }
    let place = buffer.begin(number);
    place.map(|place| place.put(Shot::render(number).developed(darkroom))).is_some()
}

/// Closes a buffer when it is dropped, also by a panic: nobody is to wait for who is gone.
struct Closing<'a>(&'a Reorder<Developed>);

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
