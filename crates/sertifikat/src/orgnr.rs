//! The organisation number of a certificate (fact sheet of Maskinporten, sections 4.4 and 17.2 A40).

use identifikator::Organisasjonsnummer;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Tag, Tagged};
use x509_cert::name::Name;

/// Where SEID 2 and the European profile have it: `NTRNO-` and the number (ETSI EN 319 412-1).
const ORGANIZATION_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");
/// Where SEID 1 has it: the number alone.
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");

/// Why a certificate is no organisation's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoOrganisation {
    /// Neither attribute is there. What the common name says does not count.
    #[error("the subject has neither organizationIdentifier nor serialNumber")]
    Absent,
    /// An attribute is there more than once, so two readers could choose differently.
    #[error("the subject has an attribute for the organisation number more than once")]
    Repeated,
    /// The attribute does not hold a Norwegian organisation number in its documented form.
    #[error("the subject's organisation number is not in a documented form")]
    Form,
    /// The two attributes name different organisations.
    #[error("the subject names two organisations")]
    Conflict,
}

/// The number that a subject names.
pub(crate) fn of(subject: &Name) -> Result<Organisasjonsnummer, NoOrganisation> {
    let identifier = only(subject, ORGANIZATION_IDENTIFIER)?;
    let serial = only(subject, SERIAL_NUMBER)?;
    let number = |text: &str| Organisasjonsnummer::parse_strengt(text).map_err(|_| NoOrganisation::Form);
    match (identifier, serial) {
        (None, None) => Err(NoOrganisation::Absent),
        (None, Some(serial)) => number(serial),
        (Some(identifier), serial) => {
            let orgnr = number(identifier.strip_prefix("NTRNO-").ok_or(NoOrganisation::Form)?)?;
            // Beside an identifier the serial number may be of another kind; only another organisation is wrong.
            let other = serial.and_then(|text| Organisasjonsnummer::parse_strengt(text).ok());
            if other.is_some_and(|other| other != orgnr) { Err(NoOrganisation::Conflict) } else { Ok(orgnr) }
        }
    }
}

/// The value of an attribute that may be there once. Both string types of the profiles will do.
fn only(subject: &Name, kind: ObjectIdentifier) -> Result<Option<&str>, NoOrganisation> {
    let mut found = subject.iter().filter(|attribute| attribute.oid == kind);
    let Some(first) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(NoOrganisation::Repeated);
    }
    if !matches!(first.value.tag(), Tag::Utf8String | Tag::PrintableString) {
        return Err(NoOrganisation::Form);
    }
    str::from_utf8(first.value.value()).map(Some).map_err(|_| NoOrganisation::Form)
}
