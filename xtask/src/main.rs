//! The task runner's program. All of it is in the library, which cargo begins to compile while it is
//! still at the crates that the library knows; a program has to wait until they are ready.

fn main() -> std::process::ExitCode {
    xtask::main()
}
