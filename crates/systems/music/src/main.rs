//! Lists the ways to play, write and compile at once, or does it in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&music::SYSTEM)
}
