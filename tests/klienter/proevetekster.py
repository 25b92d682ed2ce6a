"""Texts to try simple types with: what they take, up to their limits, and what they only just do not take."""

from skjemamodell import TEGN, Valg, Verdi

# Numbers of persons that are made up and whose check digits are right, then texts that fit somewhere.
TEKSTER = ["14859049894", "47838549639", "00000000000", "311015001", "0301", "NOR", "A", "z", "12", "Ø", "Storgata", "Anne-Lise",
           "", " ", "\n", " x", "x ", "x\ny", "\nx", "x\n", "\t", "x\ty", "\r", "\u00a0", "😀", "a<&>\"'b", "1234A", "nor",
           "12345678901A", "１２３４", "0301 ", "-123", "1.23"]
TO_SIFRE = [f"{tall:02}" for tall in range(100)]
TALL, IKKE_TALL = ["1", "0", "-1", "+5", "-007", " 3\n"], ["", "1.0", "1e3", "+-1", "1 2", "0x1", "-"]
# Texts that a type that is not of strings takes, and that it does not take. Left out: years that have not four digits, which
# schemas take and the register does not know, and blanks around dates, which libxml2 wrongly refuses.
ANDRE_TYPER = {
    "boolean": (["true", "false", "1", "0", " true\n"], ["", "TRUE", "ja", "2", "01", "t rue"]),
    "int": ([*TALL, "2147483647", "-2147483648"], [*IKKE_TALL, "2147483648", "-2147483649"]),
    "long": ([*TALL, "9223372036854775807", "-9223372036854775808"],
             [*IKKE_TALL, "9223372036854775808", "-9223372036854775809"]),
    "date": (["2024-02-29", "2024-01-01Z", "2024-01-01+14:00", "2024-01-01-13:59", "0001-01-01", "9999-12-31"],
             ["", "19981221", "2023-02-29", "2024-1-1", "2024-13-01", "2024-00-10", "2024-01-32", "2024-01-00",
              "2024-01-01+14:01", "2024-01-01+1:00", "2024-01-01+13:60", "2024-01-01z", "2024-01-01 Z",
              "2024-01-01T00:00:00", "24-01-01", "01.01.2024", "+2024-01-01", "0000-01-01"]),
    "dateTime": (["2018-09-01T15:04:47.719", "2024-11-04T10:15:30", "2024-11-04T10:15:30Z", "2024-11-04T10:15:30+01:00",
                  "2024-11-04T24:00:00", "2024-11-04T24:00:00.000Z", "2024-11-04T10:15:30.1234567890123-14:00",
                  "2024-11-04T23:59:59.999999999"],
                 ["", "2024-11-04", "2024-11-04T10:15", "2024-11-04 10:15:30", "2024-11-04T24:00:01", "2024-11-04T24:00:00.001",
                  "2024-11-04T25:00:00", "2024-11-04T23:60:00", "2024-11-04T23:59:60", "2024-11-04T10:15:30.",
                  "2024-11-04T10:15:30,5", "2024-11-04t10:15:30", "2024-11-04T10:15:30z", "2024-13-04T10:15:30",
                  "2023-02-29T10:15:30", "2024-11-04T1:15:30", "2024-11-04T10:15:30+14:01", "2024-11-04T10:15:30+0100"]),
}


def verdier(type_: Verdi, tegn: list) -> tuple:
    """Texts that a type takes, and texts that it does not take."""
    if type_.grunntype != "string":
        return ANDRE_TYPER[type_.grunntype]
    if type_.koder:
        kode = type_.koder[0]
        return list(type_.koder), ["", kode + "x", kode.upper(), f" {kode}", f"{kode}\n", "ukjent kode"]
    proever = list(TEKSTER)
    for alfabet, _ in type_.alfabeter:
        deler = type_.mest or len(alfabet)
        proever += [alfabet[i:i + deler] for i in range(0, len(alfabet), deler)]
        # Each character by itself where it stands among others, and where it is as many as there must be.
        proever += [t if type_.mest == 1 else t.join("AA") for t in tegn] + [t * type_.minst for t in "09AZaÅ -"]
    if any("|" in moenster for moenster in type_.moenstre):
        proever += TO_SIFRE
    lengder = {lengde + mer for lengde in (type_.minst, type_.mest or 0) for mer in (-1, 0, 1) if lengde + mer > 0}
    proever += [t * lengde for lengde in sorted(lengder) for t in "0Aæ"]
    proever = list(dict.fromkeys(proever))
    return [p for p in proever if type_.tar(p)], [p for p in proever if not type_.tar(p)]


def alle_tegn(modeller: list) -> list:
    """Every character that some type knows as a letter, and those that none does."""
    def typer(rekke):
        for ledd in rekke:
            if isinstance(ledd, Valg):
                for valgt in ledd.rekker:
                    yield from typer(valgt)
            elif isinstance(ledd.innhold, tuple):
                yield from typer(ledd.innhold)
            elif isinstance(ledd.innhold, Verdi):
                yield ledd.innhold
    kjent = {t for rot in modeller for type_ in typer(rot.innhold) for alfabet, _ in type_.alfabeter for t in alfabet}
    return sorted(kjent | set(TEGN[:96]) | set("\t\n\r\u00a0ŁłŐőŒœŘřﬁАбάا中😀０"))
