//! A node: the program's own app on a port of its own, and tasks in it that write. What they are told goes to standard
//! output, line by line, so that it is known when the node is killed.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use enhetsregisteret::endring::{Datert, Melding};
use enhetsregisteret::modell::Enhetstype::Enhet;
use enhetsregisteret::modell::dokument::kanoniser;
use enhetsregisteret::{Enhetsregister, Feil};
use grunndata::app::App;
use grunndata::config::{Settings, check};
use grunndata::serving::{self, Stopping};
use identifikator::Organisasjonsnummer;
use journal::JournalError;
use serde_json::json;
use tid::{Clock, SystemClock, SystemRandom};

use crate::Outcome;
use crate::clients::agent;
use crate::world::{Acknowledged, NODES, WRITERS, World, held, name, units};

/// So many changes are a node's at most between two starts.
const PER_LIFE: u64 = 1_000_000;

/// A node as the run sees it.
pub(crate) struct Node {
    world: Arc<World>,
    number: usize,
    url: String,
    data: PathBuf,
    lives: u64,
    running: Option<Running>,
}

struct Running {
    child: Child,
    orders: Option<ChildStdin>,
    heard: JoinHandle<()>,
}

impl Node {
    /// Starts it.
    pub(crate) fn new(world: &Arc<World>, number: usize, url: &str, place: &Path) -> Outcome<Self> {
        let (world, url, data) = (world.clone(), url.to_owned(), place.join(number.to_string()));
        let mut node = Self { world, number, url, data, lives: 0, running: None };
        node.start()?;
        crate::until("a node is ready", || node.is_ready())?;
        Ok(node)
    }

    /// Starts it, and returns when it answers at all.
    pub(crate) fn start(&mut self) -> Outcome<()> {
        self.lives += 1;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["node", &self.url])
            .arg(&self.data)
            .args([self.number.to_string(), self.lives.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut first = String::new();
        said.read_line(&mut first)?;
        self.world.set_port(self.number, first.trim().parse()?);
        let (world, number) = (self.world.clone(), self.number);
        let heard = std::thread::spawn(move || listen(&world, number, said));
        let orders = child.stdin.take();
        self.running = Some(Running { child, orders, heard });
        Ok(())
    }

    /// Kills it as `kill -9` does, and hears what it had said.
    pub(crate) fn kill(&mut self) -> Outcome<()> {
        self.world.set_port(self.number, 0);
        if let Some(mut running) = self.running.take() {
            running.child.kill()?;
            running.child.wait()?;
            running.heard.join().map_err(|_| "the node's notes could not be read")?;
        }
        Ok(())
    }

    /// Whether its `/drift/klar` says so.
    pub(crate) fn is_ready(&self) -> bool {
        let url = format!("http://127.0.0.1:{}/drift/klar", self.world.port(self.number));
        agent().get(&url).call().is_ok_and(|answer| answer.status() == 200)
    }

    /// Lets it finish what it writes and write no more; it goes on answering.
    pub(crate) fn stop_writing(&mut self) -> Outcome<()> {
        if let Some(running) = &mut self.running {
            drop(running.orders.take());
            let heard = &running.heard;
            crate::until("a node stops writing", || heard.is_finished())?;
        }
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Notes what a node says, until it has written its last.
fn listen(world: &World, node: usize, said: BufReader<ChildStdout>) {
    for line in said.lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |word: &str| word.parse::<u64>().ok();
        match *words.as_slice() {
            ["ja", orgnr, order, seq] => {
                if let (Some(orgnr), Some(order), Some(seq)) = (number(orgnr), number(order), number(seq)) {
                    world.acknowledge(node, Acknowledged { orgnr, seq, order });
                }
            }
            ["nei", orgnr, order] => held(&world.refused).extend(number(orgnr).zip(number(order))),
            ["kanskje"] => {
                world.uncertain.fetch_add(1, Ordering::SeqCst);
            }
            ["stille"] => return,
            _ => println!("          node {}: {line}", node + 1),
        }
    }
}

/// The process of a node: serves and writes until its standard input ends, then only serves, until it is killed.
pub(crate) fn process(url: &str, data: &str, place: &str, life: &str) -> Outcome<()> {
    let (place, life): (usize, u64) = (place.parse()?, life.parse()?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let app = open(url, data).await?;
        let (listener, bound) =
            serving::bind("127.0.0.1:0".parse()?).await.map_err(|failure| failure.message)?;
        let (_switch, stopping) = Stopping::with_switch();
        tokio::spawn(app.follow(&stopping));
        tokio::spawn(web::serve::serve(
            listener,
            app.router(),
            stopping.wait(),
            web::serve::Limits::default(),
        ));
        println!("{}", bound.port());
        let register = app.enhetsregisteret().map_err(|failure| failure.message)?;
        let enough = Arc::new(AtomicBool::new(false));
        let mut writers = tokio::task::JoinSet::new();
        for task in 0..WRITERS {
            let mine = units().into_iter().skip(place * WRITERS + task).step_by(NODES * WRITERS).collect();
            writers.spawn(write(register.clone(), mine, life * PER_LIFE, enough.clone()));
        }
        let ended = tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().for_each(drop));
        ended.await?;
        enough.store(true, Ordering::SeqCst);
        while let Some(written) = writers.join_next().await {
            written??;
        }
        println!("stille");
        std::future::pending::<()>().await;
        Ok(())
    })
}

async fn open(url: &str, data: &str) -> Outcome<App> {
    let mut settings = Settings::defaults().map_err(|failure| failure.message)?;
    for (key, value) in [("data", data), ("journal.database", url), ("server.listen", "127.0.0.1:0")] {
        settings.lay_flag(key, value, key.to_owned()).map_err(|failure| failure.message)?;
    }
    let config = check(&settings).map_err(|failure| failure.message)?;
    let bound = config.server.listen;
    let opened = App::open(config, bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await;
    Ok(opened.map_err(|failure| failure.message)?)
}

/// Gives its units new names, one after the other, and says what it is answered.
async fn write(
    register: Arc<Enhetsregister>,
    mine: Vec<Organisasjonsnummer>,
    from: u64,
    enough: Arc<AtomicBool>,
) -> Outcome<()> {
    for (order, orgnr) in (from..).zip(mine.iter().cycle()) {
        if enough.load(Ordering::SeqCst) {
            break;
        }
        let changes = vec![unit(*orgnr, order)?];
        let line = match register.skriver().skriv(SystemClock.now(), changes, Vec::new()).await {
            Ok(receipt) => format!("ja {orgnr} {order} {}", receipt.seq),
            Err(Feil::Journal(JournalError::Unavailable(_))) => format!("nei {orgnr} {order}"),
            Err(Feil::Journal(JournalError::Uncertain(_))) => "kanskje".to_owned(),
            Err(error) => return Err(error.into()),
        };
        let refused = !line.starts_with("ja");
        writeln!(std::io::stdout(), "{line}")?;
        if refused {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Ok(())
}

/// The unit with the name of that order.
fn unit(orgnr: Organisasjonsnummer, order: u64) -> Outcome<Datert> {
    let unit = json!({
        "organisasjonsnummer": orgnr.to_string(),
        "navn": name(orgnr.verdi().into(), order),
        "organisasjonsform": { "kode": "AS", "beskrivelse": "Aksjeselskap" },
        "registreringsdatoEnhetsregisteret": "2011-03-09",
        "registrertIMvaregisteret": true,
        "harRegistrertAntallAnsatte": false,
        "registrertIForetaksregisteret": true,
        "registrertIStiftelsesregisteret": false,
        "registrertIFrivillighetsregisteret": false,
        "konkurs": false,
        "underAvvikling": false,
        "underTvangsavviklingEllerTvangsopplosning": false,
        "maalform": "Bokmål",
    });
    let enhet = kanoniser(&serde_json::to_vec(&unit)?, Enhet)?;
    Ok(Datert::from(Melding::Enhet { kind: Enhet, enhet }))
}
