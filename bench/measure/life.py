"""Births, fathers, deaths, estates and marriages: what hospitals, courts, churches and county governors report.

Each function makes one or more messages that hang together, in the order in which they are sent.
"""

from .letters import Letter, element

# A number with right check digits that nobody in the nation has, and one whose check digits are wrong.
NOBODY, WRONG = "01815550206", "01815550207"
# Whom the examples of deaths are about.
EXAMPLE = "20824149748"


def birth(day):
    """A child, most often as it should be."""
    how = day.either({"wife": 40, "single": 52, "twins": 2, "stillborn": 1, "told twice": 1, "not as registered": 2, "stranger": 1, "corrects nothing": 1})
    if how == "stranger":
        return [born(day, NOBODY, None).message("refused")]
    mother = day.pick("wives" if how == "wife" else "single mothers")
    if how == "twins":
        children = [born(day, mother.number, None, day.today, twin) for twin in ("21", "22")]
        return [child.message(gives=True) for child in children]
    letter = born(day, mother.number, mother.spouse if how == "wife" else None, day.ago(0, 6))
    if how == "stillborn":
        return [letter.put("erLevendefoedt", "true", "false").message()]
    if how == "not as registered":
        return [letter.put("foreldreErGift", "false", "true").message("manual")]
    if how == "corrects nothing":
        letter.put("erKorrigertForespoersel", "false", "true")
        letter.swap("</erKorrigertForespoersel>", "</erKorrigertForespoersel><identifikatorForOpprinneligMelding>ingen</identifikatorForOpprinneligMelding>")
        return [letter.message("refused")]
    if how == "told twice":
        date = day.ago(0, 6)
        return [born(day, mother.number, None, date).message(gives=True), born(day, mother.number, None, date).message("manual")]
    return [letter.message(gives=True)]


def born(day, mother, husband, date=None, twin=None):
    """A birth message."""
    letter = Letter("foedsel_v1", day.ident())
    letter.put("foedselsdato", "2024-11-01", date or day.today).put("kjoenn", "kvinne", day.dice.choice(("kvinne", "mann")))
    letter.put("foedselsEllerDNummer", "14859049894", mother).put("registreringsdato", "2024-11-02", day.today)
    if husband:
        letter.put("foedselsEllerDNummer", "02918849923", husband)
    else:
        letter.drop("farEllerMedmor").put("foreldreErGift", "true", "false")
    if twin:
        letter.swap("<barn>", "<antallBarnVedFlerfoedsel>2</antallBarnVedFlerfoedsel><barn>")
        letter.swap("<kjoenn>", f"<rekkefoelgenummerVedFlerfoedsel>{twin}</rekkefoelgenummerVedFlerfoedsel><kjoenn>")
    return letter


def paternity(day):
    """A man declares himself father: of one who is to be born, and is born the same day; or of one who was born before."""
    how = day.either({"unborn": 50, "born": 42, "unsigned": 3, "unattested": 3, "wished": 2})
    father = day.pick("single men")
    if how == "unborn":
        mother, date = day.pick("single mothers"), day.ago(0, 6)
        letter = declared(day, None, father.number, mother.number)
        letter.swap("<erFoedt>true</erFoedt>", element("erFoedt", "false") + element("termindato", f"{day.after(date, -14, 14)}"))
        return [posted(letter), born(day, mother.number, None, date).message(gives=True)]
    child = day.pick("fatherless")
    letter = declared(day, child.number, father.number, child.parents["mor"])
    if how == "unsigned":
        return [posted(letter.put("harSignert", "true", "false"), "refused")]
    if how == "unattested":
        return [posted(letter.put("skjemaErAttestert", "true", "false"), "manual")]
    if how == "wished":
        wish = "</vedlagtFarskapsskjemaErOriginalt>"
        return [posted(letter.swap(wish, wish + element("manuellBehandlingErOensket", "true")), "manual")]
    return [posted(letter)]


def declared(day, child, father, mother):
    """A declaration as NAV sends it."""
    letter = Letter("farskap_v1", day.ident())
    if child:
        letter.put("foedselsEllerDNummer", "01912499894", child)
    else:
        letter.swap("<foedselsEllerDNummer>01912499894</foedselsEllerDNummer>", "")
    letter.put("foedselsEllerDNummer", "02918849923", father).put("foedselsEllerDNummer", "14859049894", mother)
    letter.put("registreringsdato", "2024-11-20", day.today).put("datoForErklaeringen", "2024-11-18", day.ago(1, 5))
    return letter.put("mottakstidspunktFraOpprinneligkanal", "2024-11-19", day.today)


def posted(letter, expect="granted"):
    """A declaration with its form, at the address that NAV uses."""
    return letter.with_file("registrering_av_farskap_v1.vedlegg", "melding", "farskap.pdf", expect)


def death(day):
    """Somebody has died, or is said to have."""
    how = day.either({"old": 93, "by nav": 2, "already": 1, "already, other date": 1, "stranger": 1, "tomorrow": 1, "nav of a resident": 1})
    if how == "stranger":
        return [dead(day, day.dice.choice((NOBODY, WRONG))).message("refused")]
    if how.startswith("already"):
        gone = day.pick("dead")
        same = how == "already"
        return [dead(day, gone.number, gone.died if same else day.after(gone.died, 1, 3)).message("refused" if same else "manual")]
    if how == "by nav":
        return [dead(day, day.pick("temporary").number, kilde="nav").message()]
    old = day.pick("old").number
    if how == "tomorrow":
        return [dead(day, old, day.after(day.today, 2, 5)).message("refused")]
    if how == "nav of a resident":
        return [dead(day, old, kilde="nav").message("refused")]
    return [dead(day, old).message()]


def dead(day, number, date=None, kilde="helse"):
    """A death message."""
    letter = Letter("doedsfall_v1", day.ident()).put("foedselsnummer", EXAMPLE, number).put("kilde", "helse", kilde)
    return letter.put("doedsdato", "2024-11-03", date or day.ago(0, 4)).put("forespoerselssdato", "2024-11-04", day.today)


def annulment(day):
    """Somebody lives after all."""
    how = day.either({"by mistake": 60, "lives": 25, "has an estate": 15})
    if how == "by mistake":
        old = day.pick("old").number
        return [dead(day, old).message(), alive(day, old).message()]
    if how == "lives":
        return [alive(day, day.pick("citizens").number).message("refused")]
    return [alive(day, day.pick("dead with contact").number).message("manual")]


def alive(day, number):
    """An annulment of a death."""
    return Letter("annullering_av_doedsfall_v1", day.ident()).put("foedselsnummer", EXAMPLE, number).put("forespoerselssdato", "2024-11-05", day.today)


def estate(day):
    """Whom to write to about one who is dead."""
    how = day.either({"dead": 94, "lives": 3, "too early": 2, "stranger": 1})
    gone = day.pick("citizens" if how == "lives" else "dead")
    issued = day.after(gone.died, -40, -1) if how == "too early" else day.ago(0, 5)
    letter = Letter("kontaktopplysninger_doedsbo_v1", day.ident()).put("foedselsEllerDNummer", EXAMPLE, gone.number)
    letter.put("foedselsEllerDNummer", "14859049894", NOBODY if how == "stranger" else day.pick("citizens").number)
    letter.put("attestutstedelsesdato", "2024-11-20", issued).put("adresselinje", "Eksempelveien 1", f"Eksempelveien {day.dice.randrange(1, 200)}")
    return [letter.message("granted" if how == "dead" else "refused")]


def wedding(day):
    """Two are married."""
    how = day.either({"free": 93, "alike": 3, "taken": 2, "papers": 2})
    one = day.pick("couples") if how == "taken" else day.pick("single men")
    other = day.unrelated(one, "single men" if how == "alike" else "single women")
    letter = Letter("vigsel_v1", day.ident())
    letter.put("foedselsEllerDNummer", "14859049894", one.number).put("foedselsEllerDNummer", "02918849923", other.number)
    letter.put("vigselsdato", "2024-06-15", day.ago(1, 14)).put("mottaksdato", "2024-06-17", day.today)
    if how == "papers":
        return [letter.put("personeneStemmerMedProevingsattest", "ja", "vetIkke").message("manual")]
    return [letter.message("refused" if how == "taken" else "granted")]


def separation(day):
    """Two live apart."""
    how = day.either({"couple": 94, "not married": 3, "abroad": 3})
    one, other = two(day, how == "not married")
    letter = apart("separasjon_v1", day, one, other).put("separasjonsdato", "2024-08-01", day.ago(14, 60))
    letter.put("vigselsEllerPartnerskapsdato", "2015-06-20", one.since or day.ago(1000, 2000))
    if how == "abroad":
        return [letter.put("sivilstandsmyndighet", "fylkesmannen", "utenlandskMyndighetUtenomNorden").message("manual")]
    return [letter.message("granted" if how == "couple" else "refused")]


def divorce(day):
    """Two are married no more: after a year's separation while there are such, else after two years apart in fact."""
    how = day.either({"over": 94, "not married": 3, "never separated": 3})
    long_apart = day.people.pick("long separated") if how == "over" else None
    one, other = (long_apart, day.people.partner(long_apart)) if long_apart else two(day, how == "not married")
    letter = apart("skilsmisse_v1", day, one, other).put("skilsmissedato", "2025-09-01", day.ago(1, 20))
    if how == "over" and not long_apart:
        letter.put("hjemmel", "skilsmisseEtterSeparasjon", "skilsmisseEtterSamlivsbrudd")
    return [letter.message({"over": "granted", "not married": "refused", "never separated": "manual"}[how])]


def two(day, strangers):
    """A couple, or two who have nothing to do with each other."""
    if strangers:
        return day.pick("single men"), day.pick("single women")
    one = day.pick("couples")
    return one, day.people.partner(one)


def apart(kind, day, one, other):
    """A separation or divorce with its parties."""
    letter = Letter(kind, day.ident()).put("foedselsEllerDNummer", "14859049894", one.number)
    return letter.put("foedselsEllerDNummer", "02918849923", other.number)
