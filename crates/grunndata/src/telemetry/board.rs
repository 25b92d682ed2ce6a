//! The board that measurements are written on and read from.

use std::collections::HashMap;

use prometheus::core::Collector;
use prometheus::{CounterVec, Gauge, GaugeVec, HistogramOpts, HistogramVec, Opts, Registry, TextEncoder};

use super::table::{self, Kind, Metric};

/// The text form's media type, version 0.0.4 of Prometheus.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Every measurement of the [`table`], on one board.
pub(super) struct Board {
    registry: Registry,
    gauges: HashMap<&'static str, GaugeVec>,
    counters: HashMap<&'static str, CounterVec>,
    histograms: HashMap<&'static str, HistogramVec>,
}

impl Board {
    /// An empty board.
    ///
    /// # Errors
    /// When the table contradicts itself, which a test rules out.
    pub(super) fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let (mut gauges, mut counters, mut histograms) = (HashMap::new(), HashMap::new(), HashMap::new());
        for Metric { name, kind, labels, help } in table::ALL {
            let options = Opts::new(*name, *help);
            match kind {
                Kind::Gauge => {
                    gauges.insert(*name, on(&registry, GaugeVec::new(options, labels)?)?);
                }
                Kind::Counter => {
                    counters.insert(*name, on(&registry, CounterVec::new(options, labels)?)?);
                }
                Kind::Histogram => {
                    let options = HistogramOpts::from(options).buckets(table::SECONDS.to_vec());
                    histograms.insert(*name, on(&registry, HistogramVec::new(options, labels)?)?);
                }
            }
        }
        Ok(Self { registry, gauges, counters, histograms })
    }

    /// Writes a gauge's present value.
    pub(super) fn set(&self, metric: Metric, labels: &[&str], value: f64) {
        if let Some(Ok(gauge)) = self.gauges.get(metric.name).map(|g| g.get_metric_with_label_values(labels))
        {
            gauge.set(value);
        }
    }

    /// Lifts a counter to a value that somebody else counts.
    pub(super) fn lift(&self, metric: Metric, labels: &[&str], value: f64) {
        if let Some(Ok(counter)) =
            self.counters.get(metric.name).map(|c| c.get_metric_with_label_values(labels))
        {
            counter.inc_by((value - counter.get()).max(0.0));
        }
    }

    /// A family of counters; `None` if the table has none of this name.
    pub(super) fn counters(&self, metric: Metric) -> Option<CounterVec> {
        self.counters.get(metric.name).cloned()
    }

    /// A family of histograms; `None` if the table has none of this name.
    pub(super) fn histograms(&self, metric: Metric) -> Option<HistogramVec> {
        self.histograms.get(metric.name).cloned()
    }

    /// A gauge without labels; `None` if the table has none of this name.
    pub(super) fn single(&self, metric: Metric) -> Option<Gauge> {
        self.gauges.get(metric.name)?.get_metric_with_label_values::<&str>(&[]).ok()
    }

    /// Everything on the board, as text.
    pub(super) fn text(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

fn on<C: Collector + Clone + 'static>(registry: &Registry, collector: C) -> prometheus::Result<C> {
    registry.register(Box::new(collector.clone()))?;
    Ok(collector)
}
