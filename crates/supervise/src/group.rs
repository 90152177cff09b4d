//! A control group for one program, where we may make one.
//!
//! Whatever a member of a group starts is a member, too, unless it says otherwise. All members can be
//! ended at one moment, or held so that they do not notice; and the kernel counts what all of them use,
//! whoever takes leave of them. See <https://docs.kernel.org/admin-guide/cgroup-v2.html>.
//!
//! Only the superuser may make groups everywhere; but what a desktop session starts is often in a group
//! that is its user's own, and there he may.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A control group for one program.
#[derive(Debug)]
pub(crate) struct Group {
    folder: PathBuf,
}

impl Group {
    /// Makes a group below our own; `None` where that is not allowed.
    pub(crate) fn make() -> Option<Group> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("supervise-{}-{number}", std::process::id());
        let folder = ours()?.join(name);
        fs::create_dir(&folder).ok()?;
        Some(Group { folder })
    }

    /// The group whose folder this is, if there is one.
    pub(crate) fn at(folder: Option<PathBuf>) -> Option<Group> {
        folder.map(|folder| Group { folder })
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes a process a member, where that is allowed; says whether it is one.
    pub(crate) fn holds(&self, pid: u32) -> bool {
        fs::write(self.folder.join("cgroup.procs"), pid.to_string()).is_ok()
    }

    /// What all members used, in their own code and in the kernel on their behalf.
    pub(crate) fn used(&self) -> Option<(Duration, Duration)> {
        let stat = fs::read_to_string(self.folder.join("cpu.stat")).ok()?;
        let time = |name: &str| {
            let number = stat.lines().find_map(|line| line.strip_prefix(name))?;
            Some(Duration::from_micros(number.trim().parse().ok()?))
        };
        Some((time("user_usec ")?, time("system_usec ")?))
    }

    /// Ends all members. (Before Linux 5.14 nothing happens.)
    pub(crate) fn kill(&self) {
        let _not_there = fs::write(self.folder.join("cgroup.kill"), "1");
    }

    /// Holds all members, or lets them run on; says whether it can do so.
    pub(crate) fn hold(&self, hold: bool) -> bool {
        fs::write(self.folder.join("cgroup.freeze"), if hold { "1" } else { "0" }).is_ok()
    }

    /// Removes the group, once nobody is in it.
    pub(crate) fn remove(&self) {
        let _gone_or_not_empty = fs::remove_dir(&self.folder);
    }
}

/// The folder of the group that we are in.
fn ours() -> Option<PathBuf> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let ours = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    Some(mount_point(&mounts)?.join(ours))
}

/// Where the groups can be found: the fifth field of a line such as
/// `30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw`. What is mounted is to be all of them: the
/// fourth field says which part it is.
fn mount_point(mounts: &str) -> Option<PathBuf> {
    mounts.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let mut fields = before.split(' ').skip(3);
        let (part, point) = (fields.next()?, fields.next()?);
        (after.starts_with("cgroup2 ") && part == "/").then(|| PathBuf::from(point))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_beside_those_of_the_first_version() {
        let mounts = "30 23 0:26 / /sys/fs/cgroup/cpu rw,nosuid shared:9 - cgroup cgroup rw,cpu\n\
                      31 23 0:27 /a /mnt rw shared:9 - cgroup2 cgroup2 rw\n\
                      32 23 0:27 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw\n";
        assert_eq!(mount_point(mounts), Some(PathBuf::from("/sys/fs/cgroup/unified")));
        assert_eq!(mount_point(""), None);
    }
}
