"""Folkeregisteret for producers: a day's messages from eight senders at once, the server killed in the middle; then the books are
held against what was acknowledged. The same on SQLite and on PostgreSQL; and last, documents that mean harm."""

import json
import os
import shutil
import signal

from . import attacks, life
from .account import Copy, feedback, settle
from .day import Day, messages
from .on_postgres import DURABLE
from .postgres import SETTINGS, cluster, free_address
from .program import eventually, free_port, run, running, say
from .sending import HEADER, SENDERS, Sending
from .server import Server
from .timing import Client

MESSAGES, FEW = 20_000, 800
PERSONS, FEW_PERSONS = 100_000, 20_000
# The senders of a day do not sit at one address.
FLAGS = {f"folkeregisteret.produsent_orgnr_hode={HEADER}", "server.tidsgrense_s=60", "folkeregisteret.oppbevaring_maaneder=1200", "vakt.adresse_per_minutt=0"}


def measure(binaries, home, small):
    """The day on each store, and the attacks."""
    place = home / "produsent"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    found = {"load": [os.getloadavg()[0]]}
    server = nation(Server(binaries / "grunndata", place / "sqlite"), small)
    found["sqlite"] = a_day(server, small)
    with server.serving(*flags()) as child:
        found["attacks"] = attacks.measure(server, child, small)
    with cluster(SETTINGS | DURABLE | free_address()) as primary:
        server = nation(Server(binaries / "grunndata", place / "postgres", "--database", primary.url), small)
        found["postgres"] = a_day(server, small)
    found["load"].append(os.getloadavg()[0])
    return found


def flags():
    """How the server is set."""
    return [part for each in sorted(FLAGS) for part in ("--set", each)]


def nation(server, small):
    """A store with people, and senders who may send everything."""
    persons = FEW_PERSONS if small else PERSONS
    say(f"making a nation of {persons:,}")
    port = free_port()
    command = [server.binary, "demo", "--data", server.data, *server.store, "--listen", f"127.0.0.1:{port}", "--enheter", 1000, "--personer", persons]
    with open(f"{server.data}.demo.log", "ab") as out, running(command, stderr=out, stdout=out):
        eventually("the nation is served", lambda: Client(port).ask("/drift/klar")[0] == 200, 900)
    for sender in SENDERS:
        run([server.binary, "produsent", "rett", "gi", sender, "--navn", "bench", "--ressurs", "*", "--data", server.data, *server.store])
    return server


def a_day(server, small):
    """Sends, kills, starts again, and takes stock."""
    with server.serving(*flags()) as child:
        copy = Copy(server)
        say(f"a consumer has a copy of {len(copy.persons):,} persons")
        day = Day(copy.people)
        sending = Sending(messages(day, FEW if small else MESSAGES, len(SENDERS)))
        count = sum(map(len, sending.lists))
        # A store that another node had may be that node's for a while: nothing is measured before cases are taken.
        feedback(server, {sending.one(server.port, nothing(day))})
        say(f"{count:,} messages from {len(SENDERS)} senders; the server is killed half-way")
        sending.begin(server.port)
        sending.wait_for(count // 2)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    sending.pause()
    with server.serving(*flags()):
        say("the server is up again")
        sending.go_on(server.port)
        found = {"messages": count} | sending.ended()
        say(f"{found['per_second']:,.0f} messages a second")
        # When this last one is told of, all before it have been taken.
        sending.one(server.port, nothing(day))
        found |= settle(server, sending, copy)
    run([server.binary, "verify", "--data", server.data, *server.store])
    return found


def nothing(day):
    """A message that changes nothing."""
    return life.dead(day, life.NOBODY).message("refused")


def targets(found):
    """What is measured on one store: what, measured, target, met. Without a target it is only told."""
    latency = found["latency"]
    zeros = (
        ("messages that were not answered 202", len(found["unwelcome"])),
        ("messages with two receipts, or receipts for two", found["references_twice"]),
        ("acknowledged messages without feedback", found["missing"]),
        ("feedback on what was not acknowledged", found["unknown"]),
        ("cases told of twice", found["twice"]),
        ("numbers given twice, or to one more", found["numbers_twice"] + found["known_numbers"]),
        ("messages that ended otherwise than the rules say", found["unexpected"]),
        (f"of {found['copied']:,} persons, wrong in a copy kept by the feed", found["differ"]),
    )
    return [
        ("messages a second to a durable 202", f"{found['per_second']:,.0f}", "≥ 500", found["per_second"] >= 500),
        ("p99 of a message, ms", f"{latency['p99']:.1f}", "< 100", latency["p99"] < 100),
        *((what, f"{count:,}", "0", count == 0) for what, count in zeros),
        ("numbers given", f"{found['numbers']:,}", f"{found['numbers_expected']:,}", found["numbers"] == found["numbers_expected"]),
    ]


def lines(found):
    """All of it: PostgreSQL's speed has no target."""
    sqlite = [("SQLite: " + what, *rest) for what, *rest in targets(found["sqlite"])]
    postgres = [("PostgreSQL: " + what, *rest) for what, *rest in targets(found["postgres"])]
    stated = [(what, measured, "stated", True) for what, measured, *_ in postgres[:2]]
    for name, store in (("SQLite", found["sqlite"]), ("PostgreSQL", found["postgres"])):
        stated.append((f"{name}: messages a second before the kill, and after", " and ".join(f"{each:,.0f}" for each in store["spells"]), "stated", True))
        stated.append((f"{name}: seconds from the last message until the last case was decided", f"{store['decided_seconds']:.0f}", "stated", True))
    return sqlite + postgres[2:] + stated + attacks.targets(found["attacks"])


def write(found, home):
    """The report; answers whether all targets are met."""
    rows = ["| what | measured | target | met |", "|---|---|---|---|"]
    for what, measured, target, met in lines(found):
        rows.append(f"| {what} | {measured} | {target} | {'' if target == 'stated' else 'yes' if met else '**no**'} |")
    day = found["sqlite"]
    head = [
        "# Folkeregisteret for producers", "",
        f"{day['messages']:,} messages of every kind from {len(SENDERS)} senders, in the shares of a Norwegian year, the server killed half-way. On PostgreSQL "
        "nobody takes cases until the lease of the node that was killed has run out, half a minute after; messages are received meanwhile. "
        f"{day['of_other_dates']:,} of the numbers are of another date than that of birth, whose own had run out. Load average at the start {found['load'][0]:.2f}, at the end {found['load'][1]:.2f}.", "",
    ]
    text = "\n".join([*head, *rows, "", *kinds(day), "", *attacks.table(found["attacks"])]) + "\n"
    (home / "produsent.md").write_text(text, encoding="utf-8")
    (home / "produsent.json").write_text(json.dumps(found, indent=1))
    for what, measured, target, met in lines(found):
        print(f"{'stated ' if target == 'stated' else 'met    ' if met else 'NOT MET'}  {what}: {measured}" + ("" if target == "stated" else f" (target {target})"))
    return all(met for *_, met in lines(found))


def kinds(day):
    """What became of each kind of message."""
    counted, wrong = day["kinds"], ", ".join(f"{times:,} of {kind}" for kind, times in day["unexpected_kinds"].items())
    columns = ("sent", "granted", "refused", "manual", "moved", "unseen")
    out = [
        "Each message is made so that the register's rules say what must become of it. Notices by Posten are told of to nobody: whether a household has "
        "moved is seen in the consumers' feed, once for each who moved; those that are to have no effect (no consent, a date to come, somebody else's "
        "household) are held against the absence of such events.", "",
        *([f"Otherwise than the rules say ended {wrong}; the first of them are in the figures.", ""] if wrong else []),
        "| kind | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns),
    ]
    for kind in sorted(counted, key=lambda kind: -counted[kind]["sent"]):
        out.append(f"| {kind} | " + " | ".join(f"{counted[kind][column]:,}" if counted[kind][column] else "" for column in columns) + " |")
    return out
