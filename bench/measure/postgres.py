"""PostgreSQL: a throw-away cluster, its best reasonable schema, and the battery."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .battery import SORTS, SORTS_OF_SUB_UNITS, fold, order
from .libpq import Connection
from .program import Failed, disk_bytes, eventually, free_port, need, run, running, say, tree_bytes
from .timing import percentiles, repeat

BINARIES = Path("/usr/lib/postgresql/15/bin")
HERE = Path(__file__).parent

# Set for this machine's size as its documentation advises; durability of single commits is not asked of it.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "128MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    "jit": "off",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "default_toast_compression": "lz4",
    "listen_addresses": "",
}

FUNCTIONS = """
CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent;
CREATE FUNCTION brett(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN lower(unaccent('unaccent'::regdictionary, $1));
CREATE FUNCTION dato(text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN make_date(substr($1, 1, 4)::int, substr($1, 6, 2)::int, substr($1, 9, 2)::int);
CREATE FUNCTION nivaaer(doc jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT array_agg(DISTINCT left(kode, n))
          FROM unnest(ARRAY[doc#>>'{naeringskode1,kode}', doc#>>'{naeringskode2,kode}', doc#>>'{naeringskode3,kode}']) kode,
               unnest(ARRAY[2, 4, 5, 6]) n WHERE kode IS NOT NULL);
"""


def free_address():
    """The settings that let callers in over TCP."""
    return {"listen_addresses": "127.0.0.1", "port": str(free_port())}


class Postgres:
    """A running cluster in a directory of its own, reached by a socket there."""

    def __init__(self, home, server, settings, as_user):
        self.home, self.server, self.settings, self.as_user = home, server, settings, as_user
        port = settings.get("port", "5432")
        self.socket = ["-h", str(home), "-p", port, "-U", "postgres", "-d", "postgres"]
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"

    @contextlib.contextmanager
    def standby(self):
        """A streaming standby while the block runs, level with this one when it begins."""
        with _home(self.as_user) as home:
            copy = [BINARIES / "pg_basebackup", *self.socket[:6], "-D", home / "data", "-R", "-X", "stream", "-c", "fast"]
            run(copy, cwd=home, stderr=subprocess.DEVNULL, **self.as_user)
            with _running(home, self.settings | free_address(), self.as_user) as standby:
                lag = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()"
                eventually("the standby is level", lambda: self.psql("-c", lag)[1].strip() == "1", 120)
                yield standby

    def psql(self, *arguments):
        """Runs psql; answers (seconds, its output)."""
        command = ["psql", *self.socket, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-At", *arguments]
        seconds, _, out = run(command)
        return seconds, out

    def load(self, dump):
        """Loads and indexes the three dumps, three connections at once; answers the measurements."""
        self.psql("-c", FUNCTIONS)
        watch = Watch(self.server.pid)
        begun = time.monotonic()
        jobs = [threading.Thread(target=self._load_one, args=(dump, what)) for what in ("enheter", "underenheter", "roller")]
        self.failures = []
        with watch:
            for job in jobs:
                job.start()
            for job in jobs:
                job.join()
            if self.failures:
                raise self.failures[0]
            self.psql("-c", "CHECKPOINT")
        return {"seconds": time.monotonic() - begun, "peak": watch.peak, "disk": disk_bytes(self.home / "data")}

    def _load_one(self, dump, what):
        lines = dump.lines(what)
        try:
            if what == "roller":
                copy = f"\\copy roller(doc) FROM '{lines}' WITH (FREEZE)"
                create = (
                    "CREATE TABLE roller (doc jsonb NOT NULL,"
                    " orgnr int GENERATED ALWAYS AS ((doc->>'organisasjonsnummer')::int) STORED)"
                )
                self.psql("-1", "-c", create, "-c", copy, "-c", "ALTER TABLE roller ADD PRIMARY KEY (orgnr)", "-c", "ANALYZE roller")
                return
            sorts = SORTS if what == "enheter" else SORTS_OF_SUB_UNITS
            indexes = "".join(f"CREATE INDEX ON {what} ({key});\n" for key in sort_keys(sorts))
            script = (HERE / "postgres.sql").read_text() + indexes + f"ANALYZE {what};\n"
            with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
                file.write(script)
                file.flush()
                self.psql("-1", "-v", f"tabell={what}", "-v", f"linjer={lines}", "-f", file.name)
        except Failed as failure:
            self.failures.append(failure)

    def measure(self, query, budget):
        """One query of the battery: its latency, and how many it found."""
        count, page = query.sql("pg")
        if query.typo:
            word = fold(query.typo)
            count, page = typo_sql(word)
        port = self.settings.get("port", "5432")
        connection = Connection(f"host={self.home} port={port} user=postgres dbname=postgres")
        connection.prepare("count", count)
        connection.prepare("page", page)

        def call():
            found = connection.run("count")
            connection.run("page")
            return int(found)

        found = call()
        taken = repeat(call, 100, budget)
        connection.close()
        return percentiles(taken) | {"found": found}


def sort_keys(sorts):
    """An index for every order of the battery."""
    keys = [order(column, at % 2 == 1) for at, column in enumerate(sorts.values()) if column != "orgnr"]
    return dict.fromkeys([*keys, order("ansatte", True), order("registrert", True)])


def typo_sql(text):
    """Misspelt: by trigrams, most alike first, as its documentation shows."""
    where = f"'{text}' <% navn"
    return (
        f"SELECT count(*) FROM enheter WHERE {where}",
        f"SELECT doc FROM enheter WHERE {where} ORDER BY word_similarity('{text}', navn) DESC, orgnr LIMIT 20",
    )


class Watch:
    """The highest memory of a process tree, looked at a few times a second."""

    def __init__(self, pid):
        self.pid, self.peak, self.ended = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self._look)

    def _look(self):
        while not self.ended.wait(0.3):
            self.peak = max(self.peak, tree_bytes(self.pid))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def server_programs():
    """Sees to it that the server's programs are there."""
    if not (BINARIES / "postgres").exists():
        need("pg_ctlcluster", "postgresql-15")
    if not (BINARIES / "postgres").exists():
        raise Failed("PostgreSQL 15 is missing; install postgresql-15")


@contextlib.contextmanager
def cluster(settings):
    """A cluster on a socket, run by a user that is not root, gone afterwards."""
    server_programs()
    as_user = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with _home(as_user) as home:
        init = [BINARIES / "initdb", "-D", home / "data", "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust"]
        run(init, cwd=home, stderr=subprocess.DEVNULL, **as_user)
        with _running(home, settings, as_user) as server:
            yield server


@contextlib.contextmanager
def _home(as_user):
    """A directory that the server's user owns, while the block runs."""
    home = Path(tempfile.mkdtemp(prefix="grunndata-bench-"))
    try:
        if as_user:
            os.chown(home, as_user["user"], as_user["group"])
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _running(home, settings, as_user):
    """The server of a data directory, while the block runs; it lets callers in when that begins."""
    command = [BINARIES / "postgres", "-D", home / "data", "-k", home]
    for key, value in settings.items():
        command += ["-c", f"{key}={value}"]
    with open(home / "log", "wb") as log, running(command, cwd=home, stderr=log, stdout=log, **as_user) as server:
        postgres = Postgres(home, server, settings, as_user)
        ready = ["pg_isready", "-q", *postgres.socket[:4]]
        eventually("PostgreSQL starts", lambda: subprocess.run(ready, check=False).returncode == 0, 60)
        say("PostgreSQL runs")
        yield postgres
