"""The Parquet export, opened with PyArrow and DuckDB: the row counts of the JSON downloads, and sound types.

    parquet_les.py EXPORT_DIRECTORY API_BASE
"""

import gzip
import json
import sys
import urllib.request
from pathlib import Path

import duckdb
import pyarrow.parquet


def download(base, path):
    """A JSON download, read."""
    with urllib.request.urlopen(base + path) as answer:
        return json.loads(gzip.decompress(answer.read()))


def main(directory, base):
    """Compares."""
    units = {kind: download(base, f"/{kind}/lastned") for kind in ("enheter", "underenheter")}
    roles = download(base, "/roller/totalbestand")
    expected = {kind: len(listed) for kind, listed in units.items()}
    expected["roller"] = sum(len(group["roller"]) for unit in roles for group in unit["rollegrupper"])
    numbers = set()
    for what, count in expected.items():
        file = Path(directory, f"{what}_alle.parquet")
        table = pyarrow.parquet.read_table(file)
        counted = duckdb.sql(f"SELECT count(*) FROM read_parquet('{file}')").fetchall()[0][0]
        assert table.num_rows == counted == count, f"{what}: PyArrow {table.num_rows}, DuckDB {counted}, JSON {count}"
        numbers.add(pyarrow.parquet.read_metadata(file).metadata[b"grunndata.sekvensnummer"])
        print(f"{what}: {count} rows, {table.num_columns} columns")
    assert len(numbers) == 1, f"not all of one sequence number: {numbers}"

    table = pyarrow.parquet.read_table(Path(directory, "enheter_alle.parquet")).to_pylist()
    for row, unit in zip(table, units["enheter"], strict=True):
        assert row["organisasjonsnummer"] == unit["organisasjonsnummer"]
        assert row["navn"] == unit["navn"]
        assert row["antallAnsatte"] == unit.get("antallAnsatte")
        assert row["konkurs"] is unit["konkurs"]
        assert str(row["registreringsdatoEnhetsregisteret"]) == unit["registreringsdatoEnhetsregisteret"]
        assert row["forretningsadresse.adresse"] == unit.get("forretningsadresse", {}).get("adresse")
        assert row["kapital.antallAksjer"] == unit.get("kapital", {}).get("antallAksjer")


if __name__ == "__main__":
    main(*sys.argv[1:])
