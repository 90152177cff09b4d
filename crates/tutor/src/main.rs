//! What students and teachers type. All of it is in the library.

fn main() -> std::process::ExitCode {
    tutor::main()
}
