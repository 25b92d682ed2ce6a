//! What everybody in the run knows: where the nodes are, and what they have said.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::time::Instant;

use identifikator::Organisasjonsnummer;

/// How many nodes there are.
pub(crate) const NODES: usize = 3;
/// How many tasks write on each.
pub(crate) const WRITERS: usize = 2;
/// How many units there are; each is written by one task of one node.
const UNITS: usize = 300;

/// A change that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    pub(crate) orgnr: u64,
    pub(crate) seq: u64,
    /// The later changes of a unit have the higher ones.
    pub(crate) order: u64,
}

/// The notes of the run.
pub(crate) struct World {
    begun: Instant,
    /// Where each node answers; 0 while it is down.
    ports: [AtomicU16; NODES],
    pub(crate) acknowledged: Mutex<Vec<Acknowledged>>,
    /// Unit and order of changes that were refused, and so must not be there.
    pub(crate) refused: Mutex<Vec<(u64, u64)>>,
    /// Changes of which the node could not tell.
    pub(crate) uncertain: AtomicUsize,
    /// How much each node has had acknowledged since [`count_anew`](Self::count_anew).
    counted: [AtomicUsize; NODES],
    pub(crate) over: AtomicBool,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
            ports: Default::default(),
            acknowledged: Mutex::default(),
            refused: Mutex::default(),
            uncertain: AtomicUsize::new(0),
            counted: Default::default(),
            over: AtomicBool::new(false),
        }
    }

    /// Tells what happens.
    pub(crate) fn tell(&self, what: &str) {
        println!("{:6.1} s  {what}", self.begun.elapsed().as_secs_f64());
    }

    /// What is written counts from now on.
    pub(crate) fn count_anew(&self) {
        for count in &self.counted {
            count.store(0, Ordering::SeqCst);
        }
    }

    /// Whether every node has written since.
    pub(crate) fn all_write(&self) -> bool {
        self.counted.iter().all(|count| count.load(Ordering::SeqCst) > 0)
    }

    /// A node's change was acknowledged.
    pub(crate) fn acknowledge(&self, node: usize, change: Acknowledged) {
        held(&self.acknowledged).push(change);
        self.counted[node].fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn port(&self, node: usize) -> u16 {
        self.ports[node].load(Ordering::SeqCst)
    }

    pub(crate) fn set_port(&self, node: usize, port: u16) {
        self.ports[node].store(port, Ordering::SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

/// What a lock holds; nobody leaves it half changed.
pub(crate) fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// All units.
pub(crate) fn units() -> Vec<Organisasjonsnummer> {
    (310_000_000_u64..).filter_map(|number| number.to_string().parse().ok()).take(UNITS).collect()
}

/// A unit's name after a change: one word, as no other unit's and no other change's.
pub(crate) fn name(orgnr: u64, order: u64) -> String {
    format!("FEIL{orgnr}X{order}")
}

/// The order in a name.
pub(crate) fn order(name: &str) -> Option<u64> {
    name.split_once('X')?.1.parse().ok()
}
