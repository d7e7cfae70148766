"""What the drivers in this folder share: the world, its truth, its server."""

import hashlib
import json
import subprocess
import sys

# What the world decides of a row; provider and timing are not its to say.
COLUMNS = ("line", "domain", "status", "mx_count", "alias", "mx", "addresses")
MX_FIELDS = ("preference", "exchange", "ttl", "state", "alias", "addresses",
             "unknown")
FAILED = ("servfail", "refused", "timeout", "malformed")


def essence(row):
    """The columns of a row that the world decides, as a short digest."""
    kept = {column: row.get(column) for column in COLUMNS}
    # The truth has an empty set where nobody could say; a scan says null.
    kept["mx"] = [{field: mx[field] for field in MX_FIELDS}
                  for mx in row["mx"] or []]
    if row["status"] in FAILED:
        kept["mx_count"] = None
    text = json.dumps(kept, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).digest(), text


def rows_of(stream):
    for line in stream:
        yield json.loads(line)


def check(truth_lines, output, limit=5):
    """Counts rows that are missing, doubled or untrue; shows the first."""
    found = {}
    doubled = 0
    with open(output, encoding="utf-8") as stream:
        for row in rows_of(stream):
            doubled += row["line"] in found
            found[row["line"]] = essence(row)
    missing = untrue = shown = 0
    for truth in rows_of(truth_lines):
        digest, text = essence(truth)
        got = found.pop(truth["line"], None)
        if got is None:
            missing += 1
        elif got[0] != digest:
            untrue += 1
        else:
            continue
        if shown < limit:
            shown += 1
            print(f"  true: {text}\n  got:  {got and got[1]}", file=sys.stderr)
    return {"missing": missing, "doubled": doubled, "untrue": untrue,
            "beyond": len(found)}


def write_world(build, domains, folder):
    """The list as domains.txt, and its truth as truth.ndjson."""
    world = [build / "loopback_dns", "--world", str(domains)]
    for flag, name in (("--print-domains", "domains.txt"),
                       ("--print-truth", "truth.ndjson")):
        with open(folder / name, "wb") as out:
            subprocess.run([*world, flag], stdout=out, check=True)


def start_server(build, domains, extra, prepare=None):
    """Starts the embedded name server; (process, endpoint)."""
    server = subprocess.Popen(
        [build / "loopback_dns", "--world", str(domains),
         "--listen", "127.0.0.1:0", "--exit-with-stdin", *extra],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=prepare)
    return server, server.stdout.readline().split()[-1]
