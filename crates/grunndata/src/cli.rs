//! The command line: arguments and their help. What the commands do is in [`crate::commands`].

pub mod maskinporten;
pub mod produsent;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::FromFlags;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  grunndata demo                                   a synthetic nation, served on 127.0.0.1:8080
  grunndata import enheter enheter_alle.json.gz    load the official dump …
  grunndata serve                                  … and serve it
  grunndata doctor                                 is everything in order here?

Data goes to standard output, everything said to people to standard error.
Exit codes: 0 done, 1 failed, 2 wrong command line or configuration, 3 done but records were rejected,
4 the store contradicts itself.";

/// Norway's base registers in one program, wire-compatible with the real services.
#[derive(Debug, Parser)]
#[command(name = "grunndata", version, after_help = EXAMPLES, disable_help_subcommand = false)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The configuration file [default: ./grunndata.toml if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The directory that holds everything [default: grunndata-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// The PostgreSQL database that holds the store, instead of the directory (journal.database)
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,

    /// A replica of the database for reads (journal.database_les)
    #[arg(long, global = true, value_name = "URL")]
    pub database_les: Option<String>,

    /// Set any key of the configuration, such as --set server.tidsgrense_s=5 (may be repeated)
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// Die at a named place, to prove recovery (for tests).
    #[arg(long, global = true, value_name = "NAME[:N]", hide = true)]
    pub crash_point: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a synthetic nation; it is made on the first run
    #[command(after_help = "\
Examples:
  grunndata demo                                  about 12 000 units in ./grunndata-data
  grunndata demo --data /srv/nation --enheter 100000 --fro 7
  grunndata demo --listen 127.0.0.1:0             on a free port, which is printed

The same seed and size give the same nation on every machine.")]
    Demo(Demo),

    /// Serve what the data directory holds
    #[command(after_help = "\
Examples:
  grunndata serve
  grunndata serve --data /srv/grunndata --listen 0.0.0.0:8080
  grunndata serve --sync --set synk.fra=https://data.brreg.no/enhetsregisteret/api
  grunndata serve --database postgres://grunndata@db/grunndata    as many nodes as you like
  GRUNNDATA_SERVER_OFFENTLIG_URL=https://data.example.no grunndata serve

Stops in good order on Ctrl-C and SIGTERM.")]
    Serve(Serve),

    /// Load a dump; what has changed since the last one goes on the update feeds
    #[command(after_help = "\
Examples:
  grunndata import enheter enheter_alle.json.gz
  grunndata import underenheter underenheter_alle.csv.gz
  zcat roller_alle.json.gz | grunndata import roller -

JSON and CSV, plain or gzip, are told apart by their content. A record that cannot be read is reported with
its place and put in the reject file; the rest is loaded. Interrupted? Run the same command again.")]
    Import(Import),

    /// Keep a copy in step with an upstream that speaks the API
    #[command(after_help = "\
Examples:
  grunndata sync --fra https://data.brreg.no/enhetsregisteret/api
  grunndata sync --en-gang                        until in step, then end
  grunndata sync --status                         how it goes; works while the server runs
  grunndata sync --verify --utvalg 1000           is the copy true?

The first run loads the upstream's total files; later ones go on where the last one stopped, however it ended.
`grunndata serve --sync` does the same and serves beside it. With files that were imported, say when they are
from: grunndata sync --dump-tid 2026-08-05T02:30:57.000Z. --verify ends with exit code 4 if the copy is wrong.")]
    Sync(Sync),

    /// Print an access token for a client of the demo, and nothing else
    #[command(after_help = "\
Examples:
  grunndata token --scope grunndata:demo.les
  grunndata token --scope folkeregister:deling/offentligmedhjemmel --paa-vegne-av 311015001
  curl -H \"Authorization: Bearer $(grunndata token --scope grunndata:demo.les)\" \\
    localhost:8080/maskinporten/utvidet/hvem-er-jeg

Signs a grant with the key of a client in DATA/demo/klienter.json and sends it to the server, which must be
running. What the server says when it refuses goes to standard error.")]
    Token(maskinporten::Token),

    /// Administer Maskinporten: clients, scopes, access and delegation
    #[command(after_help = "\
Examples:
  grunndata maskinporten scope prefiks demo --orgnr 313037002
  grunndata maskinporten scope sett demo:register.read --beskrivelse 'Read the register'
  grunndata maskinporten tilgang gi demo:register.read 311015001
  grunndata maskinporten klient ny --orgnr 311015001 --navn 'Our client' --scope demo:register.read
  grunndata maskinporten klient nokler ID --ny nokkel.pem
  grunndata maskinporten delegering trekk 311015001 312026007 demo-api
  grunndata maskinporten spor --bevis             which grants came, and what came of them

Works on the store in the data directory, through the server if one has it open. Answers are JSON.")]
    Maskinporten(maskinporten::Maskinporten),

    /// Administer Folkeregisteret's producers: who may send what, cases that wait for somebody, maintenance
    #[command(after_help = "\
Examples:
  grunndata produsent rett gi 311015001 --navn 'Test hospital' --ressurs foedsel_v1 --ressurs doedsfall_v1
  grunndata produsent sak liste
  grunndata produsent sak avgjoer REFERENCE registrert
  grunndata produsent sak avgjoer REFERENCE avvist --kode mangelfulleOpplysninger
  grunndata produsent drift --saksflyt-nede       messages are received, and wait
  grunndata produsent drift --normal
  grunndata produsent nyhet ny driftsvarsel --tittel 'Vedlikehold 3. mars' --tekst 'Meldinger behandles senere.'

Works on the store in the data directory, through the server if one has it open. Answers are JSON.")]
    Produsent(produsent::Produsent),

    /// Issue an enterprise certificate of the built-in test authority, with its key
    #[command(after_help = "\
Examples:
  grunndata virksomhetssertifikat --orgnr 311015001 --navn 'Vår AS' --ut sertifikat

Writes ORGNR.key.pem (PKCS#8) and ORGNR.pem (the certificate and the authority above it), for their owner alone. The
test authority lies in the data directory and is trusted by a server there, unless maskinporten.tillit_rot_fil is set.")]
    Virksomhetssertifikat(maskinporten::Virksomhetssertifikat),

    /// Report what is removed from disclosure, and prove that nothing of it is left
    #[command(after_help = "\
Examples:
  grunndata fjernet
  grunndata fjernet --json

Looks for each removed unit in every version of the store, in roles and properties, in the download files and in
search (that only while no server has the store open). Exit code 4 if anything but number and date is left.")]
    Fjernet(Fjernet),

    /// Say who has looked a person up in Folkeregisteret
    #[command(after_help = "\
Examples:
  grunndata innsyn --person 15856543134
  grunndata innsyn --person 15856543134 --alle --json

What the person may be told: single look-ups by private parties without legal authority, not those of public
authorities, of private parties with legal authority or of the press, nor bulk look-ups and extracts. --alle is
for the operator. Works while the server runs.")]
    Innsyn(Innsyn),

    /// Read the whole store and check that it keeps every promise
    #[command(after_help = "\
Examples:
  grunndata verify
  grunndata verify --data /srv/grunndata

Works while the server runs. Exit code 4 if anything is wrong.")]
    Verify,

    /// Copy the store to a file, while it is in use
    #[command(after_help = "\
Examples:
  grunndata backup grunndata-backup.sqlite

The copy is exact for one sequence number, which is printed. To restore it: put it in an empty data directory
under the name grunndata.sqlite, or move it into a database with `grunndata flytt`. A database is copied to the
same kind of file.")]
    Backup(Backup),

    /// Move the store between a data directory and a database
    #[command(after_help = "\
Examples:
  grunndata flytt --fra grunndata-data --til postgres://grunndata@db/grunndata
  grunndata flytt --fra postgres://grunndata@db/grunndata --til ny-mappe

Row by row, and compared row by row in the end; what is moved from stays as it is. Stop the servers first. Cut off?
Run the same command again: it goes on where it was. The target must be empty; it is no store before all is there.")]
    Flytt(Flytt),

    /// Make the download files before anybody asks for them
    #[command(after_help = "\
Examples:
  grunndata download build                         every file of the API, as of now
  grunndata download build --data /srv/grunndata   for a server that runs there; it need not be stopped
  30 3 * * *  grunndata download build             in a crontab

With enhetsregisteret.lastned = \"daglig\" the server makes them itself, every day at lastned_kl.")]
    Download(Download),

    /// Write the whole register as files for other programs to read
    #[command(after_help = "\
Examples:
  grunndata export parquet --ut eksport
  grunndata export parquet --data /srv/grunndata --ut /srv/eksport

Writes enheter_alle.parquet, underenheter_alle.parquet and roller_alle.parquet, all exact for one sequence
number, which is printed and stands in each file. Works while the server runs.")]
    Export(Export),

    /// Write a synthetic nation as files in the form of the official dumps
    #[command(after_help = "\
Examples:
  grunndata syntetisk --enheter 10000 --fro 42 --ut dump
  grunndata syntetisk --enheter 1000 --personer 1000000 --ut dump")]
    Syntetisk(Syntetisk),

    /// Print the OpenAPI document of everything that is served
    #[command(after_help = "Examples:\n  grunndata openapi > openapi.json")]
    Openapi,

    /// Print the configuration in force, with where each value came from
    #[command(after_help = "\
Examples:
  grunndata config
  grunndata config --default > grunndata.toml     every key, explained; a start for a file of your own")]
    Config(ConfigArgs),

    /// Check configuration, disk, port, clock, store and index, and say the remedy
    #[command(after_help = "\
Examples:
  grunndata doctor
  grunndata doctor --json

Exit code 1 if anything is an error; warnings do not count.")]
    Doctor(Doctor),

    /// Ask the running server whether it is ready, or alive
    #[command(after_help = "\
Examples:
  grunndata helse                                 exit code 0 if it is ready, 1 if not
  grunndata helse --liv --listen 127.0.0.1:8080

For a container's health check: it needs no other program. Asks the configured address (server.listen); one that
stands for all of the machine's addresses is asked on the loopback.")]
    Helse(Helse),

    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  grunndata completions bash > ~/.local/share/bash-completion/completions/grunndata
  grunndata completions zsh > ~/.zfunc/_grunndata
  grunndata completions fish > ~/.config/fish/completions/grunndata.fish")]
    Completions(Completions),
}

/// `grunndata demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen.
    #[command(flatten)]
    pub listen: Listen,
    /// How many live main units the nation has, at least 1000 [default: what the directory holds, or 12000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4_000_000))]
    pub enheter: Option<u32>,
    /// How many persons are or were in it, at least 1000 [default: what the directory holds, or 20000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub personer: Option<u32>,
    /// The seed the nation grows from [default: what the directory holds, or 42]
    #[arg(long, value_name = "SEED")]
    pub fro: Option<u64>,
}

/// `grunndata serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen.
    #[command(flatten)]
    pub listen: Listen,
    /// Keep in step with the upstream of the configuration (synk.fra) while serving
    #[arg(long)]
    pub sync: bool,
}

/// `grunndata sync`
#[derive(Debug, Args)]
pub struct Sync {
    /// The upstream's API [default: synk.fra of the configuration]
    #[arg(long, value_name = "URL")]
    pub fra: Option<String>,
    /// End when the copy is in step
    #[arg(long, conflicts_with_all = ["status", "verify"])]
    pub en_gang: bool,
    /// Print how it goes, as JSON
    #[arg(long, conflicts_with = "verify")]
    pub status: bool,
    /// Compare the copy with the upstream, document by document
    #[arg(long)]
    pub verify: bool,
    /// Compare only about so many of each kind, drawn by lot
    #[arg(long, value_name = "N", requires = "verify", value_parser = clap::value_parser!(u64).range(1..))]
    pub utvalg: Option<u64>,
    /// The store was filled from files of this time: follow from there
    #[arg(long, value_name = "TIME", value_parser = parse_time, conflicts_with_all = ["status", "verify"])]
    pub dump_tid: Option<tid::Timestamp>,
}

/// `grunndata innsyn`
#[derive(Debug, Args)]
pub struct Innsyn {
    /// The person's number
    #[arg(long, value_name = "NR")]
    pub person: String,
    /// Every look-up in the log, also those that the person may not be told of
    #[arg(long)]
    pub alle: bool,
    /// Print them as JSON
    #[arg(long)]
    pub json: bool,
}

/// `grunndata fjernet`
#[derive(Debug, Args)]
pub struct Fjernet {
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

fn parse_time(text: &str) -> Result<tid::Timestamp, String> {
    tid::Timestamp::parse(text).map_err(|_| "write it as 2026-08-05T02:30:57.000Z".to_owned())
}

/// Where to listen.
#[derive(Debug, Args)]
pub struct Listen {
    /// The address and port to answer on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

/// `grunndata import`
#[derive(Debug, Args)]
pub struct Import {
    /// What the file holds
    #[arg(value_enum)]
    pub what: What,
    /// The file, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where rejected records go [default: DATA/avvist/WHAT.jsonl]
    #[arg(long, value_name = "FILE")]
    pub reject_file: Option<PathBuf>,
    /// What happens to what the register has and the file has not
    #[arg(long, value_enum, default_value_t)]
    pub missing: Missing,
}

/// What happens to what a file does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Missing {
    /// Mark it as deleted if it is little and no record was rejected; otherwise keep it and say so
    #[default]
    Auto,
    /// Mark it as deleted: the file is the whole register
    Delete,
    /// Keep it: the file is a part
    Keep,
}

/// What a dump holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Main units
    Enheter,
    /// Sub-units
    Underenheter,
    /// Roles
    Roller,
}

/// `grunndata backup`
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not exist
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `grunndata flytt`
#[derive(Debug, Args)]
pub struct Flytt {
    /// What to move: a data directory, or a database's address
    #[arg(long, value_name = "DIR|URL")]
    pub fra: String,
    /// Where to: a data directory, or a database's address
    #[arg(long, value_name = "DIR|URL")]
    pub til: String,
}

/// `grunndata download`
#[derive(Debug, Args)]
pub struct Download {
    /// What to do.
    #[command(subcommand)]
    pub command: DownloadCommand,
}

/// `grunndata download …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum DownloadCommand {
    /// Make every download file, all from one sequence number
    #[command(after_help = "\
Examples:
  grunndata download build
  grunndata download build --data /srv/grunndata --set server.offentlig_url=https://data.example.no

Prints each file with its length in bytes, and the sequence number that all are exact for. A server on the same
data directory, running or started later, serves them: until the register changes, or with
enhetsregisteret.lastned = \"daglig\" until the next set. The files are put in use together when all are made; killed
or out of disk, the command leaves those that were there. The links in the role file begin with
server.offentlig_url, or else server.listen, as the configuration has them here.")]
    Build,
}

/// `grunndata export`
#[derive(Debug, Args)]
pub struct Export {
    /// The form of the files
    #[arg(value_enum)]
    pub form: ExportForm,
    /// The directory to write to; made if missing
    #[arg(long, value_name = "DIR")]
    pub ut: PathBuf,
}

/// The form of exported files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// Apache Parquet, compressed with zstd
    Parquet,
}

/// `grunndata syntetisk`
#[derive(Debug, Args)]
pub struct Syntetisk {
    /// How many live main units the nation has, at least 1000
    #[arg(long, value_name = "N", default_value_t = 12_000, value_parser = clap::value_parser!(u32).range(1..=4_000_000))]
    pub enheter: u32,
    /// How many persons are or were in the nation's Folkeregisteret, at least 1000
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
    pub personer: u32,
    /// The seed the nation grows from
    #[arg(long, value_name = "SEED", default_value_t = 42)]
    pub fro: u64,
    /// The directory to write to; made if missing
    #[arg(long, value_name = "DIR")]
    pub ut: PathBuf,
}

/// `grunndata config`
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Print the compiled-in default file, which explains every key, instead
    #[arg(long)]
    pub default: bool,
    /// Print the reference page docs/konfigurasjon.md is made from.
    #[arg(long, hide = true, conflicts_with = "default")]
    pub markdown: bool,
}

/// `grunndata doctor`
#[derive(Debug, Args)]
pub struct Doctor {
    /// Where the server is to listen.
    #[command(flatten)]
    pub listen: Listen,
    /// Print the findings as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// `grunndata helse`
#[derive(Debug, Args)]
pub struct Helse {
    /// Where the server listens.
    #[command(flatten)]
    pub listen: Listen,
    /// Ask only whether the process lives
    #[arg(long)]
    pub liv: bool,
}

/// `grunndata completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

impl Cli {
    /// What the flags say about configuration.
    ///
    /// # Errors
    /// When a `--set` is not `KEY=VALUE`.
    pub fn config_flags(&self) -> Result<FromFlags, Failure> {
        let mut values = Vec::new();
        for set in &self.global.set {
            let (key, value) = set.split_once('=').ok_or_else(|| {
                Failure::usage(
                    format!("--set {set} is not KEY=VALUE"),
                    "write it as --set server.tidsgrense_s=5; `grunndata config --default` shows every key",
                )
            })?;
            values.push((key.trim().to_owned(), value.to_owned(), format!("--set {key}")));
        }
        if let Some(data) = &self.global.data {
            let data = data.to_str().ok_or_else(|| {
                Failure::usage("--data is not UTF-8 text", "name the directory with other characters")
            })?;
            values.push(("data".to_owned(), data.to_owned(), "--data".to_owned()));
        }
        for (key, url) in [("database", &self.global.database), ("database_les", &self.global.database_les)] {
            if let Some(url) = url {
                values.push((format!("journal.{key}"), url.clone(), format!("--{}", key.replace('_', "-"))));
            }
        }
        if let Some(listen) = self.listen() {
            values.push(("server.listen".to_owned(), listen.to_owned(), "--listen".to_owned()));
        }
        if let Command::Sync(Sync { fra: Some(fra), .. }) = &self.command {
            values.push(("synk.fra".to_owned(), fra.clone(), "--fra".to_owned()));
        }
        Ok(FromFlags { file: self.global.config.clone(), values })
    }

    fn listen(&self) -> Option<&str> {
        match &self.command {
            Command::Demo(demo) => demo.listen.listen.as_deref(),
            Command::Serve(serve) => serve.listen.listen.as_deref(),
            Command::Doctor(doctor) => doctor.listen.listen.as_deref(),
            Command::Helse(helse) => helse.listen.listen.as_deref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
