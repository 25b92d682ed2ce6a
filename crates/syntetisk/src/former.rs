//! The organisation forms: how common each is and how it behaves.
//!
//! Shares are of the live main units, per 100 000; AS and ENK from section 17 of the sheet (427 324 and
//! about 456 000 of 1 162 944), the others from Statistics Norway's tables, rounded. `KBO` has no share of its
//! own: an estate is opened by the bankruptcy of another unit. `STAT`, `FYLK` and `KOMM` have their fixed places,
//! and the companies and foreign units on fixed places (`faste`) are taken off the shares of AS and UTLA.

/// What units of one form have in common.
#[derive(Debug)]
pub(crate) struct Form {
    pub kode: &'static str,
    /// Of 100 000 live units.
    pub vekt: u32,
    /// Per mille in the VAT register.
    pub mva: u32,
    /// Per mille with a sub-unit.
    pub under: u32,
    /// Per mille of the sub-units with a registered number of employees.
    pub ansatte: u32,
    /// Per mille in Foretaksregisteret.
    pub foretak: u32,
    /// Per mille that file accounts.
    pub regnskap: u32,
    /// Sector codes with weights.
    pub sektorer: &'static [(&'static str, u32)],
}

type Andeler = (u32, u32, u32, u32, u32);

const fn form(
    kode: &'static str,
    vekt: u32,
    (mva, under, ansatte, foretak, regnskap): Andeler,
    sektorer: &'static [(&'static str, u32)],
) -> Form {
    Form { kode, vekt, mva, under, ansatte, foretak, regnskap, sektorer }
}

const PRIVATE_AS: &[(&str, u32)] =
    &[("2100", 960), ("4900", 14), ("1520", 12), ("1120", 6), ("3600", 4), ("4100", 2), ("5700", 2)];
const STAT: &[(&str, u32)] = &[("6100", 1)];
const KOMMUNE: &[(&str, u32)] = &[("6500", 1)];
const IDEELL: &[(&str, u32)] = &[("7000", 970), ("2500", 30)];
const PERSON: &[(&str, u32)] = &[("8200", 1)];
const PERSONLIG: &[(&str, u32)] = &[("2300", 1)];
const BOLIG: &[(&str, u32)] = &[("8300", 1)];
const UTLAND: &[(&str, u32)] = &[("9000", 1)];
const INGEN: &[(&str, u32)] = &[];

/// Every form that main units have, in code order.
#[rustfmt::skip]
pub(crate) const FORMER: &[Form] = &[
    //    kode   /100 000  mva under ansatte foretak regnskap
    form("ADOS",      80, (  0,  900,  800,    0,    0), STAT),
    form("ANNA",      40, (100,  200,  300,    0,    0), &[("7000", 1)]),
    form("ANS",      850, (550,  620,  150, 1000,  300), PERSONLIG),
    form("AS",     35100, (560,  810,  520, 1000,  960), PRIVATE_AS),
    form("ASA",       19, (900, 1000,  900, 1000,  990), &[("2100", 700), ("4900", 150), ("1120", 60), ("3200", 90)]),
    form("BA",         4, (400,  700,  400, 1000,  500), &[("2100", 1)]),
    form("BBL",        4, (900, 1000, 1000, 1000,  990), BOLIG),
    form("BO",       250, (  0,    0,    0,    0,    0), INGEN),
    form("BRL",     1250, ( 30,  250,  150, 1000,  990), BOLIG),
    form("DA",       800, (600,  750,  300, 1000,  200), PERSONLIG),
    form("ENK",    41000, (360,  610,   70,  220,    0), PERSON),
    form("EOFG",       1, (500,  500,  500, 1000,  500), PERSONLIG),
    form("ESEK",    3300, ( 20,  120,  100,  300,  100), BOLIG),
    form("FKF",        5, (500, 1000, 1000, 1000,  900), &[("1510", 600), ("6500", 400)]),
    form("FLI",     9600, ( 60,  330,  250,   10,   30), IDEELL),
    form("FYLK",       0, (1000, 1000, 1000,   0,    0), KOMMUNE),
    form("GFS",        2, (  0, 1000, 1000, 1000,  990), &[("5700", 1)]),
    form("IKJP",     300, (100,  200,  300,    0,    0), IDEELL),
    form("IKS",       20, (700, 1000, 1000, 1000,  950), &[("6500", 500), ("1510", 500)]),
    form("KBO",        0, (100,   50,  100,    0,    0), INGEN),
    form("KF",        14, (700, 1000, 1000, 1000,  900), &[("1510", 500), ("6500", 500)]),
    form("KIRK",     150, (200,  900,  800,    0,    0), KOMMUNE),
    form("KOMM",       0, (1000, 1000, 1000,   0,    0), KOMMUNE),
    form("KS",        90, (500,  200,   60, 1000,  950), &[("2100", 1)]),
    form("KTRF",     120, (100,  900,  800,    0,    0), PERSONLIG),
    form("NUF",     2700, (400,  750,  450,  800,  250), &[("2100", 950), ("4900", 50)]),
    form("OPMV",      20, (1000, 300,  200,    0,    0), &[("6500", 1)]),
    form("ORGL",     600, (250,  950,  900,    0,    0), &[("6500", 500), ("6100", 480), ("1110", 20)]),
    form("PERS",     350, (  0,   50,  200,    0,    0), &[("8500", 1)]),
    form("PK",         6, (  0,  300,  400,  900,  990), &[("5500", 1)]),
    form("PRE",      230, (700,  800,  400, 1000,  300), PERSONLIG),
    form("SA",       430, (500,  800,  450, 1000,  700), &[("2100", 600), ("2500", 300), ("7000", 100)]),
    form("SAM",     1300, (100,  150,   60,    0,    0), &[("2300", 700), ("8300", 300)]),
    form("SE",         1, (900, 1000,  900, 1000,  990), &[("2100", 1)]),
    form("SF",         6, (900, 1000, 1000, 1000,  990), &[("1120", 700), ("6100", 300)]),
    form("SPA",        8, (  0, 1000, 1000, 1000,  990), &[("3200", 1)]),
    form("STAT",       0, (500, 1000, 1000,    0,    0), STAT),
    form("STI",      560, (150,  400,  400,  200,  700), IDEELL),
    form("SÆR",       18, (500,  900,  900,  300,  500), &[("1120", 500), ("6100", 450), ("3900", 50)]),
    form("TVAM",      60, (1000, 100,   50,    0,    0), PERSON),
    form("UTBG",       0, (1000,   0,    0,    0,    0), INGEN),
    form("UTLA",     100, ( 30,   30,  300,    0,    0), UTLAND),
    form("VIFE",       0, (1000, 200,  100,    0,    0), PERSONLIG),
    form("VPFO",     130, (  0,    0,    0,    0,  900), &[("4300", 900), ("4500", 100)]),
];

/// The form with a code; the first of the table when there is none, which a test rules out.
pub(crate) fn form_med(kode: &str) -> &'static Form {
    FORMER.iter().find(|f| f.kode == kode).unwrap_or(&FORMER[0])
}
