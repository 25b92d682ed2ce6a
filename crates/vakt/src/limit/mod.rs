//! Limits on how much a caller may ask (seed 003; Folkeregisteret sheet section 4.2): simultaneous calls of an
//! organisation, and requests a minute from an address.
//!
//! Both are exact within one process and bounded in memory. Between nodes nothing is shared, for a shared count would
//! cost every call a trip to the store: each node lets in its part, see [`share`].

mod concurrency;
mod rate;

pub use concurrency::{Concurrency, Key, Permit};
pub use rate::Rate;

/// One node's part of a limit when calls are spread evenly over `nodes`, rounded up so that no node is left with
/// nothing. Together they let in less than `nodes` more than the limit; one caller who stays with one node meets the
/// limit sooner.
pub fn share(limit: u32, nodes: u32) -> u32 {
    limit.div_ceil(nodes.max(1))
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares() {
        assert_eq!(
            [(60_000, 1), (60_000, 3), (5, 3), (5, 9), (5, 0), (0, 3)].map(|(l, n)| share(l, n)),
            [60_000, 20_000, 2, 1, 5, 0]
        );
    }
}
