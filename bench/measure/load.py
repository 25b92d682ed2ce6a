"""Many connections: look-ups beside a static handler, and a download beside nginx, both by wrk."""

import contextlib
import itertools
import os
import subprocess
import tempfile
import time
from pathlib import Path

from .program import Failed, eventually, free_port, need, run, running, status_bytes
from .server import API
from .timing import Client, percentiles, repeat

CONNECTIONS = 32

# The requests are made before the clock starts; each thread goes through the sample in its own order.
LOOK_UPS = """
local requests, at = {}, 0
init = function(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", args[2] .. line)
  end
  math.randomseed(42)
  for i = #requests, 2, -1 do
    local j = math.random(i)
    requests[i], requests[j] = requests[j], requests[i]
  end
end
request = function() at = at % #requests + 1 return requests[at] end
"""

DONE = """
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("FIGURES %d %d %d %d %d %d\\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def wrk(port, path, seconds, script, *arguments, connections=CONNECTIONS):
    """Answers requests and bytes a second, p50 and p99 in milliseconds, errors."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + DONE)
        file.flush()
        command = [need("wrk", "wrk"), "-t", 1, "-c", connections, "-d", f"{seconds}s", "--timeout", "60s", "-s", file.name]
        _, _, out = run([*command, f"http://127.0.0.1:{port}{path}", "--", *arguments])
    line = next((line for line in out.splitlines() if line.startswith("FIGURES ")), None)
    if line is None:
        raise Failed(f"wrk said nothing of use: {out}")
    requests, micros, size, p50, p99, errors = map(int, line.split()[1:])
    return {"rps": requests * 1e6 / micros, "bps": size * 1e6 / micros, "p50": p50 / 1000, "p99": p99 / 1000, "errors": errors}


def look_up(server, numbers, seconds):
    """Look-ups by number: from many connections, and the latency at one."""
    wrk(server.port, "/", 1, LOOK_UPS, numbers, f"{API}/enheter/")
    many = wrk(server.port, "/", seconds, LOOK_UPS, numbers, f"{API}/enheter/")
    client, sample = server.client(), itertools.cycle(numbers.read_text().split())
    return many | {"alone": percentiles(repeat(lambda: client.get(f"/enheter/{next(sample)}"), 20_000, seconds))}


def look_ups(server, static, numbers, seconds):
    """grunndata's look-ups by number and a static axum handler that sends one of its answers."""
    first = numbers.read_text().split("\n", 1)[0]
    with tempfile.NamedTemporaryFile() as body:
        body.write(server.client().get(f"/enheter/{first}"))
        body.flush()
        port = free_port()
        with running([static, f"127.0.0.1:{port}", body.name], stdout=subprocess.DEVNULL) as _:
            eventually("the static handler answers", lambda: Client(port).ask("/")[0] == 200, 10)
            ours, ceiling = side_by_side(
                lambda: look_up(server, numbers, seconds),
                lambda: wrk(port, "/", seconds, LOOK_UPS, numbers, f"{API}/enheter/"),
                "rps",
            )
    return {"ours": ours, "static": ceiling}


def side_by_side(ours, theirs, figure, rounds=5):
    """Ours between two of theirs, several times; the round whose ratio is the median. A shared machine's speed changes
    by half from one minute to the next, so what is compared has to be measured in the same moment."""
    taken, before = [], theirs()
    for _ in range(rounds):
        measured, after = ours(), theirs()
        taken.append((measured, max(before, after, key=lambda figures: figures[figure])))
        before = after
    return sorted(taken, key=lambda pair: pair[0][figure] / pair[1][figure])[rounds // 2]


def downloads(server, child, seconds):
    """The main units' file from grunndata and from nginx, four connections each; memory before and at most."""
    path = f"{API}/enheter/lastned"
    file = max((server.data / "enhetsregisteret" / "lastned").glob("enheter_alle.json.gz*"), key=os.path.getmtime)
    with nginx(file.parent) as port:
        wrk(server.port, path, 1, "", connections=4)
        before = status_bytes(child.pid, "VmRSS")
        ours, best = side_by_side(
            lambda: wrk(server.port, path, seconds, "", connections=4),
            lambda: wrk(port, f"/{file.name}", seconds, "", connections=4),
            "bps",
        )
    grown = status_bytes(child.pid, "VmRSS") - before
    return {"ours": ours, "nginx": best, "file": file.stat().st_size, "grown": grown}


@contextlib.contextmanager
def nginx(directory):
    """nginx on a free port with the settings its documentation gives for large files."""
    port = free_port()
    home = Path(tempfile.mkdtemp(prefix="grunndata-bench-nginx-"))
    user = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(
        f"""{user} worker_processes 2; pid {home}/pid; error_log {home}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; default_type application/gzip;
  client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home}; uwsgi_temp_path {home}; scgi_temp_path {home};
  server {{ listen 127.0.0.1:{port}; root {directory}; }} }}
"""
    )
    with running([need("nginx", "nginx-light"), "-p", home, "-c", home / "nginx.conf"], stderr=subprocess.DEVNULL):
        eventually("nginx answers", lambda: Client(port).ask("/")[0] > 0, 10)
        yield port
    time.sleep(0.1)
