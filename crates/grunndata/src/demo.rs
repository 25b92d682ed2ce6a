//! The demo nation in a data directory or a database: which one it is, and whether it is whole.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use journal::{Change, Guard, Seq, SharedJournal, Space, Step};
use serde::{Deserialize, Serialize};
use syntetisk::{Nasjon, Oppsett};

use crate::app::App;
use crate::data_dir::DataDir;
use crate::failure::Failure;
use crate::jobs::Claim;
use crate::store::store_failed;

/// What stands in `demo.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// The seed.
    pub fro: u64,
    /// How many live main units.
    pub enheter: u32,
    /// How many persons; none in a nation that was made before there were any.
    #[serde(default)]
    pub personer: u32,
    /// All of it is in the store. Written as `false` before the store is filled and as `true` afterwards, so that
    /// a start that was cut off is begun again and never served half.
    pub ferdig: bool,
}

/// What a data directory holds, as the demo sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Nothing, or a demo that was cut off.
    Nothing,
    /// The nation that is asked for.
    Nation,
}

/// The size of a nation that is asked for: a smaller one than there can be is made as small as can be, and said.
pub fn large_enough(enheter: u32) -> u32 {
    if enheter < Nasjon::MINST {
        eprintln!(
            "the smallest nation has {} units, so that it holds every kind of case; making that",
            Nasjon::MINST
        );
    }
    enheter.max(Nasjon::MINST)
}

impl Demo {
    /// The nation that is asked for: what is not said is as the directory has it, or else the default.
    ///
    /// # Errors
    /// When what the directory says of its nation cannot be read.
    pub fn wanted(
        dir: &DataDir,
        enheter: Option<u32>,
        personer: Option<u32>,
        fro: Option<u64>,
    ) -> Result<Self, Failure> {
        let there = read(&dir.demo_marker()).map_err(|error| unusable(dir, &error))?;
        Ok(Self::of(there, enheter, personer, fro))
    }

    fn of(there: Option<Self>, enheter: Option<u32>, personer: Option<u32>, fro: Option<u64>) -> Self {
        let usual = Oppsett::default();
        Self {
            fro: fro.or(there.map(|there| there.fro)).unwrap_or(usual.fro),
            enheter: enheter.map(large_enough).or(there.map(|there| there.enheter)).unwrap_or(usual.enheter),
            personer: personer
                .map(|personer| personer.max(Nasjon::MINST_PERSONER))
                .or(there.map(|there| there.personer))
                .unwrap_or(usual.personer),
            ferdig: false,
        }
    }

    /// The nation.
    pub fn nation(self) -> Nasjon {
        let usual = Oppsett::default();
        let personer = if self.personer == 0 { usual.personer } else { self.personer };
        Nasjon::new(Oppsett { fro: self.fro, enheter: self.enheter, personer, ..usual })
    }

    /// Looks at what the data directory holds. What a demo left half is taken away.
    ///
    /// # Errors
    /// When it holds something else: another nation, or data that no demo made.
    pub fn look(self, dir: &DataDir) -> Result<Held, Failure> {
        let place = dir.path().display();
        match read(&dir.demo_marker()).map_err(|error| unusable(dir, &error))? {
            Some(there) if !there.ferdig => {
                clear(dir).map_err(|error| unusable(dir, &error))?;
                Ok(Held::Nothing)
            }
            Some(there) if there == (Self { ferdig: true, ..self }) => Ok(Held::Nation),
            Some(there) => Err(Failure::usage(
                format!(
                    "{place} holds another nation: --enheter {} --personer {} --fro {}",
                    there.enheter, there.personer, there.fro
                ),
                "ask for that one, or choose another directory with --data DIR",
            )),
            None if dir.store().exists() => Err(Failure::usage(
                format!("{place} holds data that no demo made"),
                "serve it with `grunndata serve`, or choose another directory with --data DIR",
            )),
            None => Ok(Held::Nothing),
        }
    }

    /// Notes which nation the directory holds, whole or not yet.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note(self, dir: &DataDir, ferdig: bool) -> Result<(), Failure> {
        dir.make()?;
        write(&dir.demo_marker(), Self { ferdig, ..self }).map_err(|error| unusable(dir, &error))
    }
}

/// The demo nation in a database: the same marker, as a record that all nodes see.
pub(crate) struct InDatabase {
    journal: SharedJournal,
    /// To fill the database, which one node does.
    pub(crate) claim: Claim,
}

const SPACE: Space = Space("grunndata/demo");
/// How often a node looks whether another has filled the database.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl InDatabase {
    pub(crate) fn of(app: &App) -> Self {
        Self { journal: app.journal().clone(), claim: app.claim("demo") }
    }

    /// As [`Demo::wanted`].
    pub(crate) async fn wanted(
        &self,
        enheter: Option<u32>,
        personer: Option<u32>,
        fro: Option<u64>,
    ) -> Result<Demo, Failure> {
        Ok(Demo::of(self.read().await?, enheter, personer, fro))
    }

    /// Looks at what the database holds; waits for a node that is filling it. What a demo left half is not taken
    /// away: others may be on it.
    pub(crate) async fn look(&self, demo: Demo) -> Result<Held, Failure> {
        loop {
            let there = self.read().await?;
            let head = self.journal.head().await.map_err(|error| store_failed(&error))?;
            match there {
                Some(there) if there == (Demo { ferdig: true, ..demo }) => return Ok(Held::Nation),
                Some(there) if demo != (Demo { ferdig: demo.ferdig, ..there }) => {
                    return Err(Failure::usage(
                        format!(
                            "the database holds another nation: --enheter {} --personer {} --fro {}",
                            there.enheter, there.personer, there.fro
                        ),
                        "ask for that one, or use another database",
                    ));
                }
                Some(_) if self.claim.take().await => {
                    return Err(Failure::failed(
                        "the database holds a nation that was cut off while it was made",
                        "empty it (DROP SCHEMA grunndata CASCADE), then run demo again",
                    ));
                }
                None if head == Seq(0) && self.claim.take().await => return Ok(Held::Nothing),
                // The lease of the one who fills it is the first that is written.
                None if head > Seq(1) => {
                    return Err(Failure::usage(
                        "the database holds data that no demo made",
                        "serve it with `grunndata serve`, or use another database",
                    ));
                }
                Some(_) | None => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }

    /// Notes which nation the database holds, whole or not yet.
    pub(crate) async fn note(&self, demo: Demo, ferdig: bool) -> Result<(), Failure> {
        let value = serde_json::to_vec(&Demo { ferdig, ..demo }).map_err(|error| unreadable(&error))?;
        let step = Step::Record { space: SPACE, key: Vec::new(), value: Some(value), guard: Guard::Any };
        let change = Change { at: self.claim.clock.now(), steps: vec![step] };
        self.journal.append(change).await.map(drop).map_err(|error| store_failed(&error))
    }

    async fn read(&self) -> Result<Option<Demo>, Failure> {
        let record = self.journal.record(SPACE, b"").await.map_err(|error| store_failed(&error))?;
        record
            .map(|record| serde_json::from_slice(&record.value))
            .transpose()
            .map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &serde_json::Error) -> Failure {
    Failure::failed(
        format!("what the database says of its demo cannot be read: {error}"),
        "use another database",
    )
}

fn read(path: &Path) -> io::Result<Option<Demo>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Written aside, flushed and renamed: after a crash there is the old one or the new one.
fn write(path: &Path, demo: Demo) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut text = serde_json::to_vec(&demo)?;
    text.push(b'\n');
    fs::write(&aside, text)?;
    fs::File::open(&aside)?.sync_all()?;
    fs::rename(&aside, path)
}

/// Takes away the store and what is derived from it. The marker goes last: cut off here, this is done again.
fn clear(dir: &DataDir) -> io::Result<()> {
    let store = dir.store();
    for tail in ["", "-wal", "-shm"] {
        let mut file = store.clone().into_os_string();
        file.push(tail);
        absent_is_fine(fs::remove_file(file))?;
    }
    absent_is_fine(fs::remove_dir_all(dir.register("enhetsregisteret")))?;
    absent_is_fine(fs::remove_dir_all(dir.register("folkeregisteret")))?;
    absent_is_fine(fs::remove_dir_all(dir.demo_clients()))?;
    absent_is_fine(fs::remove_file(dir.demo_marker()))
}

fn absent_is_fine(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn unusable(dir: &DataDir, error: &io::Error) -> Failure {
    Failure::failed(
        format!("{} cannot be used: {error}", dir.demo_marker().display()),
        "check rights and disk space with `grunndata doctor`, or choose another directory with --data DIR",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Settings, check};

    fn directory(path: &Path) -> DataDir {
        let mut settings = Settings::defaults().unwrap();
        settings.lay_flag("data", path.to_str().unwrap(), "--data".to_owned()).unwrap();
        DataDir::of(&check(&settings).unwrap())
    }

    #[test]
    fn whole_half_and_foreign() {
        let place = tempfile::tempdir().unwrap();
        let dir = directory(&place.path().join("data"));
        let demo = Demo { fro: 1, enheter: 1000, personer: 2000, ferdig: false };
        assert_eq!(demo.look(&dir), Ok(Held::Nothing));

        demo.note(&dir, false).unwrap();
        fs::write(dir.store(), b"half").unwrap();
        assert_eq!(demo.look(&dir), Ok(Held::Nothing));
        assert!(!dir.store().exists() && !dir.demo_marker().exists(), "the half one is gone");

        demo.note(&dir, true).unwrap();
        fs::write(dir.store(), b"whole").unwrap();
        assert_eq!(demo.look(&dir), Ok(Held::Nation));
        assert_eq!(
            Demo::wanted(&dir, None, None, None),
            Ok(demo),
            "what is there, when nothing else is asked for"
        );
        assert_eq!(
            Demo::wanted(&dir, Some(5), None, Some(2)),
            Ok(Demo { fro: 2, ..demo }),
            "at least the smallest"
        );
        let other = Demo { fro: 2, ..demo }.look(&dir).unwrap_err();
        assert!(
            other.message.ends_with("another nation: --enheter 1000 --personer 2000 --fro 1"),
            "{}",
            other.message
        );

        fs::remove_file(dir.demo_marker()).unwrap();
        assert!(demo.look(&dir).unwrap_err().message.contains("no demo made"));
        assert!(dir.store().exists(), "foreign data is left alone");
    }
}
