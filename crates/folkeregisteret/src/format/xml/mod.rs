//! XML: the same names as JSON, an element a value, a list as an element repeated (consumer sheet, section 7.5).

mod inn;
mod ut;

pub(crate) use inn::les;
pub(crate) use ut::Xml;
