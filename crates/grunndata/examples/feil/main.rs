//! What becomes of acknowledged changes when all that can die, dies: `feil`.
//!
//! Three nodes on one PostgreSQL with a synchronous standby. All three write and are read from, without a pause, while
//! each is killed once, the primary is killed and started again, and at last is killed for good and the standby
//! promoted. Then the clients' notes are held against the journal and against what every node answers. Prints what
//! happened and the verdict; exit code 0 if every promise held.

#![expect(clippy::print_stdout, reason = "the verdict is what the program is for")]

mod clients;
mod node;
mod verdict;
mod world;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use pgklynge::Cluster;
use tempfile::TempDir;

use crate::node::Node;
use crate::world::{NODES, World};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long everything goes well between two faults.
const CALM: Duration = Duration::from_secs(4);
/// How long what was killed is away.
const AWAY: Duration = Duration::from_secs(2);
/// What has not come back by then does not.
const COMES: Duration = Duration::from_secs(40);
/// The whole run.
const WHOLE: Duration = Duration::from_secs(175);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match *arguments.as_slice() {
        [] => whole(),
        ["node", url, data, place, life] => node::process(url, data, place, life).map(|()| true),
        _ => Err("feil takes no arguments".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Runs everything; whether every promise held.
fn whole() -> Outcome<bool> {
    let begun = Instant::now();
    std::thread::spawn(|| {
        sleep(WHOLE);
        println!("FAILED  not over within {} s", WHOLE.as_secs());
        std::process::exit(1);
    });
    let primary = Cluster::start(&[]);
    let standby = primary.standby();
    let synchronous =
        || primary.sql("postgres", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'");
    primary.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.sql("postgres", "SELECT pg_reload_conf()");
    until("the standby keeps up", || synchronous() == "1")?;

    let (world, place) = (Arc::new(World::new()), TempDir::new()?);
    let url = primary.url_with(&standby, "postgres");
    let mut nodes = Vec::new();
    for number in 0..NODES {
        nodes.push(Node::new(&world, number, &url, place.path())?);
    }
    let clients = clients::start(&world);
    sleep(CALM);
    for (number, node) in nodes.iter_mut().enumerate() {
        world.tell(&format!("node {} is killed with -9", number + 1));
        node.kill()?;
        sleep(AWAY);
        node.start()?;
        let back = came_back(&format!("node {} is ready", number + 1), || node.is_ready())?;
        world.tell(&format!("node {} is ready again, {back:.1} s after it was started", number + 1));
        sleep(CALM);
    }
    world.tell("the primary is killed");
    primary.kill();
    sleep(AWAY);
    world.count_anew();
    primary.start_again();
    let back = came_back("all nodes write again", || world.all_write())?;
    world.tell(&format!("all nodes write again, {back:.1} s after the primary was started"));
    until("the standby keeps up", || synchronous() == "1")?;
    sleep(CALM);
    world.tell("the primary is killed for good, and the standby promoted");
    primary.kill();
    standby.promote();
    world.count_anew();
    let back = came_back("all nodes write again", || world.all_write())?;
    world.tell(&format!("all nodes write again, {back:.1} s after the standby was promoted"));
    sleep(CALM);

    for node in &mut nodes {
        node.stop_writing()?;
    }
    let told = clients::end(&world, clients)?;
    let held = verdict::give(&world, &told, &standby.url("postgres"))?;
    println!("{:.0} s in all", begun.elapsed().as_secs_f64());
    Ok(held)
}

/// Seconds until something is so.
fn came_back(what: &str, so: impl FnMut() -> bool) -> Outcome<f64> {
    let begun = Instant::now();
    until(what, so)?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Waits until something is so.
fn until(what: &str, mut so: impl FnMut() -> bool) -> Outcome<()> {
    let begun = Instant::now();
    while !so() {
        if begun.elapsed() > COMES {
            return Err(format!("not within {} s: {what}", COMES.as_secs()).into());
        }
        sleep(Duration::from_millis(50));
    }
    Ok(())
}
