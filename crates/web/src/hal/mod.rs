//! HAL: links, and the paging envelope of searches and code lists (sheet section 6).
//!
//! Items are raw JSON objects that are copied, re-laid and linked, never parsed.

mod envelope;
mod links;
mod page;

pub use envelope::{Envelope, resource};
pub use links::{Links, Paging, url};
pub use page::{PageInfo, PageRequest};
