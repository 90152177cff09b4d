//! There are no other answers to 02.

fn main() {}
