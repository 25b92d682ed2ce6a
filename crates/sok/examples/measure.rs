//! How long a search takes in an index of national size, and how long building it does.
//!
//! `cargo run --release -p sok --example measure [DOCUMENTS]` (default 1 200 000) builds an index of made-up units in a
//! temporary directory, searches it, and writes a line for each kind of search to standard error.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use journal::{
    AsOf, Change, Collection, DocId, Event, Feed, FeedHead, Journal, JournalError, Lower, Progress, Receipt,
    Record, Seq, Space, VerifyReport, Version,
};
use sok::{Direction, Document, Field, Follower, Index, Query, Request, Schema, SortKey};
use tid::Timestamp;
use tokio::sync::watch;

/// Rounds of each search; the first warms up.
const ROUNDS: usize = 20;

const FIRST: &[&str] = &[
    "Norsk", "Fjord", "Møller", "Sæter", "Bergen", "Oslo", "Hansen", "Åse", "Nordre", "Café", "Øst", "Tind",
];
const KIND: &[&str] =
    &["Eiendom", "Invest", "Holding", "Bygg", "Rør", "Transport", "Rådgivning", "Fisk", "Skog", "Data"];
const FORM: &[&str] = &["AS", "AS", "AS", "ENK", "ENK", "ENK", "FLI", "DA", "SA", "ASA"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let documents = std::env::args().nth(1).map_or(Ok(1_200_000), |n| n.parse())?;
    let dir = tempfile::tempdir()?;
    let (schema, fields) = schema()?;
    let index = Index::open(dir.path(), schema, 1)?;
    let mapping = Arc::new(move |version: &Version| Some(unit(version.id, &fields)));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let journal = Arc::new(Generated { documents, watch: watch::Sender::new(Seq(1)) });
    let mut follower = Follower::new(journal, Feed("measure"), Collection("measure"), index.clone(), mapping);
    let start = Instant::now();
    runtime.block_on(follower.catch_up())?;
    eprintln!(
        "{documents} documents built in {:.1?}, {} MB on disk",
        start.elapsed(),
        size(dir.path())? / 1_000_000
    );
    memory();
    for (what, request) in requests(&fields) {
        measure(&index, what, &request)?;
    }
    beyond(&index, &fields)?;
    memory();
    Ok(())
}

/// Pages past the window, and counts by value.
fn beyond(index: &Index, fields: &Fields) -> Result<(), sok::SearchError> {
    let view = index.view()?;
    let by_name = vec![SortKey { field: fields.name, direction: Direction::Ascending }];
    let deep = Request { query: Query::All, sort: by_name, offset: 0, limit: 10_000 };
    let (mut after, mut pages, start) = (None, 0, Instant::now());
    while pages < 20 {
        after = view.page(&deep, after.as_ref())?.last;
        pages += 1;
    }
    eprintln!(
        "{:>9.2?} each: pages of 10 000 after one another, everything by name",
        start.elapsed() / pages
    );
    let start = Instant::now();
    view.facets(&Query::All, &[fields.form, fields.municipality], 20)?;
    eprintln!("{:>9.2?} once: everything counted by form and municipality", start.elapsed());
    Ok(())
}

#[derive(Clone, Copy)]
struct Fields {
    name: Field,
    form: Field,
    municipality: Field,
    staff: Field,
    bankrupt: Field,
}

fn schema() -> Result<(Schema, Fields), sok::SearchError> {
    let mut builder = Schema::builder();
    let fields = Fields {
        name: builder.name("navn").field(),
        form: builder.keyword("organisasjonsform").sortable().field(),
        municipality: builder.keyword("kommunenummer").sortable().field(),
        staff: builder.number("antallAnsatte").field(),
        bankrupt: builder.flag("konkurs").sortable().field(),
    };
    Ok((builder.build()?, fields))
}

/// A well-mixed number from a document's.
fn mix(id: u64) -> u64 {
    let x = (id ^ (id >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 8
}

fn unit(id: u64, fields: &Fields) -> Document {
    let mut random = mix(id);
    let mut next = |below: usize| {
        let n = random % below as u64;
        random = mix(random);
        usize::try_from(n).unwrap_or_default()
    };
    let form = FORM[next(FORM.len())];
    let middle: String = (0..2 + next(4)).map(|_| char::from(b"aeioubdfgklmnrst"[next(16)])).collect();
    let mut document = Document::new(id);
    document.name(
        fields.name,
        format!("{} {middle} {} {form}", FIRST[next(FIRST.len())], KIND[next(KIND.len())]).to_uppercase(),
    );
    document.keyword(fields.form, form);
    document.keyword(fields.municipality, format!("{:04}", 301 + next(357)));
    document.number(fields.staff, (next(40) * next(40)) as u32);
    document.flag(fields.bankrupt, next(100) == 0);
    document
}

fn requests(fields: &Fields) -> Vec<(&'static str, Request)> {
    let name = |text: &str| Query::Name(fields.name, text.to_owned());
    let near = |text: &str| Query::NameNear(fields.name, text.to_owned(), sok::near::MAX_EDITS);
    let by = |field, direction| vec![SortKey { field, direction }];
    let by_name = by(fields.name, Direction::Ascending);
    let companies = Query::Equals(fields.form, "AS".to_owned());
    let local = Query::And(vec![companies.clone(), Query::Equals(fields.municipality, "0301".to_owned())]);
    let request = |query: &Query, sort: &[SortKey], offset| Request {
        query: query.clone(),
        sort: sort.to_vec(),
        offset,
        limit: 20,
    };
    let staff = by(fields.staff, Direction::Descending);
    let employers = Query::Range(fields.staff, std::ops::Bound::Included(5), std::ops::Bound::Unbounded);
    vec![
        ("everything by name, first page", request(&Query::All, &by_name, 0)),
        ("everything by name, deepest page", request(&Query::All, &by_name, 9_980)),
        ("a form by name, first page", request(&companies, &by_name, 0)),
        ("a form by name, deepest page", request(&companies, &by_name, 9_980)),
        ("a form by staff, deepest page", request(&companies, &staff, 9_980)),
        ("a form by name, one page of 10 000", Request { limit: 10_000, ..request(&companies, &by_name, 0) }),
        ("form and municipality by name", request(&local, &by_name, 0)),
        ("at least five employees by name", request(&employers, &by_name, 0)),
        ("count of a form", Request { limit: 0, ..request(&companies, &[], 0) }),
        ("count of a common word", Request { limit: 0, ..request(&name("as"), &[], 0) }),
        ("name, three words", request(&name("fjord bab bygg"), &[], 0)),
        ("name, two words, one very common", request(&name("møller as"), &[], 0)),
        ("name, one common word", request(&name("as"), &[], 0)),
        ("name, one letter", request(&name("a"), &[], 0)),
        ("name, nothing has all words", request(&name("xyzzy bygg as"), &[], 0)),
        ("name, one misspelt word", request(&near("snad"), &[], 0)),
        ("name, two misspelt words", request(&near("fjrod trasnport"), &[], 0)),
        ("name, a common word and what is near", request(&near("bygg"), &[], 0)),
        ("words in a row", request(&Query::NamePhrase(fields.name, "bygg a".to_owned()), &by_name, 0)),
    ]
}

fn measure(index: &Index, what: &str, request: &Request) -> Result<(), sok::SearchError> {
    let mut times = Vec::with_capacity(ROUNDS);
    let mut total = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        total = index.search(request)?.total;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    eprintln!("{:>9.2?} median {:>9.2?} worst {total:>8} hits  {what}", times[ROUNDS / 2], times[ROUNDS - 1]);
    Ok(())
}

fn memory() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("Rss")) {
        eprintln!("{line}");
    }
}

fn size(dir: &Path) -> std::io::Result<u64> {
    let mut total = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        total += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(total)
}

/// A journal that has numbered documents without content, and no events. Only what a rebuild asks is there.
struct Generated {
    documents: u64,
    watch: watch::Sender<Seq>,
}

fn nothing_here<T>() -> Result<T, JournalError> {
    Err(JournalError::Unavailable("a made-up journal".to_owned()))
}

#[async_trait]
impl Journal for Generated {
    async fn append(&self, _: Change) -> Result<Receipt, JournalError> {
        nothing_here()
    }

    async fn get(&self, _: Collection, _: DocId, _: AsOf) -> Result<Option<Version>, JournalError> {
        nothing_here()
    }

    async fn get_many(
        &self,
        _: Collection,
        _: &[DocId],
        _: AsOf,
    ) -> Result<Vec<Option<Version>>, JournalError> {
        nothing_here()
    }

    async fn versions(&self, _: Collection, _: DocId) -> Result<Vec<Version>, JournalError> {
        nothing_here()
    }

    async fn scan(
        &self,
        _: Collection,
        at: Seq,
        after: Option<DocId>,
        limit: usize,
    ) -> Result<Vec<Version>, JournalError> {
        let ids = after.map_or(0, |id| id + 1)..self.documents;
        let version =
            |id| Version { id, seq: at, at: Timestamp::default(), removed: false, body: Vec::new() };
        Ok(ids.take(limit).map(version).collect())
    }

    async fn head(&self) -> Result<Seq, JournalError> {
        Ok(Seq(1))
    }

    async fn disk_bytes(&self) -> Result<u64, JournalError> {
        nothing_here()
    }

    async fn feed_head(&self, _: Feed) -> Result<FeedHead, JournalError> {
        Ok(FeedHead::default())
    }

    async fn first(&self, _: Feed, _: Lower) -> Result<u64, JournalError> {
        nothing_here()
    }

    async fn read(&self, _: Feed, _: u64, _: usize) -> Result<Vec<Event>, JournalError> {
        Ok(Vec::new())
    }

    async fn read_about(&self, _: Feed, _: &[DocId]) -> Result<Vec<Event>, JournalError> {
        nothing_here()
    }

    async fn record(&self, _: Space, _: &[u8]) -> Result<Option<Record>, JournalError> {
        nothing_here()
    }

    async fn records(
        &self,
        _: Space,
        _: &[u8],
        _: Option<&[u8]>,
        _: usize,
    ) -> Result<Vec<Record>, JournalError> {
        nothing_here()
    }

    fn watch(&self) -> watch::Receiver<Seq> {
        self.watch.subscribe()
    }

    async fn close(&self) {}

    async fn backup(&self, _: &Path, _: Progress<'_>) -> Result<Seq, JournalError> {
        nothing_here()
    }

    async fn verify(&self, _: Progress<'_>) -> Result<VerifyReport, JournalError> {
        nothing_here()
    }
}
