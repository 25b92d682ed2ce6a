//! The index against what its rules say, computed by brute force; the follower against a real journal.

mod crash;
mod equality;
mod follower;
mod model;
mod names;
mod orders;
mod upkeep;
mod view;
