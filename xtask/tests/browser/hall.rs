//! The page in a lecture hall: a run a screen, predictions first, everything twice as large, and on paper.
//!
//! These tests look at lessons of the workspace, whose questions and code the page has.

use std::path::PathBuf;
use std::process::Command;

use chromium::{Browser, Page, Paper, View, WIDE};

use crate::{Fixture, open, program, report_with};

/// What a projector shows.
const PROJECTED: View = View { width: 1280, height: 720, ..WIDE };

/// The same with everything twice as large.
const ENLARGED: View = View { width: 640, height: 360, ..WIDE };

/// Says of each run that much of it could not be shown, as on a busy machine.
const DOUBTS: &str = "document.querySelectorAll('.after').forEach(after => {
    const doubt = document.createElement('p'); doubt.className = 'doubt';
    doubt.textContent = 'Others had the cores. '.repeat(20); after.prepend(doubt); })";

/// Puts the four lessons on paper that have the longest code.
const LONGEST: &str =
    "{ const lines = (lesson) => lesson.querySelector('.code pre').textContent.split('\\n').length;
    [...document.querySelectorAll('.lesson')].sort((a, b) => lines(b) - lines(a))
        .forEach((lesson, place) => lesson.classList.toggle('on-paper', place < 4)) }";

/// A page about all lessons, which is made once.
fn lessons(fixture: &Fixture) -> PathBuf {
    let file = fixture.folder.path().join("lessons.html");
    if !file.exists() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args(["demo", "--report"]).arg(&file).output();
        let output = output.expect("the task runner runs");
        let code = output.status.code();
        // On a busy machine some of it may not be shown.
        assert!([Some(0), Some(3)].contains(&code), "{}", String::from_utf8_lossy(&output.stderr));
    }
    file
}

/// Opens that page, with the page's clock held.
fn opened<'a>(browser: &'a mut Browser, fixture: &Fixture, view: View) -> Page<'a> {
    let mut page = open(browser, &lessons(fixture), view);
    page.run("isClockHeld = true; shown = () => [...document.querySelectorAll('.lesson')].filter(e => e.checkVisibility())");
    page.run("onStage = () => shown()[0].dataset.title; box = (name) => shown()[0].querySelector(name).getBoundingClientRect()");
    page
}

/// The names of the lessons that are to be seen, in their order.
fn titles(page: &mut Page) -> Vec<String> {
    let titles = page.ask("shown().map(section => section.dataset.title)");
    let titles = titles.as_array().expect("a list").iter();
    titles.map(|title| title.as_str().expect("a name").to_owned()).collect()
}

/// What is to be seen in letters smaller than so many pixels, and how large they are.
fn smaller_than(pixels: &str) -> String {
    format!(
        "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility({{ visibilityProperty: true, contentVisibilityAuto: true }}) &&
            [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            .map(e => [e.currentCSSZoom * parseFloat(getComputedStyle(e).fontSize), e.textContent.slice(0, 40)])
            .filter(([size]) => size < {pixels} - 0.01)"
    )
}

pub(crate) fn presents(browser: &mut Browser, fixture: &Fixture) {
    let mut page = opened(browser, fixture, PROJECTED);
    let lessons = titles(&mut page);
    page.run("document.querySelector('.present').click()");
    assert_eq!(page.ask("shown().length"), 1, "a run a screen");
    for (key, expected) in [
        ("n", &lessons[1]),
        ("PageDown", &lessons[2]),
        ("PageUp", &lessons[1]),
        ("p", &lessons[0]),
        ("p", &lessons[0]),
    ] {
        page.press(key);
        assert_eq!(page.ask("onStage()"), **expected, "after the key `{key}`");
    }
    page.run("document.querySelector('.next').click()");
    assert_eq!(page.ask("onStage()"), *lessons[1]);
    page.run("document.querySelector('.previous').click()");
    assert_eq!(
        page.ask("[onStage(), document.querySelector('.place').textContent].join()"),
        format!("neither/std,1 of {}", lessons.len())
    );
    page.press(" ");
    assert_eq!(page.ask("shown()[0].querySelector('.stage').stage.playing"), true);
    page.press("Escape");
    assert_eq!(titles(&mut page), lessons);
    assert_eq!(page.troubles(), [""; 0]);
}

pub(crate) fn is_readable_from_the_last_row(browser: &mut Browser, fixture: &Fixture) {
    let mut page = opened(browser, fixture, PROJECTED);
    let lessons = titles(&mut page);
    page.run("present(true)");
    for lesson in lessons {
        let small = page.ask(&smaller_than("18"));
        assert_eq!(small, serde_json::json!([]), "letters in {lesson}");
        let beside = "box('.code pre').right <= box('.picture').left && box('.code pre').top < box('.picture').bottom";
        assert_eq!(page.ask(beside), true, "{lesson}: the code stands beside the lanes");
        let broken = "(pre => Math.floor(pre.clientHeight / parseFloat(getComputedStyle(pre).lineHeight)) - pre.textContent.split('\\n').length)(shown()[0].querySelector('.code pre'))";
        assert_eq!(page.ask(broken), 0, "{lesson}: lines of code that the page has broken");
        for name in ["header", ".question", ".code pre", ".picture", ".play"] {
            let is_in_sight = format!(
                "(({{ top, bottom, left, right }}) => top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth)(box('{name}'))"
            );
            assert_eq!(page.ask(&is_in_sight), true, "{lesson}: {name}");
        }
        page.press("n");
    }
}

pub(crate) fn hides_what_is_to_be_predicted(browser: &mut Browser, fixture: &Fixture) {
    let mut page = opened(browser, fixture, WIDE);
    let telling = "[...document.querySelectorAll('.facts, .answer, .chapter, .summary, .quadrants, .output li, .labels .title ~ .title ~ .title ~ text')]
        .filter(e => e.checkVisibility({ visibilityProperty: true })).length";
    let lessons = titles(&mut page);
    assert_ne!(page.ask(telling), 0);
    page.run("document.querySelector('.viewing .predict').click()");
    assert_eq!(page.ask(telling), 0, "nothing tells what happened");
    let read_out = "document.querySelectorAll('.lesson .lanes:not([aria-hidden=true])').length";
    assert_eq!(page.ask(read_out), 0, "nor is it read out");
    assert_eq!(page.ask("document.querySelectorAll('.question').length"), lessons.len());
    page.run("first = shown()[0]; stage = first.querySelector('.stage').stage");
    let covered = "(({ width }, track) => width / track.width)(stage.runs[0].future.getBoundingClientRect(), stage.runs[0].track.getBoundingClientRect()) > 0.99";
    assert_eq!(page.ask(covered), true, "the future is covered");
    page.run("stage.choose(stage.runs[0], stage.runs[0].things(stage.runs[0].svg.querySelector('.lane')).at(-1))");
    assert_eq!(page.ask("stage.details.textContent"), "", "nor is it told to who points at it");
    page.run("stage.play(); stage.advance(1e6)");
    let told = "[...first.querySelectorAll('.facts, .answer, .chapter')].every(e => e.checkVisibility()) && first.querySelector('.answer').open";
    assert_eq!(page.ask(told), true, "once it was played, everything is told");
    assert_eq!(page.ask("document.querySelectorAll('.unplayed').length"), lessons.len() - 1);
    page.press("h");
    assert_eq!(page.ask("document.querySelectorAll('.unplayed').length"), 0);
}

pub(crate) fn shows_all_of_a_picture_however_large(browser: &mut Browser, fixture: &Fixture) {
    let mut page = opened(browser, fixture, ENLARGED);
    let lessons = titles(&mut page);
    page.run(DOUBTS);
    for is_presenting in [false, true] {
        page.run("document.querySelector('.lesson').focus()");
        page.run(&format!("present({is_presenting})"));
        for lesson in &lessons[1..] {
            page.press("n");
            let section = format!("#run-{}", lesson.replace('/', "-"));
            for name in [".play", ".picture"] {
                let bounds = page.ask(&format!(
                    "(({{ top, bottom }}) => [top, bottom])(document.querySelector('{section} {name}').getBoundingClientRect())"
                ));
                let [top, bottom] =
                    [&bounds[0], &bounds[1]].map(|it| it.as_f64().expect("a place"));
                assert!(
                    top >= 0.0 && bottom <= 360.0,
                    "{lesson}: {name} is from {top} to {bottom}"
                );
            }
        }
    }
}

pub(crate) fn is_a_handout_on_paper(browser: &mut Browser, fixture: &Fixture) {
    for prepare in ["undefined", "present(true)", "predict(true)", DOUBTS] {
        let mut page = opened(browser, fixture, View { medium: "print", ..WIDE });
        page.run(prepare);
        assert_eq!(
            page.ask("shown().map(e => e.dataset.title.split('/')[0]).join()"),
            "neither,concurrent-only,parallel-only,both"
        );
        assert_eq!(page.ask("shown().every(e => e.querySelector('.code pre').checkVisibility({ contentVisibilityAuto: true }))"), true);
        assert_eq!(page.ask("document.querySelector('.quadrants').checkVisibility()"), true);
        for paper in Paper::ALL {
            assert_eq!(page.sheets(paper), 2, "after {prepare}, on {paper:?}");
        }
    }
    // On another machine other lessons may be those that show best what they are.
    let mut page = opened(browser, fixture, View { medium: "print", ..WIDE });
    page.run(DOUBTS);
    page.run(LONGEST);
    for paper in Paper::ALL {
        assert_eq!(page.sheets(paper), 2, "with the longest code, on {paper:?}");
    }
}

pub(crate) fn is_readable_on_paper(browser: &mut Browser, fixture: &Fixture) {
    for paper in Paper::ALL {
        let mut page = opened(browser, fixture, paper.view());
        let small = page.ask(&smaller_than("6.5 * 96 / 72"));
        assert_eq!(small, serde_json::json!([]), "letters on {paper:?}");
        let cut = page.ask(
            "[...document.querySelectorAll('.quadrant, .picture, .code pre')].filter(e => e.checkVisibility())
                .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth - 1)
                .map(e => e.className)",
        );
        assert_eq!(cut, serde_json::json!([]), "borders on {paper:?}");
    }
}

pub(crate) fn failed_cell_is_named(browser: &mut Browser, fixture: &Fixture) {
    let file = fixture.folder.path().join("failed.html");
    report_with(&["demo"], &file, (program::FAILING, std::path::Path::new("1")));
    let mut page = open(browser, &file, WIDE);
    assert_eq!(
        page.ask("document.querySelector('.quadrant.both .time').textContent"),
        "std failed"
    );
}
