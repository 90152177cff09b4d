//! Lists the ways to forecast the sea, or does it in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&weather::SYSTEM)
}
