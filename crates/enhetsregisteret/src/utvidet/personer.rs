//! People as holders of roles in business activity ([`super::naering`] says why only there).

use std::collections::HashMap;

use journal::{AsOf, Version};
use serde::Serialize;
use sok::collation;
use tid::Date;

use super::naering::naeringsnavn;
use super::personindeks::Personsporring;
use crate::endring::{ENHETER, ROLLER};
use crate::modell::enhet::Kode;
use crate::modell::rolle::{Personnavn, Rolle, Roller};
use crate::{Enhetsregister, Feil};

/// So many units with somebody of the name are looked through; the answer says when there are more.
pub const MAKS_ENHETER: usize = 1000;

/// A role somebody has in a business.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Naeringsrolle {
    /// The unit's number.
    pub organisasjonsnummer: String,
    /// The unit's name.
    pub navn: String,
    /// The kind of role.
    #[serde(rename = "type")]
    pub type_: Kode,
    /// Resigned, but still listed.
    pub fratraadt: bool,
    /// Whether the role's holder is dead.
    pub er_doed: bool,
}

/// Everybody of one name, as registered, and one date of birth: nearly always, but not surely, one person.
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct Rolleinnehaver {
    /// The name.
    pub navn: Personnavn,
    /// Date of birth.
    #[schemars(with = "String")]
    pub fodselsdato: Date,
    /// The roles in business, by unit.
    pub roller: Vec<Naeringsrolle>,
}

impl std::fmt::Debug for Rolleinnehaver {
    /// Without name and date: they are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rolleinnehaver({} roller)", self.roller.len())
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Personer {
    /// The people, in Norwegian order of family name.
    pub personer: Vec<Rolleinnehaver>,
    /// There are more units with somebody of the name than were looked through.
    pub avkortet: bool,
}

impl Enhetsregister {
    /// People with roles in business. Units that are removed, deleted or not business at this moment are passed over.
    ///
    /// # Errors
    /// When the index is not built yet, or store or index fail.
    pub async fn personer(&self, sporring: &Personsporring) -> Result<Personer, Feil> {
        let treff = self.personindeks().sok(sporring, MAKS_ENHETER).await?;
        let roller = self.journal().get_many(ROLLER, &treff.ids, AsOf::Now).await?;
        // Read after the roles: what is removed or no longer business meanwhile counts.
        let enheter = self.journal().get_many(ENHETER, &treff.ids, AsOf::Now).await?;
        let mut funnet = Innsamling::default();
        for (roller, enhet) in roller.into_iter().zip(enheter) {
            if let (Some(roller), Some(enhet)) = (aapen(roller), aapen(enhet))
                && let Some(navn) = naeringsnavn(&enhet.body)?
            {
                funnet.ta(sporring, enhet.id, &navn, serde_json::from_slice(&roller.body)?);
            }
        }
        Ok(Personer { personer: funnet.ferdig(), avkortet: treff.total > treff.ids.len() as u64 })
    }
}

fn aapen(versjon: Option<Version>) -> Option<Version> {
    versjon.filter(|versjon| !versjon.removed)
}

type Nokkel = (String, Option<String>, String, Date);

#[derive(Default)]
struct Innsamling(HashMap<Nokkel, Rolleinnehaver>);

impl Innsamling {
    fn ta(&mut self, sporring: &Personsporring, id: u64, enhetsnavn: &str, roller: Roller) {
        for Rolle { type_, person, fratraadt, .. } in roller.rollegrupper.into_iter().flat_map(|g| g.roller) {
            let Some(person) = person.filter(|person| sporring.passer(person)) else { continue };
            let (navn, fodselsdato) = (person.navn, person.fodselsdato);
            let Personnavn { fornavn, mellomnavn, etternavn } = navn.clone();
            let innehaver = self.0.entry((etternavn, mellomnavn, fornavn, fodselsdato));
            let innehaver =
                innehaver.or_insert_with(|| Rolleinnehaver { navn, fodselsdato, roller: Vec::new() });
            innehaver.roller.push(Naeringsrolle {
                organisasjonsnummer: id.to_string(),
                navn: enhetsnavn.to_owned(),
                type_,
                fratraadt,
                er_doed: person.er_doed,
            });
        }
    }

    fn ferdig(self) -> Vec<Rolleinnehaver> {
        let mut ut: Vec<(Nokkel, Rolleinnehaver)> = self.0.into_iter().collect();
        ut.sort_by_cached_key(|((etternavn, mellomnavn, fornavn, dato), _)| {
            let norsk = [etternavn, fornavn].map(|del| collation::key(del));
            (norsk, mellomnavn.clone(), *dato, etternavn.clone(), fornavn.clone())
        });
        ut.into_iter().map(|(_, innehaver)| innehaver).collect()
    }
}
