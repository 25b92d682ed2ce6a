"""The report: a line for each target with both figures, a table and a picture."""

import html
import math
import os
import platform
from pathlib import Path

MB = 1_000_000


def targets(found):
    """(what, target, ours, beside it, met or not) for every target; figures from this run only."""
    ours, peer = found["grunndata"], found["postgres"]
    look, download, write = found["look_ups"], found["download"], found["writing"]
    battery = found["battery"]
    pooled = pooled_p99(battery)
    slow = [row for row in battery if not fast_enough(row)]
    deep = max((row for row in battery if row["kind"] == "deep"), key=lambda row: row["grunndata"]["p99"])
    share = look["ours"]["rps"] / look["static"]["rps"]
    bytes_share = download["ours"]["bps"] / download["nginx"]["bps"]
    return [
        line("import with index", "faster than PostgreSQL", seconds(ours["seconds"]), seconds(peer["seconds"]), ours["seconds"] < peer["seconds"]),
        line("import with index", "< 90 s", seconds(ours["seconds"]), f"gzip -dc {seconds(found['inflate'])}", ours["seconds"] < 90),
        line("import, peak memory", "< 700 MB", mb(ours["peak"]), f"PostgreSQL {mb(peer['peak'])}", ours["peak"] < 700 * MB),
        line("look-up, 32 connections", "≥ 50 % of static", f"{look['ours']['rps']:,.0f}/s ({share:.0%})", f"{look['static']['rps']:,.0f}/s", share >= 0.5),
        line("look-up, p99", "< 3 ms", f"{look['ours']['p99']:.2f} ms", f"{look['static']['p99']:.2f} ms", look["ours"]["p99"] < 3),
        line("battery, p99 of all", "< 15 ms", f"{pooled['grunndata']:.2f} ms", f"PostgreSQL {pooled['postgres']:.0f} ms", pooled["grunndata"] < 15),
        line("battery, each query", "5 × PostgreSQL or < 2 ms", f"{len(battery) - len(slow)} of {len(battery)}", "; ".join(row["name"] for row in slow) or "none slower", not slow),
        line("deepest page, p99", "< 25 ms", f"{deep['grunndata']['p99']:.2f} ms", f"PostgreSQL {deep['postgres']['p99']:.0f} ms", deep["grunndata"]["p99"] < 25),
        line("feed page of 10 000, p99", "< 40 ms", f"{found['feed']['p99']:.1f} ms", f"{found['feed']['entries']} entries", found["feed"]["p99"] < 40 and found["feed"]["entries"] == 10_000),
        line("download", "≥ 80 % of nginx", f"{download['ours']['bps'] / MB:,.0f} MB/s ({bytes_share:.0%})", f"{download['nginx']['bps'] / MB:,.0f} MB/s", bytes_share >= 0.8),
        line("download, memory grown", "constant (< 16 MB)", mb(download["grown"]), f"file {mb(download['file'])}", download["grown"] < 16 * MB),
        line("start with data", "< 2 s", f"{found['start']['seconds']:.2f} s", "", found["start"]["seconds"] < 2),
        line("memory at rest", "< 400 MB", mb(found["start"]["resident"]), f"own {mb(found['start']['own'])}", found["start"]["resident"] < 400 * MB),
        line("memory after the battery", "< 400 MB", mb(found["rest"]["resident"]), f"own {mb(found['rest']['own'])}", found["rest"]["resident"] < 400 * MB),
        line("disk in all", "< 3 GB", mb(found["disk"]), f"PostgreSQL {mb(peer['disk'])}", found["disk"] < 3000 * MB),
        line("change seen in look-up", "at once", f"{write['lookup_p99_ms']:.2f} ms, {write['stale']} stale", f"{write['rate']:.0f} changes/s", write["stale"] == 0 and write["rate"] >= 475),
        line("change seen in search, p99", "< 1 s", f"{write['search_p99_ms']:.0f} ms", f"longest {write['search_max_ms']:.0f} ms", write["search_p99_ms"] < 1000 and write["rate"] >= 475),
    ]


def line(what, target, ours, beside, met):
    """One target."""
    return {"what": what, "target": target, "ours": ours, "beside": beside, "met": bool(met)}


def fast_enough(row):
    """Five times faster than PostgreSQL, or under 2 ms, at the median."""
    return row["grunndata"]["p50"] < 2 or row["grunndata"]["p50"] * 5 <= row["postgres"]["p50"]


def pooled_p99(battery):
    """What 99 % of all answers are below, each query asked equally often."""
    return {who: weighed([row[who]["all"] for row in battery]) for who in ("grunndata", "postgres")}


def weighed(lists):
    """The value at 99 % when each list weighs the same, however long it is."""
    reached = 0.0
    for value, weight in sorted((value, 1 / len(values)) for values in lists for value in values):
        reached += weight
        if reached >= 0.99 * len(lists):
            break
    return value


def seconds(value):
    """Seconds to read."""
    return f"{value:.1f} s"


def mb(value):
    """Megabytes to read."""
    return f"{value / MB:,.0f} MB"


def markdown(found, lines):
    """The whole report."""
    counts = found["counts"]
    size = f"{counts['enheter']['records']:,} units, {counts['underenheter']['records']:,} sub-units, {counts['roller']['roles']:,} roles"
    out = [
        "# Enhetsregisteret, measured", "",
        f"{size}; {os.cpu_count()} processors, {platform.machine()}; everything in one run. "
        f"Load average at the start {found['load'][0]:.2f}, at the end {found['load'][1]:.2f}.", "",
        "| what | target | grunndata | beside it | met |", "|---|---|---|---|---|",
    ]
    out += [f"| {each['what']} | {each['target']} | {each['ours']} | {each['beside']} | {'yes' if each['met'] else '**no**'} |" for each in lines]
    parts = ", ".join(f"{name} {seconds(value)}" for name, value in found["grunndata"]["parts"].items())
    out += [
        "", "## Load", "", "| | seconds | peak memory | disk |", "|---|---|---|---|",
        f"| grunndata ({parts}) | {seconds(found['grunndata']['seconds'])} | {mb(found['grunndata']['peak'])} | {mb(found['grunndata']['disk'])} |",
        f"| PostgreSQL 15 | {seconds(found['postgres']['seconds'])} | {mb(found['postgres']['peak'])} | {mb(found['postgres']['disk'])} |",
        f"| SQLite FTS5 | {seconds(found['sqlite']['seconds'])} | | {mb(found['sqlite']['disk'])} |",
        f"| gzip -dc of the {mb(found['gz'])} | {seconds(found['inflate'])} | | |", "",
        "grunndata reads the gzipped JSON. PostgreSQL and SQLite are given one compact record a line, prepared outside the time that is "
        "counted. PostgreSQL loads and indexes the three files at once; its memory is proportional, shared buffers included.", "",
        *stores(found),
        "## Battery", "",
        "Milliseconds; a total count and a page of 20 whole documents. grunndata over HTTP, PostgreSQL through libpq on a socket with prepared "
        "statements, SQLite in process. *Found* that differs is marked: the engines cut words differently.", "",
        "| query | kind | grunndata p50 | p95 | p99 | PostgreSQL p50 | p95 | p99 | SQLite p50 | p99 | found | found by PostgreSQL |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    out += [row_markdown(row) for row in found["battery"]]
    return "\n".join(out) + "\n"


def stores(found):
    """grunndata's store as a file and in a database."""
    there, load = found["on_postgres"], found["on_postgres"]["load"]
    parts = ", ".join(f"{name} {seconds(value)}" for name, value in load["parts"].items())
    rows = [
        ("SQLite, a file", found["grunndata"]["seconds"], found["grunndata"]["disk"], found["look_ups"]["ours"]),
        ("PostgreSQL, same machine", load["seconds"], there["database"] + there["index"], there["primary"]),
        ("PostgreSQL, reads from a replica", None, None, there["replica"]),
    ]
    out = [
        "## The store on SQLite and on PostgreSQL", "",
        "| grunndata's store | load with index | disk | look-ups a second, 32 connections | p50 | p99 | one connection, p50 | p99 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, taken, disk, look in rows:
        loaded = f"{seconds(taken)} | {mb(disk)}" if taken else "– | –"
        alone = f"{look['alone']['p50']:.3f} ms | {look['alone']['p99']:.3f} ms"
        out.append(f"| {name} | {loaded} | {look['rps']:,.0f} | {look['p50']:.2f} ms | {look['p99']:.2f} ms | {alone} |")
    return [
        *out, "",
        f"Through a node, loaded by `grunndata import` ({parts}), every commit flushed to disk; node, database, replica and load "
        f"generator share the machine. The node's own disk is its index, {mb(there['index'])}; the database is {mb(there['database'])}.", "",
    ]


def row_markdown(row):
    """One query."""
    g, p, s = row["grunndata"], row["postgres"], row["sqlite"]
    same = "" if g["found"] == p["found"] else " ≠"
    sqlite = f"{s['p50']:.2f} | {s['p99']:.2f}" if s else "– | –"
    return (
        f"| {row['name']} | {row['kind']} | {g['p50']:.2f} | {g['p95']:.2f} | {g['p99']:.2f} | {p['p50']:.2f} | {p['p95']:.2f} | {p['p99']:.2f} "
        f"| {sqlite} | {g['found']:,} | {p['found']:,}{same} |"
    )


def svg(found):
    """Medians side by side on a logarithmic scale: one line a query."""
    rows, left, step = found["battery"], 300, 16
    height, width = 60 + step * len(rows), 900
    colours = {"grunndata": "#0b6e4f", "postgres": "#b23a48", "sqlite": "#3d5a80"}

    def x(value):
        return left + (math.log10(max(value, 0.01)) + 2) * (width - left - 20) / 7

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">']
    out.append('<rect width="100%" height="100%" fill="white"/>')
    for power in range(-2, 5):
        at = x(10.0**power)
        out.append(f'<line x1="{at:.0f}" y1="30" x2="{at:.0f}" y2="{height - 10}" stroke="#ddd"/><text x="{at:.0f}" y="26">{10.0**power:g} ms</text>')
    for place, (who, colour) in enumerate(colours.items()):
        out.append(f'<circle cx="{left + place * 110}" cy="10" r="4" fill="{colour}"/><text x="{left + place * 110 + 8}" y="14">{who}</text>')
    for at, row in enumerate(rows):
        y = 44 + at * step
        out.append(f'<text x="4" y="{y + 4}">{html.escape(row["name"][:48])}</text>')
        for who, colour in colours.items():
            if row[who]:
                out.append(f'<circle cx="{x(row[who]["p50"]):.1f}" cy="{y}" r="4" fill="{colour}"/>')
    return "\n".join([*out, "</svg>"]) + "\n"


def write(found, directory):
    """Writes the two files and prints a line for each target; answers whether all are met."""
    lines = targets(found)
    Path(directory, "rapport.md").write_text(markdown(found, lines), encoding="utf-8")
    Path(directory, "rapport.svg").write_text(svg(found), encoding="utf-8")
    for each in lines:
        print(f"{'met    ' if each['met'] else 'NOT MET'}  {each['what']}: {each['ours']} (target {each['target']}; {each['beside']})")
    return all(each["met"] for each in lines)
