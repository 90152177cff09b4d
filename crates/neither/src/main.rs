//! Lists the lessons of this quadrant, or runs the one that is named.

fn main() -> std::process::ExitCode {
    lab::lesson::main(&neither::CHAPTER)
}
