//! What every HTTP surface shares.
//!
//! This crate knows HTTP and no register. A register brings its routes, its bodies and its error form; this
//! crate brings what is the same for all of them:
//!
//! - reading a request: [`query`] (query strings), [`path`] (path parameters), [`accept`] (content negotiation), [`base_url`] (the address
//!   that links must carry), [`peer`] (the address that the caller has);
//! - writing an answer: [`json`] (the pretty-printed style of the real services), [`hal`] (links and paging
//!   envelopes), [`respond`] (bodies, validators, 304), [`file`](mod@file) (downloads with ranges);
//! - describing the surface: [`routes`] (a route cannot be served undocumented) and [`openapi`];
//! - running it: [`fault`] (what the machinery itself answers, in the register's own error form),
//!   [`layers`] (limits, CORS, compression, request id, one log line) and [`mod@serve`] (the accept loop);
//! - being watched: [`observe`] (who hears of requests) and [`trace`] (spans, and the trace context of others).
//!
//! Nothing here panics on what a caller sends, and no person number reaches a log line.

pub mod accept;
pub mod base_url;
pub mod fault;
pub mod file;
pub mod hal;
pub mod json;
pub mod layers;
pub mod observe;
pub mod openapi;
pub mod path;
pub mod peer;
pub mod query;
pub mod respond;
pub mod routes;
pub mod serve;
pub mod trace;
