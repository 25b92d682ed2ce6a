"""The synthetic nation as dump files, and the same records in the form the peers load."""

import json
import re
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor

from .program import Failed, run, say

FILES = {"enheter": "enheter_alle.json.gz", "underenheter": "underenheter_alle.json.gz", "roller": "roller_alle.json.gz"}
NUMBERS = 20_000

_BREAK = re.compile(rb"\n\s*")
_LINKS = re.compile(rb'"_?links" : (?:\[ \]|\{(?:"\w+" : \{"href" : "[^"]*"\},?)*\}),')
_NUMBER = re.compile(rb'"organisasjonsnummer" : "(\d{9})"')


class Dump:
    """A directory with the three dumps, the lines for COPY, and a sample of organisation numbers."""

    def __init__(self, directory, units):
        self.directory = directory
        self.units = units
        self.counts = {}

    def file(self, what):
        """The gzipped JSON dump."""
        return self.directory / FILES[what]

    def lines(self, what):
        """One record a line, compact, without links, escaped for COPY."""
        return self.directory / f"{what}.copy"

    @property
    def numbers(self):
        """A sample of the main units' numbers, one a line."""
        return self.directory / "numbers.txt"

    def make(self, binary):
        """Makes what is missing. The peers' lines are prepared outside their timed load: that favours them."""
        done = self.directory / "done.json"
        if not done.exists():
            say(f"making a synthetic nation of {self.units} units in {self.directory}")
            run([binary, "syntetisk", "--enheter", self.units, "--fro", 42, "--ut", self.directory])
            with ProcessPoolExecutor(2) as pool:
                counts = dict(zip(FILES, pool.map(prepare, [self] * 3, FILES)))
            done.write_text(json.dumps(counts))
        self.counts = json.loads(done.read_text())
        return self

    def inflate(self):
        """Seconds that `gzip -dc` takes for the three dumps."""
        begun = time.monotonic()
        for what in FILES:
            subprocess.run(["gzip", "-dc", self.file(what)], stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - begun

    def gz_bytes(self):
        """The dumps' size."""
        return sum(self.file(what).stat().st_size for what in FILES)


def prepare(dump, what):
    """Writes one dump as lines; answers {"records", and for roles "roles"}."""
    records = roles = 0
    numbers, every = [], max(1, dump.units // NUMBERS)
    with subprocess.Popen(["gzip", "-dc", dump.file(what)], stdout=subprocess.PIPE) as source, open(dump.lines(what), "wb") as out:
        for record in split(source.stdout):
            line = _LINKS.sub(b"", _BREAK.sub(b"", record))
            out.write(line.replace(b"\\", b"\\\\") + b"\n")
            if what == "enheter" and records % every == 0:
                numbers.append(_NUMBER.search(line).group(1))
            if what == "roller":
                roles += line.count(b'"fratraadt" : ')
            records += 1
    if source.returncode != 0:
        raise Failed(f"{dump.file(what)} is not a sound gzip file")
    if numbers:
        dump.numbers.write_bytes(b"\n".join(numbers))
    return {"records": records, "roles": roles}


def split(source):
    """The objects of a dump's array, by the line breaks the dumps have between them."""
    rest = b""
    while chunk := source.read(4 << 20):
        *whole, rest = (rest + chunk).split(b"\n}, {\n")
        for record in whole:
            yield b"{" + record.removeprefix(b"[ {\n") + b"}"
    yield b"{" + rest.removeprefix(b"[ {\n").rstrip().removesuffix(b"]").rstrip().removesuffix(b"}") + b"}"
