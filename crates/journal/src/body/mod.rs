//! Document bodies as rows store them, the same in every engine: a store can move from one to the other.

mod codec;
mod dictionary;
mod training;

pub(crate) use self::codec::{MAX_BODY, Packed, Packer, needs, unpack};
pub(crate) use self::dictionary::{Dictionaries, Dictionary, Due, Trained};
