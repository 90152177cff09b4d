//! Lists the ways to crawl, or crawls in the one that is named.

fn main() -> std::process::ExitCode {
    stage::main(&web_crawler::SYSTEM)
}
