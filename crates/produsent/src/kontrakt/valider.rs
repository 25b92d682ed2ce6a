//! Messages held against their contract: order, number, names and values, as a schema validator would.

use serde_json::{Map, Value};

use super::{Element, Innhold, Kontrakt, Ledd, NAVNEROM_SIGNATUR};
use crate::xml::{Node, Xmlfeil};

impl Kontrakt {
    /// Holds a document against the contract and gives its stored form.
    ///
    /// # Errors
    /// The first thing that is not as the contract says, and where.
    pub fn valider(&self, rot: &Node<'_>) -> Result<Value, Xmlfeil> {
        let gang = Gang { navnerom: self.navnerom };
        if rot.navn != self.rot.navn || rot.navnerom != self.navnerom {
            let melding = format!("Rotelementet må være {} i navnerommet {}", self.rot.navn, self.navnerom);
            return Err(Xmlfeil { melding, linje: rot.linje, sti: format!("/{}", rot.navn) });
        }
        let mut sti = format!("/{}", self.rot.navn);
        gang.innhold(rot, &self.rot, &mut sti)
    }
}

struct Gang {
    navnerom: &'static str,
}

/// The children of an element that are not read yet.
struct Barn<'n, 'x> {
    over: &'n Node<'x>,
    neste: usize,
}

impl<'n, 'x> Barn<'n, 'x> {
    fn se(&self) -> Option<&'n Node<'x>> {
        self.over.barn.get(self.neste)
    }
}

fn feil(melding: String, linje: usize, sti: &str) -> Xmlfeil {
    Xmlfeil { melding, linje, sti: sti.to_owned() }
}

fn er_blank(tekst: &str) -> bool {
    tekst.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Whether an element is there and is nothing. Only some elements may say that they are, or that they are not.
fn er_nil(node: &Node<'_>, element: &Element, sti: &str) -> Result<bool, Xmlfeil> {
    let galt = match node.nil {
        Some(_) if !element.nillbar => "kan ikke ha xsi:nil",
        Some(true) if !node.barn.is_empty() || !node.tekst.is_empty() => "er nil, men ikke tomt",
        nil => return Ok(nil == Some(true)),
    };
    Err(feil(format!("Elementet {} {galt}", element.navn), node.linje, sti))
}

impl Gang {
    fn innhold(&self, node: &Node<'_>, element: &Element, sti: &mut String) -> Result<Value, Xmlfeil> {
        if matches!(element.innhold, Innhold::Signatur) {
            return Ok(Value::Null);
        }
        if node.fremmed && !matches!(element.innhold, Innhold::Hvasomhelst) {
            let melding = format!("Elementet {} har et attributt som kontrakten ikke har", element.navn);
            return Err(feil(melding, node.linje, sti));
        }
        if er_nil(node, element, sti)? {
            return Ok(Value::Null);
        }
        if matches!(element.innhold, Innhold::Hvasomhelst) {
            return Ok(Value::from(node.tekst.as_str()));
        }
        let Innhold::Felter(felter) = &element.innhold else {
            return Self::verdi(node, element, sti);
        };
        if !er_blank(&node.tekst) {
            let melding = format!("Elementet {} har tekst der bare elementer kan stå", element.navn);
            return Err(feil(melding, node.linje, sti));
        }
        let mut ut = Map::new();
        let mut barn = Barn { over: node, neste: 0 };
        self.rekke(&mut barn, felter, &mut ut, sti)?;
        match barn.se() {
            None => Ok(Value::Object(ut)),
            Some(over) => {
                let melding = format!("Elementet {} står ikke her etter kontrakten", over.navn);
                Err(feil(melding, over.linje, sti))
            }
        }
    }

    fn verdi(node: &Node<'_>, element: &Element, sti: &str) -> Result<Value, Xmlfeil> {
        if let Some(barn) = node.barn.first() {
            let melding = format!("Elementet {} kan bare ha tekst", element.navn);
            return Err(feil(melding, barn.linje, sti));
        }
        let (verdi, type_) = match &element.innhold {
            Innhold::Enkel(enkel) => (enkel.les(&node.tekst), enkel.navn.to_owned()),
            Innhold::Koder(koder) => {
                let funnet = koder.iter().find(|kode| **kode == node.tekst);
                (funnet.map(|kode| Value::from(*kode)), format!("en av: {}", koder.join(", ")))
            }
            _ => (None, String::new()),
        };
        verdi.ok_or_else(|| {
            feil(format!("Verdien av {} er ikke gyldig; ventet {type_}", element.navn), node.linje, sti)
        })
    }

    fn rekke(
        &self,
        barn: &mut Barn<'_, '_>,
        rekke: &[Ledd],
        ut: &mut Map<String, Value>,
        sti: &mut String,
    ) -> Result<(), Xmlfeil> {
        for ledd in rekke {
            match ledd {
                Ledd::Element(element) => self.elementer(barn, element, ut, sti)?,
                Ledd::EnAv { maa, valg } => {
                    let valgt = valg
                        .iter()
                        .find(|rekke| barn.se().is_some_and(|node| super::rekke_begynner(rekke, node.navn)));
                    match valgt {
                        Some(valgt) => self.rekke(barn, valgt, ut, sti)?,
                        None if !maa || ledd.kan_mangle() => {}
                        None => return Err(mangler(barn, &ventet(ledd), sti)),
                    }
                }
            }
        }
        Ok(())
    }

    fn elementer(
        &self,
        barn: &mut Barn<'_, '_>,
        element: &Element,
        ut: &mut Map<String, Value>,
        sti: &mut String,
    ) -> Result<(), Xmlfeil> {
        let mut verdier = Vec::new();
        while element.maks.is_none_or(|maks| verdier.len() < maks) {
            let Some(node) = barn.se().filter(|node| node.navn == element.navn) else { break };
            let lengde = sti.len();
            sti.push('/');
            sti.push_str(element.navn);
            let rom =
                if matches!(element.innhold, Innhold::Signatur) { NAVNEROM_SIGNATUR } else { self.navnerom };
            if node.navnerom != rom {
                let melding = format!("Elementet {} står ikke i navnerommet {rom}", element.navn);
                return Err(feil(melding, node.linje, sti));
            }
            verdier.push(self.innhold(node, element, sti)?);
            sti.truncate(lengde);
            barn.neste += 1;
        }
        if verdier.len() < element.min {
            return Err(mangler(barn, element.navn, sti));
        }
        if matches!(element.innhold, Innhold::Signatur) {
            return Ok(());
        }
        if element.maks != Some(1) {
            if !verdier.is_empty() {
                ut.insert(element.navn.to_owned(), Value::Array(verdier));
            }
        } else if let Some(verdi) = verdier.pop() {
            ut.insert(element.navn.to_owned(), verdi);
        }
        Ok(())
    }
}

fn mangler(barn: &Barn<'_, '_>, ventet: &str, sti: &str) -> Xmlfeil {
    let (melding, linje) = match barn.se() {
        Some(node) => (format!("Ventet elementet {ventet}, fant {}", node.navn), node.linje),
        None => (format!("Elementet {ventet} mangler"), barn.over.linje),
    };
    feil(melding, linje, sti)
}

/// The names that could stand here.
fn ventet(ledd: &Ledd) -> String {
    match ledd {
        Ledd::Element(element) => element.navn.to_owned(),
        Ledd::EnAv { valg, .. } => {
            let navn: Vec<String> = valg.iter().filter_map(|rekke| rekke.first()).map(ventet).collect();
            navn.join(" eller ")
        }
    }
}
