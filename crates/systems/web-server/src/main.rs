//! Lists the ways to serve, or serves in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&web_server::SYSTEM)
}
