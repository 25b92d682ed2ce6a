"""The Python client `brreg`, unmodified but for its base URL, against a running grunndata.

Usage: python brreg_klient.py http://127.0.0.1:8080/enhetsregisteret/api
Searches page by page as far as pages go, then fetches units, their roles and sub-units; pydantic parses every field.
"""

import sys

import httpx2
from brreg.enhetsregisteret import Client, EnhetQuery, UnderenhetQuery

DEEPEST = 10_000


def client_for(base_url: str) -> Client:
    client = Client()
    client._client = httpx2.Client(base_url=base_url, headers=client._client.headers)
    return client


def walk(search, query_type, size: int) -> dict:
    """Every item within reach, by organisation number; checks that pages neither overlap nor leave gaps."""
    cursor = search(query_type(size=size))
    total = cursor.get_page(0).total_elements
    found = {}
    for number in cursor.page_numbers:
        if (number + 1) * size > DEEPEST:
            break
        page = cursor.get_page(number)
        assert (page.page_number, page.page_size) == (number, size)
        found |= {item.organisasjonsnummer: item for item in page.items}
    assert len(found) == min(total, DEEPEST), (len(found), total)
    return found


def main(base_url: str) -> None:
    client = client_for(base_url)
    enheter = walk(client.search_enhet, EnhetQuery, 100)
    underenheter = walk(client.search_underenhet, UnderenhetQuery, 500)
    assert enheter and underenheter, "the register is empty"

    groups = roles = persons = units = 0
    for orgnr, enhet in list(enheter.items())[:: max(1, len(enheter) // 1500)]:
        assert client.get_enhet(orgnr) == enhet
        for gruppe in client.get_roller(orgnr):
            groups += 1
            for rolle in gruppe.roller:
                assert (rolle.person is None) != (rolle.enhet is None)
                roles, persons, units = roles + 1, persons + (rolle.person is not None), units + (rolle.enhet is not None)
    for orgnr, enhet in list(underenheter.items())[:300]:
        assert client.get_underenhet(orgnr) == enhet
        assert client.get_enhet(orgnr) is None
    assert roles and persons and units

    assert client.get_enhet("999999999") is None
    assert all(e.konkurs for e in client.search_enhet(EnhetQuery(konkurs=True)).get_page(0).items)
    assert client.search_enhet(EnhetQuery(navn="xyzzyq")).get_page(0).items == []
    some = list(enheter)[:50]
    assert {e.organisasjonsnummer for e in client.search_enhet(EnhetQuery(organisasjonsnummer=some, size=50)).get_page(0).items} == set(some)
    names = [e.navn for e in client.search_enhet(EnhetQuery(sort="DESC", size=20)).get_page(0).items]
    assert names != [e.navn for e in client.search_enhet(EnhetQuery(sort="ASC", size=20)).get_page(0).items]
    print(
        f"brreg 1.5.0 parsed {len(enheter)} enheter, {len(underenheter)} underenheter, "
        f"{roles} roller in {groups} rollegrupper ({persons} persons, {units} units)"
    )


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
