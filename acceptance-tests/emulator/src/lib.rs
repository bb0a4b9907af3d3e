//! Azure in a box.
