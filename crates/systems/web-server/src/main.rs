//! Lists the ways to serve, or serves in the one that is named, or measures them under load.

fn main() -> std::process::ExitCode {
    stage::main_with(&web_server::SYSTEM, &[web_server::load::command::LOAD])
}
