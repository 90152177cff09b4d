//! Lists the ways to chat, or chats in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&chat::SYSTEM)
}
