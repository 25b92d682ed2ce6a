"""Our schemas, our examples and what is told back, held against each other by libxml2, and against the official schemas
where they are at hand.

Usage: python kontrakter.py http://127.0.0.1:8080 TOKEN [DIRECTORY OF OFFICIAL SCHEMAS]
Every example must be valid by our schema and by the official one of its namespace, and one that is spoilt by neither. Every
example is sent; what comes back on the feed must be valid too.
"""

import sys
import time
from pathlib import Path

import httpx2
from lxml import etree

NETT = httpx2.Client(timeout=60)
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
    """The newest schema of each namespace, with its file's name."""
    leser = etree.XMLParser(no_network=True)
    leser.resolvers.add(Signatur(mappe))
    funnet = {}
    for fil in sorted(mappe.glob("*.xsd")):
        dokument = etree.parse(fil, leser)
        navnerom = dokument.getroot().get("targetNamespace")
        if navnerom != SIGNATUR:
            funnet[navnerom] = (fil.name, etree.XMLSchema(dokument))
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


def main(sted: str, token: str, mappe: str | None) -> None:
    hoder = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    deres = offisielle(Path(mappe)) if mappe else {}
    skjemaer, sendt, sammenlignet = {}, 0, 0
    kontrakter = NETT.get(f"{sted}/folkeregisteret/utvidet/kontrakter").json()["kontrakter"]
    for kontrakt in kontrakter:
        skjema = etree.XMLSchema(etree.fromstring(NETT.get(kontrakt["xsd"]).content))
        skjemaer[kontrakt["navnerom"]] = skjema
        if "eksempel" not in kontrakt:
            continue
        eksempel = NETT.get(kontrakt["eksempel"]).content
        dokument = etree.fromstring(eksempel)
        krev(skjema, dokument, kontrakt["navn"])
        if kontrakt["navnerom"] in deres:
            fil, deres_skjema = deres[kontrakt["navnerom"]]
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
        for hvem, skjema in [("ours", skjemaer[navnerom])] + ([deres[navnerom]] if navnerom in deres else []):
            assert skjema.validate(post), (hvem, etree.tostring(post), skjema.error_log)
    hva = f"and {sammenlignet} official ones" if deres else "(the official ones are not here: skipped)"
    print(f"{len(kontrakter)} schemas {hva}; {sendt} examples sent, {len(poster)} entries told back: all valid")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
