//! The value model and its codecs: against go-cty's own encodings, random values, and hostile bytes.

// A helper of a test fails like the test.
#![allow(clippy::unwrap_used)]

mod hostile;
mod memory;
mod numbers;
mod properties;
mod sample;
mod values;
mod vectors;
