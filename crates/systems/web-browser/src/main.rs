//! Lists the ways to load a page, or loads it in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&web_browser::SYSTEM)
}
