//! What is said of outputs that break their contract.
