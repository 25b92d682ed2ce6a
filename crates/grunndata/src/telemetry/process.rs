//! What the process uses, from the operating system.

use procfs::process::{LimitValue, Process};

use super::board::Board;
use super::table;

/// Writes what the process uses now on the board. What the system does not tell is left as it was.
pub(super) fn measure(board: &Board) {
    let Ok(process) = Process::myself() else { return };
    let single = |metric, value| board.set(metric, &[], value);
    if let Ok(stat) = process.stat() {
        let ticks = procfs::ticks_per_second() as f64;
        single(table::MEMORY, (stat.rss * procfs::page_size()) as f64);
        single(table::VIRTUAL, stat.vsize as f64);
        single(table::THREADS, stat.num_threads as f64);
        board.lift(table::CPU, &[], (stat.utime + stat.stime) as f64 / ticks);
        if let Ok(boot) = procfs::boot_time_secs() {
            single(table::STARTED, boot as f64 + stat.starttime as f64 / ticks);
        }
    }
    if let Ok(files) = process.fd_count() {
        single(table::FILES, files as f64);
    }
    if let Ok(limits) = process.limits() {
        single(
            table::FILES_MAX,
            match limits.max_open_files.soft_limit {
                LimitValue::Value(most) => most as f64,
                LimitValue::Unlimited => f64::INFINITY,
            },
        );
    }
}
