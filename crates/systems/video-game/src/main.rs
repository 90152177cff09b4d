//! Lists the ways to run the game, or runs it in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&video_game::SYSTEM)
}
