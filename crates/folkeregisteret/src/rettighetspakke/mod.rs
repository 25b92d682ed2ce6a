//! What a consumer gets: rights packages, `part`, and the filter that everything passes through on its way out.
//!
//! The matrix entity × package stands in the table of [`Persondokument`](crate::modell::Persondokument), field ×
//! package beside each field; what depends on the value of an entity stands in `regler.rs`. [`Rettighetspakke::filtrer`]
//! applies all of it and yields an [`Utlevering`], the only thing that can be written to an answer.
//!
//! # Where the sheet leaves it open
//!
//! The more protective reading is taken, everywhere:
//!
//! 1. `adressebeskyttelse` goes to omh only, `foedselINorge` too (sections 3.4, 18).
//! 2. An address graded otherwise than `ugradert` goes to omh only; one graded `strengtFortrolig` to nobody, and of a
//!    person who is strengt fortrolig nobody gets any address but open postal ones (`postadresse`, `ugradert`), nor any
//!    move in or out, past ones included: such data shall not be there (section 3.5).
//! 3. The person's protection counts for each address, so that a home of a protected person stays inside omh even if its
//!    own grading was forgotten, and past addresses too. Only a `postadresse` that is `ugradert` is open by its own word.
//! 4. Outside omh, past addresses come without dates (section 3.4, rule 8; 3.5 on the order of addresses). A past shared
//!    home cannot be without and does not come.
//! 5. Outside omh, past moves do not come at all: they are not among what `historikk` gives (section 6), so that their
//!    dates (rule 5) need not be withheld one by one. For a protected person, current moves lose country, place and dates
//!    outside the public packages.
//! 6. A status shown as `aktiv` comes without source and cause, which would tell the true one; addresses and moves of a
//!    protected person outside omh likewise, which would tell that there is protection.
//! 7. An entry that does not say that it is current (`erGjeldende`) is past. Past entries of an entity without history go
//!    to nobody, falskIdentitet and doedsfall included.
//! 8. `preferertKontaktadresse` and `fratattRettsligHandleevne` go to nobody, not even out of old documents.
//! 9. fin and eid count as without right to confidential statuses. Spouses go to omh and fin; numbers of guardians too;
//!    what a guardianship covers, to omh.
//! 10. brsv gets what every package gets, and `oppholdPaaSvalbard` (with the places of protected persons taken out). What
//!     is marked as for some packages only, it does not get.
//! 11. On feeds, keys of documents are for omh, times for the packages that see events as they are, and the two packages
//!     without number see no number. A change of protection is told by its name in omh only; elsewhere it is some change
//!     that makes one fetch the person again (`personErOppdatert`, or the `endringIPerson` that private and press see for
//!     all). Changes of birth in Norway follow the entity, to omh only.
//! 12. A contact of an estate whose number the package does not get, and of whom nothing else is known, does not come.
//! 13. Protection as it is now counts for documents as they were then ([`Rettighetspakke::filtrer_arkivert`]).

mod deler;
mod pakke;
mod regler;
mod tjenester;
mod utlevering;

pub use deler::{Deler, UkjentPart};
pub(crate) use deler::{Entiteter, Part, Utvalg};
pub(crate) use pakke::{
    ALLE, BRSV, EID, FIN, INGEN, MED_NUMMER, OFFENTLIGE, OMH, OUH, PRESSE_OG_HJEMMEL, PRIVATE_OG_PRESSE, PUH,
    UTEN_NUMMER,
};
pub use pakke::{Pakker, Rettighetspakke};
pub use regler::Vern;
pub(crate) use regler::{Innslagsliste, Regel, Sil, Syn, json_uten_gjeldende};
pub use tjenester::Tjeneste;
pub use utlevering::{Feedutlevering, Hendelsesutlevering, Utlevering};
