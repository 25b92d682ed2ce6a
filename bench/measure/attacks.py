"""Documents that mean harm, posted many times to a running server: none is to be received, take long, or leave anything behind."""

import contextlib
import http.client
import socket
import statistics
import threading
import time
from collections import Counter

from .harm import Document, corpus
from .letters import Letter
from .program import say, status_bytes
from .sending import HEADER, INTAKE, SENDERS
from .timing import percentiles

ROUNDS, FEW_ROUNDS = 40, 8
MB = 1_000_000


class Bait:
    """A server that documents ask to be fetched from, and that counts who comes."""

    def __enter__(self):
        self.socket, self.came = socket.create_server(("127.0.0.1", 0)), 0
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _count(self):
        with contextlib.suppress(OSError):
            while True:
                self.socket.accept()[0].close()
                self.came += 1


def measure(server, child, small):
    """Posts every document in turn, round after round, on one connection."""
    rounds = FEW_ROUNDS if small else ROUNDS
    real = Letter("doedsfall_v1", "harm").text
    poster, taken, statuses, accepted, failed = Poster(server.port), {}, Counter(), set(), set()
    resident, once, before = [], 0, status_bytes(child.pid, "VmHWM")
    with Bait() as bait:
        documents = corpus(real, bait.url)
        say(f"{len(documents)} documents that mean harm, {rounds} times each")
        for _ in range(rounds):
            for document in documents:
                status, seconds = poster.post(document)
                taken.setdefault(document.name, []).append(seconds)
                statuses[status] += 1
                accepted |= {document.name} if status == 202 and not document.harmless else set()
                failed |= {f"{document.name}: {status}"} if status == 0 or status >= 500 else set()
                resident.append(status_bytes(child.pid, "VmRSS"))
            once = once or status_bytes(child.pid, "VmHWM")
        time.sleep(0.5)
        fetched = bait.came
    well = poster.post(Document("a real one", real.encode()))[0]
    slowest = sorted(((max(seconds) * 1000, name) for name, seconds in taken.items()), reverse=True)
    return {
        "documents": len(documents), "posts": statuses.total(), "statuses": statuses, "accepted": sorted(accepted), "failed": sorted(failed),
        "slowest": slowest[:10], "p99": percentiles([each for times in taken.values() for each in times])["p99"], "fetched": fetched, "well": well,
        "peak": [before, once, status_bytes(child.pid, "VmHWM")],
        # What is in use goes up and down by some MB with what came last: half of the times it is less.
        "resident": [statistics.median(half) for half in (resident[: len(resident) // 2], resident[len(resident) // 2 :])],
    }


class Poster:
    """One connection, opened again when the server has closed it."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, document):
        """(status, seconds); the status is 0 when there was no answer on a connection just opened either."""
        status, seconds = self._once(document)
        return (status, seconds) if status else self._once(document)

    def _once(self, document):
        headers = {HEADER: SENDERS[0], "Content-Type": document.type_} | document.headers
        begun = time.perf_counter()
        try:
            # A refusal may come before all is sent.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.connection.request("POST", f"{INTAKE}/{document.address}", document.body, headers)
            answer = self.connection.getresponse()
            answer.read()
            return answer.status, time.perf_counter() - begun
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, time.perf_counter() - begun


def targets(found):
    """What, measured, target, met."""
    grown, second_half = found["peak"][2] - found["peak"][1], found["resident"][1] - found["resident"][0]
    slowest, name = found["slowest"][0]
    # Some of the documents have twelve megabytes, of which the allocator keeps some copies or other.
    return [
        (f"of {found['posts']:,} posts that mean harm, received", f"{len(found['accepted'])}", "0", not found["accepted"]),
        ("not answered, answered with a fault of the server's, or fetched what they point at", f"{len(found['failed']) + found['fetched']}", "0", not found["failed"] and not found["fetched"]),
        (f"slowest answer to one, ms ({name})", f"{slowest:.1f}", "< 50", slowest < 50),
        ("peak memory grown since each was posted once, MB", f"{grown / MB:.1f}", "< 64", grown < 64 * MB),
        ("memory in use in the second half of them over the first, MB", f"{second_half / MB:.1f}", "< 16", second_half < 16 * MB),
        ("a real message after them", f"{found['well']}", "202", found["well"] == 202),
    ]


def table(found):
    """What took longest, and what was answered."""
    answers = ", ".join(f"{times:,} × {status or 'no answer'}" for status, times in sorted(found["statuses"].items()))
    before, once, after, *used = (each / MB for each in found["peak"] + found["resident"])
    wrong = [f"Received all the same: {', '.join(found['accepted'])}.", ""] if found["accepted"] else []
    wrong += [f"Not answered as they should: {', '.join(found['failed'])}.", ""] if found["failed"] else []
    out = [
        f"{found['documents']} documents that mean harm were posted {found['posts']:,} times in all: {answers}. p99 {found['p99']:.1f} ms; the "
        f"server's peak memory was {before:,.0f} MB before, {once:,.0f} MB when each had been posted once, and {after:,.0f} MB after all; in use were {used[0]:,.0f} MB during the first half and {used[1]:,.0f} MB during the second. Those that only say something that a reader may "
        "ignore, such as a stylesheet, may be received.", "", *wrong,
        "| slowest | ms |", "|---|---|",
    ]
    return out + [f"| {name} | {milliseconds:.1f} |" for milliseconds, name in found["slowest"]]
