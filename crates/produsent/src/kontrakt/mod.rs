//! The contracts: what a message may consist of.
//!
//! A contract is a text in `kontrakter/`, in the notation of the producer sheet: an element a line, indented below what it
//! stands in, with how many there may be and of which type. From that one text follow the strict reading of messages
//! ([`Kontrakt::valider`]), our schemas ([`Kontrakt::xsd`]), and the form in which a message is stored: JSON with the
//! contract's names, lists where there may be several.
//!
//! - `name 1 : Type`, `name 0..1 : a | b`, `name 1..n` with children: an element, which has a type or children;
//!   `nillable` may stand last;
//! - `<en av>`, perhaps with `0..1`: one of those below; `<rekke>` below it: several together;
//! - a name at the margin: the root element if it is the first, otherwise a type. Types that the file lacks stand in
//!   `felles.txt`; `sett A B` says which simple type a common type's `A` is here.

mod enkle;
mod notasjon;
mod valider;
mod xsd;

pub use enkle::Enkel;
pub use notasjon::UgyldigKontrakt;

/// A contract.
#[derive(Debug)]
pub struct Kontrakt {
    /// The namespace of all its elements.
    pub navnerom: &'static str,
    /// The root element.
    pub rot: Element,
}

/// An element.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its name.
    pub navn: &'static str,
    /// How many there must be.
    pub min: usize,
    /// How many there may be; `None` for any number.
    pub maks: Option<usize>,
    /// Whether it may be there and be nothing.
    pub nillbar: bool,
    /// What stands in it.
    pub innhold: Innhold,
}

/// What stands in an element.
#[derive(Debug, Clone)]
pub enum Innhold {
    /// A text of a simple type.
    Enkel(&'static Enkel),
    /// One of these words.
    Koder(Vec<&'static str>),
    /// Elements, in this order.
    Felter(Vec<Ledd>),
    /// Anything at all.
    Hvasomhelst,
    /// A digital signature. It is kept with the message, and is no part of the stored form.
    Signatur,
}

/// One place in a sequence.
#[derive(Debug, Clone)]
pub enum Ledd {
    /// An element.
    Element(Element),
    /// One of some sequences.
    EnAv {
        /// Whether there must be one.
        maa: bool,
        /// Which.
        valg: Vec<Vec<Ledd>>,
    },
}

/// The namespace of digital signatures.
pub const NAVNEROM_SIGNATUR: &str = "http://www.w3.org/2000/09/xmldsig#";

impl Kontrakt {
    /// Reads a contract.
    ///
    /// # Errors
    /// [`UgyldigKontrakt`] with the line that cannot be understood.
    pub fn les(tekst: &'static str) -> Result<Self, UgyldigKontrakt> {
        notasjon::les(tekst, include_str!("../../kontrakter/felles.txt"))
    }
}

impl Ledd {
    /// Whether an element of this name can begin it.
    fn begynner(&self, navn: &str) -> bool {
        match self {
            Self::Element(element) => element.navn == navn,
            Self::EnAv { valg, .. } => valg.iter().any(|rekke| rekke_begynner(rekke, navn)),
        }
    }

    /// Whether it may be left out.
    fn kan_mangle(&self) -> bool {
        match self {
            Self::Element(element) => element.min == 0,
            Self::EnAv { maa, valg } => !maa || valg.iter().any(|rekke| rekke.iter().all(Self::kan_mangle)),
        }
    }
}

/// Whether an element of this name can begin a sequence.
fn rekke_begynner(rekke: &[Ledd], navn: &str) -> bool {
    for ledd in rekke {
        if ledd.begynner(navn) {
            return true;
        }
        if !ledd.kan_mangle() {
            return false;
        }
    }
    false
}
