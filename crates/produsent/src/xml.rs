//! Reading XML safely: a document becomes a small tree, or an error that says where.
//!
//! No document type is read, so there are no entities but XML's own five and nothing outside is ever fetched. Depth,
//! number of elements, size of a tag and size of the document are bounded. Nothing in an error says what stood in the
//! document: it may be personal data.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

/// Deepest nesting. The contracts need ten.
const DYBDE_MAKS: usize = 48;
/// Longest document, in bytes. The contracts' messages have some thousands.
const DOKUMENT_MAKS: usize = 1024 * 1024;
/// Most elements. The contracts' messages have hundreds.
const ELEMENTER_MAKS: usize = 5_000;
/// Longest name of a namespace, which every element keeps. The contracts' have less than a hundred bytes.
const NAVNEROM_MAKS: usize = 256;
/// Most bytes in a start tag, attributes included.
const TAGG_MAKS: usize = 8_192;
/// The namespace of `xsi:nil`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Why a text is not the XML that it should be, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{melding}")]
pub struct Xmlfeil {
    /// What is wrong.
    pub melding: String,
    /// The line, from 1; 0 if there is no one line.
    pub linje: usize,
    /// The elements that lead there, `/a/b`.
    pub sti: String,
}

/// An element.
pub struct Node<'a> {
    /// Its local name.
    pub navn: &'a str,
    /// Its namespace; empty for none.
    pub navnerom: String,
    /// Its text, that of children not included.
    pub tekst: String,
    /// Its children.
    pub barn: Vec<Node<'a>>,
    /// What `xsi:nil` says, if it is there: whether the element is empty on purpose.
    pub nil: Option<bool>,
    /// Whether it has an attribute that is not XML's own: no namespace, no `xsi:nil`, no hint at a schema.
    pub fremmed: bool,
    /// The line where it starts.
    pub linje: usize,
}

/// Reads a document.
///
/// # Errors
/// When it is not well-formed XML in UTF-8, has a document type, or is beyond the bounds.
pub fn les(xml: &[u8]) -> Result<Node<'_>, Xmlfeil> {
    let feil = |melding: &str| Xmlfeil { melding: melding.to_owned(), linje: 0, sti: String::new() };
    if xml.len() > DOKUMENT_MAKS {
        return Err(feil("Dokumentet er større enn 1 MiB"));
    }
    let tekst = str::from_utf8(xml).map_err(|_| feil("Dokumentet er ikke UTF-8"))?;
    let tekst = tekst.strip_prefix('\u{feff}').unwrap_or(tekst);
    // The reader would take one more away.
    if tekst.starts_with('\u{feff}') {
        return Err(feil("Dokumentet begynner med mer enn ett bytemerke"));
    }
    let mut inn = NsReader::from_str(tekst);
    inn.config_mut().expand_empty_elements = true;
    inn.config_mut().check_comments = true;
    Leser { tekst, inn, stakk: Vec::new(), antall: 0, talt: 0, linje: 1 }.les()
}

struct Leser<'a> {
    tekst: &'a str,
    inn: NsReader<&'a [u8]>,
    /// The elements that are open.
    stakk: Vec<Node<'a>>,
    antall: usize,
    /// Lines are counted up to this byte.
    talt: usize,
    linje: usize,
}

impl<'a> Leser<'a> {
    fn les(mut self) -> Result<Node<'a>, Xmlfeil> {
        let mut rot = None;
        let mut foerst = true;
        loop {
            let (navnerom, hendelse) = match self.inn.read_resolved_event() {
                Ok((navnerom, hendelse @ Event::Start(_))) => (eget(&navnerom), hendelse),
                Ok((_, hendelse)) => (Ok(String::new()), hendelse),
                Err(_) => return Err(self.feil("Dokumentet er ikke velformet XML")),
            };
            match hendelse {
                Event::Decl(_) if !foerst => return Err(self.feil("XML-deklarasjonen står ikke først")),
                Event::Decl(d) => {
                    let koding = d.encoding().transpose().ok().flatten();
                    let annen = koding.is_some_and(|k| !k.eq_ignore_ascii_case("utf-8"));
                    if annen {
                        return Err(self.feil("Dokumentet må være kodet i UTF-8"));
                    }
                }
                Event::DocType(_) => return Err(self.feil("Dokumenttype (DOCTYPE) er ikke tillatt")),
                Event::Start(start) => {
                    if rot.is_some() {
                        return Err(self.feil("Dokumentet har mer enn ett rotelement"));
                    }
                    self.start(&start, navnerom)?;
                }
                Event::End(_) => rot = self.slutt()?,
                Event::Text(t) => {
                    let tekst = t.xml10_content();
                    self.legg_til(&tekst)?;
                }
                Event::CData(t) => {
                    let tekst = t.xml10_content();
                    if self.stakk.is_empty() {
                        return Err(self.feil("Tekst står utenfor rotelementet"));
                    }
                    self.legg_til(&tekst)?;
                }
                Event::GeneralRef(r) => {
                    let tegn = match r.resolve_char_ref() {
                        Ok(Some(tegn)) => tegn.to_string(),
                        Ok(None) => quick_xml::escape::resolve_xml_entity(&r)
                            .ok_or_else(|| self.feil("Dokumentet viser til en ukjent entitet"))?
                            .to_owned(),
                        Err(_) => return Err(self.feil("Dokumentet har en ugyldig tegnreferanse")),
                    };
                    if self.stakk.is_empty() {
                        return Err(self.feil("Tekst står utenfor rotelementet"));
                    }
                    self.legg_til(&tegn)?;
                }
                Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
                Event::Eof => {
                    if !self.stakk.is_empty() {
                        return Err(self.feil("Dokumentet slutter før alle elementer er lukket"));
                    }
                    return rot.ok_or_else(|| self.feil("Dokumentet har ikke noe rotelement"));
                }
            }
            foerst = false;
        }
    }

    fn start(&mut self, start: &BytesStart<'a>, navnerom: Result<String, &str>) -> Result<(), Xmlfeil> {
        self.antall += 1;
        if self.antall > ELEMENTER_MAKS {
            return Err(self.feil("Dokumentet har for mange elementer"));
        }
        if self.stakk.len() >= DYBDE_MAKS {
            return Err(self.feil("Dokumentet er for dypt"));
        }
        if start.len() > TAGG_MAKS {
            return Err(self.feil("Et element har for lange attributter"));
        }
        let navnerom = navnerom.map_err(|hva| self.feil(hva))?;
        let linje = self.tell_linjer();
        let navn = self.lokalnavn(start);
        let mut node =
            Node { navn, navnerom, tekst: String::new(), barn: Vec::new(), nil: None, fremmed: false, linje };
        self.attributter(start, &mut node)?;
        self.stakk.push(node);
        Ok(())
    }

    /// The local name as it stands in the document.
    fn lokalnavn(&self, start: &BytesStart<'a>) -> &'a str {
        let slutt = self.inn.buffer_position() as usize;
        let fra = self.tekst.get(..slutt).and_then(|t| t.rfind('<')).map_or(0, |i| i + 1);
        let (prefiks, lengde) = {
            let navn = start.name();
            let alt = navn.as_ref();
            let lokalt = start.local_name().into_inner().len();
            (alt.len() - lokalt, lokalt)
        };
        self.tekst.get(fra + prefiks..fra + prefiks + lengde).unwrap_or("")
    }

    /// What the attributes say of an element. Which it may have is for the contract to say.
    fn attributter(&self, start: &BytesStart<'_>, node: &mut Node<'_>) -> Result<(), Xmlfeil> {
        for attributt in start.attributes() {
            let attributt = attributt.map_err(|_| self.feil("Et element har ugyldige attributter"))?;
            let navn = attributt.key.as_ref();
            let verdi = attributt.normalized_value(XmlVersion::Explicit1_0);
            let Some(verdi) = verdi.ok().filter(|_| !attributt.value.contains('<')) else {
                return Err(self.feil("Et element har ugyldige attributter"));
            };
            if navn == "xmlns" || navn.starts_with("xmlns:") {
                continue;
            }
            let (rom, lokalt) = self.inn.resolver().resolve_attribute(attributt.key);
            let xsi = match rom {
                ResolveResult::Bound(rom) => rom.0 == XSI,
                ResolveResult::Unbound => false,
                ResolveResult::Unknown(_) => {
                    return Err(self.feil("Et attributt har et prefiks uten navnerom"));
                }
            };
            match (lokalt.into_inner(), verdi.trim_matches([' ', '\t', '\n', '\r'])) {
                ("nil", "true" | "1") if xsi => node.nil = Some(true),
                ("nil", "false" | "0") if xsi => node.nil = Some(false),
                ("schemaLocation" | "noNamespaceSchemaLocation", _) if xsi => {}
                _ => node.fremmed = true,
            }
        }
        Ok(())
    }

    /// The root, when it is closed.
    fn slutt(&mut self) -> Result<Option<Node<'a>>, Xmlfeil> {
        let Some(node) = self.stakk.pop() else {
            return Err(self.feil("Dokumentet er ikke velformet XML"));
        };
        let Some(over) = self.stakk.last_mut() else { return Ok(Some(node)) };
        over.barn.push(node);
        Ok(None)
    }

    fn legg_til(&mut self, tekst: &str) -> Result<(), Xmlfeil> {
        if tekst.contains(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')) {
            return Err(self.feil("Dokumentet har tegn som XML ikke kan ha"));
        }
        match self.stakk.last_mut() {
            Some(node) => node.tekst.push_str(tekst),
            None if tekst.bytes().all(|b| b.is_ascii_whitespace()) => {}
            None => return Err(self.feil("Tekst står utenfor rotelementet")),
        }
        Ok(())
    }

    fn tell_linjer(&mut self) -> usize {
        let til = (self.inn.buffer_position() as usize).min(self.tekst.len());
        self.linje += self.tekst.get(self.talt..til).unwrap_or_default().matches('\n').count();
        self.talt = til;
        self.linje
    }

    fn feil(&self, melding: &str) -> Xmlfeil {
        let til = (self.inn.buffer_position() as usize).min(self.tekst.len());
        let linje = 1 + self.tekst.get(..til).unwrap_or_default().matches('\n').count();
        let sti = self.stakk.iter().flat_map(|node| ["/", node.navn]).collect();
        Xmlfeil { melding: melding.to_owned(), linje, sti }
    }
}

/// The namespace, or what is wrong with it: a prefix that stands for none, one that is written with references or too long.
fn eget(navnerom: &ResolveResult<'_>) -> Result<String, &'static str> {
    match navnerom {
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Bound(rom) if rom.0.len() > NAVNEROM_MAKS => Err("Et navnerom er for langt"),
        ResolveResult::Bound(rom) if !rom.0.contains('&') => Ok(rom.0.to_owned()),
        ResolveResult::Bound(_) | ResolveResult::Unknown(_) => Err("Et element har et prefiks uten navnerom"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn melding(xml: &str) -> String {
        les(xml.as_bytes()).err().map_or_else(String::new, |feil| feil.melding)
    }

    #[test]
    fn a_document_becomes_a_tree() {
        let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns=\"n\" xmlns:p=\"q\">\n <p:b>x&amp;<![CDATA[<y>]]>&#230;</p:b>\n<!-- - --><c/></a>\n";
        let rot = les(xml.as_bytes()).unwrap();
        assert_eq!((rot.navn, rot.navnerom.as_str(), rot.linje), ("a", "n", 2));
        let b = &rot.barn[0];
        assert_eq!((b.navn, b.navnerom.as_str(), b.tekst.as_str(), b.linje), ("b", "q", "x&<y>æ", 3));
        assert_eq!((rot.barn[1].navn, rot.barn[1].barn.len()), ("c", 0));
        assert!(les("\u{feff}<a/>".as_bytes()).is_ok());
    }

    #[test]
    fn nil_and_foreign_attributes() {
        let nil = r#"<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"/>"#;
        let rot = les(nil.as_bytes()).unwrap();
        assert_eq!((rot.nil, rot.fremmed), (Some(true), false));
        assert!(les(br#"<a nil="true"/>"#).unwrap().fremmed);
        assert!(les(br#"<a id="1"/>"#).unwrap().fremmed);
        assert!(les(nil.replace("true", "kanskje").as_bytes()).unwrap().fremmed);
        let hint = nil.replace("x:nil=\"true\"", "x:schemaLocation=\"a b\"");
        assert!(!les(hint.as_bytes()).unwrap().fremmed);
        for ugyldig in [r#"<a x:nil="true"/>"#, r#"<a b="&c;"/>"#, r#"<a b="<"/>"#, r#"<a b="" b=""/>"#] {
            assert!(melding(ugyldig).contains("attributt"), "{ugyldig}");
        }
    }

    #[test]
    fn what_is_large_is_refused() {
        let mange = format!("<a>{}</a>", "<b/>".repeat(ELEMENTER_MAKS));
        let rom = format!("<a xmlns=\"{}\"/>", "n".repeat(NAVNEROM_MAKS + 1));
        let stort = format!("<a>{}</a>", "x".repeat(DOKUMENT_MAKS));
        for (xml, sagt) in [(mange, "for mange"), (rom, "navnerom"), (stort, "1 MiB")] {
            assert!(melding(&xml).contains(sagt), "{sagt}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (xml, sagt) in [
            ("<!DOCTYPE a><a/>", "DOCTYPE"),
            ("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "DOCTYPE"),
            ("<a>&x;</a>", "entitet"),
            ("<a>&#0;</a>", "tegn"),
            ("<a>&#1;</a>", "tegn"),
            ("<a>\u{1}</a>", "tegn"),
            ("<a>", "slutter"),
            ("<a></b>", "velformet"),
            ("<a/><a/>", "rotelement"),
            ("", "rotelement"),
            ("x<a/>", "utenfor"),
            ("\u{feff}\u{feff}<a/>", "bytemerke"),
            ("<p:a/>", "prefiks"),
            ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", "UTF-8"),
            (" <?xml version=\"1.0\"?><a/>", "først"),
        ] {
            assert!(melding(xml).contains(sagt), "{xml}: {}", melding(xml));
        }
        assert!(les(b"<a>\xe6</a>").err().unwrap().melding.contains("UTF-8"));
        let dyp = "<a>".repeat(60) + &"</a>".repeat(60);
        assert!(melding(&dyp).contains("dypt"));
        let mange = format!("<a>{}</a>", "<b/>".repeat(ELEMENTER_MAKS));
        assert!(melding(&mange).contains("mange"));
        let lang = format!("<a x=\"{}\"/>", "y".repeat(TAGG_MAKS));
        assert!(melding(&lang).contains("lange"));
    }

    #[test]
    fn the_place_is_told() {
        let feil = les(b"<a>\n<b>\n<c>&x;</c></b></a>").err().unwrap();
        assert_eq!((feil.linje, feil.sti.as_str()), (3, "/a/b/c"));
    }
}
