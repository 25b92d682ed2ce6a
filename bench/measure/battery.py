"""The queries: each said once, in the words of the API, of PostgreSQL and of SQLite.

A query is a list of conditions and an order. Answers are a total count and one page of 20 whole documents. The totals of the
three are compared in the report, so that speed is never bought with another answer.
"""

import unicodedata
from dataclasses import dataclass, field

SIZE = 20
NORWEGIAN = ' COLLATE "nb-NO-x-icu"'
DEEPEST = 10_000 // SIZE - 1


@dataclass(frozen=True)
class Condition:
    """One condition in three languages. In SQL, `{t}` is the table."""

    api: dict
    pg: str
    lite: str


@dataclass(frozen=True)
class Query:
    """One query of the battery."""

    name: str
    kind: str
    where: tuple = ()
    sort: str = ""
    page: int = 0
    pg_order: str = f"navn{NORWEGIAN}, orgnr"
    table: str = "enheter"
    typo: str = field(default="")

    def api(self):
        """Path and parameters."""
        parameters = {"size": SIZE, "page": self.page}
        for condition in self.where:
            parameters.update(condition.api)
        if self.sort:
            parameters["sort"] = self.sort
        return f"/{self.table}", parameters

    def sql(self, of):
        """(count, page) in the SQL of `pg` or `lite`."""
        conditions = [getattr(condition, of).format(t=self.table) for condition in self.where]
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        page = f"SELECT doc FROM {self.table}{where} ORDER BY {self.pg_order} LIMIT {SIZE} OFFSET {self.page * SIZE}"
        return f"SELECT count(*) FROM {self.table}{where}", page.replace(NORWEGIAN, "") if of == "lite" else page


def fold(word):
    """As `unaccent` and the API fold: å→a, ø→o, æ→ae."""
    word = word.lower().replace("ø", "o").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def navn(text):
    """Every word begins some word of the name."""
    words = [fold(word) for word in text.split()]
    pg = " & ".join(f"{word}:*" for word in words)
    lite = " ".join(f'"{word}"*' for word in words)
    return Condition(
        {"navn": text},
        f"navn_ord @@ to_tsquery('simple', '{pg}')",
        f"orgnr IN (SELECT rowid FROM {{t}}_navn WHERE {{t}}_navn MATCH '{lite}')",
    )


def sammenhengende(text):
    """The text stands in the name as it is."""
    like = f"navn ILIKE '%{text}%'"
    return Condition({"navn": text, "navnMetodeForSoek": "FORTLOEPENDE"}, like, like.replace("ILIKE", "LIKE"))


def lik(parameter, column, *values):
    """One of these values."""
    quoted = ", ".join(f"'{value}'" for value in values)
    sql = f"{column} IN ({quoted})"
    return Condition({parameter: ",".join(values)}, sql, sql)


def flagg(parameter, column, value):
    """Yes or no."""
    return Condition({parameter: str(value).lower()}, f"{column} = {str(value).lower()}", f"{column} = {int(value)}")


def grense(parameter, column, sign, value):
    """At least (>=) or at most (<=)."""
    sql = f"{column} {sign} '{value}'" if isinstance(value, str) else f"{column} {sign} {value}"
    return Condition({parameter: value}, sql, sql)


def kommune(*numbers):
    """Either address is there."""
    quoted = ", ".join(f"'{number}'" for number in numbers)
    sql = f"(kommune IN ({quoted}) OR post_kommune IN ({quoted}))"
    return Condition({"kommunenummer": ",".join(numbers)}, sql, sql)


def naering(*codes):
    """An industry code of any level."""
    quoted = ", ".join(f"'{code}'" for code in codes)
    listed = f"orgnr IN (SELECT orgnr FROM {{t}}_koder WHERE kode IN ({quoted}))"
    return Condition({"naeringskode": ",".join(codes)}, f"koder && ARRAY[{quoted}]", listed)


def adresse(text):
    """Words of the business address."""
    words = [fold(word) for word in text.split()]
    return Condition(
        {"forretningsadresse.adresse": text},
        f"adresse_ord @@ to_tsquery('simple', '{' & '.join(words)}')",
        f"orgnr IN (SELECT rowid FROM {{t}}_adresse WHERE {{t}}_adresse MATCH '{' '.join(words)}')",
    )


LENGTH = f"char_length(navn), navn{NORWEGIAN}, orgnr"
AS, ENK = lik("organisasjonsform", "form", "AS"), lik("organisasjonsform", "form", "ENK")
SORTS = {
    "navn": f"navn{NORWEGIAN}",
    "organisasjonsnummer": "orgnr",
    "overordnetEnhet": "overordnet",
    "organisasjonsform.kode": "form",
    "antallAnsatte": "ansatte",
    "hjemmeside": "hjemmeside",
    "postadresse.kommune": "post_kommunenavn",
    "postadresse.kommunenummer": "post_kommune",
    "registreringsdatoEnhetsregisteret": "registrert",
    "registrertIMvaregisteret": "mva",
    "naeringskode1.kode": "naering1",
    "naeringskode2.kode": "naering2",
    "naeringskode3.kode": "naering3",
    "registrertIForetaksregisteret": "foretak",
    "registrertIStiftelsesregisteret": "stiftelse",
    "registrertIFrivillighetsregisteret": "frivillighet",
    "forretningsadresse.kommune": "kommunenavn",
    "forretningsadresse.kommunenummer": "kommune",
    "stiftelsesdato": "stiftet",
    "institusjonellSektorkode.kode": "sektor",
    "konkurs": "konkurs",
    "underAvvikling": "avvikling",
    "underTvangsavviklingEllerTvangsopplosning": "tvang",
}
SORTS_OF_SUB_UNITS = {"navn": SORTS["navn"], "oppstartsdato": "oppstart", "antallAnsatte": "ansatte"}


def order(column, descending):
    """Missing values last in both directions, ties by number."""
    if column == "orgnr":
        return "orgnr" + (" DESC" if descending else "")
    return f"{column} {'DESC NULLS LAST' if descending else 'ASC NULLS LAST'}, orgnr"


def battery():
    """All queries."""
    found = [*names(), *filters(), *combinations(), *deep()]
    for of, columns in (("enheter", SORTS), ("underenheter", SORTS_OF_SUB_UNITS)):
        for at, (name, column) in enumerate(columns.items()):
            down = at % 2 == 1
            sort = f"{name},{'desc' if down else 'asc'}"
            found.append(Query(f"{of}: {sort}", "sort", (), sort, 0, order(column, down), of))
    return found


def names():
    """Names: common, rare, absent, accents, several words, within."""
    for label, text in (
        ("common word", "invest"),
        ("one letter", "a"),
        ("two letters", "fj"),
        ("form as word", "as"),
        ("rare word", "tidsskrift snodig"),
        ("two common words", "bergen bygg"),
        ("four words", "snodig blekk finans as"),
        ("accents left out", "tromso"),
        ("accents", "ålesund"),
        ("absent", "zzxqw"),
        ("number", "70"),
    ):
        yield Query(f"navn: {label}", "name", (navn(text),), pg_order=LENGTH)
    yield Query("navn: sub-units", "name", (navn("avdeling"),), pg_order=LENGTH, table="underenheter")
    yield Query("navn: contiguous", "name", (sammenhengende("BLEKK FINANS"),), pg_order=LENGTH)
    yield Query("navn: misspelt", "misspelt", (navn("snodgi"),), pg_order=LENGTH, typo="snodgi")
    yield Query("navn: misspelt, two words", "misspelt", (navn("malerserivce tidskrift"),), pg_order=LENGTH, typo="malerserivce tidskrift")


def filters():
    """Each kind of filter; the dense ones match most of the register."""
    several = tuple(f"{n}" for n in ("0301", "4601", "5001", "1103"))
    for label, condition in (
        ("nothing asked", None),
        ("organisasjonsform, dense", ENK),
        ("organisasjonsform, rare", lik("organisasjonsform", "form", "SF", "KF")),
        ("kommunenummer, either address", kommune("4601")),
        ("kommunenummer, several", kommune(*several)),
        ("postnummer", lik("forretningsadresse.postnummer", "postnummer", "7048")),
        ("naeringskode, two digits", naering("62")),
        ("naeringskode, five digits", naering("73.110", "68.209")),
        ("konkurs, sparse", flagg("konkurs", "konkurs", True)),
        ("konkurs=false, dense", flagg("konkurs", "konkurs", False)),
        ("mva, half", flagg("registrertIMvaregisteret", "mva", True)),
        ("foretak=false", flagg("registrertIForetaksregisteret", "foretak", False)),
        ("antallAnsatte from", grense("fraAntallAnsatte", "ansatte", ">=", 50)),
        ("antallAnsatte to, dense", grense("tilAntallAnsatte", "ansatte", "<=", 4)),
        ("registered since", grense("fraRegistreringsdatoEnhetsregisteret", "registrert", ">=", "2025-06-01")),
        ("founded before", grense("tilStiftelsesdato", "stiftet", "<=", "1950-01-01")),
        ("sector", lik("institusjonellSektorkode", "sektor", "6500")),
        ("accounts of a year", lik("sisteInnsendteAarsregnskap", "regnskap", "2023")),
        ("address words", adresse("Sjokoladetunet 56")),
        ("country", lik("postadresse.landkode", "post_land", "SE", "DK")),
    ):
        yield Query(label, "filter", (condition,) if condition else ())
    yield Query("sub-units of a municipality", "filter", (kommune("0301"),), table="underenheter")
    yield Query("sub-units by industry", "filter", (naering("47"),), table="underenheter")


def combinations():
    """Several conditions, with and without an order."""
    newest = {"sort": "registreringsdatoEnhetsregisteret,desc", "pg_order": order("registrert", True)}
    largest = {"sort": "antallAnsatte,desc", "pg_order": order("ansatte", True)}
    by_name = {"sort": "navn,asc", "pg_order": order(SORTS["navn"], False)}
    mva = flagg("registrertIMvaregisteret", "mva", True)
    yield Query("AS in Bergen, largest", "combination", (AS, kommune("4601")), **largest)
    yield Query("AS in building, by name", "combination", (AS, naering("41", "43")), **by_name)
    yield Query("ENK with VAT, newest", "combination", (ENK, mva), **newest)
    yield Query("name and form", "combination", (navn("fjord"), AS), pg_order=LENGTH)
    yield Query("name in a municipality, by name", "combination", (navn("bygg"), kommune("0301")), **by_name)
    yield Query("common name, newest", "combination", (navn("a"),), **newest)
    yield Query(
        "form, industry, head count, VAT", "combination", (AS, naering("62"), grense("fraAntallAnsatte", "ansatte", ">=", 5), mva)
    )
    yield Query("two dense filters, by name", "combination", (flagg("konkurs", "konkurs", False), mva), **by_name)
    yield Query(
        "founded in a year, by number falling",
        "combination",
        (grense("fraStiftelsesdato", "stiftet", ">=", "2010-01-01"), grense("tilStiftelsesdato", "stiftet", "<=", "2010-12-31")),
        "organisasjonsnummer,desc",
        pg_order="orgnr DESC",
    )


def deep():
    """The last page of the 10 000 that the API allows."""
    last = {"page": DEEPEST}
    yield Query("all, last page", "deep", (), **last)
    yield Query("ENK, last page", "deep", (ENK,), **last)
    yield Query("by name, last page", "deep", (), "navn,asc", pg_order=order(SORTS["navn"], False), **last)
    yield Query("AS by head count, last page", "deep", (AS,), "antallAnsatte,desc", pg_order=order("ansatte", True), **last)
    yield Query("common name, last page", "deep", (navn("a"),), pg_order=LENGTH, **last)
