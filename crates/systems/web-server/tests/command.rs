//! `web-server` as a person calls it.

use stage::trial::Call;

fn server(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_web-server"), arguments)
}

#[test]
fn every_upload_is_answered_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("thumbnails.redb");
    let answer = server(&["--as", "both", "--out"]).with(&file).answer().succeeded();
    assert_eq!(answer.lines.len(), 2 * 32);
    let store = web_server::store::Store::open(Some(&file)).expect("a database");
    assert_eq!(store.count(), Ok(32));
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let errors = server(&["--as", "both"]).refused_its_port().errors;
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = server(&["--as", "both", "--out"]).with(folder.path().join("thumbnails.redb"));
    call.with_room_for(64).answer().failed(1, "thumbnails.redb cannot be");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_done_until_then() {
    let printed = server(&["--as", "neither"]).interrupted().lines.len();
    assert!(
        printed < 64 && printed.is_multiple_of(2),
        "{printed} lines: what was begun is answered"
    );
}
