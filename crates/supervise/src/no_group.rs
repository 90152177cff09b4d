//! Control groups on Unix systems that have none.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// A control group, of which there is none.
#[derive(Debug)]
pub(crate) enum Group {}

impl Group {
    /// Makes none.
    pub(crate) fn make() -> Option<Group> {
        None
    }

    /// There is none with such a folder.
    pub(crate) fn at(_folder: Option<PathBuf>) -> Option<Group> {
        None
    }

    pub(crate) fn folder(&self) -> &Path {
        match *self {}
    }

    pub(crate) fn holds(&self, _pid: u32) -> bool {
        match *self {}
    }

    pub(crate) fn used(&self) -> Option<(Duration, Duration)> {
        match *self {}
    }

    pub(crate) fn kill(&self) {
        match *self {}
    }

    pub(crate) fn hold(&self, _hold: bool) -> bool {
        match *self {}
    }

    pub(crate) fn remove(&self) {
        match *self {}
    }
}
