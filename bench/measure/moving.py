"""`grunndata flytt`: a store from SQLite to PostgreSQL and back, killed on the way, and compared."""

import shutil
import signal
import subprocess
import time

from .on_postgres import DURABLE
from .postgres import SETTINGS, cluster, free_address
from .program import Failed, disk_bytes, run, say, wait_for

FILES = ("enheter", "underenheter", "roller")
# A move that is killed is killed after such a share of the time that a whole one took.
CUT_OFF_AT = 0.3


def move(binary, dump, home):
    """Prints what was measured; answers whether all that was moved is the same."""
    first, last, cut = (home / name for name in ("first", "last", "cut"))
    for each in (first, last, cut):
        shutil.rmtree(each, ignore_errors=True)
    for what in FILES:
        run([binary, "import", what, dump.file(what), "--data", first], stderr=subprocess.DEVNULL)
    with cluster(SETTINGS | DURABLE | free_address()) as peer:
        peer.psql("-c", "CREATE DATABASE first", "-c", "CREATE DATABASE cut")
        database, other = (peer.url.removesuffix("postgres") + name for name in ("first", "cut"))
        there = flytt(binary, first, database)
        back = flytt(binary, database, last)
        counts = [verify(binary, "--data", first), verify(binary, "--data", cut, "--database", database), verify(binary, "--data", last)]
        resumed = interrupted(binary, first, other, there["seconds"] * CUT_OFF_AT)
        counts.append(verify(binary, "--data", cut, "--database", other))
        size = int(peer.psql("-c", "SELECT pg_database_size('first')")[1])
    same = all(each == counts[0] for each in counts)
    print(f"the store: {', '.join(counts[0])}")
    print(f"SQLite {disk_bytes(first / 'grunndata.sqlite') / 1e6:.0f} MB, PostgreSQL {size / 1e6:.0f} MB")
    for name, figures in (("SQLite to PostgreSQL", there), ("PostgreSQL to SQLite", back)):
        print(f"{name}: {figures['rows']} rows copied and compared in {figures['seconds']:.1f} s, at most {figures['peak'] / 1e6:.0f} MB of memory")
    print(f"killed with -9 after {resumed['killed']:.1f} s and begun again: {resumed['seconds']:.1f} s more, {resumed['how']}")
    print("held    verify finds no fault, and the same in all of them" if same else f"BROKEN  verify finds {counts}")
    return same and resumed["how"] != "from the beginning"


def flytt(binary, source, target):
    """One whole move."""
    say(f"moving {source} to {target}")
    seconds, peak, out = run([binary, "flytt", "--fra", source, "--til", target], stderr=subprocess.DEVNULL)
    return {"seconds": seconds, "peak": peak, "rows": int(out.split()[-1])}


def interrupted(binary, source, target, after):
    """A move that is killed, and the next one, which goes on."""
    say(f"moving {source} to {target}, killed on the way")
    command = [str(part) for part in (binary, "flytt", "--fra", source, "--til", target)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if wait_for(child, after) is not None:
        raise Failed("the move was over before it was killed; take more units")
    child.send_signal(signal.SIGKILL)
    child.wait()
    begun = time.monotonic()
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode != 0:
        raise Failed(f"the second move failed: {ended.stderr}")
    how = "on from where it was" if "went on where" in ended.stderr else "from the beginning"
    return {"killed": after, "seconds": time.monotonic() - begun, "how": how}


def verify(binary, *store):
    """What `verify` counts, having found no fault."""
    _, _, out = run([binary, "verify", *store], stderr=subprocess.DEVNULL)
    return out.strip().splitlines()
