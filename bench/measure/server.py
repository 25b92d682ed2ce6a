"""grunndata itself: import, start, battery, feed page, memory and disk."""

import contextlib
import subprocess
import time
from pathlib import Path

from .battery import SIZE
from .program import Failed, disk_bytes, eventually, free_port, run, running, say, status_bytes
from .timing import Client, percentiles, repeat

API = "/enhetsregisteret/api"
BEYOND = "/enhetsregisteret/utvidet"
FEED_PAGE = 10_000


class Server:
    """The binary, a data directory, and where the store is if not there."""

    def __init__(self, binary, data, *store):
        self.binary, self.data, self.store = binary, data, store
        self.port = 0

    def load(self, dump):
        """Imports the three dumps into an empty directory and builds the index; answers the measurements."""
        begun, peak, parts = time.monotonic(), 0, {}
        for what in ("enheter", "underenheter", "roller"):
            seconds, memory, _ = run([self.binary, "import", what, dump.file(what), "--data", self.data, *self.store], stderr=subprocess.DEVNULL)
            parts[what], peak = seconds, max(peak, memory)
        indexing = time.monotonic()
        with self.serving() as child:
            peak_index = status_bytes(child.pid, "VmHWM")
        parts["index"] = time.monotonic() - indexing
        return {
            "seconds": time.monotonic() - begun,
            "parts": parts,
            "peak": max(peak, peak_index),
            "peaks": {"import": peak, "index": peak_index},
            "disk": disk_bytes(self.data),
        }

    @contextlib.contextmanager
    def serving(self, *flags):
        """Serves while the block runs; ready when it begins."""
        self.port = free_port()
        command = [self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--set", "logg.nivaa=warn"]
        command += [*self.store, *flags]
        log = Path(str(self.data) + ".log")
        with open(log, "ab") as out, running(command, stderr=out, stdout=out) as child:
            eventually("grunndata is ready", lambda: self._ready(child), 900)
            yield child

    def _ready(self, child):
        if child.poll() is not None:
            raise Failed(f"grunndata serve ended with {child.returncode}; see {self.data}.log")
        return Client(self.port).ask("/drift/klar")[0] == 200

    def client(self):
        """A connection to the compatible surface."""
        return Client(self.port, API)

    def start(self):
        """Seconds from start to ready with existing data, and memory when left alone for five seconds after."""
        begun = time.monotonic()
        with self.serving() as child:
            seconds = time.monotonic() - begun
            time.sleep(5)
            fields = {"resident": "VmRSS", "own": "RssAnon"}
            return {"seconds": seconds} | {name: status_bytes(child.pid, field) for name, field in fields.items()}

    def measure(self, query, budget, runs=200):
        """One query of the battery: its latency, and how many it found."""
        client = self.client()
        path, parameters = query.api()
        if query.typo and self.tolerates_typos():
            client = Client(self.port, BEYOND)
        answer = client.json(path, parameters)
        shown = sum(len(listed) for listed in answer.get("_embedded", {}).values() if isinstance(listed, list))
        found = answer["page"]["totalElements"] if "page" in answer else shown
        if shown > SIZE:
            raise Failed(f"{query.name}: a page of {shown}")
        return percentiles(repeat(lambda: client.get(path, parameters), runs, budget)) | {"found": found}

    def tolerates_typos(self):
        """Whether the extended surface is there."""
        with contextlib.suppress(OSError, Failed):
            return Client(self.port, BEYOND).ask("/enheter", {"navn": "snodgi", "size": 1})[0] == 200
        return False

    def feed(self, runs):
        """A feed page of 10 000 entries, from the beginning and from the middle."""
        client = self.client()
        first = client.json("/oppdateringer/enheter", {"size": FEED_PAGE})
        entries = first["_embedded"]["oppdaterteEnheter"]
        middle = first["page"]["totalElements"] // 2
        taken = []
        for start in (entries[0]["oppdateringsid"], entries[0]["oppdateringsid"] + middle):
            asked = {"oppdateringsid": start, "size": FEED_PAGE}
            taken += repeat(lambda asked=asked: client.get("/oppdateringer/enheter", asked), runs, 10)
        return percentiles(taken) | {"entries": len(entries)}

    def build_downloads(self):
        """Asks for the JSON files so that they exist; answers the seconds."""
        begun = time.monotonic()
        for path in ("/enheter/lastned", "/underenheter/lastned", "/roller/totalbestand"):
            eventually(f"{path} is made", lambda path=path: self._head(path), 900)
        say(f"download files made in {time.monotonic() - begun:.1f} s")
        return time.monotonic() - begun

    def _head(self, path):
        command = ["curl", "-sf", "-o", "/dev/null", "-I", f"http://127.0.0.1:{self.port}{API}{path}"]
        return subprocess.run(command, check=False).returncode == 0
