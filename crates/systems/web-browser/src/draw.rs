//! Drawing, with [tiny-skia](https://docs.rs/tiny-skia): the window in tiles, each for itself.

use std::sync::Arc;

use lab::task::Task;
use tiny_skia::{Color, Paint, Pixmap, PremultipliedColorU8, Rect, Transform};

use crate::css::Colour;
use crate::layout::{Area, Item, Page};
use crate::picture::Picture;
use crate::text::Letters;

/// How many pixels the window is wide and high; and how high the bar above the page is.
pub const WINDOW: (usize, usize) = (800, 680);
/// See [`WINDOW`].
pub const BAR: usize = 30;

/// How many pixels a tile is wide and high.
const TILE: (usize, usize) = (200, 130);

/// How many tiles there are beside each other.
const ACROSS: usize = WINDOW.0 / TILE.0;

/// How many tiles the page has.
pub const TILES: usize = ACROSS * ((WINDOW.1 - BAR) / TILE.1);

/// What has become of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// It is on its way.
    #[default]
    Waiting,
    /// It is here.
    Here(Arc<Picture>),
    /// It will not come.
    Broken,
}

/// All that is to be seen of a page at some moment.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The page.
    pub page: Arc<Page>,
    /// Its pictures, as far as they are here.
    pub pictures: Vec<Shown>,
    /// How many of them have been decided: a view with more is newer.
    pub version: usize,
}

/// A rectangle of drawn pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Where its upper left corner is in the window.
    pub corner: (usize, usize),
    /// Its pixels.
    pub pixels: Pixmap,
}

/// Where a tile of the page is, on the page.
fn area(number: usize) -> Area {
    let (column, row) = (number % ACROSS, number / ACROSS);
    let (width, height) = (TILE.0 as f32, TILE.1 as f32);
    Area { x: column as f32 * width, y: row as f32 * height, width, height }
}

/// The tiles in which this area of the page is.
#[must_use]
pub fn tiles_of(part: &Area) -> Vec<usize> {
    (0..TILES).filter(|&number| area(number).touches(part)).collect()
}

impl View {
    /// Draws a tile of the page, as a part of a task.
    #[must_use]
    pub fn draw(&self, task: Task, number: usize) -> Tile {
        let part = task.begin_part(2, number + 1);
        let area = area(number);
        let mut canvas = Canvas::new(TILE, (area.x, area.y));
        for item in self.page.items.iter().filter(|item| item.area().touches(&area)) {
            self.draw_item(&mut canvas, item);
            part.tick();
        }
        let corner = (area.x as usize, area.y as usize + BAR);
        Tile { corner, pixels: canvas.pixels }
    }

    fn draw_item(&self, canvas: &mut Canvas, item: &Item) {
        match item {
            Item::Fill(area, colour) => canvas.fill(area, *colour),
            Item::Line(area, line, letters, colour) => {
                canvas.write(line, *letters, (area.x, area.y), *colour);
            }
            Item::Picture(area, number) => match self.pictures.get(*number) {
                Some(Shown::Here(picture)) => canvas.show(area, picture),
                Some(Shown::Broken) => canvas.show_broken(area),
                Some(Shown::Waiting) | None => {}
            },
        }
    }
}

/// Draws the bar above the page: how far it has come, and how many clicks were answered.
#[must_use]
pub fn draw_bar(answered: usize, loaded: usize, pictures: usize) -> Tile {
    let mut canvas = Canvas::new((WINDOW.0, BAR), (0.0, 0.0));
    let letters = Letters { size: 13.0, is_bold: false };
    let (width, height) = (WINDOW.0 as f32, BAR as f32);
    canvas.fill(&Area { x: 0.0, y: 0.0, width, height }, [58, 62, 68]);
    let field = Area { x: 8.0, y: 5.0, width: 560.0, height: height - 10.0 };
    canvas.fill(&field, [240, 240, 240]);
    let done = loaded as f32 / pictures.max(1) as f32;
    canvas.fill(&Area { width: field.width * done, y: 22.0, height: 3.0, ..field }, [74, 144, 217]);
    canvas.write("http://localhost/", letters, (14.0, 6.0), [60, 60, 60]);
    canvas.write(&format!("{answered} clicks answered"), letters, (596.0, 6.0), [255, 214, 120]);
    Tile { corner: (0, 0), pixels: canvas.pixels }
}

/// Pixels, and where on the page their upper left corner is.
struct Canvas {
    pixels: Pixmap,
    corner: (f32, f32),
}

impl Canvas {
    fn new((width, height): (usize, usize), corner: (f32, f32)) -> Canvas {
        let mut pixels = Pixmap::new(width as u32, height as u32).expect("a tile of some pixels");
        pixels.fill(Color::WHITE);
        Canvas { pixels, corner }
    }

    fn fill(&mut self, area: &Area, [red, green, blue]: Colour) {
        let Some(rect) = Rect::from_xywh(area.x, area.y, area.width, area.height) else { return };
        let mut paint = Paint::default();
        paint.set_color_rgba8(red, green, blue, 255);
        let here = Transform::from_translate(-self.corner.0, -self.corner.1);
        self.pixels.fill_rect(rect, &paint, here, None);
    }

    fn write(&mut self, line: &str, letters: Letters, (x, y): (f32, f32), colour: Colour) {
        let start = (x - self.corner.0, y - self.corner.1);
        letters.draw(line, start, |x, y, covered| {
            if let Some(pixel) = self.pixel(x, y) {
                *pixel = mixed(*pixel, colour, covered);
            }
        });
    }

    fn show(&mut self, area: &Area, picture: &Picture) {
        let (left, top) = ((area.x - self.corner.0) as i32, (area.y - self.corner.1) as i32);
        for (y, row) in (top..).zip(picture.pixels.chunks(picture.size.0.max(1))) {
            for (x, &colour) in (left..).zip(row) {
                if let Some(pixel) = self.pixel(x, y) {
                    *pixel = mixed(*pixel, colour, 1.0);
                }
            }
        }
    }

    /// Where a picture should be, and is none.
    fn show_broken(&mut self, area: &Area) {
        self.fill(area, [196, 120, 110]);
        let letters = Letters { size: 34.0, is_bold: true };
        let middle = area.x + (area.width - letters.width("?")) / 2.0;
        self.write("?", letters, (middle, area.y + area.height / 4.0), [255, 240, 236]);
    }

    fn pixel(&mut self, x: i32, y: i32) -> Option<&mut PremultipliedColorU8> {
        let width =
            i32::try_from(self.pixels.width()).ok().filter(|width| (0..*width).contains(&x))?;
        let place = usize::try_from(y.checked_mul(width)?.checked_add(x)?).ok()?;
        self.pixels.pixels_mut().get_mut(place)
    }
}

/// A pixel of which so much, from 0 to 1, is covered by a colour.
fn mixed(pixel: PremultipliedColorU8, colour: Colour, covered: f32) -> PremultipliedColorU8 {
    let covered = covered.clamp(0.0, 1.0);
    let below = [pixel.red(), pixel.green(), pixel.blue()];
    let mix = |below: u8, above: u8| {
        (f32::from(below) * (1.0 - covered) + f32::from(above) * covered).round() as u8
    };
    let [red, green, blue] = [0, 1, 2].map(|it: usize| mix(below[it], colour[it]));
    PremultipliedColorU8::from_rgba(red, green, blue, 255).expect("nothing shines through")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_drawn_in_the_tiles_that_it_touches() {
        let area = |x, y, width, height| Area { x, y, width, height };
        assert_eq!(tiles_of(&area(10.0, 10.0, 20.0, 20.0)), [0]);
        assert_eq!(tiles_of(&area(190.0, 120.0, 20.0, 20.0)), [0, 1, 4, 5]);
        assert_eq!(tiles_of(&area(0.0, 0.0, 1e4, 1e4)).len(), TILES);
        assert_eq!(tiles_of(&area(-50.0, 0.0, 20.0, 20.0)), [0; 0]);
    }

    #[test]
    fn what_lies_across_two_tiles_is_in_both() {
        let half = Area { x: 150.0, y: 20.0, width: 100.0, height: 50.0 };
        let page = Page { items: vec![Item::Fill(half, [9, 8, 7])], pictures: Vec::new() };
        let view = View { page: page.into(), ..View::default() };
        let task = Task::start("test");
        for (tile, inside, outside) in [(0, (199, 30), (149, 30)), (1, (0, 30), (50, 30))] {
            let pixels = view.draw(task, tile).pixels;
            let colour = |(x, y)| pixels.pixel(x, y).map(|it| [it.red(), it.green(), it.blue()]);
            assert_eq!(colour(inside), Some([9, 8, 7]), "tile {tile}");
            assert_eq!(colour(outside), Some([255; 3]), "tile {tile}");
        }
        task.end();
    }
}
