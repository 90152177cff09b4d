//! Whole commands, on a small course, as they are typed.

#[cfg(target_os = "linux")]
mod class;
mod course;
mod exercise;
#[cfg(unix)]
mod grade;
#[cfg(unix)]
mod watch;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod without;
