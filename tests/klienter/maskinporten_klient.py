"""The Python clients `pymaskinporten` and `authlib`, unmodified but for their address, against a running demo.

Usage: python maskinporten_klient.py http://127.0.0.1:8080 DATA
Gets tokens, opens a guarded route with them, and is refused in the documented words where that is due.
"""

import json
import pathlib
import sys
import warnings

import httpx2
from authlib.integrations.requests_client import AssertionSession
from authlib.oauth2 import OAuth2Error
from pymaskinporten import MaskinportenClient, MaskinportenSecrets, MaskinportenTokenError

# What the library says of its own next version.
warnings.filterwarnings("ignore", module="authlib")

LES, STENGT = "grunndata:demo.les", "grunndata:demo.stengt"


def issuer_of(base: str) -> str:
    return httpx2.get(f"{base}/maskinporten/.well-known/oauth-authorization-server").json()["issuer"]


def open_with(base: str, token: str) -> dict:
    answer = httpx2.get(f"{base}/maskinporten/utvidet/hvem-er-jeg", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def with_pymaskinporten(base: str, folder: pathlib.Path, klient: dict) -> None:
    def client(scope: str) -> MaskinportenClient:
        secrets = MaskinportenSecrets(
            PRIVATE_KEY=(folder / klient["nokkel"]).read_text(),
            MASKINPORTEN_CLIENT_ID=klient["client_id"],
            KID=klient["kid"],
            SCOPE=scope,
        )
        return MaskinportenClient(secrets, token_url=f"{base}/maskinporten/token", audience=issuer_of(base))

    token = client(LES).get_token()
    assert open_with(base, token)["konsument"] == klient["orgnr"]
    try:
        client(STENGT).get_token()
    except MaskinportenTokenError as error:
        assert (error.status, error.code) == (403, "forbidden"), error
        assert f"Consumer has not been granted access to the scope {STENGT}." in error.description
    else:
        raise AssertionError("a token for a scope that nobody is granted")


def with_authlib(base: str, folder: pathlib.Path, klient: dict, behalf: str | None) -> None:
    claims = {"scope": LES} | ({"consumer_org": behalf} if behalf else {})
    session = AssertionSession(
        token_endpoint=f"{base}/maskinporten/token",
        issuer=klient["client_id"],
        subject=None,
        audience=issuer_of(base),
        grant_type=AssertionSession.JWT_BEARER_GRANT_TYPE,
        claims=claims,
        header={"alg": "RS256", "kid": klient["kid"]},
        key=(folder / klient["nokkel"]).read_text(),
        expires_in=100,
    )
    answer = session.get(f"{base}/maskinporten/utvidet/hvem-er-jeg")
    assert answer.status_code == 200, answer.text
    assert answer.json()["konsument"] == (behalf or klient["orgnr"]), answer.text


def main(base: str, data: str) -> None:
    folder = pathlib.Path(data) / "demo"
    klienter = {klient["client_id"]: klient for klient in json.loads((folder / "klienter.json").read_text())}
    with_pymaskinporten(base, folder, klienter["demo-alle-scopes"])
    print("pymaskinporten: a token that opens, and a refusal that it understands")
    with_authlib(base, folder, klienter["demo-alle-scopes"], None)
    leverandor = klienter["demo-leverandor"]
    with_authlib(base, folder, leverandor, leverandor["paa_vegne_av"][0])
    print("authlib: a token of its own, and one on behalf of another")
    wrong = dict(leverandor, kid="ukjent")
    try:
        with_authlib(base, folder, wrong, None)
    except OAuth2Error as error:
        assert error.error == "invalid_grant" and "Unknown key identifier" in error.description, error
    else:
        raise AssertionError("a token for an unknown key")


if __name__ == "__main__":
    main(*sys.argv[1:])
