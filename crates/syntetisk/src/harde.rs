//! The guaranteed cases: one unit for each documented state, on the first slots of every nation.
//!
//! Read it as a table: what the unit shows, its form, what is demanded of it. The row's place is the unit's
//! slot. Whatever a row does not demand is left to chance as for any other unit.

use crate::roller::Gruppe;

/// What a row demands of its unit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Krav {
    /// Deleted.
    Slettet,
    /// Removed from disclosure (410).
    Fjernet,
    /// First deleted, later removed.
    SlettetSaaFjernet,
    /// Registered in the last years, so that the feed has it as new.
    Ny,
    /// So many employees; 0 is a registered 0.
    Ansatte(u32),
    /// No number of employees registered.
    UtenTall,
    /// Exactly these industry codes.
    Naering(&'static [&'static str]),
    /// A helper unit with this code.
    Hjelpeenhet(&'static str),
    /// Written-language form.
    Maalform(&'static str),
    /// Institutional sector.
    Sektor(&'static str),
    /// In the VAT register on these voluntary grounds.
    FrivilligMva(&'static [&'static str]),
    /// In the VAT register, or not.
    Mva(bool),
    /// The web address as registered.
    Hjemmeside(&'static str),
    /// Bankrupt, with or without its date.
    Konkurs { dato: bool },
    /// Being wound up, with or without its date.
    Avvikling { dato: bool },
    /// Under compulsory liquidation or dissolution: which of the five dates, if any.
    Tvang(Option<u8>),
    /// Under reconstruction.
    Rekonstruksjon,
    /// Under insolvency proceedings abroad.
    UtenlandskInsolvens,
    /// A remark of this kind.
    Paategning(&'static str),
    /// Capital: amount with decimals, number of shares, type, currency.
    Kapital(&'static str, Option<&'static str>, &'static str, &'static str),
    /// Business address in this municipality.
    Kommune(&'static str),
    /// Business address abroad.
    AdresseUtland,
    /// Postal address in another municipality than the business address.
    PostAnnenKommune,
    /// Postal address abroad.
    PostUtland,
    /// Without business address.
    UtenAdresse,
    /// Opted out of audit.
    Fravalg,
    /// Part of a group.
    Konsern,
    /// So many changes of name.
    Navnebytter(u8),
    /// Every kind of change at least once.
    AltEndres,
    /// In Partiregisteret.
    Parti,
    /// In Frivillighetsregisteret.
    Frivillighet,
    /// So many sub-units.
    Under(u8),
    /// The last sub-unit is deleted.
    UnderSlettet,
    /// The last sub-unit is removed.
    UnderFjernet,
    /// The last sub-unit has closed and is not yet deleted.
    UnderNedlagt,
    /// The first sub-unit changed owner.
    UnderEierskifte,
    /// The parent in the public hierarchy: the row with this text.
    Overordnet(&'static str),
    /// Has this group of roles.
    Gruppe(Gruppe),
    /// A board member elected by these.
    ValgtAv(&'static str),
    /// Someone in this group has resigned.
    Fratraadt(Gruppe),
    /// The holder in this group is de-registered.
    Avregistrert(Gruppe),
    /// Someone in this group is dead.
    Doed(Gruppe),
    /// The partners' shares.
    Andeler(&'static [&'static str]),
    /// So many members, deputies and observers on the board.
    Styre { medlemmer: u8, vara: u8, observatoerer: u8, nestleder: bool },
    /// Registered on a property with a leasehold number.
    Festenummer,
}

/// One guaranteed case.
#[derive(Debug)]
pub(crate) struct Tilfelle {
    /// What it shows; other rows refer to it by this text.
    pub hva: &'static str,
    /// Its form.
    pub form: &'static str,
    /// What is demanded.
    pub krav: &'static [Krav],
}

const fn t(hva: &'static str, form: &'static str, krav: &'static [Krav]) -> Tilfelle {
    Tilfelle { hva, form, krav }
}

use Krav::{
    AdresseUtland, AltEndres, Andeler, Ansatte, Avregistrert, Avvikling, Doed, Festenummer, Fjernet,
    Fratraadt, Fravalg, FrivilligMva, Frivillighet, Gruppe as G, Hjelpeenhet, Hjemmeside, Kapital, Kommune,
    Konkurs, Konsern, Maalform, Mva, Naering, Navnebytter, Ny, Overordnet, Paategning, Parti,
    PostAnnenKommune, PostUtland, Rekonstruksjon, Sektor, Slettet, SlettetSaaFjernet, Styre, Tvang, Under,
    UnderEierskifte, UnderFjernet, UnderNedlagt, UnderSlettet, UtenAdresse, UtenTall, UtenlandskInsolvens,
    ValgtAv,
};

/// Renting out premises, the usual ground of voluntary VAT registration (sheet section 1).
pub(crate) const UTLEIER: &str = "Utleier av bygg eller anlegg";
/// Letting farm land, the other ground (sheet section 1).
pub(crate) const BORTFORPAKTER: &str = "Bortforpakter av landbrukseiendom";

/// The register's kinds of remarks (sheet section 1).
pub(crate) const INFOTYPER: [&str; 7] = ["FADR", "NAVN", "KONT", "DAGL", "FFØR", "REPR", "SAM"];

/// The table.
#[rustfmt::skip]
pub(crate) const HARDE: &[Tilfelle] = &[
    // --- lives ---
    t("every kind of change",              "AS",   &[AltEndres, Navnebytter(2), Under(3), Ansatte(40), Konsern, Mva(true)]),
    t("every kind of change, sole trader", "ENK",  &[AltEndres, Navnebytter(1), Under(1), Mva(true)]),
    t("every kind of change, association", "FLI",  &[AltEndres, Navnebytter(1)]),
    t("new in the feed",                   "AS",   &[Ny, Under(1)]),
    t("new sole trader",                   "ENK",  &[Ny, Under(1)]),
    t("deleted company",                   "AS",   &[Slettet, Under(1)]),
    t("deleted, with earlier names",       "AS",   &[Slettet, Navnebytter(2), Under(2)]),
    t("new, then deleted",                 "ENK",  &[Ny, Slettet, Under(1)]),
    t("removed company",                   "AS",   &[Fjernet, Under(1)]),
    t("removed association",               "FLI",  &[Fjernet]),
    t("deleted, then removed",             "ENK",  &[SlettetSaaFjernet]),
    t("sub-unit deleted, parent lives",    "AS",   &[Under(2), UnderSlettet, Ansatte(7)]),
    t("sub-unit removed, parent lives",    "AS",   &[Under(2), UnderFjernet, Ansatte(6)]),
    t("sub-unit closed, not yet deleted",  "AS",   &[Under(2), UnderNedlagt, Ansatte(5)]),
    t("sub-unit with new owner",           "AS",   &[Under(1), UnderEierskifte, Ansatte(9)]),
    t("many sub-units",                    "AS",   &[Under(25), Ansatte(260)]),
    t("non-trading sub-unit",              "FLI",  &[Under(1), Ansatte(3)]),
    // --- employees ---
    t("registered 0 employees",            "AS",   &[Under(1), Ansatte(0)]),
    t("1 employee",                        "AS",   &[Under(1), Ansatte(1)]),
    t("4 employees",                       "AS",   &[Under(1), Ansatte(4)]),
    t("5 employees",                       "AS",   &[Under(1), Ansatte(5)]),
    t("12 employees",                      "AS",   &[Under(1), Ansatte(12)]),
    t("thousands of employees",            "ASA",  &[Under(30), Ansatte(14_500), Konsern, ValgtAv("AREP"), Styre { medlemmer: 7, vara: 3, observatoerer: 1, nestleder: true }]),
    t("no number of employees",            "AS",   &[Under(1), UtenTall]),
    // --- industry codes ---
    t("two industry codes",                "AS",   &[Naering(&["43.320", "43.341"])]),
    t("three codes and a helper code",     "AS",   &[Naering(&["46.900", "47.919", "52.291"]), Hjelpeenhet("70.100")]),
    t("another helper code",               "AS",   &[Naering(&["46.900"]), Hjelpeenhet("62.030")]),
    t("no industry code",                  "AS",   &[Naering(&[])]),
    t("industry not stated",               "FLI",  &[Naering(&["00.000"])]),
    // --- VAT ---
    t("lets premises, VAT",                "AS",   &[FrivilligMva(&[UTLEIER])]),
    t("lets farm land, VAT",               "ENK",  &[FrivilligMva(&[BORTFORPAKTER])]),
    t("lets both, VAT",                    "AS",   &[FrivilligMva(&[UTLEIER, BORTFORPAKTER])]),
    t("outside VAT",                       "AS",   &[Mva(false)]),
    // --- names, web addresses, language ---
    t("five changes of name",              "AS",   &[Navnebytter(5)]),
    t("nynorsk",                           "AS",   &[Maalform("Nynorsk"), Kommune("4640")]),
    t("bokmål",                            "AS",   &[Maalform("Bokmål")]),
    t("web address with scheme",           "AS",   &[Hjemmeside("https://www.hengekoye.example/om-oss")]),
    t("web address in capitals",           "AS",   &[Hjemmeside("WWW.PAPIRFLY.EXAMPLE")]),
    t("web address that is garbage",       "ENK",  &[Hjemmeside("ingen pr. i dag")]),
    t("web address with norwegian letters","AS",   &[Hjemmeside("www.blåbærsyltetøy.example")]),
    t("web address bare",                  "FLI",  &[Hjemmeside("tåkelur.example")]),
    // --- crises ---
    t("bankrupt",                          "AS",   &[Konkurs { dato: true }, Under(1)]),
    t("estate of the company above",       "KBO",  &[]),
    t("bankrupt, date not known",          "AS",   &[Konkurs { dato: false }]),
    t("estate without date",               "KBO",  &[]),
    t("bankrupt sole trader",              "ENK",  &[Konkurs { dato: true }]),
    t("estate of a person",                "KBO",  &[]),
    t("bankrupt, then deleted",            "AS",   &[Konkurs { dato: true }, Slettet]),
    t("estate wound up and deleted",       "KBO",  &[]),
    t("being wound up",                    "AS",   &[Avvikling { dato: true }]),
    t("being wound up, no date",           "AS",   &[Avvikling { dato: false }]),
    t("compulsory: not deleted in time",   "AS",   &[Tvang(Some(0))]),
    t("compulsory: managing director",     "AS",   &[Tvang(Some(1))]),
    t("compulsory: auditor",               "AS",   &[Tvang(Some(2))]),
    t("compulsory: accounts",              "AS",   &[Tvang(Some(3))]),
    t("compulsory: board",                 "AS",   &[Tvang(Some(4))]),
    t("compulsory, no date",               "AS",   &[Tvang(None)]),
    t("under reconstruction",              "AS",   &[Rekonstruksjon]),
    t("insolvency abroad",                 "NUF",  &[UtenlandskInsolvens]),
    // --- remarks ---
    t("remark on the business address",    "AS",   &[Paategning("FADR")]),
    t("remark on the name",                "ENK",  &[Paategning("NAVN")]),
    t("remark on the contact",             "FLI",  &[Paategning("KONT")]),
    t("remark on the managing director",   "AS",   &[Paategning("DAGL")]),
    t("remark on the business manager",    "BRL",  &[Paategning("FFØR")]),
    t("remark on the representative",      "NUF",  &[Paategning("REPR")]),
    t("remark on the co-owners",           "SAM",  &[Paategning("SAM")]),
    t("two remarks",                       "AS",   &[Paategning("FADR"), Paategning("DAGL")]),
    // --- capital ---
    t("least share capital",               "AS",   &[Kapital("30000.00", Some("300"), "Aksjekapital", "NOK")]),
    t("more shares than 32 bits",          "ASA",  &[Kapital("1234567890.50", Some("12345678905"), "Aksjekapital", "NOK")]),
    t("capital in euro",                   "AS",   &[Kapital("250000.00", Some("1000"), "Aksjekapital", "EUR")]),
    t("foundation capital",                "STI",  &[Kapital("100000.00", None, "Grunnkapital", "NOK")]),
    t("other capital",                     "NUF",  &[Kapital("18000.00", None, "Kapital", "SEK")]),
    t("opted out of audit",                "AS",   &[Fravalg]),
    t("part of a group",                   "AS",   &[Konsern]),
    // --- addresses ---
    t("business address abroad",           "NUF",  &[AdresseUtland]),
    t("postal address abroad",             "AS",   &[PostUtland]),
    t("postal address elsewhere",          "AS",   &[PostAnnenKommune]),
    t("no business address",               "FLI",  &[UtenAdresse]),
    t("on Svalbard",                       "AS",   &[Kommune("2100")]),
    t("letters beyond a to z",             "ENK",  &[Kommune("5605")]),
    // --- roles ---
    t("a full board",                      "AS",   &[Styre { medlemmer: 4, vara: 2, observatoerer: 1, nestleder: true }, ValgtAv("AREP"), Ansatte(60), Under(1)]),
    t("elected by the A shares",           "AS",   &[Styre { medlemmer: 3, vara: 1, observatoerer: 0, nestleder: false }, ValgtAv("A-AK")]),
    t("elected by the B shares",           "AS",   &[Styre { medlemmer: 3, vara: 1, observatoerer: 0, nestleder: false }, ValgtAv("B-AK")]),
    t("elected by the C shares",           "AS",   &[Styre { medlemmer: 3, vara: 1, observatoerer: 0, nestleder: false }, ValgtAv("C-AK")]),
    t("a director who has resigned",       "AS",   &[Fratraadt(Gruppe::Dagl), G(Gruppe::Dagl)]),
    t("a dead board member",               "AS",   &[Doed(Gruppe::Styr)]),
    t("a dead sole trader",                "ENK",  &[Doed(Gruppe::Innh)]),
    t("auditor and accountant are units",  "AS",   &[G(Gruppe::Revi), G(Gruppe::Regn)]),
    t("auditor de-registered",             "AS",   &[G(Gruppe::Revi), Avregistrert(Gruppe::Revi)]),
    t("accountant de-registered",          "ENK",  &[G(Gruppe::Regn), Avregistrert(Gruppe::Regn)]),
    t("contact person",                    "AS",   &[G(Gruppe::Kont)]),
    t("sole trader in shared offices",     "ENK",  &[G(Gruppe::Ktrf)]),
    t("sole trader with manager",          "ENK",  &[G(Gruppe::Dagl)]),
    t("business manager",                  "BRL",  &[G(Gruppe::Ffor), Festenummer]),
    t("condominium",                       "ESEK", &[G(Gruppe::Ffor), Festenummer]),
    t("partners by per cent",              "DA",   &[Andeler(&["50%", "50%"])]),
    t("partners by fractions",             "DA",   &[Andeler(&["1/3", "1/3", "1/3"])]),
    t("partners by odd shares",            "DA",   &[Andeler(&["33,34%", "33,33%", "33,33%"])]),
    t("partners with full liability",      "ANS",  &[]),
    t("limited partnership",               "KS",   &[]),
    t("shipping partnership",              "PRE",  &[]),
    t("branch of a foreign company",       "NUF",  &[G(Gruppe::Hfor), G(Gruppe::Repr)]),
    // --- the public sector ---
    t("the state",                         "STAT", &[]),
    t("a ministry",                        "ORGL", &[Overordnet("the state"), Sektor("6100"), Naering(&["84.110"])]),
    t("an agency",                         "ORGL", &[Overordnet("a ministry"), Sektor("6100"), Naering(&["84.130"])]),
    t("a deleted agency",                  "ORGL", &[Overordnet("a ministry"), Sektor("6100"), Naering(&["84.130"]), Slettet]),
    t("office of the deleted agency",      "ORGL", &[Overordnet("a deleted agency"), Sektor("6100"), Naering(&["84.130"])]),
    t("administrative unit of the state",  "ADOS", &[Overordnet("a ministry")]),
    t("regional health enterprise",        "SF",   &[Overordnet("a ministry"), Naering(&["86.101"])]),
    t("a hospital of its",                 "SF",   &[Naering(&["86.101"]), G(Gruppe::Hlse)]),
    t("a county",                          "FYLK", &[Kommune("5605")]),
    t("a municipality",                    "KOMM", &[]),
    t("a school",                          "ORGL", &[Overordnet("a municipality"), Sektor("6500"), Naering(&["85.201"])]),
    t("county school",                     "ORGL", &[Overordnet("a county"), Sektor("6500"), Naering(&["85.310"])]),
    t("municipal enterprise",              "KF",   &[Overordnet("a municipality")]),
    t("county enterprise",                 "FKF",  &[Overordnet("a county")]),
    t("split-off VAT unit",                "OPMV", &[]),
    t("church council",                    "KIRK", &[]),
    t("parish",                            "KIRK", &[G(Gruppe::Kirk)]),
    t("shared offices",                    "KTRF", &[]),
    // --- the other forms ---
    t("company owned by the state",        "AS",   &[Sektor("1120")]),
    t("inter-municipal company",           "IKS",  &[]),
    t("political party",                   "FLI",  &[Parti, Naering(&["94.920"])]),
    t("voluntary organisation",            "FLI",  &[Frivillighet, Naering(&["93.120"])]),
    t("form ANNA",                         "ANNA", &[]),
    t("form BA",                           "BA",   &[]),
    t("form BBL",                          "BBL",  &[]),
    t("form BO",                           "BO",   &[]),
    t("form EOFG",                         "EOFG", &[]),
    t("form GFS",                          "GFS",  &[Sektor("5700")]),
    t("form IKJP",                         "IKJP", &[]),
    t("form PERS",                         "PERS", &[]),
    t("form PK",                           "PK",   &[Sektor("5500")]),
    t("form SA",                           "SA",   &[]),
    t("form SE",                           "SE",   &[]),
    t("form SPA",                          "SPA",  &[Sektor("3200")]),
    t("form SÆR",                          "SÆR",  &[]),
    t("form TVAM",                         "TVAM", &[]),
    t("form UTLA",                         "UTLA", &[Sektor("9000")]),
    t("form VPFO",                         "VPFO", &[Sektor("4300")]),
    t("form VIFE, no longer listed",       "VIFE", &[Slettet]),
    t("expired form UTBG, deleted",        "UTBG", &[Slettet]),
    // --- the sectors that are left ---
    t("sector 1110",                       "ORGL", &[Sektor("1110"), Overordnet("a ministry"), Naering(&["84.130"])]),
    t("sector 1510",                       "KF",   &[Sektor("1510"), Overordnet("a municipality")]),
    t("sector 1520",                       "AS",   &[Sektor("1520")]),
    t("sector 2100",                       "AS",   &[Sektor("2100")]),
    t("sector 2300",                       "ANS",  &[Sektor("2300")]),
    t("sector 2500",                       "SA",   &[Sektor("2500")]),
    t("sector 3100",                       "SÆR",  &[Sektor("3100"), Naering(&["64.110"])]),
    t("sector 3500",                       "AS",   &[Sektor("3500"), Naering(&["64.920"])]),
    t("sector 3600",                       "AS",   &[Sektor("3600"), Naering(&["64.910"])]),
    t("sector 3900",                       "SÆR",  &[Sektor("3900"), Naering(&["64.920"])]),
    t("sector 4100",                       "AS",   &[Sektor("4100"), Naering(&["64.201"])]),
    t("sector 4500",                       "VPFO", &[Sektor("4500")]),
    t("sector 4900",                       "AS",   &[Sektor("4900"), Naering(&["64.202"])]),
    t("sector 7000",                       "FLI",  &[Sektor("7000")]),
    t("sector 8200",                       "ENK",  &[Sektor("8200")]),
    t("sector 8300",                       "BRL",  &[Sektor("8300")]),
    t("sector 8500",                       "PERS", &[Sektor("8500")]),
];

const _: () =
    assert!(HARDE.len() <= crate::faste::GULV as usize, "the table must fit below the fixed places");

/// The case that stands on a slot.
pub(crate) fn tilfelle(slot: u32) -> Option<&'static Tilfelle> {
    HARDE.get(slot as usize)
}

/// The slot of the row with this text; the first when there is none, which a test rules out.
pub(crate) fn plass(hva: &str) -> u32 {
    HARDE.iter().position(|rad| rad.hva == hva).unwrap_or_default() as u32
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_are_unique_and_references_lead_somewhere() {
        let tekster: HashSet<_> = HARDE.iter().map(|rad| rad.hva).collect();
        assert_eq!(tekster.len(), HARDE.len());
        for rad in HARDE {
            for krav in rad.krav {
                if let Overordnet(hva) = krav {
                    assert!(tekster.contains(hva), "{hva}");
                }
            }
        }
        for (i, rad) in HARDE.iter().enumerate().filter(|(_, rad)| rad.form == "KBO") {
            let over = &HARDE[i - 1];
            assert!(over.krav.iter().any(|k| matches!(k, Konkurs { .. })), "{}", rad.hva);
        }
    }
}
