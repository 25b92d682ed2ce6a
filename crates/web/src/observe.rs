//! Who hears of requests. Metrics hang here; this crate knows none.

use std::time::Duration;

/// Hears of every request. Called on the request's own path, so it must be quick and take no lock that others hold.
pub trait Observer: Send + Sync + 'static {
    /// A request has come.
    fn arrived(&self);

    /// A request is over: the answer has been handed over, or the caller has gone.
    fn done(&self, request: &Done<'_>);
}

/// A request that is over.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// The method; `OTHER` if it is not a standard one.
    pub method: &'a str,
    /// The route's template without a slash at the end; `-` if none matched. Never the caller's path.
    pub route: &'a str,
    /// The status; 499 if the caller left before there was one.
    pub status: u16,
    /// How long it took until the answer began.
    pub time: Duration,
}

/// Hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct Deaf;

impl Observer for Deaf {
    fn arrived(&self) {}

    fn done(&self, _: &Done<'_>) {}
}
