//! `cargo xtask timeline`: shows a trace as lanes on a time axis.

#[cfg(test)]
pub(crate) mod fixture;
pub(crate) mod lanes;
