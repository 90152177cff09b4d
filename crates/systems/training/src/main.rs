//! Lists the ways to teach networks, or does it in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&training::SYSTEM)
}
