//! `web-browser` as a person calls it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use stage::trial::Call;

fn browser(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_web-browser"), arguments)
}

/// The last moment of a film strip: its lower right corner, without the time below it.
fn last_moment(film: &Path) -> Vec<Vec<u8>> {
    let file = BufReader::new(File::open(film).expect("a film strip"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG file");
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    assert_eq!((width, height), (1_600, 724), "eight moments, in two rows");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("a picture that is whole");
    let rows = pixels.chunks(width * 3).skip(362).take(340);
    rows.map(|row| row[1_200 * 3..].to_vec()).collect()
}

#[test]
fn the_page_looks_the_same_in_the_end_whoever_has_drawn_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let ways = ["neither", "concurrent-only", "both"];
    let seen = ways.map(|way| {
        let film = folder.path().join(format!("{way}.png"));
        let call = browser(&["--as", way, "--out"]).with(&film);
        let mut lines = call.answer().succeeded().lines;
        lines.sort();
        (lines, last_moment(&film))
    });
    for expected in
        ["Picture 13 - is none", "Picture 17 - did not come", "Loaded - 18 of 20 pictures"]
    {
        assert!(seen[0].0.iter().any(|line| line == expected), "{expected}: {:?}", seen[0].0);
    }
    for (way, other) in ways.iter().zip(&seen).skip(1) {
        assert_eq!(seen[0].0, other.0, "{way}");
        assert!(seen[0].1 == other.1, "{way} has drawn another page");
    }
    let colours: std::collections::BTreeSet<&[u8]> =
        seen[0].1.iter().flat_map(|row| row.chunks(3)).collect();
    assert!(colours.len() > 1_000, "there is hardly anything on it: {} colours", colours.len());
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let errors = browser(&["--as", "both"]).refused_its_port().errors;
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let answer = browser(&["--as", "both", "--out", "/dev/full"]).answer();
    let lines = answer.failed(1, "/dev/full cannot be written: No space left").lines;
    let loaded = lines.iter().find(|line| line.contains("Loaded - 18 of 20"));
    assert!(loaded.is_some(), "all of the page was loaded: {lines:?}");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_sees_the_page_until_then() {
    let lines = browser(&["--as", "neither"]).interrupted().lines;
    assert!(!lines.iter().any(|line| line.starts_with("Picture 20")), "it went on: {lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("Loaded - ")), "{lines:?}");
}
