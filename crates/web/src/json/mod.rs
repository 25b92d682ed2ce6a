//! JSON in the layout of the real services (sheet 3): `"key" : value`, objects on lines of their own with an
//! indent of two, arrays on one line (`[ "a", "b" ]`, `[ {` … `}, {` … `} ]`), `{ }` and `[ ]` when empty.
//! Only objects deepen the indent. Letters outside ASCII are sent raw.
//!
//! There are two ways in: [`to_vec`] serialises a value, and [`pretty_into`] re-lays JSON that is already
//! bytes, without parsing it.

mod formatter;
mod reformat;

pub use formatter::{Layout, to_vec};
pub use reformat::pretty_into;
