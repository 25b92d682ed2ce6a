"""Our schemas, our examples, what the server takes and what is told back, held against each other by libxml2, and against the
official schemas where they are at hand.

Usage: python kontrakter.py http://127.0.0.1:8080 TOKEN [DIRECTORY OF OFFICIAL SCHEMAS]
Every example must be valid by our schema and by the official one of its namespace, and one that is spoilt by neither. Every
example is sent; what comes back on the feed must be valid too. Then our schemas must allow what the official ones allow, and no
more: their models are the same, and of thousands of documents that are made from either, valid ones and near-misses, the official
schema, ours and the server say the same.

Not compared: what stands in the place of a signature or inside an element that may hold anything, types that a document itself names (`xsi:type`),
years that have not four digits, and the resources that are not served.
"""

import difflib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
from lxml import etree

from proever import Proever
from proevetekster import alle_tegn
from skjemamodell import linjer, modell

NETT = httpx2.Client(timeout=60)
# How many calls an organisation may have under way is five.
SAMTIDIG = 4
SIGNATUR = "http://www.w3.org/2000/09/xmldsig#"


class Signatur(etree.Resolver):
    """The official schemas import that of signatures by several paths; there is one file."""

    def __init__(self, mappe: Path):
        self.mappe = mappe

    def resolve(self, adresse, _, sammenheng):
        if adresse and adresse.endswith("DigitalSignatur.xsd"):
            return self.resolve_filename(str(self.mappe / "DigitalSignatur.xsd"), sammenheng)
        return None


def offisielle(mappe: Path) -> dict:
    """The newest schema of each namespace: its file's name, what validates by it, and its root element."""
    leser = etree.XMLParser(no_network=True)
    leser.resolvers.add(Signatur(mappe))
    funnet = {}
    for fil in sorted(mappe.glob("*.xsd")):
        dokument = etree.parse(fil, leser)
        navnerom = dokument.getroot().get("targetNamespace")
        if navnerom != SIGNATUR:
            funnet[navnerom] = (fil.name, etree.XMLSchema(dokument), dokument.getroot())
    return funnet


def spoilt(dokument):
    """The same with an element that no contract has, last in the message."""
    ny = etree.fromstring(etree.tostring(dokument))
    etree.SubElement(ny[-1], f"{{{etree.QName(ny).namespace}}}ukjent")
    return ny


def krev(skjema, dokument, hvem: str) -> None:
    if not skjema.validate(dokument):
        raise AssertionError(f"{hvem}: {skjema.error_log}")
    assert not skjema.validate(spoilt(dokument)), f"{hvem}: a spoilt message is taken"


def tilbakemeldinger(sted: str, hoder: dict, ventet: int) -> list:
    for _ in range(300):
        svar = NETT.get(f"{sted}/folkeregisteret/tilbakemelding/api/v2/hendelser?seq=0",
                        headers=hoder | {"Accept": "application/xml"})
        assert svar.status_code == 200, svar.text
        poster = etree.fromstring(svar.content).findall(".//{http://www.w3.org/2005/Atom}content")
        if len(poster) >= ventet:
            return [post[0] for post in poster]
        time.sleep(0.1)
    raise AssertionError(f"only {len(poster)} entries of {ventet} on the feed")


def lik_modell(navn: str, vaar, deres) -> None:
    vaare, deres = linjer(modell(vaar)), linjer(modell(deres))
    forskjell = "\n".join(difflib.unified_diff(deres, vaare, "official", "ours", lineterm="", n=0))
    assert not forskjell, f"{navn} allows something else than the official schema:\n{forskjell}"


class Motsagt:
    """Documents held against schemas and server, who must all say the same."""

    def __init__(self, sted: str, hoder: dict):
        self.sted, self.hoder = f"{sted}/folkeregisteret/mottak/api", hoder
        self.antall, self.gyldige, self.uenige = 0, 0, []

    def proev(self, ressurs: str | None, skjemaer: list, proever: Proever) -> None:
        """`ressurs`: where such messages are sent, if they are."""
        dokumenter = {}
        for dokument in proever.gyldige():
            dokumenter.setdefault(etree.tostring(dokument, encoding="UTF-8"), (True, "valid"))
        for hva, dokument in proever.naer_ved():
            dokumenter.setdefault(etree.tostring(dokument, encoding="UTF-8"), (None, hva))
        with ThreadPoolExecutor(SAMTIDIG) as traader:
            svar = []
            for xml in dokumenter:
                tatt = traader.submit(self.tatt, ressurs, xml) if ressurs else None
                svar.append((tatt, [skjema.validate(etree.fromstring(xml)) for skjema in skjemaer]))
        for (xml, (ventet, hva)), (tatt, sagt) in zip(dokumenter.items(), svar):
            self.antall += 1
            self.gyldige += sagt[0]
            sagt += ([tatt.result()] if tatt else []) + ([ventet] if ventet else [])
            if len(set(sagt)) > 1:
                self.uenige.append(f"{proever.rot.navn}: {hva}: {sagt}: {xml.decode()[:3000]}")

    def tatt(self, ressurs: str, xml: bytes):
        svar = NETT.post(f"{self.sted}/{ressurs}", headers=self.hoder, content=xml)
        ugyldig = svar.status_code == 400 and b".ValideringsFeil<" in svar.content
        return True if svar.status_code == 202 else False if ugyldig else svar.text


def main(sted: str, token: str, mappe: str | None) -> None:
    hoder = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    deres = offisielle(Path(mappe)) if mappe else {}
    skjemaer, vaare, sendt, sammenlignet = {}, {}, 0, 0
    kontrakter = NETT.get(f"{sted}/folkeregisteret/utvidet/kontrakter").json()["kontrakter"]
    for kontrakt in kontrakter:
        vaar = etree.fromstring(NETT.get(kontrakt["xsd"]).content)
        vaare[kontrakt["navn"]], skjema = vaar, etree.XMLSchema(vaar)
        skjemaer[kontrakt["navnerom"]] = skjema
        if kontrakt["navnerom"] in deres:
            lik_modell(kontrakt["navn"], vaar, deres[kontrakt["navnerom"]][2])
        if "eksempel" not in kontrakt:
            continue
        eksempel = NETT.get(kontrakt["eksempel"]).content
        dokument = etree.fromstring(eksempel)
        krev(skjema, dokument, kontrakt["navn"])
        if kontrakt["navnerom"] in deres:
            fil, deres_skjema, _ = deres[kontrakt["navnerom"]]
            krev(deres_skjema, dokument, fil)
            sammenlignet += 1
        svar = NETT.post(f"{sted}/folkeregisteret/mottak/api/{kontrakt['navn']}", headers=hoder, content=eksempel)
        assert svar.status_code == 202, (kontrakt["navn"], svar.text)
        sendt += kontrakt["tilbakemelding"] is not None
    assert not deres or sammenlignet >= 15, f"only {sammenlignet} of the official schemas were met"

    poster = tilbakemeldinger(sted, hoder, sendt)
    for post in poster:
        navnerom = etree.QName(post).namespace
        post = etree.fromstring(etree.tostring(post, with_tail=False))
        for hvem, skjema in [("ours", skjemaer[navnerom])] + ([deres[navnerom][:2]] if navnerom in deres else []):
            assert skjema.validate(post), (hvem, etree.tostring(post), skjema.error_log)
    hva = f"and {sammenlignet} official ones" if deres else "(the official ones are not here: skipped)"
    print(f"{len(kontrakter)} schemas {hva}; {sendt} examples sent, {len(poster)} entries told back: all valid")

    motsagt = Motsagt(sted, hoder)
    tegn = alle_tegn([modell(vaar) for vaar in vaare.values()])
    for kontrakt in kontrakter:
        navnerom, ressurs = kontrakt["navnerom"], kontrakt["navn"] if "eksempel" in kontrakt else None
        _, deres_skjema, _ = deres.get(navnerom, (None, None, None))
        med = [skjema for skjema in (deres_skjema, skjemaer[navnerom]) if skjema is not None]
        # The models are the same, so documents made of ours are those made of theirs.
        motsagt.proev(ressurs, med, Proever(navnerom, modell(vaare[kontrakt["navn"]]), tegn))
    for uenig in motsagt.uenige[:20]:
        print(uenig, file=sys.stderr)
    assert not motsagt.uenige, f"schemas and server disagree on {len(motsagt.uenige)} documents"
    hvem = "The official schemas, ours and the server" if deres else "Our schemas and the server"
    print(f"{hvem} agree on {motsagt.antall} documents, {motsagt.gyldige} of them valid")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
