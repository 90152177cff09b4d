//! The browser: it opens a page, shows its pictures, and answers clicks.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lab::task::Task;
use tokio::time::sleep_until;

use crate::compute::Compute;
use crate::css::Sheet;
use crate::draw::{BAR, Shown, TILES, Tile, View, WINDOW, draw_bar, tiles_of};
use crate::fetch::fetch;
use crate::film::Film;
use crate::html;
use crate::layout::{Page, lay_out};
use crate::picture::Picture;

/// How many clicks there are, and how far apart they come.
pub const CLICKS: u32 = 20;
/// See [`CLICKS`].
pub const BETWEEN_CLICKS: Duration = Duration::from_millis(40);

/// How many pictures a page may have: we ask for all of them at once.
const MOST: usize = 48;

/// How many pictures are asked for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// One, and the next one when that is shown.
    InTurn,
    /// All that the page wants.
    AllAtOnce,
}

/// What its user saw of a page.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// When the first picture was shown.
    pub first_picture: Duration,
    /// When all was shown that there is.
    pub loaded: Duration,
    /// How long each click waited for its answer.
    pub clicks: Vec<Duration>,
}

/// A browser with one window.
#[derive(Debug)]
pub struct Browser {
    server: SocketAddr,
    compute: Compute,
    start: Instant,
    window: RefCell<Window>,
}

/// What is in the window.
#[derive(Debug)]
struct Window {
    view: View,
    /// From which version of the view each tile was drawn.
    drawn: Vec<usize>,
    film: Film,
    seen: Seen,
}

impl Browser {
    /// A browser that has just been told to open the first page of a server.
    #[must_use]
    pub fn new(server: SocketAddr, compute: Compute, keeps_film: bool) -> Browser {
        let (view, film, seen) = (View::default(), Film::new(keeps_film), Seen::default());
        let window = RefCell::new(Window { view, drawn: vec![0; TILES], film, seen });
        Browser { server, compute, start: Instant::now(), window }
    }

    /// Loads the page, its style and its pictures, and shows them as they come.
    ///
    /// # Errors
    ///
    /// A sentence, where there is no page. A page without its style or a picture is shown without.
    pub async fn load(&self, pictures: Pictures) -> Result<(), String> {
        let body = self.page().await?;
        let wanted = self.style(body).await;
        let shown = (0..wanted).map(|number| self.picture(number));
        match pictures {
            Pictures::AllAtOnce => drop(join_all(shown).await),
            Pictures::InTurn => {
                for picture in shown {
                    picture.await;
                }
            }
        }
        let task = Task::start("page");
        let window = &mut *self.window.borrow_mut();
        window.seen.loaded = self.start.elapsed();
        let here = window.view.pictures.iter().filter(|it| matches!(it, Shown::Here(_))).count();
        task.say(format_args!("Loaded - {here} of {wanted} pictures"));
        task.end();
        Ok(())
    }

    /// Fetches the page and reads it.
    async fn page(&self) -> Result<html::Document, String> {
        let task = Task::start("page");
        let waiting = task.waits_for("page");
        let text = fetch(self.server, "/").await;
        drop(waiting);
        let text = text.map_err(|error| format!("there is no page: {error}"))?;
        let computing = task.begin_part(1, 0);
        let document = html::parse(&String::from_utf8_lossy(&text));
        drop(computing);
        task.say("Page - read");
        task.end();
        Ok(document)
    }

    /// Fetches the style of a page, lays it out and draws it; returns how many pictures it wants.
    async fn style(&self, document: html::Document) -> usize {
        let task = Task::start("style");
        let waiting = task.waits_for("style");
        let text = match &document.style {
            Some(path) => fetch(self.server, path).await.unwrap_or_default(),
            None => Default::default(), // then it looks as it looks
        };
        drop(waiting);
        let page = self.compute.run(move || laid_out(task, &document, &text)).await;
        let wanted = page.pictures.len().min(MOST);
        let view = View { page: page.into(), pictures: vec![Shown::default(); wanted], version: 1 };
        self.window.borrow_mut().view = view;
        self.draw(task, (0..TILES).collect()).await;
        task.say("Style - laid out");
        task.end();
        wanted
    }

    /// Fetches a picture, decodes it and shows it.
    async fn picture(&self, number: usize) {
        if stage::stopped() {
            return;
        }
        let task = Task::start("picture");
        let (path, area) = self.window.borrow().view.page.pictures[number].clone();
        let waiting = task.waits_for("picture");
        let file = fetch(self.server, &path).await;
        drop(waiting);
        let size = (area.width as usize, area.height as usize);
        let picture = match file {
            Err(_) => Err("did not come"),
            Ok(file) => {
                let decode = move || Picture::decode(task, &file, size);
                self.compute.run(decode).await.map_err(|_| "is none")
            }
        };
        let (shown, what) = match picture {
            Ok(picture) => {
                let sum = picture.sum();
                (Shown::Here(picture.into()), format!("shown, sum {sum}"))
            }
            Err(why) => (Shown::Broken, why.to_owned()),
        };
        self.window.borrow_mut().decide(number, shown);
        self.draw(task, tiles_of(&area)).await;
        task.say(format_args!("Picture {} - {what}", number + 1));
        task.end();
    }

    /// Draws tiles of the view as it is now, and shows them.
    async fn draw(&self, task: Task, tiles: Vec<usize>) {
        let view = self.window.borrow().view.clone();
        let drawing = view.clone();
        let draw = move |number| (number, drawing.draw(task, number));
        let drawn = self.compute.draw(tiles, draw).await;
        self.window.borrow_mut().show(drawn, &view, self.start.elapsed());
    }

    /// Answers all clicks. The window keeps those that nobody has asked for yet, and when they came.
    pub async fn answer_clicks(&self) {
        for number in 1..=CLICKS {
            let came = self.start + BETWEEN_CLICKS * number;
            sleep_until(came.into()).await;
            if stage::stopped() {
                break;
            }
            let task = Task::start("click");
            let computing = task.begin_part(1, 0);
            let window = &mut *self.window.borrow_mut();
            window.seen.clicks.push(came.elapsed());
            window.show_bar(self.start.elapsed());
            drop(computing);
            task.say(format_args!("Click {number} - answered"));
            task.end();
        }
    }

    /// What was seen, and the film of it.
    #[must_use]
    pub fn close(self) -> (Seen, Film) {
        let Window { seen, film, .. } = self.window.into_inner();
        (seen, film)
    }
}

/// Lays a page out by its style.
fn laid_out(task: Task, document: &html::Document, style: &[u8]) -> Page {
    let _computing = task.begin_part(1, 0);
    let sheet = Sheet::parse(&String::from_utf8_lossy(style));
    lay_out(&document.body, &sheet, (WINDOW.0 as f32, (WINDOW.1 - BAR) as f32))
}

impl Window {
    /// Notes what has become of a picture.
    fn decide(&mut self, number: usize, shown: Shown) {
        self.view.pictures[number] = shown;
        self.view.version += 1;
    }

    /// Shows tiles that were drawn of this view; but for those of which a newer one is shown.
    fn show(&mut self, drawn: Vec<(usize, Tile)>, view: &View, now: Duration) {
        let version = view.version;
        let is_newer = |(number, _): &(usize, Tile)| version > self.drawn[*number];
        let newer: Vec<_> = drawn.into_iter().filter(is_newer).collect();
        for (number, tile) in newer {
            self.drawn[number] = version;
            self.film.show(tile, now);
        }
        let has_picture = view.pictures.iter().any(|it| matches!(it, Shown::Here(_)));
        if has_picture && self.seen.first_picture.is_zero() {
            self.seen.first_picture = now;
        }
        self.show_bar(now);
    }

    fn show_bar(&mut self, now: Duration) {
        let Window { view, seen, .. } = self;
        let decided = view.version.saturating_sub(1);
        let bar = draw_bar(seen.clicks.len(), decided, view.pictures.len());
        self.film.show(bar, now);
    }
}
