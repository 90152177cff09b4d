//! Which quadrant a run was in, as far as its trace can prove it.
