//! What is entered at a desk without a message: the choice of a child's name, and the control of somebody's identity
//! (producer sheet, sections 9.3 and 9.4).

use folkeregisteret::modell::{
    Entitet, Folkeregisterpersonnavn, Folkeregisterpersonstatus, Hendelsestype, Identitetsgrunnlagstatus,
    Personstatus,
};
use identifikator::Personidentifikator;
use serde::{Deserialize, Serialize};
use tid::Date;

use crate::kommando::Avslag;
use crate::regler::{Navn, grunnlag};
use crate::sak::{P, Utkast, gjeldende};
use crate::{Feil, Produsent};

/// How the names end that children have until there is a choice (section 6.3).
const MIDLERTIDIG: [&str; 2] = ["*PIKE", "*GUTT"];

/// A name that parents have chosen.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Navnevalg {
    /// First name.
    pub fornavn: String,
    /// Middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mellomnavn: Option<String>,
    /// Last name.
    pub etternavn: String,
}

impl std::fmt::Debug for Navnevalg {
    /// Without the name: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Navnevalg(..)")
    }
}

impl Produsent {
    /// Gives a child the name that its parents have chosen: the one that it had for the time being goes without a trace.
    ///
    /// # Errors
    /// [`Avslag`] for somebody who has a name, and for a name that is none.
    pub async fn velg_navn(&self, nummer: Personidentifikator, valg: &Navnevalg) -> Result<(), Avslag> {
        let Navnevalg { fornavn, mellomnavn, etternavn } = valg.clone();
        let navn = Navn { fornavn, mellomnavn, etternavn };
        let deler = [Some(&navn.fornavn), navn.mellomnavn.as_ref(), Some(&navn.etternavn)];
        if !navn.passer() || deler.into_iter().flatten().any(|del| del.trim().is_empty()) {
            return Err(Avslag::Umulig("navnet er ikke gyldig".to_owned()));
        }
        self.endre_person(nummer, "Første gangs navnevalg", |u, p| {
            let har = gjeldende(&u.dok(p).navn);
            if !har.is_some_and(|har| MIDLERTIDIG.iter().any(|slutt| har.fornavn.ends_with(slutt))) {
                return Err(Avslag::Umulig("personen har ikke et midlertidig navn".to_owned()));
            }
            u.annuller(p, |_: &Folkeregisterpersonnavn| true);
            let ny = navn.innslag(u);
            u.registrer(p, ny, |_| true);
            u.meld(p, Hendelsestype::EndringINavn);
            Ok(())
        })
        .await
    }

    /// Says how well somebody's identity is checked. Who had an inactive D-number and shows who they are has an active one
    /// again (section 8.2).
    ///
    /// # Errors
    /// [`Avslag`] when that is what the register says, when it has biometrics already, and for the dead.
    pub async fn kontroller_identitet(
        &self,
        nummer: Personidentifikator,
        status: Identitetsgrunnlagstatus,
    ) -> Result<(), Avslag> {
        self.endre_person(nummer, "ID-kontroll", |u, p| {
            if status == Identitetsgrunnlagstatus::Unik && foer_unik(u.i_dag()) {
                return Err(Avslag::Umulig("unik identitet kan ikke registreres ennå".to_owned()));
            }
            if matches!(u.status(p), Some(Personstatus::Doed | Personstatus::Opphoert)) {
                return Err(Avslag::Umulig("personen er død eller opphørt".to_owned()));
            }
            if !grunnlag(u, p, status) {
                return Err(Avslag::Umulig("identiteten er registrert slik eller bedre".to_owned()));
            }
            let kontrollert =
                matches!(status, Identitetsgrunnlagstatus::Kontrollert | Identitetsgrunnlagstatus::Unik);
            if kontrollert && u.status(p) == Some(Personstatus::Inaktiv) {
                let ny = Folkeregisterpersonstatus { meta: u.meta(), status: Personstatus::Midlertidig };
                u.registrer(p, ny, |_| true);
                u.meld_entitet(p, Entitet::Status, Hendelsestype::EndringIStatus);
            }
            u.meld(p, Hendelsestype::EndringIIdentitetsgrunnlag);
            Ok(())
        })
        .await
    }

    /// Changes a person as one change of its own.
    async fn endre_person(
        &self,
        nummer: Personidentifikator,
        aarsak: &'static str,
        gjoer: impl Fn(&mut Utkast<'_, '_>, P) -> Result<(), Avslag> + Send + Sync,
    ) -> Result<(), Avslag> {
        loop {
            let mut tur = self.register.skriver().tur().await.map_err(Feil::from)?;
            let now = self.register.naa();
            let mut u = Utkast::nytt(&mut tur, now, aarsak);
            "folkeregisteret".clone_into(&mut u.kilde);
            let p = u.hent(nummer.verdi()).await?.ok_or(Avslag::Ukjent("personen finnes ikke"))?;
            if u.nummer(p) != nummer {
                return Err(Avslag::Umulig("nummeret er opphørt".to_owned()));
            }
            gjoer(&mut u, p)?;
            for melding in &u.meldinger() {
                tur.meld(melding).await.map_err(Feil::from)?;
            }
            match tur.fullfoer(now, Vec::new()).await.map_err(Feil::from) {
                Err(feil) if feil.er_konflikt() => {}
                svar => return svar.map(|_| ()).map_err(Avslag::from),
            }
        }
    }
}

/// Biometrics lock identities to numbers from 1 February 2027 on (section 9.4).
fn foer_unik(dato: Date) -> bool {
    (dato.year(), dato.month()) < (2027, 2)
}
