"""Folkeregisteret: filling, look-ups, bulk, searches, feed pages and extracts, as a consumer's calls."""

import itertools
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

from . import load
from .program import Failed, disk_bytes, eventually, free_port, run, running, say, status_bytes
from .report import MB, line
from .timing import Client, percentiles, repeat

OMH = "/folkeregisteret/offentlig-med-hjemmel/api/v1"
SCOPE = "folkeregister:deling/offentligmedhjemmel"
CONNECTIONS = 16
BULK = 1000
PART = "?part=person-basis"
GB = 1_000_000_000
NATIONAL, SMALL = 10_000_000, 20_000

# Each line is a path; the token is that of every call.
CALLS = """
local requests, at = {}, 0
init = function(args)
  local headers = {["Authorization"] = "Bearer " .. args[2]}
  for line in io.lines(args[1]) do requests[#requests + 1] = wrk.format("GET", line, headers) end
end
request = function() at = at % #requests + 1 return requests[at] end
"""


class Consumer:
    """One connection with a token."""

    def __init__(self, port, token):
        self.client, self.head = Client(port, OMH), f"Authorization: Bearer {token}\r\n"

    def ask(self, path, body=None):
        """(status, body)."""
        return self.client.ask(path, head=self.head, body=body and json.dumps(body))

    def get(self, path, body=None):
        """The body of a 200 answer."""
        status, answer = self.ask(path, body)
        if status != 200:
            raise Failed(f"{path} answered {status}: {bytes(answer[:300])!r}")
        return answer

    def json(self, path, body=None):
        """The same, read."""
        return json.loads(bytes(self.get(path, body)))


def measure(binaries, home, small):
    """Everything, one after the other."""
    persons, seconds, runs = (SMALL, 2, 20) if small else (NATIONAL, 15, 200)
    data = home / "folk"
    shutil.rmtree(data, ignore_errors=True)
    found = {"persons": persons, "load": [os.getloadavg()[0]]}
    say(f"making and loading {persons:,} persons")
    found["filled"] = fill(binaries / "grunndata", data, persons)
    port = free_port()
    flags = ["--set", "logg.nivaa=warn", "--set", "vakt.samtidige_maks=0", "--set", "vakt.adresse_per_minutt=0"]
    command = [binaries / "grunndata", "serve", "--data", data, "--listen", f"127.0.0.1:{port}", *flags]
    command += ["--set", "folkeregisteret.oppbevaring_maaneder=1200"]
    with open(f"{data}.log", "ab") as log, running(command, stdout=log, stderr=log) as child:
        begun = time.monotonic()
        eventually("grunndata is ready", lambda: Client(port).ask("/drift/klar")[0] == 200, 7200)
        found["start"] = time.monotonic() - begun
        token = run([binaries / "grunndata", "token", "--data", data, "--url", f"http://127.0.0.1:{port}", "--scope", SCOPE])[2].strip()
        consumer = Consumer(port, token)
        calls(found, consumer, port, token, (seconds, runs))
        extracts(found, consumer)
        found["resident"] = status_bytes(child.pid, "VmRSS")
    found["disk"] = disk_bytes(data)
    found["load"].append(os.getloadavg()[0])
    return found


def fill(binary, data, persons):
    """Makes the nation, writes it and indexes it; answers seconds, the peaks of memory and the disk."""
    port = free_port()
    command = [binary, "demo", "--data", data, "--enheter", 1000, "--personer", persons, "--listen", f"127.0.0.1:{port}"]
    begun, peaks = time.monotonic(), {"VmHWM": 0, "RssAnon": 0}
    written = None
    with open(f"{data}.log", "ab") as log, running([*command, "--set", "logg.nivaa=warn"], stdout=log, stderr=log) as child:
        done = threading.Event()

        def weigh():
            while not done.wait(0.2):
                for field in peaks:
                    peaks[field] = max(peaks[field], status_bytes(child.pid, field))

        watching = threading.Thread(target=weigh)
        watching.start()
        try:
            eventually("the nation is written", lambda: answers(child, port, "/drift/liv"), 7200)
            written = time.monotonic() - begun
            eventually("the nation is indexed", lambda: answers(child, port, "/drift/klar"), 7200)
        finally:
            done.set()
            watching.join()
    seconds = time.monotonic() - begun
    return {"seconds": seconds, "written": written, "peak": peaks["VmHWM"], "own": peaks["RssAnon"], "disk": disk_bytes(data)}


def answers(child, port, path):
    """Whether it says 200 there."""
    if child.poll() is not None:
        raise Failed(f"grunndata ended with {child.returncode}")
    return Client(port).ask(path)[0] == 200


def calls(found, consumer, port, token, how):
    """Look-ups, bulk, searches and feed pages."""
    seconds, runs = how
    random.seed(42)
    head = consumer.json("/hendelser/siste/sekvensnummer")
    found["events"] = head
    numbers = sample(consumer, head)
    say("look-ups, 16 connections")
    paths = [f"{OMH}/personer/{number}{PART}" for number in numbers]
    found["look_up"] = many(port, token, paths, seconds, CONNECTIONS)
    found["look_up_alone"] = one(consumer, (f"/personer/{number}{PART}" for number in numbers), runs * 20, seconds)
    say("bulk look-ups of 1000")
    lists = itertools.cycle([random.sample(numbers, min(BULK, len(numbers))) for _ in range(20)])
    asked = lambda: consumer.get(f"/personer/bulkoppslag{PART}", {"foedselsEllerDNummer": next(lists)})  # noqa: E731
    found["bulk"] = percentiles(repeat(asked, runs, seconds * 2))
    say("searches")
    lists, unique = searches(consumer, numbers)
    found["search"] = one(consumer, itertools.cycle(lists), runs * 10, seconds * 2)
    found["unique"] = one(consumer, itertools.cycle(unique), runs * 10, seconds * 2)
    say("feed pages")
    starts = (f"/hendelser/feed?seq={random.randint(1, max(1, head - 1000))}" for _ in itertools.count())
    found["feed"] = one(consumer, starts, runs * 5, seconds)


def sample(consumer, head):
    """Numbers of persons from all over the feed."""
    numbers = set()
    while len(numbers) < min(20_000, head // 10):
        page = consumer.json(f"/hendelser/feed?seq={random.randint(1, max(1, head - 1000))}")
        numbers.update(random.sample([each["hendelse"]["folkeregisteridentifikator"] for each in page], min(len(page), 100)))
    return sorted(numbers)


def searches(consumer, numbers):
    """Hit lists and unique searches for persons who are there, of several kinds."""
    lists, unique = [], []
    for at in range(0, min(len(numbers), 3000), BULK):
        part = "?part=navn&part=foedsel&part=bostedsadresse&part=identifikasjonsnummer"
        answer = consumer.json(f"/personer/bulkoppslag{part}", {"foedselsEllerDNummer": numbers[at : at + BULK]})
        for each in answer["oppslag"]:
            person = each["folkeregisterperson"]
            name, birth = person.get("navn", [{}])[0], person.get("foedsel", [{}])[0]
            if "fornavn" not in name or "foedselsdato" not in birth:
                continue
            whole, born = quote(f"{name['fornavn']} {name['etternavn']}"), birth["foedselsdato"].replace("-", "")
            road = person.get("bostedsadresse", [{}])[0].get("vegadresse", {})
            lists.append(f"/personer/soek?navn={whole}&foedselsdato={born}")
            lists.append(f"/personer/soek?navn={whole}&soekFonetisk=true&maksTreff=1000&foedselsaarFraOgMed={born[:4]}")
            unique.append(f"/personer/entydigsoek?navn={whole}&identifikasjonsnummer={each['foedselsEllerDNummer']}")
            unique.append(f"/personer/entydigsoek?navn={whole}&foedselsdato={born}")
            if "adressenavn" in road:
                lists.append(f"/personer/soek?adressenavn={quote(road['adressenavn'])}&kommunenummer={road['kommunenummer']}&kjoenn=mann")
    random.shuffle(lists)
    random.shuffle(unique)
    return lists[:2000], unique[:2000]


def one(consumer, paths, most, budget):
    """Latency at one connection. That a search finds too many, or nobody, is an answer too."""
    paths, counts = iter(paths), {}

    def call():
        status, _ = consumer.ask(next(paths))
        counts[status] = counts.get(status, 0) + 1
        if status not in (200, 400, 404):
            raise Failed(f"a call was answered {status}")

    taken = percentiles(repeat(call, most, budget))
    if counts.get(200, 0) * 2 < sum(counts.values()):
        raise Failed(f"most calls found nothing: {counts}")
    return taken | {"counts": counts}


def many(port, token, paths, seconds, connections):
    """Requests a second and percentiles from many connections, by wrk."""
    with tempfile.NamedTemporaryFile("w") as lines:
        lines.write("\n".join(paths) + "\n")
        lines.flush()
        found = load.wrk(port, "/", seconds, CALLS, lines.name, token, connections=connections)
    # Some of the numbers are nobody's any more.
    if found["errors"] > found["rps"] * seconds / 10:
        raise Failed(f"{found['errors']} look-ups failed")
    return found


def extracts(found, consumer):
    """A complete extract until it is ready, and each of its batches."""
    say("complete extract")
    begun = time.monotonic()
    job = consumer.json("/uttrekk/komplett")["jobbId"]
    eventually("the extract is made", lambda: consumer.ask(f"/uttrekk/{job}/batch/0")[0] == 200, 3600)
    found["extract"] = time.monotonic() - begun
    taken, ids = [], 0
    for number in itertools.count():
        begun = time.perf_counter()
        answer = consumer.get(f"/uttrekk/{job}/batch/{number}")
        seconds = time.perf_counter() - begun
        listed = len(json.loads(bytes(answer)).get("dokumentidentifikator", []))
        if not listed:
            break
        taken.append(seconds)
        ids += listed
    found["batch"] = percentiles(taken) | {"ids": ids}


def targets(found):
    """A line for each target; figures from this run only."""
    filled, look, bulk = found["filled"], found["look_up"], found["bulk"]
    search, unique, feed, batch = found["search"], found["unique"], found["feed"], found["batch"]
    whole = found["persons"] == NATIONAL
    size = "" if whole else f"only {found['persons']:,} persons"
    return [
        line("make and load 10 M persons", "< 25 min", f"{filled['seconds'] / 60:.1f} min", size or f"index ready; written after {filled['written'] / 60:.1f} min", filled["seconds"] < 25 * 60),
        line("peak memory while loading", "< 3 GB", f"{filled['peak'] / GB:.2f} GB", f"own {filled['own'] / GB:.2f} GB", filled["peak"] < 3 * GB),
        line("disk", "< 25 GB", f"{found['disk'] / GB:.1f} GB", f"{found['events']:,} events", found["disk"] < 25 * GB),
        line("look-up, 16 connections, p99", "< 5 ms (official 500 ms)", f"{look['p99']:.2f} ms", f"{look['rps']:,.0f}/s", look["p99"] < 5),
        line("bulk of 1000, p99", "< 150 ms (official 10 s)", f"{bulk['p99']:.0f} ms", f"p50 {bulk['p50']:.0f} ms", bulk["p99"] < 150),
        line("search with hit list, p99", "< 60 ms (official 2 s)", f"{search['p99']:.1f} ms", f"p50 {search['p50']:.1f} ms", search["p99"] < 60),
        line("unique search, p99", "< 30 ms (official 2 s)", f"{unique['p99']:.1f} ms", f"p50 {unique['p50']:.1f} ms", unique["p99"] < 30),
        line("feed page of 1000, p99", "< 20 ms (official 500 ms)", f"{feed['p99']:.1f} ms", f"p50 {feed['p50']:.1f} ms", feed["p99"] < 20),
        line("complete extract ready", "< 60 s", f"{found['extract']:.1f} s", f"{batch['ids']:,} documents", found["extract"] < 60),
        line("batch of 100 000, p99", "< 150 ms", f"{batch['p99']:.0f} ms", f"p50 {batch['p50']:.0f} ms", batch["p99"] < 150),
    ]


def markdown(found, lines):
    """The whole report."""
    alone = found["look_up_alone"]
    out = [
        "# Folkeregisteret, measured", "",
        f"{found['persons']:,} persons, {found['events']:,} events; everything in one run, on {os.cpu_count()} processors. "
        f"Load average at the start {found['load'][0]:.2f}, at the end {found['load'][1]:.2f}.", "",
        "| what | target | grunndata | beside it | met |", "|---|---|---|---|---|",
    ]
    out += [f"| {each['what']} | {each['target']} | {each['ours']} | {each['beside']} | {'yes' if each['met'] else '**no**'} |" for each in lines]
    out += [
        "", f"A look-up at one connection: p50 {alone['p50']:.2f} ms, p99 {alone['p99']:.2f} ms. Start with data until search is ready: "
        f"{found['start']:.1f} s. Resident memory after all of it: {found['resident'] / MB:,.0f} MB.", "",
        "Every call carries a token and passes the guard, the filter of the package with legal authority, and the log of look-ups, which is on "
        "disk before the answer is sent. Persons are drawn from all over the feed; wrk and the server share the machine.",
    ]
    return "\n".join(out) + "\n"


def write(found, directory):
    """Writes the report and prints a line for each target; answers whether all are met."""
    lines = targets(found)
    Path(directory, "folkeregisteret.json").write_text(json.dumps(found, indent=1))
    Path(directory, "folkeregisteret.md").write_text(markdown(found, lines), encoding="utf-8")
    for each in lines:
        print(f"{'met    ' if each['met'] else 'NOT MET'}  {each['what']}: {each['ours']} (target {each['target']}; {each['beside']})")
    return all(each["met"] for each in lines)
