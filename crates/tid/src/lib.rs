//! Time, randomness and crash points, passed in.
//!
//! Nothing in the program reads the machine's clock or its source of randomness on the spot: both are
//! arguments ([`Clock`], [`Random`]), so that a test can stop time, a synthetic nation can be made again from
//! its seed, and token expiry can be proven. `clippy.toml` forbids the other ways.
//!
//! - [`Timestamp`]: a moment, in milliseconds since 1970, written as the registers' feeds write it.
//! - [`Date`]: a civil date, `yyyy-MM-dd`; [`TimeOfDay`]: a time on the walls of Oslo, `HH:MM`.
//! - [`crash`]: named places where a test can make the process die, to prove recovery.

pub mod crash;
mod date;
mod random;
mod time_of_day;
mod timestamp;

pub use date::{Date, InvalidDate};
pub use random::{Random, SeededRandom, SystemRandom, uuid};
pub use time_of_day::TimeOfDay;
pub use timestamp::{Clock, InvalidTimestamp, StoppedClock, SystemClock, Timestamp};
