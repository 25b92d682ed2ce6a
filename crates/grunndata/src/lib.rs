//! Norway's base registers in one program.
//!
//! This crate is the binary's inside: the command line ([`cli`], [`commands`]), configuration ([`config`]), and the
//! composition of registers into one server ([`app`]). What a register does is in the register's own crate; nothing
//! here knows more of it than what it offers.

pub mod app;
mod calls;
pub mod cli;
pub mod commands;
pub mod config;
pub mod data_dir;
mod deaths;
pub mod demo;
pub mod demo_clients;
pub mod doctor;
pub mod drift;
pub mod examples;
pub mod failure;
pub mod guarding;
mod health;
mod jobs;
pub mod logging;
pub mod nation;
pub mod people;
pub mod population;
mod portal;
pub mod producers;
pub mod progress;
pub mod secrets;
pub mod serving;
pub mod store;
mod swagger;
pub mod telemetry;
pub mod tls;
pub mod tokens;
pub mod trusted;
