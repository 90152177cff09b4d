//! Completions for shells and manual pages: see the library.

fn main() -> std::process::ExitCode {
    manual::main()
}
