"""A day of Norway: the messages that Folkeregisteret gets, of every kind, in the shares that they have of a year.

The shares are thousands a year, about, rounded from what Statistics Norway and Skatteetaten publish: some 52 000 births and
44 000 deaths, 20 000 weddings, 10 000 separations, 9 000 divorces; a father declared for about half of the children; some
110 000 D-numbers and as many changes of those who have them; 50 000 who come to live here by way of UDI; 40 000 citizenships,
names and corrections; a contact for four estates of five; and several hundred thousand notices of moving by Posten. Deaths that
were none are a few hundred.

Four of a hundred messages or so are wrong in ways that real ones are: unknown persons, the dead who die again, the married who
marry, papers that lack. One of two hundred is sent again as senders do that have not seen the answer.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from . import arrivals, life
from .population import Population
from .program import Failed

# Kind, thousands a year, and what makes its messages. Those that make messages of other kinds too come first.
KINDS = (
    ("annullering_av_doedsfall_v1", 0.5, life.annulment),
    ("farskap_v1", 28, life.paternity),
    ("endring_av_dnummerperson_v2", 30, arrivals.change_v2),
    ("endring_av_dnummerperson_v3", 70, arrivals.change_v3),
    ("foedsel_v1", 52, life.birth),
    ("doedsfall_v1", 44, life.death),
    ("kontaktopplysninger_doedsbo_v1", 35, life.estate),
    ("vigsel_v1", 20, life.wedding),
    ("separasjon_v1", 10, life.separation),
    ("skilsmisse_v1", 9, life.divorce),
    ("rekvisisjon_av_dnummer_v4", 40, arrivals.requisition_v4),
    ("rekvisisjon_av_dnummer_v5", 70, arrivals.requisition_v5),
    ("innflytting_v1", 50, arrivals.immigration),
    ("fnr_endring_v1", 40, arrivals.correction),
    ("flyttemelding_fra_posten_v1", 300, arrivals.move),
)
FEWEST, AGAIN = 4, 0.005


class Day:
    """What the makers of messages draw from."""

    def __init__(self, people, seed=42):
        self.dice = random.Random(seed)
        # As the register counts days.
        self.today = datetime.now(ZoneInfo("Europe/Oslo")).date()
        self.people = Population(people, self.dice, self.today)
        if life.NOBODY in people:
            raise Failed(f"somebody is {life.NOBODY}")
        self.homes = [one.address for one in self.people.pools["movers"]]
        self.count = 0

    def serial(self):
        """A number that nothing else of the day has."""
        self.count += 1
        return self.count

    def ident(self):
        """A sender's identifier."""
        return f"m-{self.serial()}"

    def name(self):
        """First and last name of somebody nobody has heard of."""
        letters = "".join("abcdefghij"[int(digit)] for digit in str(self.serial()))
        return f"Ny{letters}", f"Blomst{letters}"

    def pick(self, pool):
        """Somebody whom no other message is about."""
        one = self.people.pick(pool)
        if one is None:
            raise Failed(f"the nation is too small: nobody is left of {pool}")
        return one

    def unrelated(self, one, pool):
        """Somebody who is no near relative."""
        while True:
            other = self.pick(pool)
            if not set(one.parents.values()) & {other.number, *other.parents.values()} and one.number not in other.parents.values():
                return other

    def address(self):
        """Some house in the nation."""
        return self.dice.choice(self.homes)

    def ago(self, least, most):
        """A date some days back."""
        return self.today - timedelta(days=self.dice.randint(least, most))

    def after(self, date, least, most):
        """A date some days after another, or before."""
        return date + timedelta(days=self.dice.randint(least, most))

    def either(self, shares):
        """One of some ways, by how common they are."""
        return self.dice.choices(list(shares), shares.values())[0]


def messages(day, count, senders):
    """A list of messages for each sender: each story's in order and by one sender, else as they fall."""
    told = list(stories(day, count))
    day.dice.shuffle(told)
    lists = [[] for _ in range(senders)]
    for story in told:
        shortest = min(lists, key=len)
        times = sorted(day.dice.random() for _ in story)
        shortest += zip(times, (day.serial() for _ in story), story)
    return [again(day, [message for *_, message in sorted(each, key=lambda entry: entry[:2])]) for each in lists]


def stories(day, count):
    """Messages that hang together, until there are as many of each kind as its share."""
    whole = sum(share for _, share, _ in KINDS)
    made = Counter()
    for kind, share, make in KINDS:
        wanted = max(FEWEST, round(count * share / whole))
        # The last kind fills what rounding has left.
        while made[kind] < wanted if kind != KINDS[-1][0] else made.total() < count:
            story = make(day)
            made.update(message.kind for message in story)
            yield story


def again(day, mine):
    """The same with some sent twice."""
    out = []
    for message in mine:
        out.append(message)
        if day.dice.random() < AGAIN:
            out.append(message.again())
    return out
