//! The page, opened in real browsers, in which people talk with each other.
//!
//! A test never waits for time to pass: it waits for what it waits for. Where something does not come within
//! a minute, it has failed.

mod common;

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};

use chromium::{Browser, Page, View, WIDE};
use common::Server;
use serde_json::{Value, json};

/// A test: what checks it, in two browsers.
type Test = fn(&mut [Browser; 2]);

const TESTS: &[(&str, Test)] = &[
    ("two_who_talk_in_two_browsers_see_the_same_in_the_same_order", two_talk),
    ("whoever_is_in_another_room_hears_nothing_of_it", rooms_are_apart),
    ("who_loses_the_server_is_told_and_goes_on_when_it_is_there_again", comes_again),
    ("what_is_said_before_the_welcome_waits_for_it", waits_for_the_welcome),
    ("a_name_that_comes_in_twice_is_there_once", is_there_once),
    ("what_somebody_says_is_shown_and_not_obeyed", hostile_words_are_harmless),
    ("everything_can_be_read_in_light_and_in_dark_and_has_a_name", is_accessible),
    ("a_phone_need_not_scroll_sideways", fits_a_phone),
];

fn main() -> ExitCode {
    let start = |program: &OsString| [Browser::start(program), Browser::start(program)];
    chromium::main(TESTS, start, |browsers, test| test(browsers))
}

/// The page as somebody sees it who is in a room.
fn visit<'a>(
    server: &Server,
    browser: &'a mut Browser,
    name: &str,
    room: &str,
    view: View,
) -> Page<'a> {
    let mut page = browser.open(&format!("{}?name={name}&room={room}", server.address), view);
    help(&mut page);
    until(&mut page, "state.matches('.there')");
    page
}

/// Teaches a page how tests look at it and talk in it.
fn help(page: &mut Page<'_>) {
    page.run(
        "heard = () => [...log.querySelectorAll('li:not(.waiting)')].map(item => item.textContent);
         waiting = () => log.querySelectorAll('.waiting').length;
         utter = words => { text.value = words; saying.requestSubmit(); };
         until = isSo => new Promise((done, fail) => {
            const look = () => isSo() ? done() : requestAnimationFrame(look);
            setTimeout(fail, 60000); look(); })",
    );
}

/// Waits until something is so in the page.
fn until(page: &mut Page<'_>, is_so: &str) {
    page.wait_for(&format!("until(() => {is_so})"));
}

fn two_talk([one, other]: &mut [Browser; 2]) {
    let server = Server::start("0");
    // One of them comes in as a person does.
    let mut ada = one.open(&server.address, WIDE);
    ada.run("document.getElementById('name').value = 'Ada'; coming.requestSubmit()");
    help(&mut ada);
    until(&mut ada, "state.matches('.there')");
    assert_eq!(ada.ask("document.activeElement.id"), "text");
    let mut bob = visit(&server, other, "Bob", "tea", WIDE);
    // Both talk at once: neither waits for what the other one says.
    for number in 1..=5 {
        ada.run(&format!("utter('ada {number}')"));
        bob.run(&format!("utter('bob {number}')"));
    }
    let seen = [&mut ada, &mut bob].map(|page| {
        until(page, "heard().length >= 10");
        assert_eq!(page.ask("waiting()"), 0);
        page.ask("heard()")
    });
    assert_eq!(seen[0], seen[1], "one order");
    let lines: Vec<_> =
        seen[0].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for name in ["Ada", "Bob"] {
        let own: Vec<_> = lines.iter().filter(|line| line.starts_with(name)).collect();
        assert_eq!(own.len(), 5, "{lines:?}");
        for (number, line) in (1..).zip(own) {
            assert!(line.contains(&format!("{} {number}", name.to_lowercase())), "{lines:?}");
        }
    }
    assert_eq!(ada.troubles(), [""; 0]);
    assert_eq!(bob.troubles(), [""; 0]);
}

fn rooms_are_apart([one, other]: &mut [Browser; 2]) {
    let server = Server::start("0");
    let mut ada = visit(&server, one, "Ada", "tea", WIDE);
    let mut bob = visit(&server, other, "Bob", "coffee", WIDE);
    ada.run("utter('tea, please')");
    until(&mut ada, "heard().length === 1");
    bob.run("utter('coffee')");
    until(&mut bob, "heard().length === 1");
    assert_eq!(bob.ask("heard()"), json!(["Bobcoffee#0"]));
}

fn comes_again([browser, _]: &mut [Browser; 2]) {
    let server = Server::start("0");
    let port = server.port();
    let mut ada = visit(&server, browser, "Ada", "tea", WIDE);
    ada.run("utter('before')");
    until(&mut ada, "heard().length === 1");
    drop(server);
    until(&mut ada, "state.matches('.bad')");
    ada.run("utter('while nobody is there')");
    assert_eq!(ada.ask("waiting()"), 1);
    let _again = Server::start(&port);
    until(&mut ada, "heard().some(text => text.includes('nobody') && text.endsWith('#0'))");
    let shown = ada.ask("heard().join('\\n')");
    assert!(
        shown.as_str().is_some_and(|it| it.contains("the server was started again")),
        "{shown}"
    );
    assert_eq!(ada.ask("waiting()"), 0);
}

fn waits_for_the_welcome([browser, _]: &mut [Browser; 2]) {
    let server = Server::start("0");
    let mut ada = browser.open(&server.address, WIDE);
    help(&mut ada);
    // A server that takes its time, and notes what it is sent.
    ada.run(
        "sent = [];
         WebSocket = class {
            static OPEN = 1;
            readyState = 1;
            send(frame) { sent.push(frame); }
            close() {}
         };
         document.getElementById('name').value = 'Ada'; coming.requestSubmit(); socket.onopen();
         utter('too early')",
    );
    assert_eq!(ada.ask("sent"), json!(["tea Ada 0 0"]));
    // Ada has been here before, and has said five things.
    ada.run("socket.onmessage({ data: '7 5 5' }); utter('in time')");
    assert_eq!(ada.ask("sent.slice(1)"), json!(["6 too early", "7 in time"]));
    assert_eq!(ada.ask("waiting()"), 2);
}

fn is_there_once([one, other]: &mut [Browser; 2]) {
    let server = Server::start("0");
    let mut before = visit(&server, one, "Ada", "tea", WIDE);
    let mut after = visit(&server, other, "Ada", "tea", WIDE);
    until(&mut before, "state.matches('.bad')");
    let told = before.ask("state.textContent");
    assert!(told.as_str().is_some_and(|it| it.contains("another connection")), "{told}");
    after.run("utter('I am here')");
    until(&mut after, "heard().length === 1");
    assert_eq!(before.ask("heard().length"), 0);
}

fn hostile_words_are_harmless([browser, _]: &mut [Browser; 2]) {
    const HOSTILE: &str = "<img src=x onerror='hacked = 1'><script>hacked = 1</script>";
    let server = Server::start("0");
    let mut join = Command::new(env!("CARGO_BIN_EXE_chat"));
    join.args(["join", &server.address, "--name", "<b>Eve</b>"]).stdin(Stdio::piped());
    let mut join = join.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a client");
    writeln!(join.stdin.take().expect("a pipe"), "{HOSTILE}").expect("it reads");
    assert!(join.wait().expect("it ends").success());
    let mut ada = visit(&server, browser, "Ada", "tea", WIDE);
    until(&mut ada, "heard().length === 1");
    assert_eq!(ada.ask("heard()"), json!([format!("<b>Eve</b>{HOSTILE}#0")]));
    assert_eq!(ada.ask("typeof hacked"), "undefined");
    assert_eq!(ada.ask("document.images.length"), 0);
    assert_eq!(ada.troubles(), [""; 0]);
}

fn is_accessible([browser, _]: &mut [Browser; 2]) {
    // Contrast as the Web Content Accessibility Guidelines define it; a canvas knows every notation of a colour.
    const CONTRAST: &str = "(() => {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const light = (colours) => {
            for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(n => n / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const grounds = (element) => element
            ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
        const shown = [...document.querySelectorAll('body *')].filter(element => element.checkVisibility()
            && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
        return Math.min(...shown.map(element => {
            const ground = light(grounds(element)), letters = light([getComputedStyle(element).color]);
            return (Math.max(ground, letters) + 0.05) / (Math.min(ground, letters) + 0.05);
        }));
    })()";
    let server = Server::start("0");
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        let view = View { scheme, is_motion_reduced: true, ..WIDE };
        let mut page = visit(&server, browser, "Ada", "tea", view);
        page.run(&format!("said = heard().length; utter('in {scheme}')"));
        until(&mut page, "heard().length === said + 1");
        page.run("for (let n = 0; n < 40; n++) append(bubble(`guest-${n}`, 'hi'))");
        let contrast = page.ask(CONTRAST).as_f64().expect("a contrast");
        assert!(contrast >= 4.5, "{scheme}: the least contrast is {contrast}");
        grounds.push(page.ask("getComputedStyle(document.body).backgroundColor"));
        let nameless = page.ask(
            "[...document.querySelectorAll('button, input, [role=log]')]
                .filter(e => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()))
                .map(e => e.outerHTML)",
        );
        assert_eq!(nameless, json!([]));
        assert_eq!(
            page.ask("log.scrollHeight - log.scrollTop - log.clientHeight < 2"),
            true,
            "at the end"
        );
        page.run("document.querySelector('#leave').click()");
        let contrast = page.ask(CONTRAST).as_f64().expect("a contrast");
        assert!(contrast >= 4.5, "{scheme}, outside: the least contrast is {contrast}");
    }
    assert_ne!(grounds[0], grounds[1]);
}

fn fits_a_phone([browser, _]: &mut [Browser; 2]) {
    let server = Server::start("0");
    let view = View { width: 375, height: 700, ..WIDE };
    let mut page = visit(&server, browser, "Ada", &"room".repeat(8), view);
    page.run("utter('a_word_without_end_'.repeat(20))");
    until(&mut page, "heard().length === 1");
    assert_eq!(page.ask("document.documentElement.scrollWidth"), 375);
    assert_eq!(page.ask("log.scrollWidth <= log.clientWidth"), true);
    assert_eq!(page.ask("saying.getBoundingClientRect().bottom <= innerHeight"), true);
}
