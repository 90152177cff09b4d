//! Contracts on the order of lines, from outside.

mod brute_force;
mod checking;
mod huge;
mod known_counts;
mod notation;
mod oracle;
mod random_contracts;
mod sampling;
