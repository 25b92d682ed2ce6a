"""Documents made from a schema's model: valid ones that together use all that it allows, and near-misses of them."""

import copy
import itertools
from dataclasses import dataclass, field

from lxml import etree

from skjemamodell import HVASOMHELST, SIGNATUR, SIGNERT, TEGN, Felt, Valg, Verdi

XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Numbers of persons that are made up and whose check digits are right, then texts that fit somewhere.
TEKSTER = ["14859049894", "47838549639", "00000000000", "311015001", "0301", "NOR", "A", "z", "12", "Ø", "Storgata", "Anne-Lise",
           "", " ", "\n", " x", "x ", "x\ny", "\nx", "x\n", "\t", "x\ty", "\r", "\u00a0", "😀", "a<&>\"'b", "1234A", "12345678901A", "nor",
           "１２３４", "0301 ", "-123", "1.23"]
TO_SIFRE = [f"{tall:02}" for tall in range(100)]
# Texts that a type that is not of strings takes, and that it does not take. Left out: years that
# have not four digits, which schemas take and the register does not know, and blanks around dates, which libxml2 wrongly refuses.
ANDRE_TYPER = {
    "boolean": (["true", "false", "1", "0", " true\n"], ["", "TRUE", "ja", "2", "01", "t rue"]),
    "int": (["1", "0", "-1", "+5", "-007", " 3\n", "2147483647", "-2147483648"], ["", "1.0", "1e3", "+-1", "1 2", "0x1", "-", "2147483648", "-2147483649"]),
    "long": (["1", "0", "-1", "+5", "-007", " 3\n", "9223372036854775807", "-9223372036854775808"],
             ["", "1.0", "1e3", "+-1", "1 2", "0x1", "-", "9223372036854775808", "-9223372036854775809"]),
    "date": (["2024-02-29", "2024-01-01Z", "2024-01-01+14:00", "2024-01-01-13:59", "0001-01-01", "9999-12-31"],
             ["", "19981221", "2023-02-29", "2024-1-1", "2024-13-01", "2024-00-10", "2024-01-32", "2024-01-00", "2024-01-01+14:01", "2024-01-01+1:00",
              "2024-01-01z", "2024-01-01 Z", "2024-01-01T00:00:00", "24-01-01", "01.01.2024", "+2024-01-01", "2024-01-01+13:60"]),
    "dateTime": (["2018-09-01T15:04:47.719", "2024-11-04T10:15:30", "2024-11-04T10:15:30Z", "2024-11-04T10:15:30+01:00", "2024-11-04T24:00:00",
                  "2024-11-04T10:15:30.1234567890123-14:00", "2024-11-04T24:00:00.000Z", "2024-11-04T23:59:59.999999999"],
                 ["", "2024-11-04", "2024-11-04T10:15", "2024-11-04 10:15:30", "2024-11-04T24:00:01", "2024-11-04T24:00:00.001", "2024-11-04T25:00:00",
                  "2024-11-04T23:60:00", "2024-11-04T23:59:60", "2024-11-04T10:15:30.", "2024-11-04T10:15:30,5", "2024-11-04t10:15:30",
                  "2024-11-04T10:15:30z", "2024-13-04T10:15:30", "2023-02-29T10:15:30", "2024-11-04T1:15:30", "2024-11-04T10:15:30+14:01", "2024-11-04T10:15:30+0100"]),
}
SIGNATUREN = etree.fromstring(
    f'<d:Signature xmlns:d="{SIGNATUR}" Id="s"><d:SignedInfo><d:CanonicalizationMethod Algorithm="a"/><d:SignatureMethod Algorithm="a"/>'
    '<d:Reference URI=""><d:DigestMethod Algorithm="a"/><d:DigestValue>AAAA</d:DigestValue></d:Reference></d:SignedInfo>'
    "<d:SignatureValue>AAAA</d:SignatureValue></d:Signature>")


def verdier(type_: Verdi, tegn: list) -> tuple:
    """Texts that a type takes, and texts that it does not take."""
    if type_.grunntype != "string":
        return ANDRE_TYPER[type_.grunntype]
    if type_.koder:
        kode = type_.koder[0]
        return list(type_.koder), ["", kode + "x", kode.upper(), f" {kode}", f"{kode}\n", "ukjent kode"]
    proever = list(TEKSTER)
    for alfabet, _ in type_.alfabeter:
        deler = type_.mest or len(alfabet)
        proever += [alfabet[i:i + deler] for i in range(0, len(alfabet), deler)]
        # Each character by itself where it stands among others, and where it is as many as there must be.
        proever += [t if type_.mest == 1 else t.join("AA") for t in tegn] + [t * type_.minst for t in "09AZaÅ -"]
    if any("|" in moenster for moenster in type_.moenstre):
        proever += TO_SIFRE
    lengder = {lengde + mer for lengde in (type_.minst, type_.mest or 0) for mer in (-1, 0, 1) if lengde + mer > 0}
    proever += [t * lengde for lengde in sorted(lengder) for t in "0Aæ"]
    proever = list(dict.fromkeys(proever))
    return [p for p in proever if type_.tar(p)], [p for p in proever if not type_.tar(p)]


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
                self.kjente[sti] = (list(ja) if type_.koder else noen, [nei[(2 * n + i) % len(nei)] for i in range(2)] if nei else [])
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
            e = etree.Element(navn, nsmap={None: self.navnerom}) if over is None else etree.SubElement(over, navn)
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
                mange = max(ledd.minst, min(ledd.mest or 2, 2)) if plan.fullt else max(ledd.minst, int(her in plan.med))
                for _ in range(mange):
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


def endringer(felt: Felt, annet, kjente):
    """What to change of an element: always its number and place, and the other things by turns."""
    yield from (uteglemt, for_mange, byttet)
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
    if felt.innhold == SIGNERT:
        return False
    e.set("fremmed", "1")


def med_type(e, felt):
    """with xsi:type"""
    if felt.innhold == SIGNERT:
        return False
    # Declared where a marshaller declares it: on the element itself.
    ny = etree.Element(e.tag, nsmap={"xs": "http://www.w3.org/2001/XMLSchema", "xsi": XSI})
    ny.text, ny[:] = e.text, e[:]
    ny.set(f"{{{XSI}}}type", "xs:string")
    if e.getparent() is None:
        return False
    e.getparent().replace(e, ny)


def nil(e, felt):
    """nil and empty"""
    if felt.innhold == SIGNERT:
        return False
    e[:], e.text = [], None
    e.set(f"{{{XSI}}}nil", "true")


def nil_med_innhold(e, felt):
    """nil and not empty"""
    if felt.innhold == SIGNERT:
        return False
    e.set(f"{{{XSI}}}nil", "1")


def ikke_nil(e, felt):
    """not nil"""
    if felt.innhold == SIGNERT:
        return False
    e.set(f"{{{XSI}}}nil", "false")


def annet_innhold(e, felt):
    """text among elements, or an element in a text"""
    if felt.innhold in (SIGNERT, HVASOMHELST):
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


ANNET = (omdoept, uten_navnerom, med_attributt, med_type, nil, nil_med_innhold, ikke_nil, annet_innhold)


def alle_tegn(modeller: list) -> list:
    """Every character that some type knows as a letter, and those that none does."""
    def typer(rekke):
        for ledd in rekke:
            if isinstance(ledd, Valg):
                for valgt in ledd.rekker:
                    yield from typer(valgt)
            elif isinstance(ledd.innhold, tuple):
                yield from typer(ledd.innhold)
            elif isinstance(ledd.innhold, Verdi):
                yield ledd.innhold
    kjent = {t for rot in modeller for type_ in typer(rot.innhold) for alfabet, _ in type_.alfabeter for t in alfabet}
    return sorted(kjent | set(TEGN[:96]) | set("\t\n\r\u00a0ŁłŐőŒœŘřﬁАбάا中😀０"))
