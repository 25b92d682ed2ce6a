//! Those who read meanwhile: on every node one who looks up what was acknowledged, one who searches, and one who follows
//! the feed. They note what breaks a promise.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::Outcome;
use crate::world::{NODES, World, held, name, order};

const API: &str = "/enhetsregisteret/api";
/// An answer that takes longer hangs.
const HANGS: Duration = Duration::from_secs(30);
/// Between two questions of one client, so that the nodes get their share of the machine.
const PAUSE: Duration = Duration::from_millis(2);

/// What the clients of one node have seen.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) node: usize,
    /// Answers 200.
    pub(crate) answered: usize,
    /// Answers 5xx in the register's form, with `Retry-After`.
    pub(crate) refused: usize,
    /// Requests that died with their node.
    pub(crate) died: usize,
    pub(crate) longest: Duration,
    /// The feed: id and unit of each event, in the order that it came in.
    pub(crate) feed: Vec<(u64, String)>,
    /// Broken promises.
    pub(crate) broken: BTreeSet<String>,
}

/// A client that asks one question at a time and takes every status for an answer.
pub(crate) fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).timeout_global(Some(HANGS)).build().new_agent()
}

/// Starts them all.
pub(crate) fn start(world: &Arc<World>) -> Vec<JoinHandle<Told>> {
    let mut clients = Vec::new();
    for node in 0..NODES {
        for work in [look_up, search, follow] {
            let world = world.clone();
            clients.push(spawn(move || work(&mut Client::of(world, node))));
        }
    }
    clients
}

/// Lets them finish; what they have seen, node by node.
pub(crate) fn end(world: &World, clients: Vec<JoinHandle<Told>>) -> Outcome<Vec<Told>> {
    world.over.store(true, std::sync::atomic::Ordering::SeqCst);
    let mut all: Vec<Told> = (0..NODES).map(|node| Told { node, ..Told::default() }).collect();
    for client in clients {
        let told = client.join().map_err(|_| "a client failed")?;
        let sum = &mut all[told.node];
        sum.answered += told.answered;
        sum.refused += told.refused;
        sum.died += told.died;
        sum.longest = sum.longest.max(told.longest);
        sum.feed.extend(told.feed);
        sum.broken.extend(told.broken);
    }
    Ok(all)
}

struct Client {
    world: Arc<World>,
    agent: Agent,
    told: Told,
}

impl Client {
    fn of(world: Arc<World>, node: usize) -> Self {
        Self { world, agent: agent(), told: Told { node, ..Told::default() } }
    }

    /// The body of an answer 200 on the compatible surface. Everything else is noted.
    fn get(&mut self, path: &str) -> Option<Value> {
        let port = self.world.port(self.told.node);
        if port == 0 {
            sleep(PAUSE * 10);
            return None;
        }
        let begun = Instant::now();
        let answer = self.agent.get(format!("http://127.0.0.1:{port}{API}{path}")).call();
        let answer = answer.and_then(|mut answer| Ok((answer.body_mut().read_to_string()?, answer)));
        self.told.longest = self.told.longest.max(begun.elapsed());
        sleep(PAUSE);
        match answer {
            Ok((body, answer)) if answer.status() == 200 => {
                self.told.answered += 1;
                serde_json::from_str(&body).ok()
            }
            Ok((body, answer)) => {
                if in_form(&body, &answer) {
                    self.told.refused += 1;
                    sleep(PAUSE * 25);
                } else {
                    self.told.broken.insert(format!("answered {}: {body:.200}", answer.status()));
                }
                None
            }
            // Its node was killed under it.
            Err(_) if self.world.port(self.told.node) != port => {
                self.told.died += 1;
                None
            }
            Err(error) => {
                self.told.broken.insert(format!("no answer from a node that runs: {error}"));
                None
            }
        }
    }
}

/// The register's own error body, and when to come again.
fn in_form(body: &str, answer: &Response<Body>) -> bool {
    let status = serde_json::from_str::<Value>(body).ok().and_then(|body| body["status"].as_u64());
    answer.status().is_server_error()
        && status == Some(answer.status().as_u16().into())
        && answer.headers().contains_key("retry-after")
}

/// What was acknowledged before the question, whoever wrote it, is in the answer.
fn look_up(client: &mut Client) -> Told {
    let mut turn = 0_usize;
    while !client.world.is_over() {
        turn += 1;
        let asked = {
            let acknowledged = held(&client.world.acknowledged);
            // Every other time the newest.
            let back = if turn.is_multiple_of(2) {
                1
            } else {
                1 + turn.wrapping_mul(7919) % acknowledged.len().max(1)
            };
            acknowledged.len().checked_sub(back).and_then(|at| acknowledged.get(at).cloned())
        };
        let Some(asked) = asked else {
            sleep(PAUSE);
            continue;
        };
        let Some(unit) = client.get(&format!("/enheter/{}", asked.orgnr)) else { continue };
        if unit["navn"].as_str().and_then(order).is_none_or(|shown| shown < asked.order) {
            let wanted = name(asked.orgnr, asked.order);
            client.told.broken.insert(format!("{wanted} was acknowledged, {} was shown later", unit["navn"]));
        }
    }
    std::mem::take(&mut client.told)
}

/// A search answers, or says when to come again.
fn search(client: &mut Client) -> Told {
    while !client.world.is_over() {
        client.get("/enheter?organisasjonsform=AS&size=20");
        sleep(PAUSE * 10);
    }
    std::mem::take(&mut client.told)
}

/// Reads the feed as it grows, to its end when no one writes any more.
fn follow(client: &mut Client) -> Told {
    let mut feed: Vec<(u64, String)> = Vec::new();
    loop {
        let over = client.world.is_over();
        let from = feed.last().map_or(1, |(id, _)| id + 1);
        let page = client.get(&format!("/oppdateringer/enheter?oppdateringsid={from}&size=1000"));
        let events =
            page.map(|page| page["_embedded"]["oppdaterteEnheter"].as_array().cloned().unwrap_or_default());
        let ended = over && events.as_ref().is_some_and(Vec::is_empty);
        for event in events.into_iter().flatten() {
            let (id, unit) = (event["oppdateringsid"].as_u64(), event["organisasjonsnummer"].as_str());
            let (Some(id), Some(unit)) = (id, unit) else { continue };
            if id < from || feed.last().is_some_and(|(last, _)| id <= *last) {
                client.told.broken.insert(format!("event {id} came out of order"));
            }
            feed.push((id, unit.to_owned()));
        }
        if ended {
            client.told.feed = feed;
            return std::mem::take(&mut client.told);
        }
        sleep(PAUSE * 5);
    }
}
