"""The books after a day: what was acknowledged, held against what is told back, the consumers' feed, and the register."""

import itertools
import json
import re
import time
import zlib
from collections import Counter

from . import people
from .population import someone
from .program import Failed, run, say
from .sending import HEADER, SENDERS
from .timing import Client

FEEDBACK = "/folkeregisteret/tilbakemelding/api/v2/hendelser"
# All that the register holds of a person.
PARTS = (
    "person-basis", "relasjon-utvidet", "identitetsgrunnlag-utvidet", "historikk", "foedselINorge", "utenlandskPersonidentifikasjon",
    "utlendingsmyndighetenesIdentifikasjonsnummer", "legitimasjonsdokument", "opphold", "innflytting", "utflytting",
    "vergemaalEllerFremtidsfullmakt", "rettsligHandleevne", "brukAvSamiskSpraak", "falskIdentitet",
)
PART = "?" + "&".join(f"part={part}" for part in PARTS)
KEPT = 50
# Where a document names somebody else.
NAMED = r'("(?:relatertPerson|relatertVedSivilstand|ansvarlig|ansvarssubjekt)": ")(\d{11})"'
# What is expected of messages that are told of to nobody.
SILENT = ("moved", "unseen")


def consumer(server):
    """Who may see all that there is."""
    command = [server.binary, "token", "--data", server.data, *server.store, "--url", f"http://127.0.0.1:{server.port}", "--scope", people.SCOPE]
    return people.Consumer(server.port, run(command)[2].strip())


class Copy:
    """A consumer that has everybody, and learns of changes from the feed alone."""

    def __init__(self, server):
        asking = consumer(server)
        self.events, self.at = Counter(), 0
        # Persons as a day's messages need them; and for each number that anybody has had, the one that took its place.
        self.people, self.successors = {}, {}
        self.persons = self._look_up(asking, self._follow(asking), self.people)
        self.events.clear()

    def check(self, server, given):
        """Follows the feed to its end; answers how many differ from what a look-up of everybody shows."""
        asking = consumer(server)
        numbers = self._follow(asking)
        for number in numbers:
            self.persons.pop(number, None)
        self.persons |= self._look_up(asking, numbers)
        now = self._look_up(asking, set(self.persons) | set(given))
        differ = {number for number in now.keys() | self.persons.keys() if now.get(number) != self.persons.get(number)}
        renamed = {number for number in differ & now.keys() & self.persons.keys() if self._by_new_names(number) == now[number]}
        wrong = sorted(differ - renamed)
        return {"copied": len(now), "differ": len(wrong), "differing": wrong[:KEPT], "renamed": len(renamed)}

    def _by_new_names(self, number):
        """A document with relatives by the numbers that they have now: the register tells of a new number on its owner alone."""
        def newest(found):
            return found[1] + self.successors.get(found[2], found[2]) + '"'

        return packed(re.sub(NAMED, newest, zlib.decompress(self.persons[number]).decode()))

    def _follow(self, asking):
        """Whom the feed names from where it was read last."""
        numbers = set()
        while page := asking.json(f"/hendelser/feed?seq={self.at}"):
            for entry in page:
                event = entry["hendelse"]
                numbers.add(event["folkeregisteridentifikator"])
                self.events[event["folkeregisteridentifikator"], event["hendelsetype"]] += 1
            self.at = page[-1]["sekvensnummer"] + 1
        return numbers

    def _look_up(self, asking, numbers, people_found=None):
        """Documents, packed, by the number that each person has now."""
        found, ordered = {}, sorted(numbers)
        for at in range(0, len(ordered), people.BULK):
            answer = asking.json(f"/personer/bulkoppslag{PART}", {"foedselsEllerDNummer": ordered[at : at + people.BULK]})
            for document in filter(None, (each.get("folkeregisterperson") for each in answer["oppslag"])):
                number = current(document)
                found[number] = packed(json.dumps(document))
                self.successors |= {each["foedselsEllerDNummer"]: number for each in document["identifikasjonsnummer"]}
                if people_found is not None:
                    people_found[number] = someone(number, document)
        return found


def packed(text):
    """A document as it is kept."""
    return zlib.compress(text.encode(), 1)


def current(document):
    """The number that a person has now."""
    numbers = document["identifikasjonsnummer"]
    return next((each for each in numbers if each.get("erGjeldende")), numbers[0])["foedselsEllerDNummer"]


def feedback(server, awaited):
    """Every sender's feed, read until all cases are told of that are to be."""
    begun, posts = time.monotonic(), [[] for _ in SENDERS]
    while awaited - {reference(post) for post in itertools.chain(*posts)}:
        if time.monotonic() - begun > 900:
            say("not every case was told of within a quarter of an hour")
            break
        for sender, mine in zip(SENDERS, posts):
            read_on(Client(server.port), sender, mine)
        time.sleep(0.2)
    return list(itertools.chain(*posts)), time.monotonic() - begun


def read_on(client, sender, mine):
    """The rest of a sender's feed."""
    while True:
        seq = int(mine[-1]["id"]) + 1 if mine else 0
        status, body = client.ask(FEEDBACK, {"seq": seq}, head=f"{HEADER}: {sender}\r\n")
        if status != 200:
            raise Failed(f"the feed of {sender} answered {status}")
        page = json.loads(bytes(body))
        mine += page
        if len(page) < 100:
            return


def reference(post):
    """The reference of the message that an event is about."""
    info = post["hendelseinfo"]
    return (info.get("sak") or info)["meldingsreferanse"]["folkeregisterReferanse"]


def given(post):
    """The number that a case gave, if it gave one."""
    decision = post["hendelseinfo"].get("saksbeslutning", {})
    return decision.get("skalTildeleDNummer", {}).get("dNummer") or decision.get("opprettetFolkeregisterperson", {}).get("foedselsEllerDNummer")


def elsewhere(post):
    """Whether a case gave a number of another date than that of birth, because none was left."""
    decision = post["hendelseinfo"].get("saksbeslutning", {})
    granted = decision.get("skalTildeleDNummer", {}) | decision.get("opprettetFolkeregisterperson", {})
    return bool(granted.get("tildeltDnummerAvvikerFraFoedselsdato") or granted.get("tildeltIdentifikatorAvvikerFraFoedselsdato"))


def outcome(infos):
    """What became of a case."""
    decision = next((info["saksbeslutning"] for info in infos if "saksbeslutning" in info), None)
    if decision is None:
        return "manual" if infos else "nothing"
    return "granted" if decision["beslutning"] in ("godkjent", "registrert") else "refused"


def settle(server, sending, copy):
    """Holds all messages against all that is told of them; answers what is wrong, and what became of each kind."""
    references = {key: next(iter(found)) for key, found in sending.receipts.items()}
    sent = [((sender, message.ident), message) for sender, mine in enumerate([sending.lists[0] + sending.alone, *sending.lists[1:]]) for message in mine]
    messages = {key: message for key, message in sent if message.expect != "again"}
    told = {references[key] for key, message in messages.items() if message.expect not in SILENT and key in references}
    posts, seconds = feedback(server, told)
    heard = {reference(post) for post in posts}
    numbers = [number for post in posts if (number := given(post))]
    found = {
        "decided_seconds": seconds,
        "received": len(references),
        "told": len(posts),
        "references_twice": sum(len(each) > 1 for each in sending.receipts.values()) + len(references) - len(set(references.values())),
        "missing": len(told - heard),
        "unknown": len(heard - told),
        "twice": sum(times > 1 for times in Counter((reference(post), "saksbeslutning" in post["hendelseinfo"]) for post in posts).values()),
        "numbers": len(numbers),
        "of_other_dates": sum(map(elsewhere, posts)),
        "numbers_twice": len(numbers) - len(set(numbers)),
        "known_numbers": len(set(numbers) & copy.people.keys()),
        "numbers_expected": sum(message.gives for message in messages.values()),
    }
    return found | copy.check(server, numbers) | results(messages, references, posts, copy.events)


def results(messages, references, posts, events):
    """What became of each kind, and of which messages something else than was to."""
    by_reference = {}
    for post in posts:
        by_reference.setdefault(reference(post), []).append(post["hendelseinfo"])
    due = Counter((number, message.event) for message in messages.values() if message.expect == "moved" for number in message.about)
    kinds, unexpected = {}, []
    for key, message in messages.items():
        infos = by_reference.get(references.get(key), [])
        became = outcome(infos)
        if message.expect in SILENT:
            had = {(number, message.event): events[number, message.event] for number in message.about}
            right = not infos and all(times == due[each] for each, times in had.items())
            became = message.expect if right else "told of" if infos else "moved" if message.expect == "unseen" else "unseen"
        else:
            right = became == message.expect
        kinds.setdefault(message.kind, Counter()).update(("sent", became))
        if not right:
            unexpected.append({"kind": message.kind, "ident": message.ident, "expected": message.expect, "became": became, "told": infos})
    wrong = Counter(each["kind"] for each in unexpected)
    return {"kinds": kinds, "unexpected": len(unexpected), "unexpected_kinds": wrong, "unexpected_first": unexpected[:KEPT]}
