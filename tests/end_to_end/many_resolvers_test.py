"""Ten thousand resolvers: with the usual limits, with few open files, and with
too few of them."""

import pathlib
import resource
import subprocess
import sys
import unittest

from support import scan
from support.scan import ScanCase, csv_rows

RESOLVERS = 10_000
SERVER = pathlib.Path(__file__).parent / "support/many_resolvers.py"


class ManyResolvers(ScanCase):
    def setUp(self):
        super().setUp()
        self.server = subprocess.Popen(
            [sys.executable, "-B", SERVER], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.server.communicate)
        port = int(self.server.stdout.readline())
        self.resolvers = self.file("resolvers.txt", (
            f"127.1.{i // 250}.{i % 250 + 1}:{port}"
            for i in range(RESOLVERS)))
        self.list = self.file("domains.txt", (
            f"d{i}.example" for i in range(2 * RESOLVERS)))

    def run_scan(self, open_files):
        self.out = self.folder / "rows.csv"
        limits = (open_files, open_files)
        return scan.run(
            self.list, "-r", f"@{self.resolvers}", "-q", "-o", self.out,
            "--threads", "1", preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, limits))

    def test_are_all_asked_through_few_open_files(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assert_success(self.run_scan(open_files=64))
        rows = csv_rows(self.out.read_text())
        self.assertEqual(len(rows), 2 * RESOLVERS)
        self.assertEqual({row["status"] for row in rows}, {"nxdomain"})
        asked, _ = self.server.communicate()
        self.assertGreater(int(asked), RESOLVERS * 3 // 4)
        if scan.IS_RELEASE:  # Of children, the largest; in KiB.
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            self.assertLess(max(before, peak), 400 << 10)

    def test_too_few_open_files_are_said_to_be_before_anything_is_done(self):
        # UBSan wants a pipe of its own, and calls it our fault without one.
        for open_files in (20, 10, 6) if scan.IS_RELEASE else (20,):
            ran = self.run_scan(open_files)
            self.assertEqual(ran.returncode, 1, ran.stderr)
            self.assertRegex(
                ran.stderr.decode(),
                rf"needs \d+ open files and may have {open_files}; raise .*"
                r"\(ulimit -n \d+\)")
            self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
