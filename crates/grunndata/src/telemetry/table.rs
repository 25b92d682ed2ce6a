//! Every measurement that is served at `/drift/metrikker`, once: name, kind, labels, meaning.
//!
//! Names and units follow the conventions of Prometheus: base units, `_total` for what only grows, moments as seconds
//! since 1970. `docs/drift.md` has the same table; a test holds it so.

/// How a measurement behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, while the process lives.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts of durations by size.
    Histogram,
}

impl Kind {
    /// As the text format writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name, with the unit last.
    pub name: &'static str,
    /// How it behaves.
    pub kind: Kind,
    /// The labels of its series.
    pub labels: &'static [&'static str],
    /// What it means.
    pub help: &'static str,
}

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Counter, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Gauge, labels, help }
}

/// Upper bounds of the classes of [`REQUEST_SECONDS`], in seconds: from a look-up in memory to the a third of the default time limit.
pub const SECONDS: &[f64] = &[
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0, 10.0,
];

pub(super) const REQUESTS: Metric = counter(
    "grunndata_http_requests_total",
    &["route", "method", "status"],
    "Requests that are over, by route template, method and class of status.",
);
pub(super) const REQUEST_SECONDS: Metric = Metric {
    name: "grunndata_http_request_duration_seconds",
    kind: Kind::Histogram,
    labels: &["route", "method", "status"],
    help: "Time from a request's head until its answer began.",
};
pub(super) const IN_FLIGHT: Metric =
    gauge("grunndata_http_requests_in_flight", &[], "Requests being worked on or answered.");
pub(super) const JOURNAL_UP: Metric =
    gauge("grunndata_journal_up", &[], "1 if the store answered when it was last looked at, else 0.");
pub(super) const JOURNAL_HEAD: Metric =
    gauge("grunndata_journal_head", &[], "Sequence number of the newest change in the journal.");
pub(super) const JOURNAL_BYTES: Metric =
    gauge("grunndata_journal_size_bytes", &[], "Bytes of the store: the file and its log, or the database.");
pub(super) const FEED_HEAD: Metric = gauge("grunndata_feed_events", &["feed"], "Events on an update feed.");
pub(super) const INDEX_BUILT: Metric =
    gauge("grunndata_index_built", &["index"], "1 if a search index answers, 0 while there is none yet.");
pub(super) const INDEX_LAG: Metric = gauge(
    "grunndata_index_lag_changes",
    &["index"],
    "Events that a search index has not taken in: the head of its feed less its own.",
);
pub(super) const INDEX_LAG_SECONDS: Metric = gauge(
    "grunndata_index_lag_seconds",
    &["index"],
    "How long the oldest event that a search index lacks has been seen waiting.",
);
pub(super) const INDEX_BYTES: Metric =
    gauge("grunndata_index_size_bytes", &["index"], "Bytes of a search index on disk.");
pub(super) const INDEX_DOCUMENTS: Metric =
    gauge("grunndata_index_documents", &["index"], "Live units, or persons, in a search index.");
pub(super) const DOWNLOAD_MADE: Metric = gauge(
    "grunndata_download_made_timestamp_seconds",
    &["file"],
    "When a download file was made; its age is time() less this.",
);
pub(super) const SYNC_LAG: Metric =
    gauge("grunndata_sync_lag_changes", &["feed"], "Events known to wait upstream.");
pub(super) const SYNC_LAG_SECONDS: Metric = gauge(
    "grunndata_sync_lag_seconds",
    &["feed"],
    "Age of the newest upstream event that is here, while others wait; 0 in step.",
);
pub(super) const SYNC_CONTACT: Metric = gauge(
    "grunndata_sync_last_contact_timestamp_seconds",
    &["feed"],
    "When the upstream last answered as it should.",
);
pub(super) const SYNC_UNREADABLE: Metric = gauge(
    "grunndata_sync_unreadable_documents",
    &["feed"],
    "Documents from upstream that this process could not read.",
);
pub(super) const GRANTS: Metric = counter(
    "grunndata_maskinporten_grants_total",
    &["outcome"],
    "Grants that came to the token endpoint: `issued`, or the code of the refusal.",
);
pub(super) const KEYS_EXPIRING: Metric = gauge(
    "grunndata_maskinporten_keys_expiring",
    &["days"],
    "Registered keys of active clients that end within so many days; those that have ended under 0.",
);
pub(super) const GUARDED: Metric = counter(
    "grunndata_guard_calls_total",
    &["outcome"],
    "Calls to closed routes: the token was `remembered` or `verified`, or why the call was refused.",
);
pub(super) const DRAINING: Metric =
    gauge("grunndata_draining", &[], "1 from the moment the program is told to stop, else 0.");
pub(super) const BUILD: Metric =
    gauge("grunndata_build_info", &["version", "commit"], "Always 1; the labels say what runs.");
pub(super) const MEMORY: Metric =
    gauge("process_resident_memory_bytes", &[], "Memory of the process that is in RAM.");
pub(super) const VIRTUAL: Metric =
    gauge("process_virtual_memory_bytes", &[], "Address space of the process.");
pub(super) const FILES: Metric = gauge("process_open_fds", &[], "Open files and connections.");
pub(super) const FILES_MAX: Metric =
    gauge("process_max_fds", &[], "The limit on open files and connections.");
pub(super) const THREADS: Metric = gauge("process_threads", &[], "Threads of the process.");
pub(super) const CPU: Metric =
    counter("process_cpu_seconds_total", &[], "Processor time used, of user and system.");
pub(super) const STARTED: Metric = gauge("process_start_time_seconds", &[], "When the process started.");

/// All of them, in the order of the page.
pub const ALL: &[Metric] = &[
    REQUESTS,
    REQUEST_SECONDS,
    IN_FLIGHT,
    JOURNAL_UP,
    JOURNAL_HEAD,
    JOURNAL_BYTES,
    FEED_HEAD,
    INDEX_BUILT,
    INDEX_LAG,
    INDEX_LAG_SECONDS,
    INDEX_BYTES,
    INDEX_DOCUMENTS,
    DOWNLOAD_MADE,
    SYNC_LAG,
    SYNC_LAG_SECONDS,
    SYNC_CONTACT,
    SYNC_UNREADABLE,
    GRANTS,
    KEYS_EXPIRING,
    GUARDED,
    DRAINING,
    BUILD,
    MEMORY,
    VIRTUAL,
    FILES,
    FILES_MAX,
    THREADS,
    CPU,
    STARTED,
];
