"""mxscan as users run it, and its rows."""

import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("MXSCAN", "mxscan")
# Not one under a sanitizer, where all is slower.
IS_RELEASE = os.environ.get("BUILD_TYPE", "Release") == "Release"
# Far beyond what a scan here takes, under the slowest sanitizer too.
SECONDS = 240

# The columns that the world decides; the rest is how the answer was got.
TRUE_COLUMNS = ("line", "domain", "status", "mx_count", "alias", "mx",
                "addresses")
TRUE_MX = ("preference", "exchange", "ttl", "state", "alias", "addresses",
           "unknown")


def run(*arguments, **options):
    """Runs mxscan to its end."""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, "timeout": SECONDS, **options}
    if "input" in options:
        del options["stdin"]
    return subprocess.run([PROGRAM, *map(str, arguments)], check=False,
                          **options)


def start(*arguments, **options):
    """Starts mxscan; the caller sees to its end."""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([PROGRAM, *map(str, arguments)], **options)


def ndjson(data):
    return [json.loads(line) for line in data.splitlines()]


def csv_rows(data):
    text = data.decode() if isinstance(data, bytes) else data
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def true_part(row):
    """Only the columns that the world decides."""
    part = {column: row[column] for column in TRUE_COLUMNS}
    if part["mx"] is not None:
        part["mx"] = [{key: entry[key] for key in TRUE_MX}
                      for entry in part["mx"]]
    return part


class ScanCase(unittest.TestCase):
    """A test with a folder of its own, and with servers that end with it."""

    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)  # For servers that give up root.

    def started(self, server):
        self.addCleanup(server.stop)
        return server

    def file(self, name, lines):
        path = self.folder / name
        path.write_text("".join(line + "\n" for line in lines))
        return path

    def assert_success(self, ran):
        self.assertEqual(ran.returncode, 0, ran.stderr.decode())

    def scan(self, domains, resolvers, *arguments):
        """Scans and returns the rows, one for every domain, in line order."""
        out = self.folder / "rows.ndjson"
        ran = run("scan", self.file("domains.txt", domains), "-r", resolvers,
                  "-o", out, "-q", *arguments)
        self.assert_success(ran)
        self.assertEqual(ran.stdout, b"")
        self.assertEqual(ran.stderr, b"")
        rows = sorted(ndjson(out.read_bytes()), key=lambda row: row["line"])
        self.assertEqual([row["line"] for row in rows],
                         list(range(1, len(domains) + 1)))
        return rows

    def assert_true_rows(self, rows, truth):
        wrong = [(is_, should) for is_, should in
                 zip(map(true_part, rows), truth) if is_ != should]
        for is_, should in wrong[:1]:
            self.assertEqual(is_, should,
                             f"{len(wrong)} of {len(rows)} rows are wrong")
        self.assertEqual(len(rows), len(truth))
