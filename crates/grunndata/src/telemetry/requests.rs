//! Counting requests, on the path of every request: no lock, and no search among series.
//!
//! The routes are known before the first request, so each has its own cells, one for each method and class of status; a
//! cell is made at its first request. To count is then one look-up in a map that never changes and a few additions.

use std::collections::HashMap;
use std::sync::OnceLock;

use prometheus::{Counter, CounterVec, Gauge, Histogram, HistogramVec};
use web::observe::{Done, Observer};

use super::board::Board;
use super::table;

/// As `web` names them, `OTHER` last.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "OTHER"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// What requests that matched no route are counted under.
const NO_ROUTE: &str = "-";

/// Counts requests by route.
pub(crate) struct Requests {
    over: CounterVec,
    seconds: HistogramVec,
    in_flight: Gauge,
    routes: HashMap<Box<str>, Cells>,
    no_route: Cells,
}

type Cells = Box<[[OnceLock<Cell>; CLASSES.len()]; METHODS.len()]>;

struct Cell {
    over: Counter,
    seconds: Histogram,
}

impl Requests {
    /// `routes` are the templates that are served. `None` if the board has no place for them, which a test rules out.
    pub(super) fn on(board: &Board, routes: impl IntoIterator<Item = String>) -> Option<Self> {
        Some(Self {
            over: board.counters(table::REQUESTS)?,
            seconds: board.histograms(table::REQUEST_SECONDS)?,
            in_flight: board.single(table::IN_FLIGHT)?,
            routes: routes.into_iter().map(|route| (route.into(), Cells::default())).collect(),
            no_route: Cells::default(),
        })
    }
}

impl Observer for Requests {
    fn arrived(&self) {
        self.in_flight.inc();
    }

    fn done(&self, request: &Done<'_>) {
        self.in_flight.dec();
        let (route, cells) = match self.routes.get_key_value(request.route) {
            Some((route, cells)) => (&**route, cells),
            None => (NO_ROUTE, &self.no_route),
        };
        let method = METHODS.iter().position(|m| *m == request.method).unwrap_or(METHODS.len() - 1);
        let class = usize::from(request.status / 100).clamp(1, CLASSES.len()) - 1;
        let cell = cells[method][class].get_or_init(|| {
            let labels = [route, METHODS[method], CLASSES[class]];
            Cell {
                over: self.over.with_label_values(&labels),
                seconds: self.seconds.with_label_values(&labels),
            }
        });
        cell.over.inc();
        cell.seconds.observe(request.time.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn done(route: &'static str, status: u16) -> Done<'static> {
        Done { method: "GET", route, status, time: Duration::from_micros(70) }
    }

    #[test]
    fn requests_are_counted_under_their_route_and_unknown_routes_under_none() {
        let board = Board::new().unwrap();
        let requests = Requests::on(&board, ["/enheter/{orgnr}".to_owned()]).unwrap();
        for (route, status) in
            [("/enheter/{orgnr}", 200), ("/enheter/{orgnr}", 206), ("/x", 404), ("/x", 999)]
        {
            requests.arrived();
            requests.done(&done(route, status));
        }
        requests.arrived();
        let text = board.text().unwrap();
        for line in [
            "grunndata_http_requests_total{method=\"GET\",route=\"/enheter/{orgnr}\",status=\"2xx\"} 2",
            "grunndata_http_requests_total{method=\"GET\",route=\"-\",status=\"4xx\"} 1",
            "grunndata_http_requests_total{method=\"GET\",route=\"-\",status=\"5xx\"} 1",
            "grunndata_http_request_duration_seconds_bucket{method=\"GET\",route=\"-\",status=\"4xx\",le=\"0.00005\"} 0",
            "grunndata_http_request_duration_seconds_bucket{method=\"GET\",route=\"-\",status=\"4xx\",le=\"0.0001\"} 1",
            "grunndata_http_requests_in_flight 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert!(!text.contains("/x"));
    }

    /// The bound is twenty times what it costs, so that a busy machine does not fail it; a lock or a search among series
    /// in a debug build would.
    #[test]
    fn counting_costs_little_from_several_threads_at_once() {
        const ROUNDS: u32 = 100_000;
        let board = Board::new().unwrap();
        let requests = Requests::on(&board, ["/enheter/{orgnr}".to_owned()]).unwrap();
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..ROUNDS {
                        requests.arrived();
                        requests.done(&done("/enheter/{orgnr}", 200));
                    }
                });
            }
        });
        let each = begun.elapsed() / ROUNDS;
        println!("{each:?} a request");
        assert!(each < Duration::from_micros(20), "{each:?}");
        assert!(board.text().unwrap().contains(&format!("status=\"2xx\"}} {}\n", 2 * ROUNDS)));
    }
}
