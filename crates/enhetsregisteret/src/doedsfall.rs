//! What a death does to the roles of who died, and what is done when the death is annulled.
//!
//! Documents of roles know people by name and date of birth alone. So whoever tells of a death says whether there may be
//! others of that name born that day; then nobody's roles are ended, for they may be the others'. What a death ended is
//! kept under the number that the person is told by, so that an annulment gives back that and no more.

use std::collections::{BTreeMap, BTreeSet};

use identifikator::Organisasjonsnummer;
use journal::{AsOf, DocId, Guard, Space, Step};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tid::Date;

use crate::endring::{Datert, Kvittering, Melding, OPPDATERTE_ROLLER, ROLLER};
use crate::modell::rolle::{Personnavn, Rolleperson};
use crate::modell::rolleform;
use crate::utvidet::personindeks::Personsporring;
use crate::{Enhetsregister, Feil};

/// What deaths ended: the person's number and the unit's, to the roles.
const ENDTE: Space = Space("enhetsregisteret/doedsfall");
/// Units, records and events read at a time.
const BUNT: usize = 1000;

/// A person who died, or did not die after all.
#[derive(Clone)]
pub struct Person {
    /// What the person is known by where this is told from. No document has it.
    pub nummer: u64,
    /// Every name the person has or had.
    pub navn: Vec<Personnavn>,
    /// Date of birth.
    pub fodselsdato: Date,
    /// Nobody else can be meant by name and date of birth.
    pub entydig: bool,
}

impl std::fmt::Debug for Person {
    /// Without anything: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}

impl Person {
    /// Whether the person has or had this name, as roles are compared.
    pub fn heter(&self, navn: &Personnavn) -> bool {
        let som = Rolleperson { fodselsdato: self.fodselsdato, navn: navn.clone(), er_doed: false };
        self.leter().any(|leter| leter.er(&som))
    }

    fn leter(&self) -> impl Iterator<Item = Personsporring> {
        self.navn.iter().filter_map(|navn| Personsporring::en(navn, self.fodselsdato))
    }
}

/// Whether the person lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liv {
    /// The person is dead: roles end, and show it.
    Doed,
    /// A death is annulled: roles that it ended are held again.
    Levende,
}

/// A kind of role in a unit: codes of group and role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rolleslag(String, String);

/// One unit's roles under change.
struct Endring<'p> {
    leter: &'p [Personsporring],
    liv: Liv,
    i_dag: Date,
    entydig: bool,
    /// What the death ended.
    endte: Vec<Rolleslag>,
}

impl Enhetsregister {
    /// Takes in that a person is dead or not, and writes `med` in the same change. What is so already stays as it is.
    ///
    /// # Errors
    /// When the search is not built yet, or store or index fail; then nothing is written.
    pub async fn liv(&self, person: &Person, liv: Liv, med: &[Step]) -> Result<Kvittering, Feil> {
        loop {
            let tur = self.skriver().tur().await?;
            let now = self.naa();
            let (meldinger, mut steg) = self.virkning(person, liv, now.date_oslo()).await?;
            steg.extend_from_slice(med);
            if let Some(kvittering) = tur.skriv(now, meldinger, &steg).await? {
                return Ok(kvittering);
            }
        }
    }

    /// The roles as they are from now on, and what is to be kept of what ended.
    async fn virkning(
        &self,
        person: &Person,
        liv: Liv,
        i_dag: Date,
    ) -> Result<(Vec<Datert>, Vec<Step>), Feil> {
        let leter: Vec<Personsporring> = person.leter().collect();
        let mut endte = self.endte(person.nummer).await?;
        let mut ider: BTreeSet<DocId> = endte.keys().copied().collect();
        if person.entydig {
            ider.extend(self.kan_ha_roller(&leter).await?);
        }
        let ider: Vec<DocId> = ider.into_iter().collect();
        let (mut meldinger, mut steg) = (Vec::new(), Vec::new());
        for bunt in ider.chunks(BUNT) {
            let versjoner = self.journal().get_many(ROLLER, bunt, AsOf::Now).await?;
            for versjon in versjoner.into_iter().flatten().filter(|versjon| !versjon.removed) {
                let endte = endte.remove(&versjon.id).unwrap_or_default();
                let mut endring = Endring { leter: &leter, liv, i_dag, entydig: person.entydig, endte };
                if let Some((orgnr, roller)) = endring.gjoer(versjon.id, &versjon.body)? {
                    meldinger.push(Melding::Roller { orgnr, roller: Some(roller) }.into());
                    steg.push(endring.husk(noekkel(person.nummer, versjon.id))?);
                }
            }
        }
        Ok((meldinger, steg))
    }

    /// What the person's death ended, by unit.
    async fn endte(&self, nummer: u64) -> Result<BTreeMap<DocId, Vec<Rolleslag>>, Feil> {
        let (prefiks, mut etter, mut ut) = (nummer.to_be_bytes(), None::<Vec<u8>>, BTreeMap::new());
        loop {
            let bunt = self.journal().records(ENDTE, &prefiks, etter.as_deref(), BUNT).await?;
            for record in &bunt {
                if let Some(orgnr) = record.key.last_chunk::<8>() {
                    ut.insert(u64::from_be_bytes(*orgnr), serde_json::from_slice(&record.value)?);
                }
            }
            match bunt.last() {
                Some(siste) if bunt.len() == BUNT => etter = Some(siste.key.clone()),
                _ => return Ok(ut),
            }
        }
    }

    /// Units where somebody of these names may have a role now: those that the search has, and those whose roles have
    /// changed since.
    async fn kan_ha_roller(&self, leter: &[Personsporring]) -> Result<BTreeSet<DocId>, Feil> {
        // Read before it is asked: it knows this much at least.
        let indeksert = self.personindeks().index().position().unwrap_or(0);
        let mut ider = BTreeSet::new();
        for sporring in leter {
            let mut treff = self.personindeks().sok(sporring, BUNT).await?;
            if treff.total > BUNT as u64 {
                let alle = usize::try_from(treff.total).unwrap_or(usize::MAX);
                treff = self.personindeks().sok(sporring, alle).await?;
            }
            ider.extend(treff.ids);
        }
        let mut neste = indeksert + 1;
        loop {
            let bunt = self.journal().read(OPPDATERTE_ROLLER, neste, BUNT).await?;
            neste += bunt.len() as u64;
            ider.extend(bunt.iter().map(|hendelse| hendelse.subject));
            if bunt.len() < BUNT {
                return Ok(ider);
            }
        }
    }
}

impl Endring<'_> {
    /// The roles as they are from now on; `None` if nothing changes.
    fn gjoer(&mut self, id: DocId, roller: &[u8]) -> Result<Option<(Organisasjonsnummer, Vec<u8>)>, Feil> {
        let mut tre: Value = serde_json::from_slice(roller)?;
        let mut endret = false;
        for gruppe in liste(&mut tre, "rollegrupper") {
            let kode = kode(gruppe);
            let mut her = false;
            for rolle in liste(gruppe, "roller") {
                her |= self.rolle(&kode, rolle);
            }
            if her {
                gruppe["sistEndret"] = self.i_dag.to_string().into();
                endret = true;
            }
        }
        let Some(orgnr) = u32::try_from(id).ok().and_then(Organisasjonsnummer::fra_verdi).filter(|_| endret)
        else {
            return Ok(None);
        };
        Ok(Some(rolleform::kanoniser(tre.to_string().as_bytes(), Some(orgnr))?))
    }

    /// Tells whether the role changes.
    fn rolle(&mut self, gruppe: &str, rolle: &mut Value) -> bool {
        if !rolle.get("person").is_some_and(|person| self.gjelder(person)) {
            return false;
        }
        let slag = Rolleslag(gruppe.to_owned(), kode(rolle));
        let endt = self.endte.contains(&slag);
        match self.liv {
            Liv::Doed => {
                if rolle.get("fratraadt") != Some(&Value::Bool(true)) {
                    rolle["fratraadt"] = true.into();
                    self.endte.push(slag);
                }
            }
            Liv::Levende if endt => rolle["fratraadt"] = false.into(),
            // It showed the death without our doing.
            Liv::Levende if self.entydig => {}
            Liv::Levende => return false,
        }
        rolle["person"]["erDoed"] = (self.liv == Liv::Doed).into();
        true
    }

    /// Whether it is the person, shown otherwise than is so.
    fn gjelder(&self, person: &Value) -> bool {
        Rolleperson::deserialize(person).is_ok_and(|person| {
            person.er_doed != (self.liv == Liv::Doed) && self.leter.iter().any(|navn| navn.er(&person))
        })
    }

    /// Keeps what the death ended, or forgets it.
    fn husk(&self, key: Vec<u8>) -> Result<Step, Feil> {
        let value = match self.liv {
            Liv::Doed => Some(serde_json::to_vec(&self.endte)?),
            Liv::Levende => None,
        };
        Ok(Step::Record { space: ENDTE, key, value, guard: Guard::Any })
    }
}

fn noekkel(nummer: u64, orgnr: DocId) -> Vec<u8> {
    [nummer, orgnr].iter().flat_map(|del| del.to_be_bytes()).collect()
}

fn liste<'v>(tre: &'v mut Value, navn: &str) -> impl Iterator<Item = &'v mut Value> {
    tre.get_mut(navn).and_then(Value::as_array_mut).into_iter().flatten()
}

/// The code of a group's or a role's kind.
fn kode(tre: &Value) -> String {
    tre.pointer("/type/kode").and_then(Value::as_str).unwrap_or_default().to_owned()
}
