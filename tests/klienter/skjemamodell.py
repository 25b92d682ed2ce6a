"""What a schema allows, as a model that does not depend on how the schema is written: with or without named types, sequences
in sequences, extensions, facets in one step or in several. Two schemas with the same model take the same documents.
"""

import re
from dataclasses import dataclass, replace

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"
SIGNATUR = "http://www.w3.org/2000/09/xmldsig#"
# Every character that a name or an address is written with somewhere, and then some.
TEGN = [chr(c) for c in [*range(0x20, 0x250), *range(0x2000, 0x2070)]]
HVASOMHELST, SIGNERT = "anything", "signature"


@dataclass(frozen=True)
class Verdi:
    """A simple type with all that it is based on. `alfabeter` are patterns of the form `[…]+` and `[…]{n}`: the characters,
    and how many."""
    grunntype: str
    alfabeter: frozenset = frozenset()
    moenstre: frozenset = frozenset()
    minst: int = 0
    mest: int | None = None
    koder: tuple = ()

    def tar(self, tekst: str) -> bool:
        """Whether a type of strings takes a text."""
        if self.koder:
            return tekst in self.koder
        return (self.minst <= len(tekst) and (self.mest is None or len(tekst) <= self.mest)
                and all(tekst and set(tekst) <= set(tegn) and antall in (None, len(tekst)) for tegn, antall in self.alfabeter)
                and all(re.fullmatch(moenster, tekst, re.ASCII) for moenster in self.moenstre))

    def __str__(self) -> str:
        return f"{self.grunntype} {self.minst}..{self.mest} {sorted(self.alfabeter, key=str)} {sorted(self.moenstre)} {self.koder}"


@dataclass(frozen=True)
class Felt:
    """An element. `innhold` is a `Verdi`, a tuple of `Felt` and `Valg`, `HVASOMHELST` or `SIGNERT`."""
    navn: str
    minst: int
    mest: int | None
    nillbar: bool
    innhold: object


@dataclass(frozen=True)
class Valg:
    """One of some sequences, or none if it need not be."""
    maa: bool
    rekker: tuple


def modell(skjema: etree._Element) -> Felt:
    """The model of a schema's only global element."""
    typer = {type_.get("name"): type_ for type_ in skjema if type_.tag in (XSD + "complexType", XSD + "simpleType")}
    rot, = skjema.findall(XSD + "element")
    return Leser(typer).felt(rot)


def linjer(felt: Felt, dybde: int = 0) -> list:
    """The model as text, an element a line."""
    antall = f"{felt.minst}..{'n' if felt.mest is None else felt.mest}{' nillable' if felt.nillbar else ''}"
    if not isinstance(felt.innhold, tuple):
        return [f"{'  ' * dybde}{felt.navn} {antall} : {felt.innhold}"]
    return [f"{'  ' * dybde}{felt.navn} {antall}", *_rekkelinjer(felt.innhold, dybde + 1)]


def _rekkelinjer(rekke: tuple, dybde: int) -> list:
    ut = []
    for ledd in rekke:
        if isinstance(ledd, Felt):
            ut += linjer(ledd, dybde)
            continue
        ut.append(f"{'  ' * dybde}<one of{'' if ledd.maa else ', or none'}>")
        for valgt in ledd.rekker:
            ut += [f"{'  ' * (dybde + 1)}<sequence>", *_rekkelinjer(valgt, dybde + 2)]
    return ut


class Leser:
    def __init__(self, typer: dict):
        self.typer = typer

    def felt(self, e: etree._Element) -> Felt:
        minst, mest = antall(e)
        if e.tag == XSD + "any" or e.get("ref"):
            return Felt("Signature", minst, mest, False, SIGNERT)
        return Felt(e.get("name"), minst, mest, e.get("nillable") == "true", self.innhold(e))

    def innhold(self, e: etree._Element):
        for slag in ("complexType", "simpleType"):
            type_ = e.find(XSD + slag)
            if type_ is not None:
                return self.type_innhold(type_)
        return self.navngitt(e, e.get("type")) if e.get("type") else HVASOMHELST

    def navngitt(self, e: etree._Element, navn: str):
        prefiks, _, lokalt = navn.rpartition(":")
        if e.nsmap.get(prefiks or None) == XSD[1:-1]:
            return Verdi(lokalt)
        return self.type_innhold(self.typer[lokalt])

    def type_innhold(self, type_: etree._Element):
        if type_.tag == XSD + "simpleType":
            return self.verdi(type_.find(XSD + "restriction"))
        utvidelse = type_.find(f"{XSD}complexContent/{XSD}extension")
        if utvidelse is not None:
            return self.navngitt(utvidelse, utvidelse.get("base")) + self.rekke(utvidelse)
        return self.rekke(type_)

    def rekke(self, rekke: etree._Element) -> tuple:
        ut = []
        for e in rekke.iterchildren(tag=etree.Element):
            if e.tag == XSD + "choice":
                ut.append(self.valg(e))
            elif e.tag == XSD + "sequence":
                assert antall(e) == (1, 1), "a sequence that is repeated"
                ut += self.rekke(e)
            elif e.tag in (XSD + "element", XSD + "any"):
                ut.append(self.felt(e))
            else:
                assert e.tag == XSD + "annotation", f"the model does not know {e.tag}"
        return tuple(ut)

    def valg(self, e: etree._Element) -> Valg:
        minst, mest = antall(e)
        assert mest == 1, "a choice that is repeated"
        rekker = []
        for barn in e.iterchildren(tag=etree.Element):
            rekke = self.rekke(barn) if barn.tag == XSD + "sequence" else (self.felt(barn),)
            if len(rekke) == 1 and isinstance(rekke[0], Felt) and rekke[0].minst == 0:
                # Nothing is one of the choices: say so once.
                minst, rekke = 0, (replace(rekke[0], minst=1),)
            rekker.append(rekke)
        kan_mangle = any(all(isinstance(ledd, Felt) and ledd.minst == 0 for ledd in rekke) for rekke in rekker)
        return Valg(minst == 1 and not kan_mangle, tuple(rekker))

    def verdi(self, grenser: etree._Element) -> Verdi:
        grunn = self.navngitt(grenser, grenser.get("base"))
        fasetter = {}
        for fasett in grenser.iterchildren(tag=etree.Element):
            fasetter.setdefault(etree.QName(fasett).localname, []).append(fasett.get("value"))
        fasetter.pop("annotation", None)
        lengde = fasetter.pop("length", [None])[0]
        minst = int(lengde or fasetter.pop("minLength", [0])[0])
        mest = [int(v) for v in (lengde, *fasetter.pop("maxLength", []), grunn.mest) if v is not None]
        alfabeter, moenstre = set(grunn.alfabeter), set(grunn.moenstre)
        assert len(fasetter.get("pattern", [])) < 2, "one pattern or another"
        for moenster in fasetter.pop("pattern", []):
            alfabet = som_alfabet(moenster)
            alfabeter.add(alfabet) if alfabet else moenstre.add(moenster.replace(r"\S.*", r"\S[^\n\r]*"))
        koder = tuple(sorted(fasetter.pop("enumeration", grunn.koder)))
        assert not fasetter, f"facets that the model does not know: {fasetter}"
        return Verdi(grunn.grunntype, frozenset(alfabeter), frozenset(moenstre), max(minst, grunn.minst),
                     min(mest, default=None), koder)


def antall(e: etree._Element) -> tuple:
    mest = e.get("maxOccurs", "1")
    return int(e.get("minOccurs", "1")), None if mest == "unbounded" else int(mest)


def som_alfabet(moenster: str):
    """`[…]+` and `[…]{n}`: which characters of `TEGN`, and how many."""
    funnet = re.fullmatch(r"\(?(\[[^\]]*\])\)?(?:\+|\{(\d+)\}|)", moenster)
    if not funnet:
        return None
    klasse, antall_ = funnet.groups()
    bare_en = not moenster.endswith(("+", "}"))
    return "".join(t for t in TEGN if re.fullmatch(klasse, t)), 1 if bare_en else antall_ and int(antall_)
