"""Documents made from a schema's model: valid ones that together use all that it allows, and near-misses of them."""

import copy
import itertools
from dataclasses import dataclass, field

from lxml import etree

from proevetekster import verdier
from skjemamodell import HVASOMHELST, SIGNATUR, SIGNERT, Felt, Valg, Verdi

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SIGNATUREN = etree.fromstring(
    f'<d:Signature xmlns:d="{SIGNATUR}" Id="s"><d:SignedInfo><d:CanonicalizationMethod Algorithm="a"/><d:SignatureMethod Algorithm="a"/>'
    '<d:Reference URI=""><d:DigestMethod Algorithm="a"/><d:DigestValue>AAAA</d:DigestValue></d:Reference></d:SignedInfo>'
    "<d:SignatureValue>AAAA</d:SignatureValue></d:Signature>")


@dataclass(frozen=True)
class Plan:
    """How to make a document: with all that may be there or with no more than what must be, but for those elements that `med`
    names; and which of a choice's sequences to take where it is not the first."""
    fullt: bool
    med: frozenset = frozenset()
    valgt: dict = field(default_factory=dict)


class Proever:
    """The documents of one schema. `tegn`: characters that types of letters are tried with."""

    def __init__(self, navnerom: str, rot: Felt, tegn: list):
        self.navnerom, self.rot, self.tegn = navnerom, rot, tegn
        self.typer, self.kjente, self.runde = {}, {}, itertools.count()

    def for_sti(self, sti: str, type_: Verdi) -> tuple:
        """Texts to try at a place. The first place of a type tries all of them, others some, by turns; codes are always tried."""
        if sti not in self.kjente:
            alle = type_ not in self.typer
            ja, nei = self.typer.setdefault(type_, verdier(type_, self.tegn))
            if alle:
                self.kjente[sti] = (list(ja), nei)
            else:
                n = next(self.runde)
                noen = [ja[0]] + [ja[(2 * n + i) % len(ja)] for i in range(2)]
                andre = [nei[(2 * n + i) % len(nei)] for i in range(2)] if nei else []
                self.kjente[sti] = (list(ja) if type_.koder else noen, andre)
        return self.kjente[sti]

    def planer(self):
        """The least, the most, each way of every choice, and each element that need not be there."""
        yield Plan(False)
        yield Plan(True)
        for veien, valgt, nye in steder(self.rot.innhold, f"/{self.rot.navn}", frozenset(), {}):
            for fullt in (True, False):
                yield from (Plan(fullt, veien, valgt | ny) for ny in nye)

    def gyldige(self):
        """Valid documents: every plan, until every text has been used where it is to be tried."""
        brukt = {}
        for plan in self.planer():
            if any(isinstance(valgt, tuple) for valgt in plan.valgt.values()):
                continue
            while True:
                stier = set()

                def neste(sti, type_):
                    stier.add(sti)
                    ja, nr = self.for_sti(sti, type_)[0], brukt.get(sti, 0)
                    brukt[sti] = nr + 1
                    return ja[nr % len(ja)]

                yield self.bygg(plan, neste)[0]
                if all(brukt[sti] >= len(self.for_sti(sti, None)[0]) for sti in stier):
                    break

    def naer_ved(self):
        """Documents with one thing changed, most of them invalid, and what was changed."""
        sett, annet = set(), itertools.cycle(ANNET)
        for plan in self.planer():
            rot, deler = self.bygg(plan, lambda sti, type_: self.for_sti(sti, type_)[0][0])
            yield "as planned", rot
            if plan == Plan(True):
                yield from omskrevet(rot)
            for plass, (_, felt, sti) in enumerate(deler):
                if sti in sett:
                    continue
                sett.add(sti)
                for endring in endringer(felt, annet, self.kjente.get(sti)):
                    ny, (e, *_) = kopi(rot, deler, plass)
                    if endring(e, felt) is not False:
                        yield f"{endring.__doc__}: {sti}", ny

    def bygg(self, plan: Plan, verdi) -> tuple:
        """A document, and its elements with what the model says of them."""
        deler = []

        def element(over, felt: Felt, sti: str):
            if felt.innhold == SIGNERT:
                e = copy.deepcopy(SIGNATUREN)
                over.append(e)
                deler.append((e, felt, sti))
                return e
            navn = f"{{{self.navnerom}}}{felt.navn}"
            rom = {None: self.navnerom}
            e = etree.Element(navn, nsmap=rom) if over is None else etree.SubElement(over, navn)
            deler.append((e, felt, sti))
            if isinstance(felt.innhold, tuple):
                rekke(e, felt.innhold, sti)
            else:
                e.text = "nav" if felt.innhold == HVASOMHELST else verdi(sti, felt.innhold)
            return e

        def rekke(over, ledd_: tuple, sti: str):
            for nr, ledd in enumerate(ledd_):
                if isinstance(ledd, Valg):
                    her = f"{sti}/#{nr}"
                    valgt = plan.valgt.get(her, 0 if ledd.maa or plan.fullt else None)
                    for hvilken in valgt if isinstance(valgt, tuple) else () if valgt is None else (valgt,):
                        rekke(over, ledd.rekker[hvilken], f"{her}.{hvilken}")
                    continue
                her = f"{sti}/{ledd.navn}"
                flere = min(ledd.mest or 2, 2) if plan.fullt else int(her in plan.med)
                for _ in range(max(ledd.minst, flere)):
                    element(over, ledd, her)

        return element(None, self.rot, f"/{self.rot.navn}"), deler


def steder(rekke: tuple, sti: str, veien: frozenset, valgt: dict):
    """Every place where a document can go one way or another: what must be there to get there, and the ways."""
    for nr, ledd in enumerate(rekke):
        if isinstance(ledd, Felt):
            her = f"{sti}/{ledd.navn}"
            if ledd.minst == 0:
                yield veien | {her}, valgt, [{}]
            if isinstance(ledd.innhold, tuple):
                yield from steder(ledd.innhold, her, veien | {her}, valgt)
            continue
        her = f"{sti}/#{nr}"
        antall = len(ledd.rekker)
        yield veien, valgt, [{her: i} for i in range(antall)]
        # Two at once, and none: only for some schemas is that a valid document.
        yield veien, valgt, [{her: (i, (i + 1) % antall)} for i in range(antall)] + [{her: ()}]
        for i, valget in enumerate(ledd.rekker):
            yield from steder(valget, f"{her}.{i}", veien, valgt | {her: i})


def kopi(rot, deler: list, plass: int) -> tuple:
    """A copy of a document, and the same element in it."""
    vei, e = [], deler[plass][0]
    while e.getparent() is not None:
        vei.append(e.getparent().index(e))
        e = e.getparent()
    ny = e = copy.deepcopy(rot)
    for nr in reversed(vei):
        e = e[nr]
    return ny, (e, *deler[plass][1:])


def omskrevet(rot):
    """A document as others would write it."""
    med_prefiks = etree.Element(rot.tag, nsmap={"p": etree.QName(rot).namespace})
    med_prefiks[:] = copy.deepcopy(rot)[:]
    etree.cleanup_namespaces(med_prefiks)
    yield "with a prefix", med_prefiks
    kommentert, sitert, innrykket = (copy.deepcopy(rot) for _ in range(3))
    for e in list(kommentert.iter(etree.Element)):
        tekst = e.text or ""
        e.insert(0, etree.Comment("x"))
        e.text, e[0].tail = tekst[:1], tekst[1:]
    yield "with comments", kommentert
    for e in sitert.iter(etree.Element):
        e.text = e.text and etree.CDATA(e.text)
    yield "quoted", sitert
    etree.indent(innrykket)
    innrykket.set(f"{{{XSI}}}schemaLocation", "a b")
    yield "indented, with a hint at a schema", innrykket


def endringer(felt: Felt, annet, kjente):
    """What to change of an element: always its number and place, and the other things by turns."""
    yield from (uteglemt, for_mange, byttet)
    if felt.innhold != SIGNERT:
        yield nil
        yield from ANNET if felt.nillbar or felt.innhold == HVASOMHELST else (next(annet), next(annet))
    for tekst in kjente[1] if kjente else ():
        yield med_tekst(tekst)


def uteglemt(e, _):
    """left out"""
    if e.getparent() is None:
        return False
    e.getparent().remove(e)


def for_mange(e, felt):
    """one too many"""
    if e.getparent() is None:
        return False
    like = len(e.getparent().findall(e.tag))
    for _ in range(max(1, (felt.mest or 0) + 1 - like)):
        e.addnext(copy.deepcopy(e))


def byttet(e, _):
    """after its neighbour"""
    neste = e.getnext()
    if neste is None or neste.tag == e.tag:
        return False
    neste.addnext(e)


def omdoept(e, _):
    """under another name"""
    e.tag = e.tag + "X"


def uten_navnerom(e, _):
    """in no namespace"""
    e.tag = etree.QName(e).localname


def med_attributt(e, felt):
    """with an attribute"""
    e.set("fremmed", "1")


def med_type(e, felt):
    """with xsi:type"""
    # Declared where a marshaller declares it: on the element itself.
    ny = etree.Element(e.tag, nsmap={"xs": "http://www.w3.org/2001/XMLSchema", "xsi": XSI})
    ny.text, ny[:] = e.text, e[:]
    ny.set(f"{{{XSI}}}type", "xs:string")
    if e.getparent() is None:
        return False
    e.getparent().replace(e, ny)


def nil(e, felt):
    """nil and empty"""
    e[:], e.text = [], None
    e.set(f"{{{XSI}}}nil", "true")


def nil_med_innhold(e, felt):
    """nil and not empty"""
    e.set(f"{{{XSI}}}nil", "1")


def ikke_nil(e, felt):
    """not nil"""
    e.set(f"{{{XSI}}}nil", "false")


def annet_innhold(e, felt):
    """text among elements, or an element in a text"""
    if felt.innhold == HVASOMHELST:
        return False
    if len(e):
        e[0].tail = "x"
    else:
        etree.SubElement(e, e.tag)


def med_tekst(tekst: str):
    def endret(e, _):
        e.text = tekst
    endret.__doc__ = f"the text {tekst[:20]!r} ({len(tekst)})"
    return endret


ANNET = (omdoept, uten_navnerom, med_attributt, med_type, nil_med_innhold, ikke_nil, annet_innhold)
