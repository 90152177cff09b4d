//! Files: whether there can be one, and how many a process may have open (a connection is one at each of its
//! ends).

use std::path::Path;

/// What a process has open besides connections: what waits for them, a database, what was inherited.
const BESIDES: u64 = 64;

/// Lets this process have as many files open as it may let itself, and sees whether these are enough for so
/// many ends of connections.
///
/// # Errors
///
/// A sentence, where they are not.
pub fn room_for(ends: u64) -> Result<(), String> {
    let needed = ends.saturating_add(BESIDES);
    match most() {
        Some(most) if most < needed => Err(format!(
            "so many connections need {needed} open files, and this machine allows a process {most} \
             (`ulimit -Hn` says so): ask for fewer, or raise the limit"
        )),
        _ => Ok(()),
    }
}

/// Sees whether there can be a file of this name: before anything is done that would be kept in it.
///
/// # Errors
///
/// A sentence, where its folder is not there, or it is one itself.
pub fn place_for(file: &Path) -> Result<(), String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let cannot = |why: String| Err(format!("{} cannot be written: {why}", file.display()));
    match folder {
        _ if file.is_dir() => cannot("it is a folder".to_owned()),
        Some(folder) if !folder.is_dir() => {
            cannot(format!("there is no folder {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// How many there may be at most, having raised the limit as far as one may; nothing where there is none.
#[cfg(unix)]
fn most() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // Where it is not to be raised, it is as it was.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    if raised.is_ok() { maximum } else { current }
}

/// How many there may be at most is found out by trying.
#[cfg(not(unix))]
fn most() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_can_be_a_file_where_there_is_a_folder_and_the_name_is_free() {
        let refusal = |file: &str| place_for(Path::new(file)).expect_err("no place for a file");
        assert_eq!(refusal("."), ". cannot be written: it is a folder");
        let error = "nowhere/x cannot be written: there is no folder nowhere";
        assert_eq!(refusal("nowhere/x"), error);
        assert_eq!(place_for(Path::new("x.png")), Ok(()));
        assert_eq!(place_for(Path::new("src/x.png")), Ok(()));
    }

    #[cfg(unix)]
    #[test]
    fn more_than_anybody_may_have_is_too_many() {
        assert_eq!(room_for(1), Ok(()));
        let refusal = room_for(u64::MAX).expect_err("nobody may have so many");
        assert!(refusal.contains("open files"), "{refusal}");
    }
}
