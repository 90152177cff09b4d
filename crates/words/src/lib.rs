//! The words that everybody here uses, one module each.
//!
//! 1. [`quadrant`]: the four quadrants, and the time that no schedule can beat in each;
//! 2. [`names`]: what somebody may have meant who typed a name that is not there.

pub mod names;
pub mod quadrant;
