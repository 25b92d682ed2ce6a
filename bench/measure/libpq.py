"""A PostgreSQL connection through its own client library, timed by the same clock as everything else.

pgbench is not used: on a busy machine an answer can be there before it looks, and it then logs 0 µs.
"""

import ctypes
import ctypes.util

from .program import Failed

TUPLES, DONE = 2, 1


class Connection:
    """One connection with prepared statements."""

    def __init__(self, options):
        name = ctypes.util.find_library("pq")
        if not name:
            raise Failed("libpq is missing; install libpq5")
        self.library = ctypes.CDLL(name)
        for function, answer in (
            ("PQconnectdb", ctypes.c_void_p),
            ("PQerrorMessage", ctypes.c_char_p),
            ("PQprepare", ctypes.c_void_p),
            ("PQexecPrepared", ctypes.c_void_p),
            ("PQgetvalue", ctypes.c_char_p),
        ):
            getattr(self.library, function).restype = answer
        self.handle = ctypes.c_void_p(self.library.PQconnectdb(options.encode()))
        if self.library.PQstatus(self.handle) != 0:
            self._fail()

    def prepare(self, name, sql):
        """Prepares a statement under a name."""
        self._checked(self.library.PQprepare(self.handle, name.encode(), sql.encode(), 0, None), DONE)

    def run(self, name):
        """Runs a prepared statement and takes in the whole answer; answers its first value, if any."""
        result = self._run(name)
        first = self.library.PQgetvalue(result, 0, 0) if self.library.PQntuples(result) else None
        self.library.PQclear(result)
        return first

    def close(self):
        """Hangs up."""
        self.library.PQfinish(self.handle)

    def _run(self, name):
        answer = self.library.PQexecPrepared(self.handle, name.encode(), 0, None, None, None, 0)
        return self._checked(answer, TUPLES)

    def _checked(self, result, wanted):
        result = ctypes.c_void_p(result)
        if self.library.PQresultStatus(result) != wanted:
            self._fail()
        return result

    def _fail(self):
        raise Failed("PostgreSQL: " + self.library.PQerrorMessage(self.handle).decode().strip())
