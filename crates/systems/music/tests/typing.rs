//! `music` as somebody types to it: in a terminal, which has to be given back as it was.
#![cfg(target_os = "linux")]

use stage::trial::{Call, Terminal};

const MUSIC: &str = env!("CARGO_BIN_EXE_music");

fn type_to(way: &str) -> Terminal {
    let mut terminal = Call::of(MUSIC, &["--as", way, "--keyboard"]).in_a_terminal();
    terminal.until("note 1 E");
    assert!(!terminal.is_a_shells(), "keys would come a line at a time");
    terminal
}

#[test]
fn each_key_is_answered_with_how_long_it_has_waited() {
    let mut terminal = type_to("one-thread");
    for (key, answer) in [("g", "key 1 `g` after"), ("ö\r", "key 3 `↵` after")] {
        terminal.press(key);
        terminal.until(answer);
    }
    terminal.press("\x1b[D"); // an arrow, which types nothing
    terminal.press("o");
    terminal.until("key 4 `o` after");
    terminal.press("\x03");
    let text = terminal.ends_and_gives_back(130, "stopped early");
    assert!(text.contains("key 2 `ö` after") && text.contains("worst key: "), "{text}");
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let mut terminal = type_to("both");
    terminal.terminate();
    terminal.ends_and_gives_back(143, "stopped early");
}

/// What the test below runs in a terminal: on its own it does nothing.
#[test]
fn panics_while_the_keyboard_is_its_own() {
    if std::env::var_os("PANIC_IN_A_TERMINAL").is_some() {
        let keyboard = music::keyboard::Keyboard::take().expect("a keyboard");
        std::mem::forget(keyboard); // nobody gets so far as to give it back
        panic!("a string has snapped");
    }
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let this = std::env::current_exe().expect("this test");
    let alone = ["--exact", "panics_while_the_keyboard_is_its_own", "--nocapture"];
    let call = Call::of(this, &alone).with_variable("PANIC_IN_A_TERMINAL", "1");
    call.in_a_terminal().ends_and_gives_back(101, "a string has snapped");
}
