"""Messages to Folkeregisteret, made of the examples that the contracts are published with."""

import functools
import time
from dataclasses import dataclass

from .program import ROOT, Failed

EXAMPLES = ROOT / "crates" / "produsent" / "eksempler"
SENT = "2024-11-20T09:00:00+01:00"
BOUNDARY = "------------------------d74496d66958873e"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + b"0" * 2_000 + b"\n%%EOF\n"


@dataclass(slots=True)
class Message:
    """A message, and what must become of it by the register's own rules.

    `expect` is granted, refused or manual for a message that is told of, and moved or unseen for one that is not: told apart by
    the events that those named get. `again` is one sent before, which gets the receipt of the first.
    """

    kind: str
    ident: str
    body: bytes
    expect: str
    gives: bool = False
    address: str = ""
    type_: str = "application/xml"
    event: str = ""
    about: tuple = ()

    def again(self):
        """The same message sent once more, at another time."""
        body = self.body.replace(now().encode(), b"2026-01-01T00:00:00Z")
        if body == self.body:
            raise Failed(f"{self.kind} does not say when it was sent")
        return Message(self.kind, self.ident, body, "again", False, self.address, self.type_)


class Letter:
    """An example, of which parts are replaced. What is replaced must be there."""

    def __init__(self, kind, ident):
        self.kind, self.ident, self.text = kind, ident, example(kind)
        self.put("avsendersMeldingsidentifikator", f"eksempel-{kind}", ident)
        self.put("avsendersInnsendingstidspunkt", SENT, now())

    def put(self, tag, old, new):
        """Another value in the first element that has the old one."""
        return self.swap(f"<{tag}>{old}</{tag}>", f"<{tag}>{new}</{tag}>")

    def swap(self, old, new):
        """Other text in the place of the first that is so."""
        if old not in self.text:
            raise Failed(f"the example of {self.kind} has no {old}")
        self.text = self.text.replace(old, new, 1)
        return self

    def span(self, begin, end, new):
        """Other text from the first of one text to the next of another, both included."""
        at = self.text.find(begin)
        to = self.text.find(end, at)
        if at < 0 or to < 0:
            raise Failed(f"the example of {self.kind} has nothing from {begin} to {end}")
        self.text = self.text[:at] + new + self.text[to + len(end) :]
        return self

    def drop(self, tag):
        """Without the first element of a name."""
        return self.span(f"<{tag}>", f"</{tag}>", "")

    def message(self, expect="granted", **more):
        """Done."""
        return Message(self.kind, self.ident, self.text.encode(), expect, address=self.kind, **more)

    def with_file(self, address, part, name, expect="granted", **more):
        """Done, with an attachment."""
        heads = (f'name="{part}"', f'name="vedlegg"; filename="{name}"')
        types = ("application/xml; charset=UTF-8", "application/pdf")
        body = b""
        for head, type_, content in zip(heads, types, (self.text.encode(), PDF)):
            body += f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\nContent-Type: {type_}\r\n\r\n".encode() + content + b"\r\n"
        body += f"--{BOUNDARY}--\r\n".encode()
        return Message(self.kind, self.ident, body, expect, address=address, type_=f"multipart/form-data; boundary={BOUNDARY}", **more)


@functools.cache
def example(kind):
    """The example of a contract."""
    return (EXAMPLES / f"{kind}.xml").read_text(encoding="utf-8")


@functools.cache
def now():
    """When the day's messages say that they were sent."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def element(tag, *content, **children):
    """An element with text, or with others in it."""
    inner = "".join(content) + "".join(f"<{name}>{value}</{name}>" for name, value in children.items())
    return f"<{tag}>{inner}</{tag}>"


def named(name):
    """A name as contracts have it."""
    parts = {part: name[part] for part in ("fornavn", "mellomnavn", "etternavn") if name.get(part)}
    return element("navn", **parts)


def road(address, *more):
    """A road address as Posten's contract has it; `more` stands last."""
    number = address.get("adressenummer", {})
    house = element("adressenummer", **{part: number[part] for part in ("husnummer", "husbokstav") if part in number}) if "husnummer" in number else ""
    place = element("poststed", **{part: address["poststed"][part] for part in ("poststedsnavn", "postnummer")})
    return element("vegadresse", element("adressenavn", address["adressenavn"]), house, place, *more)
