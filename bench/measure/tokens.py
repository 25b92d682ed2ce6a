"""Maskinporten: grants a second beside the signatures they cost and beside oidc-provider; the cost of the guard."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.request import Request, urlopen

from . import load
from .program import Failed, eventually, free_port, need, run, running, say
from .report import line
from .server import Server
from .timing import Client

ISSUER = "https://as.example.no/"
GRANT = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion="
CREDENTIALS = (
    "grant_type=client_credentials&scope=demo:register.read&client_id=klient"
    "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion="
)
ORGNR, SCOPE = "311015001", "demo:register.read"
CONNECTIONS = 64
LIFE = 3_000
EXAMPLES = (("vakt", "signatures"), ("vakt", "guarded"))

# Each grant is sent once; they are signed before the clock starts.
GRANTS = """
local requests, at = {}, 0
init = function(args)
  local headers = {["Content-Type"] = "application/x-www-form-urlencoded"}
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", args[2], headers, args[3] .. line)
  end
end
request = function() at = at + 1 return requests[at] or requests[#requests] end
"""

CALLS = """
local text
init = function(args) text = wrk.format("GET", nil, {["Authorization"] = "Bearer " .. args[1]}) end
request = function() return text end
"""


def measure(binaries, home, small):
    """Everything, one after the other."""
    seconds = 2 if small else 10
    found = {"load": [os.getloadavg()[0]], "seconds": seconds}
    tool = binaries / "signatures"
    say("signatures alone")
    found["pure"] = pure(tool, seconds)
    with tempfile.TemporaryDirectory(dir=home) as place:
        place = Path(place)
        issue(found, binaries, place, seconds)
        guard(found, binaries, seconds)
    say("signatures alone, again")
    found["pure"] = better(found["pure"], pure(tool, seconds))
    found["load"].append(os.getloadavg()[0])
    return found


def pure(tool, seconds):
    """Signatures a second on all processors and on one, verifications on one."""
    return json.loads(run([tool, "pure", max(1, seconds // 3)])[2])


def better(first, second):
    """The faster of two measurements, figure by figure: what the machine can do."""
    return {name: max(first[name], second[name]) for name in first}


def issue(found, binaries, place, seconds):
    """Grants to grunndata and to oidc-provider, signed with the same key."""
    key, jwks = place / "key.pem", place / "jwks.json"
    jwks.write_text(run([binaries / "signatures", "key", key])[2])
    kid = json.loads(jwks.read_text())["keys"][0]["kid"]
    # More than either can answer: signing is what it costs at least.
    count = int(found["pure"]["signatures"] * (seconds + 2) * 1.2)

    def grants(name, claims):
        say(f"signing {count:,} grants")
        file = place / name
        command = [str(binaries / "signatures"), "sign", str(count), str(key), kid, json.dumps(claims), str(LIFE)]
        with file.open("wb") as out:
            subprocess.run(command, stdout=out, check=True)
        return file

    server = register(binaries / "grunndata", place / "data", jwks)
    lines = grants("grants", {"aud": ISSUER, "iss": "klient", "scope": SCOPE})
    settings = {
        "enhetsregisteret.aktiv": "false",
        "maskinporten.utsteder": ISSUER,
        "maskinporten.klokke_bak_s": 3600,
        "maskinporten.bevis_levetid_s": 3600,
    }
    flags = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
    with server.serving(*flags):
        say("grants to grunndata")
        found["grunndata"] = wrk(server.port, seconds, GRANTS, lines, "/maskinporten/token", GRANT)
    with oidc(place, jwks) as port:
        lines = grants("assertions", {"aud": f"http://127.0.0.1:{port}", "iss": "klient", "sub": "klient"})
        say("grants to oidc-provider")
        found["oidc"] = wrk(port, seconds, GRANTS, lines, "/token", CREDENTIALS)


def register(binary, data, jwks):
    """A server with a client that may have a token."""
    shutil.rmtree(data, ignore_errors=True)
    for order in (
        ["scope", "prefiks", "demo", "--orgnr", "313037002"],
        ["scope", "sett", SCOPE],
        ["tilgang", "gi", SCOPE, ORGNR],
        ["klient", "ny", "--orgnr", ORGNR, "--client-id", "klient", "--scope", SCOPE],
        ["klient", "nokler", "klient", "--jwks", jwks],
    ):
        run([binary, "maskinporten", *order, "--data", data], stderr=subprocess.DEVNULL)
    return Server(binary, data)


@contextlib.contextmanager
def oidc(place, jwks):
    """oidc-provider on a free port."""
    home = place / "oidc"
    shutil.copytree(Path(__file__).parent / "oidc", home)
    say("installing oidc-provider")
    command = [need("npm", "npm"), "install", "--silent", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=home, check=False).returncode != 0:
        raise Failed("npm install oidc-provider failed")
    port = free_port()
    log = (place / "oidc.log").open("wb")
    with log, running([need("node", "nodejs"), "server.mjs", port, jwks], cwd=home, stdout=log, stderr=log):
        eventually("oidc-provider answers", lambda: Client(port).ask("/jwks")[0] == 200, 60)
        yield port


def guard(found, binaries, seconds):
    """The same answer with and without the guard, in turns, at one connection and at many."""
    port = free_port()
    command = [str(binaries / "guarded"), f"127.0.0.1:{port}"]
    with running(command, stdout=subprocess.PIPE) as child:
        token = child.stdout.readline().decode().strip()
        eventually("the guarded server answers", lambda: Client(port).ask("/open")[0] == 200, 10)
        refused = Request(f"http://127.0.0.1:{port}/closed")
        with contextlib.suppress(OSError):
            urlopen(refused)
            raise Failed("the closed route is open")
        for connections, name in ((1, "one"), (32, "many")):
            say(f"guarded and unguarded calls, {connections} at a time")
            turns = [
                {path: wrk(port, seconds / 4, CALLS, token, path=f"/{path}", connections=connections)["rps"] for path in ("open", "closed")}
                for _ in range(4)
            ]
            # The best of each: what is slower was disturbed.
            best = {path: max(turn[path] for turn in turns) for path in ("open", "closed")}
            found[name] = best | {"micros": 1e6 / best["closed"] - 1e6 / best["open"]}


def wrk(port, seconds, script, *arguments, path="/", connections=CONNECTIONS):
    """What load.wrk measures, having checked that every answer was good."""
    found = load.wrk(port, path, max(1, round(seconds)), script, *arguments, connections=connections)
    if found["errors"]:
        raise Failed(f"{found['errors']} requests to port {port}{path} were refused or failed")
    return found


def targets(found):
    """A line for each target; figures from this run only."""
    pure, ours, peer = found["pure"], found["grunndata"], found["oidc"]
    share = ours["rps"] / pure["signatures"]
    verification = 1e6 / pure["verifications"]
    limit = f"{pure['signatures']:,.0f} signatures/s alone"
    one, many = found["one"], found["many"]
    return [
        line("grants issued", "≥ 60 % of the signatures alone", f"{ours['rps']:,.0f}/s ({share:.0%})", limit, share >= 0.6),
        line("grants issued", "more than oidc-provider", f"{ours['rps']:,.0f}/s", f"oidc-provider {peer['rps']:,.0f}/s", ours["rps"] > peer["rps"]),
        line("guarded call, token seen, one connection", "< 15 µs more than unguarded", f"{one['micros']:.1f} µs", f"one verification {verification:.1f} µs", one["micros"] < 15),
        line("guarded call, token seen, 32 connections", "< 15 µs more than unguarded", f"{many['micros']:.1f} µs", f"{many['closed']:,.0f}/s guarded, {many['open']:,.0f}/s unguarded", many["micros"] < 15),
    ]


def markdown(found, lines):
    """The whole report."""
    pure = found["pure"]
    out = [
        "# Maskinporten, measured", "",
        f"{pure['cores']:.0f} processors; everything in one run. Load average at the start {found['load'][0]:.2f}, at the end {found['load'][1]:.2f}.", "",
        "| what | target | grunndata | beside it | met |", "|---|---|---|---|---|",
    ]
    out += [f"| {each['what']} | {each['target']} | {each['ours']} | {each['beside']} | {'yes' if each['met'] else '**no**'} |" for each in lines]
    out += [
        "", "| | a second |", "|---|---|",
        f"| RSA-2048 signatures, all processors | {pure['signatures']:,.0f} |",
        f"| RSA-2048 signatures, one processor | {pure['one_core']:,.0f} |",
        f"| RSA-2048 verifications with the token read, one processor | {pure['verifications']:,.0f} |",
        f"| grants to grunndata, p99 {found['grunndata']['p99']:.0f} ms | {found['grunndata']['rps']:,.0f} |",
        f"| grants to oidc-provider, p99 {found['oidc']['p99']:.0f} ms | {found['oidc']['rps']:,.0f} |",
        f"| guarded calls, 1 connection | {found['one']['closed']:,.0f} |",
        f"| unguarded calls, 1 connection | {found['one']['open']:,.0f} |",
        f"| guarded calls, 32 connections | {found['many']['closed']:,.0f} |",
        f"| unguarded calls, 32 connections | {found['many']['open']:,.0f} |", "",
        "Grants are signed before the clock starts and sent once each by wrk over 64 connections on the same machine. grunndata puts every grant "
        "on disk before it answers: the record that it is used, and the row of the trail. oidc-provider keeps everything in memory, in one process for "
        "each processor, so that an assertion can be used once in each; it authenticates the client by the same kind of signed assertion and answers "
        "with a JWT of its own. The guarded call counts the organisation's calls and the address's requests too.",
    ]
    return "\n".join(out) + "\n"


def write(found, directory):
    """Writes the report and prints a line for each target; answers whether all are met."""
    lines = targets(found)
    Path(directory, "maskinporten.json").write_text(json.dumps(found, indent=1))
    Path(directory, "maskinporten.md").write_text(markdown(found, lines), encoding="utf-8")
    for each in lines:
        print(f"{'met    ' if each['met'] else 'NOT MET'}  {each['what']}: {each['ours']} (target {each['target']}; {each['beside']})")
    return all(each["met"] for each in lines)
