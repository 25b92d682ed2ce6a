//! What is entered of somebody who comes to the register: status, name, birth, sex, and how well the identity is checked.

use folkeregisteret::modell::{
    Aarstall, Foedsel, Folkeregisterpersonstatus, Identitetsgrunnlag, Identitetsgrunnlagstatus, Kjoenn,
    Personkjoenn, Personstatus,
};
use tid::Date;

use super::felles::{Navn, alfa3, tekst};
use crate::sak::{Gang, P, Utkast, gjeldende};

/// A person's status.
pub(super) fn status(gang: &mut Gang<'_, '_>, p: P, status: Personstatus) {
    let ny = Folkeregisterpersonstatus { meta: gang.u.meta(), status };
    gang.u.registrer(p, ny, |_| true);
}

/// Name, and sex if it is known.
pub(super) fn navn_og_kjoenn(gang: &mut Gang<'_, '_>, p: P, navn: &Navn, kjoenn: Option<Kjoenn>) {
    let ny = navn.innslag(&gang.u);
    gang.u.registrer(p, ny, |_| true);
    if let Some(kjoenn) = kjoenn {
        let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
        gang.u.registrer(p, ny, |_| true);
    }
}

/// When and where somebody was born abroad, as far as it is known.
pub(super) struct Foedt<'m> {
    pub dato: Option<Date>,
    pub aar: Date,
    pub land: Option<&'m String>,
    pub sted: Option<&'m String>,
}

impl Foedt<'_> {
    /// Enters it.
    pub fn registrer(&self, gang: &mut Gang<'_, '_>, p: P) {
        let ny = Foedsel {
            meta: gang.u.meta(),
            foedselsdato: self.dato,
            foedselsaar: Aarstall::av(self.aar),
            foedested: tekst(self.sted),
            foedekommune_i_norge: None,
            foedeland: self.land.map(|land| alfa3(land)),
        };
        gang.u.registrer(p, ny, |_| true);
    }
}

/// How well the identity is checked, unless that is what the register says. Tells whether it was not.
pub(crate) fn grunnlag(
    u: &mut Utkast<'_, '_>,
    p: P,
    identitetsgrunnlagstatus: Identitetsgrunnlagstatus,
) -> bool {
    let naa = gjeldende(&u.dok(p).identitetsgrunnlag).map(|g| g.identitetsgrunnlagstatus);
    // Biometrics outrank documents (section 9.4).
    if naa == Some(identitetsgrunnlagstatus) || naa == Some(Identitetsgrunnlagstatus::Unik) {
        return false;
    }
    let ny = Identitetsgrunnlag { meta: u.meta(), identitetsgrunnlagstatus };
    u.registrer(p, ny, |_| true);
    true
}
