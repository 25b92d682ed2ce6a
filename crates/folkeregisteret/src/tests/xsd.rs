//! A checker of XML against as much of XML Schema as our schemas use.
//!
//! It reads the schema as a file, not the model, and refuses what it does not know. So it tells whether a client that
//! validates will be content.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element with its attributes, children and text.
#[derive(Debug, Default)]
pub(super) struct Node {
    navn: String,
    navnerom: String,
    attributter: BTreeMap<String, String>,
    barn: Vec<Node>,
    tekst: String,
}

impl Node {
    /// Reads a document.
    pub(super) fn les(xml: &str) -> Self {
        let mut leser = Reader::from_str(xml);
        leser.config_mut().expand_empty_elements = true;
        let mut stakk = vec![Self::default()];
        loop {
            match leser.read_event().expect("well-formed") {
                Event::Start(start) => {
                    let over = stakk.last().unwrap().navnerom.clone();
                    stakk.push(Self::start(&start, over));
                }
                Event::End(_) => {
                    let ferdig = stakk.pop().unwrap();
                    stakk.last_mut().unwrap().barn.push(ferdig);
                }
                Event::Text(tekst) => stakk.last_mut().unwrap().tekst += &tekst,
                Event::GeneralRef(navn) => {
                    let tegn = match navn.resolve_char_ref().unwrap() {
                        Some(tegn) => tegn.to_string(),
                        None => quick_xml::escape::resolve_xml_entity(&navn).unwrap().to_owned(),
                    };
                    stakk.last_mut().unwrap().tekst += &tegn;
                }
                Event::Eof => return stakk.pop().unwrap().barn.pop().expect("a root element"),
                _ => {}
            }
        }
    }

    fn start(start: &BytesStart<'_>, over: String) -> Self {
        let mut node = Self { navnerom: over, ..Self::default() };
        start.local_name().into_inner().clone_into(&mut node.navn);
        for attributt in start.attributes() {
            let attributt = attributt.unwrap();
            let (navn, verdi) = (attributt.key.as_ref().to_owned(), attributt.value.to_string());
            if navn == "xmlns" {
                node.navnerom = verdi;
            } else {
                node.attributter.insert(navn, verdi);
            }
        }
        node
    }

    fn attr(&self, navn: &str) -> Option<&str> {
        self.attributter.get(navn).map(String::as_str)
    }

    fn antall(&self, navn: &str) -> usize {
        match self.attr(navn) {
            None => 1,
            Some("unbounded") => usize::MAX,
            Some(tall) => tall.parse().unwrap(),
        }
    }
}

/// A schema that is read.
pub(super) struct Validator {
    skjema: Node,
}

impl Validator {
    pub(super) fn les(skjema: &str) -> Self {
        Self { skjema: Node::les(skjema) }
    }

    /// The first thing that is wrong with a document.
    pub(super) fn kontroller(&self, xml: &str) -> Result<(), String> {
        let dokument = Node::les(xml);
        let rot = self.navngitt("element", &dokument.navn).ok_or("unknown root")?;
        if Some(dokument.navnerom.as_str()) != self.skjema.attr("targetNamespace") {
            return Err("wrong namespace".to_owned());
        }
        self.verdi(&dokument, rot.attr("type").unwrap())
    }

    fn navngitt(&self, slag: &str, navn: &str) -> Option<&Node> {
        self.skjema.barn.iter().find(|node| node.navn == slag && node.attr("name") == Some(navn))
    }

    fn verdi(&self, node: &Node, type_: &str) -> Result<(), String> {
        if let Some(enkel) = self.navngitt("simpleType", type_) {
            let feil = |hva: &str| Err(format!("{}: {hva}: {}", node.navn, node.tekst));
            if !node.barn.is_empty() {
                return feil("elements in a simple type");
            }
            return if gyldig(&enkel.barn[0], &node.tekst) { Ok(()) } else { feil(type_) };
        }
        let mut barn = node.barn.iter().peekable();
        for ledd in self.ledd(type_) {
            match ledd.navn.as_str() {
                "element" => {
                    let (min, maks) = (ledd.antall("minOccurs"), ledd.antall("maxOccurs"));
                    let mut sett = 0;
                    while let Some(b) = barn.next_if(|b| Some(b.navn.as_str()) == ledd.attr("name")) {
                        self.verdi(b, ledd.attr("type").unwrap())?;
                        sett += 1;
                    }
                    if sett < min || sett > maks {
                        return Err(format!("{}: {sett} of {:?}", node.navn, ledd.attr("name")));
                    }
                }
                "choice" => {
                    let valgt = |b: &Node| ledd.barn.iter().find(|alt| alt.attr("name") == Some(&b.navn));
                    match barn.next_if(|b| valgt(b).is_some()) {
                        Some(b) => self.verdi(b, valgt(b).unwrap().attr("type").unwrap())?,
                        None if ledd.antall("minOccurs") == 0 => {}
                        None => return Err(format!("{}: none of its alternatives", node.navn)),
                    }
                }
                annet => panic!("the checker does not know {annet}"),
            }
        }
        match barn.next() {
            None => Ok(()),
            Some(b) => Err(format!("{}: {} does not belong here", node.navn, b.navn)),
        }
    }

    /// The particles of a complex type, those of the type it extends first.
    fn ledd(&self, type_: &str) -> Vec<&Node> {
        let sammensatt = self.navngitt("complexType", type_).unwrap_or_else(|| panic!("no type {type_}"));
        let innhold = &sammensatt.barn[0];
        if innhold.navn != "complexContent" {
            return innhold.barn.iter().collect();
        }
        let utvidelse = &innhold.barn[0];
        let mut ledd = self.ledd(utvidelse.attr("base").unwrap());
        ledd.extend(&utvidelse.barn[0].barn);
        ledd
    }
}

/// Whether a text meets a restriction.
fn gyldig(begrensning: &Node, tekst: &str) -> bool {
    let basis = match begrensning.attr("base").unwrap() {
        "xs:string" => true,
        "xs:boolean" => ["true", "false", "1", "0"].contains(&tekst),
        "xs:long" => tekst.parse::<i64>().is_ok(),
        "xs:date" => tid::Date::parse(tekst).is_ok(),
        "xs:dateTime" => tid::Moment::parse(tekst).is_ok(),
        annen => panic!("the checker does not know {annen}"),
    };
    let koder: Vec<&Node> = begrensning.barn.iter().filter(|fasett| fasett.navn == "enumeration").collect();
    let i_listen = koder.is_empty() || koder.iter().any(|kode| kode.attr("value") == Some(tekst));
    let andre = begrensning.barn.iter().filter(|fasett| fasett.navn != "enumeration").all(|fasett| {
        let verdi = fasett.attr("value").unwrap();
        match fasett.navn.as_str() {
            "maxLength" => tekst.chars().count() <= verdi.parse().unwrap(),
            "pattern" => passer(verdi, tekst),
            annen => panic!("the checker does not know {annen}"),
        }
    });
    basis && i_listen && andre
}

/// Patterns of one class of characters, `[a-z]{1,4}`.
fn passer(moenster: &str, tekst: &str) -> bool {
    let (klasse, antall) = moenster.strip_prefix('[').unwrap().split_once(']').unwrap();
    let antall = antall.trim_matches(['{', '}']);
    let (min, maks) = antall.split_once(',').unwrap_or((antall, antall));
    let tall = |t: &str| if t.is_empty() { 1 } else { t.parse().unwrap() };
    let klasse: Vec<char> = klasse.chars().collect();
    let i_klassen = |c: char| {
        let mut i = 0;
        while i < klasse.len() {
            if klasse.get(i + 1) == Some(&'-') {
                if (klasse[i]..=klasse[i + 2]).contains(&c) {
                    return true;
                }
                i += 3;
            } else if klasse[i] == c {
                return true;
            } else {
                i += 1;
            }
        }
        false
    };
    (tall(min)..=tall(maks)).contains(&tekst.chars().count()) && tekst.chars().all(i_klassen)
}
