"""SQLite with FTS5, in process: the nearest thing to nothing at all."""

import sqlite3
import time

from .battery import fold
from .program import disk_bytes
from .timing import percentiles, repeat

COLUMNS = {
    "navn": "$.navn",
    "form": "$.organisasjonsform.kode",
    "overordnet": "$.overordnetEnhet",
    "hjemmeside": "$.hjemmeside",
    "postnummer": "$.forretningsadresse.postnummer",
    "post_kommune": "$.postadresse.kommunenummer",
    "post_kommunenavn": "$.postadresse.kommune",
    "post_land": "$.postadresse.landkode",
    "naering1": "$.naeringskode1.kode",
    "naering2": "$.naeringskode2.kode",
    "naering3": "$.naeringskode3.kode",
    "sektor": "$.institusjonellSektorkode.kode",
    "regnskap": "$.sisteInnsendteAarsregnskap",
    "mva": "$.registrertIMvaregisteret",
    "foretak": "$.registrertIForetaksregisteret",
    "stiftelse": "$.registrertIStiftelsesregisteret",
    "frivillighet": "$.registrertIFrivillighetsregisteret",
    "konkurs": "$.konkurs",
    "avvikling": "$.underAvvikling",
    "tvang": "$.underTvangsavviklingEllerTvangsopplosning",
    "registrert": "$.registreringsdatoEnhetsregisteret",
    "stiftet": "$.stiftelsesdato",
    "oppstart": "$.oppstartsdato",
}
INDEXED = (
    "form", "postnummer", "kommune", "post_kommune", "sektor", "regnskap", "konkurs", "mva", "foretak", "ansatte",
    "registrert", "stiftet", "navn", "naering1", "post_land",
)


class Fts5:
    """A database file."""

    def __init__(self, path):
        path.unlink(missing_ok=True)
        self.path = path
        self.base = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "mmap_size=8000000000", "temp_store=MEMORY"):
            self.base.execute(f"PRAGMA {pragma}")
        self.base.create_function("char_length", 1, len, deterministic=True)
        self.base.create_function("brett", 1, fold, deterministic=True)

    def load(self, dump):
        """Loads and indexes; answers the measurements."""
        begun = time.monotonic()
        for table in ("enheter", "underenheter"):
            self._units(table, dump.lines(table))
        self.base.execute("CREATE TABLE roller (orgnr INTEGER PRIMARY KEY, doc TEXT)")
        insert = "INSERT INTO roller SELECT json_extract(:d, '$.organisasjonsnummer'), :d"
        self._many(insert, dump.lines("roller"))
        self.base.execute("ANALYZE")
        return {"seconds": time.monotonic() - begun, "disk": disk_bytes(self.path)}

    def _units(self, table, lines):
        names = ", ".join(COLUMNS)
        self.base.execute(f"CREATE TABLE {table} (orgnr INTEGER PRIMARY KEY, doc TEXT, ansatte, kommune, kommunenavn, {names})")
        values = ", ".join(f"json_extract(:d, '{path}')" for path in COLUMNS.values())
        where = "coalesce(json_extract(:d, '$.forretningsadresse.{0}'), json_extract(:d, '$.beliggenhetsadresse.{0}'))"
        head_count = "coalesce(json_extract(:d, '$.antallAnsatte'), json_extract(:d, '$.harRegistrertAntallAnsatte'), 0)"
        insert = f"INSERT INTO {table} SELECT json_extract(:d, '$.organisasjonsnummer'), :d, {head_count}, "
        insert += f"{where.format('kommunenummer')}, {where.format('kommune')}, {values}"
        self._many(insert, lines)
        for column in INDEXED:
            self.base.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column}, orgnr)")
        for index, text in (("navn", "navn"), ("adresse", "json_extract(doc, '$.forretningsadresse.adresse')")):
            tokens = "tokenize=\"unicode61 remove_diacritics 2\", content=''"
            prefixes = ", prefix='1 2 3'" if index == "navn" else ""
            self.base.execute(f"CREATE VIRTUAL TABLE {table}_{index} USING fts5(t, {tokens}{prefixes})")
            self.base.execute(f"INSERT INTO {table}_{index} (rowid, t) SELECT orgnr, brett({text}) FROM {table} WHERE {text} IS NOT NULL")
        self.base.execute(f"CREATE TABLE {table}_koder (kode TEXT, orgnr INTEGER, PRIMARY KEY (kode, orgnr)) WITHOUT ROWID")
        for column in ("naering1", "naering2", "naering3"):
            for length in (2, 4, 5, 6):
                taken = f"SELECT substr({column}, 1, {length}), orgnr FROM {table} WHERE {column} IS NOT NULL ORDER BY 1, 2"
                self.base.execute(f"INSERT OR IGNORE INTO {table}_koder {taken}")

    def _many(self, insert, lines):
        with open(lines, encoding="utf-8") as file:
            self.base.execute("BEGIN")
            self.base.executemany(insert, ({"d": line.rstrip("\n").replace("\\\\", "\\")} for line in file))
            self.base.execute("COMMIT")

    def measure(self, query, budget):
        """One query of the battery: its latency, and how many it found."""
        count, page = query.sql("lite")
        found = []

        def call():
            found[:] = self.base.execute(count).fetchone()
            self.base.execute(page).fetchall()

        return percentiles(repeat(call, 100, budget)) | {"found": found[0]}
