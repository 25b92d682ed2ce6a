"""D-numbers, immigration, citizenship and moves: what NAV, the tax offices, banks, UDI and Posten report.

Each function makes one or more messages that hang together, in the order in which they are sent.
"""

from datetime import date

from .letters import Letter, element, named, road
from .life import NOBODY

LANDS = ("SWE", "POL", "LTU", "ROU", "DEU", "GBR", "UKR", "SYR", "IND", "PHL")
# Who asks for D-numbers, by how many.
SOURCES = {"skatteetaten": 60, "nav": 20, "utlendingsdirektoratet": 12, "bankOgFinansinstitusjon": 5, "broennoeysundregistrene": 3}
UDI = "utlendingsdirektoratet"


def birthday(day):
    """Of one who comes from abroad: so often the same first of January that a day's D-numbers run out, else one of few others."""
    if day.dice.random() < 0.35:
        return date(1980, 1, 1)
    return date(day.dice.randrange(1960, 2004), day.dice.randrange(1, 13), 7)


def requisition_v4(day):
    """A D-number by the older contract."""
    return requisition(day, "rekvisisjon_av_dnummer_v4")


def requisition_v5(day):
    """A D-number by the newer contract, every other one with a copy of the passport."""
    return requisition(day, "rekvisisjon_av_dnummer_v5")


def requisition(day, kind):
    """Somebody new asks for a number; some have one."""
    how = day.either({"new": 94, "again": 2, "again, other name": 2, "norwegian": 1, "unborn": 1})
    name, passport, born = day.name(), f"P{day.serial():07d}", birthday(day)
    first = candidate(day, kind, name, passport, born)
    if how == "new":
        return [first()]
    if how == "norwegian":
        return [candidate(day, kind, name, passport, born, lands="NOR")("manual")]
    if how == "unborn":
        return [candidate(day, kind, name, passport, day.after(day.today, 2, 9))("refused")]
    same = how == "again"
    return [first(), candidate(day, kind, name if same else day.name(), passport, born)("refused" if same else "manual")]


def candidate(day, kind, name, passport, born, lands=None):
    """A requisition, to be finished with what is expected of it."""
    land = lands or day.dice.choice(LANDS)
    letter = Letter(kind, day.ident()).put("fornavn", "Vakker", name[0]).put("etternavn", "Blomst", name[1])
    letter.put("foedselsdato", "1985-03-07", born).put("kjoenn", "kvinne", day.dice.choice(("kvinne", "mann")))
    letter.put("statsborgerskap", "SWE", land).put("identifikasjonsdokumentnummer", "EX0000001", passport)
    letter.put("kilde", "nav", day.either(SOURCES)).put("rekvireringsdato", "2024-11-04", day.today)
    copied = kind.endswith("v5") and day.dice.random() < 0.5
    if copied:
        letter.swap("</dokumentgrunnlag>", element("dokumentkopi", multipartnavn="pass2.pdf") + "</dokumentgrunnlag>")

    def done(expect="granted"):
        gives = expect == "granted"
        return letter.with_file(f"{kind}.vedlegg", "rekvisisjon", "pass2.pdf", expect, gives=gives) if copied else letter.message(expect, gives=gives)

    return done


def change_v2(day):
    """One whose D-number sleeps is woken, and often something more is said of the same one by the newer contract."""
    how = day.either({"woken": 30, "woken and changed": 60, "awake": 5, "sent on": 5})
    one = day.pick("inactive" if how.startswith("woken") else "temporary")
    letter = about("endring_av_dnummerperson_v2", day, one.number)
    if how == "awake":
        return [letter.message("refused")]
    if how == "sent on":
        return [letter.span("<personstatus>", "</personstatus>", element("foedeland", day.dice.choice(LANDS))).message()]
    return [letter.message()] + ([change(day, one).message()] if how == "woken and changed" else [])


def change_v3(day):
    """Something is said of one with a D-number."""
    how = day.either({"awake": 90, "sleeps": 4, "no D-number": 3, "another altogether": 3})
    one = day.pick({"awake": "temporary", "sleeps": "inactive", "no D-number": "citizens", "another altogether": "temporary"}[how])
    if how == "another altogether":
        first, last = day.name()
        return [changed(day, one, element("navn", fornavn=first, etternavn=last), "endre").message("manual")]
    return [change(day, one).message("granted" if how == "awake" else "refused")]


def change(day, one):
    """A change that whoever asked for the number may make."""
    how = day.either({"land": 25, "birth": 15, "name": 15, "abroad": 20, "stay": 15, "paper": 10})
    if how == "land":
        return changed(day, one, element("statsborgerskapListe", element("statsborgerskap", statsborgerskap=day.dice.choice(LANDS))), "korrigere")
    if how == "birth":
        return changed(day, one, element("foedeland", day.dice.choice(LANDS)), "korrigere")
    if how == "name":
        return changed(day, one, named({"fornavn": one.name["fornavn"], "etternavn": day.name()[1]}), "endre")
    if how == "abroad":
        address = element("postadresse", adressenavn=f"Storgatan {day.dice.randrange(1, 99)}", postkode="11122", byEllerStedsnavn="Stockholm", landkode="SWE")
        return changed(day, one, element("postadresseIUtlandet", address, erKlientadresse="false"), "endre")
    if how == "stay":
        place = road(day.address(), element("kommunenummer", "0301"))
        return changed(day, one, element("oppholdsadresse", place, erKlientadresse="false", oppholdsadressedato=day.ago(1, 20)), "endre")
    paper = {"identifikasjonsnummer": f"T{day.serial():08d}", "identifikasjonsnummertype": "taxIdentificationNumber", "utstederland": "SWE"}
    return changed(day, one, element("utenlandskPersonidentifikasjon", **paper), "endre")


def changed(day, one, what, verb):
    """A message by the newer contract."""
    letter = about("endring_av_dnummerperson_v3", day, one.number)
    return letter.span("<statsborgerskapListe>", "</statsborgerskapListe>", what).put("endringstype", "korrigere", verb)


def about(kind, day, number):
    """A change of one with a D-number."""
    return Letter(kind, day.ident()).put("dNummer", "47838549639", number).put("forespoerselsdato", "2024-11-04", day.today)


def immigration(day):
    """Somebody comes to live here, with a D-number or without any."""
    how = day.either({"known": 44, "new": 50, "short": 3, "lives here": 1, "unchecked": 2})
    one = day.pick("inactive" if how == "known" else "citizens") if how in ("known", "lives here") else None
    letter = Letter("innflytting_v1", day.ident()).put("identifikasjonsnummer", "201512345678", f"2026{day.serial():08d}")
    letter.put("registreringsdato", "2024-11-04", day.today).put("oppholdFra", "2024-10-01", day.ago(5, 30))
    letter.put("oppholdTil", "2027-10-01", day.after(day.today, *((60, 90) if how == "short" else (400, 900))))
    if one:
        letter.put("foedselsEllerDNummer", "47838549639", one.number).span("<navn>", "</navn>", named(one.name))
        letter.put("foedselsdato", "1985-03-07", one.born).put("kjoenn", "kvinne", one.sex)
    else:
        first, last = day.name()
        letter.swap("<foedselsEllerDNummer>47838549639</foedselsEllerDNummer>", "").put("fornavn", "KLOK", first).put("etternavn", "UGLE", last)
        letter.put("foedselsdato", "1985-03-07", birthday(day)).put("kjoenn", "kvinne", day.dice.choice(("kvinne", "mann")))
    if how == "unchecked":
        return [letter.put("legitimasjonskontroll", "kontrollert", "ikkeKontrollert").message("manual")]
    granted = how in ("known", "new")
    return [letter.message("granted" if granted else "refused", gives=granted)]


def correction(day):
    """Something of one with a fødselsnummer: most often a new citizenship."""
    how = day.either({"citizen": 78, "citizen already": 3, "name": 7, "birthplace": 4, "sex": 2, "by others": 4, "stranger": 2})
    pool = "foreigners" if how in ("citizen", "by others") else "citizens"
    one = day.pick(pool)
    letter = Letter("fnr_endring_v1", day.ident()).put("foedselsnummer", "14859049894", NOBODY if how == "stranger" else one.number)
    letter.put("forespoerselsdato", "2024-11-04", day.today).put("ervervsdato", "2024-10-30", day.ago(3, 30))
    begin, end = "<statsborgerskap>", "</ervervsdato>\n        </statsborgerskap>\n      </statsborgerskap>"
    if how == "name":
        first, last = day.name()
        letter.span(begin, end, element("navn", fornavn=first, etternavn=last))
    if how == "birthplace":
        letter.span(begin, end, element("foedested", "Oslo")).put("endringstype", "endre", "korrigere")
    if how == "sex":
        letter.span(begin, end, element("kjoenn", "kvinne" if one.sex == "mann" else "mann"))
    if how == "by others":
        letter.put("kilde", "utlendingsmyndigheten", "annet")
    return [letter.message({"citizen already": "refused", "stranger": "refused", "sex": "manual", "by others": "manual"}.get(how, "granted"))]


def move(day):
    """A household moves, as it tells Posten, which is told nothing back."""
    how = day.either({"moves": 85, "box": 3, "abroad": 2, "undone": 1, "box undone": 1, "undone by others": 1, "no consent": 3, "later": 2, "others'": 1, "stranger": 1})
    movers = [NOBODY] if how == "stranger" else [one.number for one in day.people.together(day.pick("movers"))]
    letter = notice(day, movers, how)
    if how in ("no consent", "later", "others'", "stranger"):
        return [letter.message("unseen", about=tuple(movers), event="endringIBostedsadresse")]
    event = "endringIKontaktinformasjon" if how in ("box", "box undone", "abroad") else "endringIBostedsadresse"
    moved = letter.message("moved", about=tuple(movers), event=event)
    if "undone" not in how:
        return [moved]
    letter.put("erAnnullering", "false", "true").put("avsendersMeldingsidentifikator", letter.ident, ident := day.ident())
    letter.ident = ident
    if how != "undone by others":
        return [moved, letter.message("moved", about=tuple(movers), event=event)]
    # Whoever does not move may not say that they did not: no event but that of the move.
    letter.put("innsender", movers[0], day.pick("citizens").number)
    return [moved, letter.message("unseen", about=tuple(movers), event=event)]


def notice(day, movers, how):
    """A notice to Posten."""
    letter = Letter("flyttemelding_fra_posten_v1", day.ident())
    letter.put("foedselsnummer", "14859049894", movers[0])
    for mover in movers[1:]:
        letter.swap("<nyAdresse>", element("personSomFlytter", foedselsnummer=mover) + "<nyAdresse>")
    letter.put("innsender", "14859049894", day.pick("citizens").number if how == "others'" else movers[0])
    letter.put("flyttedato", "2024-11-10", day.after(day.today, 3, 20) if how == "later" else day.ago(0, 5))
    letter.put("registreringsdato", "2024-11-04", day.today).put("adresseendringsidentifikator", "AE-1", f"AE-{day.serial()}")
    where, consent = road(day.address()), "vegadresse"
    if how in ("box", "box undone"):
        place = element("poststed", poststedsnavn="OSLO", postnummer="0150")
        where, consent = element("postboksadresse", element("postboks", f"Postboks {day.dice.randrange(1, 9000)}"), place), "postadresse"
    if how == "abroad":
        where, consent = element("utenlandskPostadresse", adressenavn="Storgatan 1", postkode="11122", landkode="SWE"), "utenlandskAdresse"
    letter.span("<vegadresse>", "</vegadresse>", where).put("samtykketype", "vegadresse", consent)
    return letter.put("samtykkeverdi", "samtykkeErGitt", "samtykkeErIkkeGitt") if how == "no consent" else letter
