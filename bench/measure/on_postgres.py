"""grunndata with its store in PostgreSQL: the same load and look-ups as with its own file, durable to disk in both."""

import shutil

from .load import look_up
from .postgres import SETTINGS, cluster, free_address
from .program import disk_bytes, say
from .server import Server

# The peer's settings, but with commits that are on disk, and a log that a standby can follow.
DURABLE = {"synchronous_commit": "on", "wal_level": "replica", "max_wal_senders": "4"}


def measure(binary, dump, home, seconds):
    """Loading through a node, then look-ups through it: from the primary, and from a replica."""
    data = home / "node"
    shutil.rmtree(data, ignore_errors=True)
    with cluster(SETTINGS | DURABLE | free_address()) as primary:
        node = Server(binary, data, "--database", primary.url)
        say("grunndata loads into PostgreSQL")
        found = {"load": node.load(dump)}
        primary.psql("-c", "CHECKPOINT")
        found["database"] = int(primary.psql("-c", "SELECT pg_database_size(current_database())")[1])
        found["index"] = disk_bytes(data)
        with node.serving():
            say("look-ups through a node on PostgreSQL")
            found["primary"] = look_up(node, dump.numbers, seconds)
        with primary.standby() as replica, node.serving("--database-les", replica.url):
            say("look-ups through a node with a read replica")
            found["replica"] = look_up(node, dump.numbers, seconds)
    return found
