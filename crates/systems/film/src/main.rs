//! Lists the ways to shoot the film, or shoots it in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&film::SYSTEM)
}
