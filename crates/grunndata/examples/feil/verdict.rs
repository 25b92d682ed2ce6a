//! Holds what was acknowledged against the journal, and the journal against what every node answers.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use enhetsregisteret::endring::{ENHETER, OPPDATERTE_ENHETER};
use journal::postgres::{Address, Options, PostgresJournal};
use journal::{Event, Journal};
use serde_json::Value;

use crate::clients::{Told, agent};
use crate::world::{Acknowledged, NODES, WRITERS, World, held, name, order, units};
use crate::{Outcome, until};

/// What the database holds: each unit's changes as (sequence number, order), and the feed.
struct Truth {
    changes: HashMap<u64, Vec<(u64, u64)>>,
    feed: Vec<Event>,
    faults: Vec<String>,
}

/// Prints the verdict; whether every promise held.
pub(crate) fn give(world: &World, told: &[Told], url: &str) -> Outcome<bool> {
    let truth = tokio::runtime::Runtime::new()?.block_on(truth(url))?;
    let acknowledged = held(&world.acknowledged).clone();
    let uncertain = world.uncertain.load(Ordering::SeqCst);
    let sum = |count: fn(&Told) -> usize| told.iter().map(count).sum::<usize>();
    let longest = told.iter().map(|told| told.longest).max().unwrap_or_default();
    println!(
        "\n{} changes acknowledged, {} refused, {uncertain} uncertain; {} events on the feed",
        acknowledged.len(),
        held(&world.refused).len(),
        truth.feed.len()
    );
    println!(
        "{} answers, {} refusals with Retry-After, {} requests died with their node; the longest took {:.1} s\n",
        sum(|told| told.answered),
        sum(|told| told.refused),
        sum(|told| told.died),
        longest.as_secs_f64()
    );
    let mut broken: Vec<String> = told.iter().flat_map(|told| told.broken.iter().cloned()).collect();
    let mut held_all = say("every answer kept its promise while things died", &mut broken);
    let mut broken = lost(&truth, &acknowledged);
    held_all &= say("every acknowledged change is there, once, where it was said to be", &mut broken);
    let mut broken = unwanted(world, &truth, uncertain, acknowledged.len());
    held_all &= say("nothing that was refused is there, and nothing twice", &mut broken);
    let mut broken = disordered(&truth, told);
    held_all &= say("every node has told of every change, in one order", &mut broken);
    let mut broken = differing(world, &truth)?;
    held_all &= say("every node shows every unit as it is, looked up and searched for", &mut broken);
    let mut broken = truth.faults;
    held_all &= say("verify finds no fault in the store", &mut broken);
    Ok(held_all)
}

fn say(promise: &str, broken: &mut Vec<String>) -> bool {
    println!("{}  {promise}", if broken.is_empty() { "held  " } else { "BROKEN" });
    let more = broken.len().saturating_sub(5);
    broken.truncate(5);
    for each in &*broken {
        println!("          {each}");
    }
    if more > 0 {
        println!("          and {more} more");
    }
    broken.is_empty()
}

async fn truth(url: &str) -> Outcome<Truth> {
    let address = Address::parse(url).ok_or(Address::EXPECTED)?;
    let journal = PostgresJournal::open_read_only(Options { address, replica: None, connections: 2 }).await?;
    let mut changes = HashMap::new();
    for unit in units() {
        let id = unit.verdi().into();
        let mut of_unit = Vec::new();
        for version in journal.versions(ENHETER, id).await? {
            let body: Value = serde_json::from_slice(&version.body)?;
            of_unit.push((version.seq.0, body["navn"].as_str().and_then(order).ok_or("a strange name")?));
        }
        changes.insert(id, of_unit);
    }
    let mut feed: Vec<Event> = Vec::new();
    loop {
        let page = journal.read(OPPDATERTE_ENHETER, feed.len() as u64 + 1, 10_000).await?;
        if page.is_empty() {
            break;
        }
        feed.extend(page);
    }
    Ok(Truth { changes, feed, faults: journal.verify(&|_, _| {}).await?.faults })
}

fn lost(truth: &Truth, acknowledged: &[Acknowledged]) -> Vec<String> {
    let mut events: HashMap<(u64, u64), usize> = HashMap::new();
    for event in &truth.feed {
        *events.entry((event.subject, event.seq.0)).or_default() += 1;
    }
    let mut broken = Vec::new();
    for Acknowledged { orgnr, seq, order } in acknowledged {
        let found: Vec<u64> =
            truth.changes[orgnr].iter().filter(|(_, there)| there == order).map(|(seq, _)| *seq).collect();
        if found != [*seq] {
            broken.push(format!("{} was acknowledged at {seq} and is at {found:?}", name(*orgnr, *order)));
        }
        let told = events.get(&(*orgnr, *seq)).copied().unwrap_or(0);
        if told != 1 {
            broken.push(format!("{} is on the feed {told} times", name(*orgnr, *order)));
        }
    }
    broken
}

fn unwanted(world: &World, truth: &Truth, uncertain: usize, acknowledged: usize) -> Vec<String> {
    let mut broken = Vec::new();
    for (orgnr, order) in held(&world.refused).iter() {
        if truth.changes[orgnr].iter().any(|(_, there)| there == order) {
            broken.push(format!("{} was refused and is there", name(*orgnr, *order)));
        }
    }
    for (orgnr, changes) in &truth.changes {
        if !changes.is_sorted_by(|(_, one), (_, next)| one < next) {
            broken.push(format!("the changes of {orgnr} are out of order, or one is there twice"));
        }
    }
    // One that was under way when its node was killed may be there too, without anybody knowing.
    let (there, most) = (truth.changes.values().map(Vec::len).sum::<usize>(), uncertain + NODES * WRITERS);
    if there > acknowledged + most {
        broken.push(format!(
            "{there} changes are there, {acknowledged} were acknowledged, {most} nobody knows of"
        ));
    }
    if truth.feed.len() != there {
        broken.push(format!("{there} changes are there, {} events tell of them", truth.feed.len()));
    }
    broken
}

fn disordered(truth: &Truth, told: &[Told]) -> Vec<String> {
    let whole: Vec<(u64, String)> =
        truth.feed.iter().map(|event| (event.number, format!("{:09}", event.subject))).collect();
    let mut broken = Vec::new();
    for told in told.iter().filter(|told| told.feed != whole) {
        let same = told.feed.iter().zip(&whole).take_while(|(one, other)| one == other).count();
        broken.push(format!(
            "node {} told of {} events of {}, the first {same} alike",
            told.node + 1,
            told.feed.len(),
            whole.len()
        ));
    }
    broken
}

/// Searches take in the last changes within a moment; look-ups at once.
fn differing(world: &World, truth: &Truth) -> Outcome<Vec<String>> {
    let mut broken = Vec::new();
    for node in 0..NODES {
        let api = format!("http://127.0.0.1:{}/enhetsregisteret/api", world.port(node));
        let ask = |path: &str| -> Outcome<Value> {
            let text = agent().get(format!("{api}{path}")).call()?.body_mut().read_to_string()?;
            Ok(serde_json::from_str(&text)?)
        };
        for (orgnr, changes) in &truth.changes {
            let Some((_, last)) = changes.last() else { continue };
            let wanted = name(*orgnr, *last);
            let shown = ask(&format!("/enheter/{orgnr}"))?;
            if shown["navn"] != wanted.as_str() {
                broken.push(format!("node {} shows {} for {wanted}", node + 1, shown["navn"]));
            }
            let search = format!("/enheter?navn={wanted}&size=2");
            let found =
                || ask(&search).is_ok_and(|page| page["_embedded"]["enheter"][0]["navn"] == wanted.as_str());
            if until("", found).is_err() {
                broken.push(format!("node {} does not find {wanted}", node + 1));
            }
        }
    }
    Ok(broken)
}
