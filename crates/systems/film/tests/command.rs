//! `film` as a person calls it.

use std::fs;
use std::path::Path;

use film::frame::{FRAMES, HEIGHT, WIDTH};
use stage::trial::Call;

fn film(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_film"), arguments)
}

/// How many frames an animated PNG has, by somebody else's word; all of them can be read.
fn frames(path: &Path) -> usize {
    let file = std::io::BufReader::new(fs::File::open(path).expect("a file"));
    let mut reader = png::Decoder::new(file).read_info().expect("PNG");
    let frames = reader.info().animation_control().expect("an animated PNG").num_frames as usize;
    let mut pixels = vec![0; WIDTH * HEIGHT * 3];
    for _ in 0..frames {
        reader.next_frame(&mut pixels).expect("a frame");
    }
    frames
}

#[test]
fn whoever_rendered_them_the_pixels_are_the_same() {
    let ways = film::SYSTEM.ways.iter().map(|way| way.name);
    let pixels: Vec<_> = ways
        .map(|way| {
            let answer = film(&["--as", way]).answer().succeeded();
            assert_eq!(answer.lines.len(), 2 * FRAMES + 1, "{way}");
            answer.lines.last().expect("a last line").clone()
        })
        .collect();
    assert!(pixels.iter().all(|it| it.starts_with("Film - 48 frames, pixels ")), "{pixels:?}");
    assert!(pixels.iter().all(|it| *it == pixels[0]), "{pixels:?}");
}

#[test]
fn the_file_has_all_frames_whatever_it_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let [apng, y4m] = ["film.png", "film.y4m"].map(|name| folder.path().join(name));
    for path in [&apng, &y4m] {
        film(&["--as", "both", "--out"]).with(path).answer().succeeded();
    }
    assert_eq!(frames(&apng), FRAMES);
    let head = "YUV4MPEG2 W320 H180 F16:1 Ip A1:1 C444\n".len();
    let length = fs::metadata(&y4m).expect("a file").len() as usize;
    assert_eq!(length, head + FRAMES * ("FRAME\n".len() + WIDTH * HEIGHT * 3));
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_has_a_film_as_far_as_it_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    for way in ["neither", "both"] {
        let path = folder.path().join(way);
        let answer = film(&["--as", way, "--out"]).with(&path).interrupted();
        let written = answer.lines.iter().filter(|line| line.ends_with("written")).count();
        assert!(written > 0 && written < FRAMES, "{written} frames");
        assert_eq!(frames(&path), written);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_no_frame_is_rendered_in_vain() {
    for way in ["neither", "chunks", "both"] {
        let answer = film(&["--as", way, "--out", "/dev/full"]).answer();
        let error = "film: /dev/full cannot be written: No space left on device";
        let answer = answer.failed(1, error);
        assert!(answer.lines.len() < FRAMES, "{way}: {:?}", answer.lines);
    }
}
