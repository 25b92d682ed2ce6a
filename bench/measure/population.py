"""Who lives in the nation: what a day's messages need to know of each person, and persons for each kind of message."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

MARRIED, ALONE = "gift", ("ugift", "skilt")
NORWAY = "NOR"


@dataclass(slots=True)
class Someone:
    """What the day needs of a person's document."""

    number: str
    status: str
    sex: str
    born: date | None
    civil: str
    since: date | None
    spouse: str | None
    name: dict
    lands: frozenset
    address: dict | None
    home: str | None
    died: date | None
    estate: bool
    protected: bool
    foreign: bool
    children: list = field(default_factory=list)
    parents: dict = field(default_factory=dict)

    def age(self, today):
        """Years, roughly; nobody's is known without a date of birth."""
        return (today - self.born).days / 365.25 if self.born else -1


def someone(number, document):
    """Reads a document."""
    civil, birth, home = (current(document, part) for part in ("sivilstand", "foedsel", "bostedsadresse"))
    kin = [each for each in document.get("familierelasjon", []) if each.get("erGjeldende") and "relatertPerson" in each]
    death = document.get("doedsfall", {})
    place = {key: home[key] for key in ("vegadresse", "matrikkeladresse", "ukjentBosted") if key in home}
    return Someone(
        number=number,
        status=current(document, "status").get("status", ""),
        sex=current(document, "kjoenn").get("kjoenn", ""),
        born=day(birth.get("foedselsdato")),
        civil=civil.get("sivilstand", ""),
        since=day(civil.get("sivilstandsdato")),
        spouse=civil.get("relatertVedSivilstand"),
        name=current(document, "navn"),
        lands=frozenset(each["statsborgerskap"] for each in document.get("statsborgerskap", []) if each.get("erGjeldende")),
        address=home.get("vegadresse"),
        home=json.dumps(place, sort_keys=True) if place else None,
        died=day(death.get("doedsdato")),
        estate=bool(current(document, "kontaktinformasjonForDoedsbo")),
        protected=bool(current(document, "adressebeskyttelse")),
        foreign=number[0] >= "4",
        children=[each["relatertPerson"] for each in kin if each["relatertPersonsRolle"] == "barn"],
        parents={each["relatertPersonsRolle"]: each["relatertPerson"] for each in kin if each["relatertPersonsRolle"] in ("mor", "far", "medmor")},
    )


def current(document, part):
    """The entry of a part that holds now, or an empty one."""
    return next((each for each in document.get(part, []) if each.get("erGjeldende")), {})


def day(text):
    """A date, if there is one."""
    return date.fromisoformat(text) if text else None


class Population:
    """Persons by what can happen to them. Whoever is picked is not picked again, nor is the spouse."""

    def __init__(self, people, dice, today):
        self.people, self.today, self.taken = people, today, set()
        self.pools = {name: [] for name in POOLS}
        for one in people.values():
            for name, fits in POOLS.items():
                if fits(self, one):
                    self.pools[name].append(one)
        for pool in self.pools.values():
            pool.sort(key=lambda one: one.number)
            dice.shuffle(pool)

    def pick(self, name):
        """Somebody of a pool; nobody if all are picked."""
        pool = self.pools[name]
        while pool:
            one = pool.pop()
            if one.number not in self.taken and one.spouse not in self.taken:
                self.take(one)
                return one
        return None

    def take(self, one):
        """Nobody else's message is about this one or the spouse."""
        self.taken |= {one.number, one.spouse} - {None}

    def partner(self, one):
        """The one who is married to this one, as both documents say."""
        other = self.people.get(one.spouse)
        return other if other and other.spouse == one.number and other.civil == one.civil else None

    def together(self, one):
        """This one, and the spouse and children who live with this one and whom no other message is about."""
        near = [self.people.get(number) for number in (one.spouse, *one.children)]
        free = [other for other in near if other and other.home == one.home and self.ordinary(other)]
        moving = [one] + [other for other in free if other.number == one.spouse or other.number not in self.taken]
        self.taken |= {each.number for each in moving}
        return moving

    def ordinary(self, one):
        """A resident with a fødselsnummer and no protection."""
        return one.status == "bosatt" and not one.protected and not one.foreign

    def between(self, one, youngest, oldest):
        """Whether an ordinary resident is of an age."""
        return self.ordinary(one) and youngest <= one.age(self.today) < oldest

    def can_bear(self, one):
        """A woman of the age, whose youngest child is not newborn."""
        year_ago = self.today - timedelta(days=400)
        children = (self.people.get(number) for number in one.children)
        return one.sex == "kvinne" and self.between(one, 20, 45) and not any(child and child.born and child.born > year_ago for child in children)

    def wed(self, one, civil=MARRIED):
        """Whether one is in such a marriage, with somebody who is ordinary too."""
        other = self.partner(one) if one.civil == civil else None
        return bool(other) and self.ordinary(one) and self.ordinary(other)

    def fatherless(self, one):
        """A child of an unmarried mother, with no other parent."""
        mother = self.people.get(one.parents.get("mor"))
        return self.between(one, 0.1, 12) and set(one.parents) == {"mor"} and mother is not None and self.ordinary(mother) and mother.civil == "ugift"


# What each pool asks of somebody.
POOLS = {
    "wives": lambda here, one: here.can_bear(one) and here.wed(one) and here.partner(one).sex == "mann",
    "single mothers": lambda here, one: here.can_bear(one) and one.civil in ALONE,
    "single men": lambda here, one: one.sex == "mann" and one.civil in ALONE and here.between(one, 20, 60),
    "single women": lambda here, one: one.sex == "kvinne" and one.civil in ALONE and here.between(one, 20, 60),
    "couples": lambda here, one: here.wed(one) and one.since is not None and (here.today - one.since).days > 1200 and one.number < one.spouse,
    "long separated": lambda here, one: here.wed(one, "separert") and one.since is not None and (here.today - one.since).days > 400 and one.number < one.spouse,
    "old": lambda here, one: here.between(one, 67, 120),
    "dead": lambda here, one: one.status == "doed" and one.died is not None and not one.estate and not one.protected and not one.foreign,
    "dead with contact": lambda here, one: one.status == "doed" and one.died is not None and one.estate and not one.protected,
    "foreigners": lambda here, one: here.between(one, 18, 90) and NORWAY not in one.lands,
    "citizens": lambda here, one: here.between(one, 18, 90) and NORWAY in one.lands,
    "temporary": lambda here, one: one.foreign and one.status == "midlertidig" and one.born is not None and not one.protected,
    "inactive": lambda here, one: one.foreign and one.status == "inaktiv" and one.born is not None and not one.protected,
    "fatherless": lambda here, one: here.fatherless(one),
    "movers": lambda here, one: here.between(one, 18, 90) and "postnummer" in (one.address or {}).get("poststed", {}) and "adressenummer" in one.address,
    "protected": lambda here, one: one.status == "bosatt" and one.protected and one.age(here.today) >= 18,
}
