//! What somebody has asked for, on the standard output.

use std::io::{self, ErrorKind, Write};

/// Prints this. Returns whether anybody reads it: where the reader has gone, as `head` has once it has seen
/// enough, there is nobody to tell, and nothing is wrong.
///
/// # Errors
///
/// A sentence, where it cannot be printed for another reason, such as a full disk.
pub fn print(text: &str) -> Result<bool, String> {
    write(&mut io::stdout().lock(), text)
}

fn write(output: &mut impl Write, text: &str) -> Result<bool, String> {
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("the answer cannot be written: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_gone_is_told_nothing() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        assert_eq!(write(&mut writer, "hi"), Ok(true));
        drop(reader);
        assert_eq!(write(&mut writer, "hi"), Ok(false));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_in_a_sentence() {
        let mut full =
            std::fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
        let why = write(&mut full, "hi").expect_err("it is full");
        assert!(why.contains("No space left on device"), "{why}");
    }
}
