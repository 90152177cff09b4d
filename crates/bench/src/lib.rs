//! Benchmarks that need libraries for which no test should have to wait.
//!
//! This crate holds nothing but its `benches/`. Run one: `cargo bench -p bench --bench recorder`.
