//! `video-game` as somebody plays it: in a terminal, which has to be given back as it was.
#![cfg(target_os = "linux")]

use stage::trial::{Call, Terminal};

const GAME: &str = env!("CARGO_BIN_EXE_video-game");

/// What shows another screen, and what the one that was there before.
const TAKEN: &str = "\x1b[?1049h";
const GIVEN_BACK: &str = "\x1b[?1049l";

fn game(arguments: &[&str]) -> Call {
    Call::of(GAME, &[&["--as", "both", "--play"], arguments].concat())
}

fn play(game: Call) -> Terminal {
    let mut terminal = game.in_a_terminal();
    terminal.until(TAKEN);
    terminal.until("0 caught. Arrows fly");
    assert!(!terminal.is_a_shells(), "keys would come a line at a time");
    terminal
}

/// Asserts that it ends so, and gives back the terminal, with this shown afterwards; and returns all that
/// was shown.
#[track_caller]
fn assert_ends<'a>(terminal: &'a mut Terminal, code: i32, afterwards: &str) -> &'a str {
    let text = terminal.ends_and_gives_back(code, afterwards);
    let back = text.find(GIVEN_BACK).expect("the screen from before");
    let shown = text.rfind(afterwards).expect("it was waited for");
    assert!(back < shown, "`{afterwards}` is on a screen that nobody sees any more");
    text
}

/// Plays and flies to the left, ends it so, and asserts that what was recorded is a game that ends alike, and
/// that its sound is what was heard.
#[track_caller]
fn assert_recorded(end: impl FnOnce(&mut Terminal), code: i32, last: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, heard, film] = ["keys.txt", "heard", "film.png"].map(|it| folder.path().join(it));
    let path = file.to_str().expect("a path of letters");
    let game = game(&["--record", path, "--live"]);
    let mut terminal = play(game.with_player("heard").with_variable("HEARD", &heard));
    terminal.press("\x1b[D"); // the left arrow
    terminal.until("1 caught. Arrows fly");
    end(&mut terminal);
    let text = assert_ends(&mut terminal, code, last);
    let end = text.lines().find(|line| line.contains("caught: state")).expect("an end");
    let keys = std::fs::read_to_string(&file).expect("what was pressed");
    assert!(keys.contains(" left\n") && keys.ends_with(" end\n"), "{keys}");
    let again = Call::of(GAME, &["--as", "parallel-only", "--replay", path, "--out"]).with(&film);
    let again = again.answer().succeeded();
    let state = end.split("caught: ").nth(1).expect("a state").trim_end();
    assert!(again.lines.iter().any(|line| line.contains(state)), "no {state} in {again:?}");
    let sound = hound::WavReader::open(film.with_extension("wav")).expect("a sound");
    let sound = sound.into_samples::<i16>().flat_map(|sample| sample.expect("one").to_le_bytes());
    let heard = std::fs::read(heard).expect("what was heard");
    assert!(sound.eq(heard), "it was heard otherwise than it is");
}

#[test]
fn what_was_played_can_be_played_again() {
    assert_recorded(|terminal| terminal.press("q"), 0, "99th percentile");
}

#[test]
fn what_was_played_until_a_signal_can_be_played_again() {
    assert_recorded(|terminal| terminal.terminate(), 143, "stopped early");
}

#[test]
fn where_no_sound_can_be_played_it_is_said_on_the_screen_that_stays() {
    let mut terminal = game(&["--live"]).with_player("none").in_a_terminal();
    let text = terminal.ends_and_gives_back(3, "leave out --live");
    assert!(!text.contains(TAKEN), "{text}");
}

#[test]
fn ctrl_c_gives_the_terminal_back() {
    let mut terminal = play(game(&[]));
    terminal.press("\x03");
    assert_ends(&mut terminal, 0, "99th percentile");
}

/// What the test below runs in a terminal: on its own it does nothing.
#[test]
fn panics_while_the_terminal_is_its_own() {
    if std::env::var_os("PANIC_IN_A_TERMINAL").is_some() {
        let terminal = video_game::terminal::Terminal::take().expect("a terminal");
        std::mem::forget(terminal); // nobody gets so far as to give it back
        panic!("a lantern has gone out");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_seen() {
    let this = std::env::current_exe().expect("this test");
    let alone = ["--exact", "panics_while_the_terminal_is_its_own", "--nocapture"];
    let call = Call::of(this, &alone).with_variable("PANIC_IN_A_TERMINAL", "1");
    let mut terminal = call.in_a_terminal();
    terminal.until(TAKEN);
    assert_ends(&mut terminal, 101, "a lantern has gone out");
}
