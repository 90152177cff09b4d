//! Lists the ways to chat, chats in the one that is named, or lets people chat.

fn main() -> std::process::ExitCode {
    stage::main_with(&chat::SYSTEM, chat::VERBS)
}
