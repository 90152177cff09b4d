//! Pages, and what is known of each.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chromium::{Browser, Page, WIDE};

/// So long no page takes to close.
const IN_VAIN: Duration = Duration::from_secs(60);

/// A test: what checks it, in a browser.
type Test = fn(&mut Browser);

const TESTS: &[(&str, Test)] = &[
    ("a_page_is_there_until_it_is_dropped", is_closed),
    ("the_troubles_of_a_page_are_its_own", own_troubles),
];

fn main() -> ExitCode {
    chromium::main(TESTS, Browser::start, |browser, test| test(browser))
}

/// A page with this script.
fn open<'a>(browser: &'a mut Browser, script: &str) -> Page<'a> {
    browser.open(&format!("data:text/html,<script>{script}</script>"), WIDE)
}

fn is_closed(browser: &mut Browser) {
    let before = browser.pages();
    drop(open(browser, ""));
    let start = Instant::now();
    while start.elapsed() < IN_VAIN {
        if browser.pages() == before {
            return;
        }
    }
    panic!("it is still there");
}

fn own_troubles(browser: &mut Browser) {
    const TALKS: &str = "talks = new Promise(done => \
                         setInterval(() => { console.log('in another page'); done(); }, 1))";
    let mut troubled = open(browser, TALKS);
    troubled.wait_for("talks");
    assert!(!troubled.troubles().is_empty());
    std::mem::forget(troubled); // so that it stays open, and goes on talking
    let mut page = open(browser, "");
    for _ in 0..200 {
        assert_eq!(page.ask("1 + 1"), 2);
    }
    assert_eq!(page.troubles(), [""; 0]);
}
