"""Folkeregisteret for producers: a day's messages from eight senders at once, the server killed in the middle; then the books are held against what was acknowledged."""

import contextlib
import http.client
import itertools
import json
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter

from . import people
from .program import Failed, eventually, free_port, run, running, say
from .server import Server
from .timing import Client, percentiles

SENDERS = [f"3110150{number:02d}" for number in range(1, 9)]
MESSAGES, FEW = 20_000, 800
HEADER = "x-orgnr"
INTAKE, FEEDBACK = "/folkeregisteret/mottak/api", "/folkeregisteret/tilbakemelding/api/v2/hendelser"
PERSONS = 20_000
NAMES = "folkeregisteret:melding"
# Shares of a day's messages.
MIX = (("rekvisisjon_av_dnummer_v5", 50), ("endring_av_dnummerperson_v3", 20), ("doedsfall_v1", 20), ("foedsel_v1", 10))


def measure(binaries, home, small):
    """Sends, kills, starts again, and takes stock."""
    place = home / "produsent"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    server, numbers = nation(binaries / "grunndata", place / "data")
    count = FEW if small else MESSAGES
    found = {"messages": count, "load": [os.getloadavg()[0]]}
    flags = ("--set", f"folkeregisteret.produsent_orgnr_hode={HEADER}", "--set", "server.tidsgrense_s=60", "--set", "folkeregisteret.oppbevaring_maaneder=1200")
    sending = Sending(messages(count, numbers))
    say(f"{count:,} messages from {len(SENDERS)} senders; the server is killed half-way")
    with server.serving(*flags) as child:
        copy = Copy(server)
        say(f"a consumer has a copy of {len(copy.persons):,} persons")
        sending.begin(server.port)
        sending.wait_for(count // 2)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    sending.pause()
    with server.serving(*flags):
        sending.go_on(server.port)
        found |= sending.ended()
        found |= feedback(server, sending.receipts, count)
        found |= copy.check(server, found.pop("given"))
    run([server.binary, "verify", "--data", server.data])
    found["load"].append(os.getloadavg()[0])
    return found


def nation(binary, data):
    """A store with people, and the numbers of some of them."""
    say("making a nation")
    server = Server(binary, data)
    port = free_port()
    command = [binary, "demo", "--data", data, "--listen", f"127.0.0.1:{port}", "--enheter", 1000, "--personer", PERSONS]
    with open(f"{data}.demo.log", "ab") as out, running(command, stderr=out, stdout=out):
        eventually("the nation is served", lambda: Client(port).ask("/drift/klar")[0] == 200, 900)
        numbers = told(consumer(binary, data, port), 0)[0]
    for sender in SENDERS:
        run([binary, "produsent", "rett", "gi", sender, "--navn", "bench", "--ressurs", "*", "--data", data])
    return server, sorted(numbers)


def consumer(binary, data, port):
    """Who may see all that there is."""
    token = run([binary, "token", "--data", data, "--url", f"http://127.0.0.1:{port}", "--scope", people.SCOPE])[2].strip()
    return people.Consumer(port, token)


def told(asking, at):
    """Whom the consumers' feed names from a number on, and the next number."""
    numbers = set()
    while page := asking.json(f"/hendelser/feed?seq={at}"):
        numbers |= {entry["hendelse"]["folkeregisteridentifikator"] for entry in page}
        at = page[-1]["sekvensnummer"] + 1
    return numbers, at


class Copy:
    """A consumer that has everybody, and learns of changes from the feed alone."""

    def __init__(self, server):
        asking = consumer(server.binary, server.data, server.port)
        numbers, self.at = told(asking, 0)
        self.persons = self._look_up(asking, numbers)

    def check(self, server, given):
        """Follows the feed to its end; answers how many differ from what a look-up of everybody shows."""
        asking = consumer(server.binary, server.data, server.port)
        numbers, self.at = told(asking, self.at)
        for number in numbers:
            self.persons.pop(number, None)
        self.persons |= self._look_up(asking, numbers)
        now = self._look_up(asking, set(self.persons) | set(given))
        differ = [number for number in now.keys() | self.persons.keys() if now.get(number) != self.persons.get(number)]
        return {"copied": len(now), "differ": len(differ)}

    @staticmethod
    def _look_up(asking, numbers):
        """Persons by the number that they have now."""
        found, ordered = {}, sorted(numbers)
        for at in range(0, len(ordered), people.BULK):
            answer = asking.json(f"/personer/bulkoppslag{people.PART}", {"foedselsEllerDNummer": ordered[at : at + people.BULK]})
            persons = [person for each in answer["oppslag"] if (person := each.get("folkeregisterperson"))]
            found |= {current(person): person for person in persons}
        return found


def current(person):
    """The number that a person has now."""
    numbers = person["identifikasjonsnummer"]
    return next((each for each in numbers if each.get("erGjeldende")), numbers[0])["foedselsEllerDNummer"]


def messages(count, numbers):
    """A list of messages for each sender: resource, identifier, document."""
    dice = random.Random(42)
    kinds = [kind for kind, share in MIX for _ in range(share)]
    lists = [[] for _ in SENDERS]
    for number in range(count):
        kind = dice.choice(kinds)
        ident = f"m-{number}"
        lists[number % len(lists)].append((kind, ident, MAKERS[kind](ident, number, dice.choice(numbers), dice)))
    return lists


def document(root, names, ident, body):
    """A message with its header."""
    head = f"<innsending><avsendersMeldingsidentifikator>{ident}</avsendersMeldingsidentifikator><avsendersInnsendingstidspunkt>2026-01-01T10:00:00Z</avsendersInnsendingstidspunkt></innsending>"
    return f'<{root} xmlns="{NAMES}:{names}">{head}<forespoersel>{body}</forespoersel></{root}>'


def death(ident, number, person, dice):
    """A death."""
    return document("meldingOmDoedsfall", "doedsfall:v1", ident, f"<forespoerselssdato>2026-01-02</forespoerselssdato><kilde>helse</kilde><avsendersSaksbehandler>B</avsendersSaksbehandler><doedPerson><foedselsnummer>{person}</foedselsnummer><doedsdato>2026-01-01</doedsdato></doedPerson>")


def birth(ident, number, person, dice):
    """A birth, most often one that somebody must look at."""
    return document("foedselsmelding", "nyfolkeregisterperson:foedselsmelding:v1", ident, f"<foedsel><foreldreBorSammen>true</foreldreBorSammen><foreldreErGift>false</foreldreErGift><barn><foedselsdato>{time.strftime('%Y-%m-%d')}</foedselsdato><erLevendefoedt>true</erLevendefoedt><kjoenn>kvinne</kjoenn></barn><mor><foedselsEllerDNummer>{person}</foedselsEllerDNummer></mor><foedested><foedselsinstitusjonsnavn>Sykehus</foedselsinstitusjonsnavn><foedekommunenummer>0301</foedekommunenummer><foedekommunenavn>Oslo</foedekommunenavn></foedested></foedsel><registreringsdato>2026-01-02</registreringsdato><innsender><innsendertype>helse</innsendertype></innsender><erKorrigertForespoersel>false</erKorrigertForespoersel>")


def change(ident, number, person, dice):
    """A change of one with a D-number."""
    return document("meldingOmEndringAvPersonMedDNummer", "nyfolkeregisterperson:endringavpersonmeddnummer:v3", ident, f"<kilde>nav</kilde><forespoerselsdato>2026-01-02</forespoerselsdato><avsendersSaksbehandler>B</avsendersSaksbehandler><person><foedeland>SWE</foedeland><dNummer>{person}</dNummer><endringstype>korrigere</endringstype></person>")


def requisition(ident, number, person, dice):
    """A D-number for somebody new."""
    letters = "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
    born = f"{dice.randrange(1950, 2005)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
    return document("rekvisisjonAvDNummer", "nyfolkeregisterperson:rekvisisjonavdnummer:v5", ident, f"<kandidat><navn><fornavn>Ny{letters}</fornavn><etternavn>Blomst</etternavn></navn><foedselsdatoErKjent>true</foedselsdatoErKjent><foedselsdato>{born}</foedselsdato><kjoenn>kvinne</kjoenn><statsborgerskap>SWE</statsborgerskap><harUkjentOppholdsadresse>true</harUkjentOppholdsadresse><skalFaaUtskrift>false</skalFaaUtskrift></kandidat><kilde>nav</kilde><rekvireringsdato>2026-01-02</rekvireringsdato><identifikasjon><dokumentgrunnlag><identifikasjonsdokumentnummer>P{number}</identifikasjonsdokumentnummer><identifikasjonsdokumenttype>pass</identifikasjonsdokumenttype><utstederland>SWE</utstederland></dokumentgrunnlag></identifikasjon><avsendersSaksbehandler>B</avsendersSaksbehandler><identitetskontrollKreves>true</identitetskontrollKreves>")


MAKERS = {"doedsfall_v1": death, "foedsel_v1": birth, "endring_av_dnummerperson_v3": change, "rekvisisjon_av_dnummer_v5": requisition}


class Sending:
    """Eight senders, each with its list, who stop when the server is gone and go on where they were."""

    def __init__(self, lists):
        self.lists, self.at = lists, [0] * len(lists)
        self.receipts, self.taken, self.seconds = {}, [], 0.0
        self.lock, self.count, self.threads = threading.Lock(), 0, []

    def begin(self, port):
        """Begins, or goes on."""
        self.begun = time.monotonic()
        self.threads = [threading.Thread(target=self._send, args=(sender, port)) for sender in range(len(self.lists))]
        for thread in self.threads:
            thread.start()

    go_on = begin

    def wait_for(self, count):
        """Waits until so many are acknowledged."""
        while self.count < count:
            if not any(thread.is_alive() for thread in self.threads):
                raise Failed("the senders gave up")
            time.sleep(0.005)

    def pause(self):
        """Waits until every sender has seen that the server is gone."""
        for thread in self.threads:
            thread.join()
        self.seconds += time.monotonic() - self.begun

    def ended(self):
        """Waits until all is sent; answers the figures."""
        self.pause()
        if any(at < len(todo) for at, todo in zip(self.at, self.lists)):
            raise Failed("the senders gave up")
        latency = percentiles(self.taken)
        return {"per_second": self.count / self.seconds, "latency": {name: latency[name] for name in ("p50", "p95", "p99")}}

    def _send(self, sender, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {HEADER: SENDERS[sender], "Content-Type": "application/xml"}
        with contextlib.suppress(OSError, http.client.HTTPException):
            while self.at[sender] < len(self.lists[sender]):
                kind, ident, body = self.lists[sender][self.at[sender]]
                begun = time.monotonic()
                connection.request("POST", f"{INTAKE}/{kind}", body, headers)
                answer = connection.getresponse()
                text = answer.read().decode()
                if answer.status != 202:
                    raise Failed(f"{kind}: {answer.status} {text}")
                reference = text.split("Referanse>")[1][:36]
                with self.lock:
                    self.taken.append(time.monotonic() - begun)
                    self.receipts[reference] = (sender, ident)
                    self.count += 1
                self.at[sender] += 1


def feedback(server, receipts, count):
    """Reads every sender's feed until all cases are told of; answers what is wrong with it."""
    begun, posts = time.monotonic(), [[] for _ in SENDERS]
    while len({reference(post) for post in itertools.chain(*posts)}) < count:
        if time.monotonic() - begun > 900:
            raise Failed("not every case was told of within a quarter of an hour")
        for sender, mine in enumerate(posts):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            while True:
                seq = int(mine[-1]["id"]) + 1 if mine else 0
                connection.request("GET", f"{FEEDBACK}?seq={seq}", headers={HEADER: SENDERS[sender]})
                page = json.loads(connection.getresponse().read())
                mine += page
                if len(page) < 100:
                    break
        time.sleep(0.2)
    events = list(itertools.chain(*posts))
    ends = Counter((reference(post), kind) for post in events for kind in ("saksbeslutning", "sakTilManuellBehandling") if kind in post["hendelseinfo"])
    numbers = [number for post in events if (number := given(post["hendelseinfo"]))]
    return {
        "decided_seconds": time.monotonic() - begun,
        "told": len(events),
        "missing": len(set(receipts) - {reference(post) for post in events}),
        "twice": sum(1 for times in ends.values() if times > 1),
        "numbers": len(numbers),
        "given": numbers,
        "numbers_twice": len(numbers) - len(set(numbers)),
    }


def reference(post):
    """The reference of the message that an event is about."""
    info = post["hendelseinfo"]
    return (info.get("sak") or info)["meldingsreferanse"]["folkeregisterReferanse"]


def given(info):
    """The number that a case gave, if it gave one."""
    decision = info.get("saksbeslutning", {})
    return decision.get("skalTildeleDNummer", {}).get("dNummer") or decision.get("opprettetFolkeregisterperson", {}).get("foedselsEllerDNummer")


def write(found, home):
    """The report; answers whether all targets are met."""
    latency = found["latency"]
    targets = [
        ("messages a second to a durable 202", f"{found['per_second']:,.0f}", "≥ 500", found["per_second"] >= 500),
        ("p99 of a message, ms", f"{latency['p99']:.1f}", "< 100", latency["p99"] < 100),
        ("acknowledged messages without feedback", found["missing"], "0", found["missing"] == 0),
        ("cases told of twice", found["twice"], "0", found["twice"] == 0),
        ("numbers given twice", found["numbers_twice"], "0", found["numbers_twice"] == 0),
        (f"of {found['copied']:,} persons, wrong in a copy kept by the feed", found["differ"], "0", found["differ"] == 0),
    ]
    rows = ["| what | measured | target | met |", "|---|---|---|---|"]
    rows += [f"| {what} | {measured} | {target} | {'yes' if met else '**no**'} |" for what, measured, target, met in targets]
    text = f"# Folkeregisteret for producers\n\n{found['messages']:,} messages from {len(SENDERS)} senders, the server killed half-way; {found['numbers']:,} numbers given; the last case decided {found['decided_seconds']:.0f} s after the last message.\n\n"
    (home / "produsent.md").write_text(text + "\n".join(rows) + "\n")
    (home / "produsent.json").write_text(json.dumps(found, indent=1))
    return all(met for *_, met in targets)
