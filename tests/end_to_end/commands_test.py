"""The commands that ask no network, as a shell sees them."""

import gzip
import os
import select
import signal
import subprocess

from support import scan
from support.scan import ScanCase, csv_rows, ndjson

HEADER = b"host,provider,provider_name,provider_category,provider_via,mx_domain"


class Classify(ScanCase):
    def classify(self, *arguments, **options):
        return scan.run("classify", *arguments, **options)

    def test_every_line_has_its_row_from_a_pipe(self):
        ran = self.classify("-", input=b"aspmx.l.google.com\n\n# no\nno host\n")
        self.assert_success(ran)
        self.assertEqual(ran.stderr, b"")
        self.assertEqual(ran.stdout.splitlines(), [
            HEADER,
            b"aspmx.l.google.com,google_workspace,Google Workspace,mailbox,"
            b"mx_suffix,google.com",
            b"no host,,,,,"])

    def test_a_column_of_a_compressed_csv_to_two_files(self):
        path = self.folder / "rows.csv.gz"
        path.write_bytes(gzip.compress(
            b"domain,primary_mx\na.example,mx1.smtp.goog\nb.example,\n"
            b"c.example,mail.c.example\n"))
        rows = self.folder / "rows.ndjson"
        table = self.folder / "rows.tsv"
        self.assert_success(self.classify(path, "--column", "primary_mx",
                                          "-o", rows, "-o", table))
        rows = ndjson(rows.read_bytes())
        self.assertEqual([row["host"] for row in rows][::2],
                         ["mx1.smtp.goog", "mail.c.example"])
        self.assertEqual(rows[-1]["provider"], "unattributed")
        self.assertIsNone(rows[-1]["provider_via"])
        self.assertEqual(len(table.read_text().splitlines()), len(rows) + 1)

    def test_with_a_table_of_ones_own(self):
        table = self.folder / "mine.tsv"
        table.write_text(
            "id\tfact\tvalue\trank\tsource\tdate\n"
            "mine\tcategory\thosting\t\tourselves\t2026-11\n"
            "mine\tname\tMy own\t\tourselves\t2026-11\n"
            "mine\tsuffix\tmx.example.net\t\tourselves\t2026-11\n")
        suffixes = self.folder / "suffixes.dat"
        suffixes.write_text("net\nexample.net\n")
        ran = self.classify("a.mx.example.net", "--providers", table,
                            "--psl", suffixes)
        self.assert_success(ran)
        self.assertEqual(csv_rows(ran.stdout), [{
            "host": "a.mx.example.net", "provider": "mine",
            "provider_name": "My own", "provider_category": "hosting",
            "provider_via": "mx_suffix", "mx_domain": "mx.example.net"}])

    def test_a_table_that_is_wrong_is_named_with_its_line(self):
        table = self.file("mine.tsv", ["id\tfact\tvalue\trank\tsource\tdate",
                                       "mine\tcolour\tred\t\tus\t2026"])
        ran = self.classify("a.example.net", "--providers", table)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(f"{table}:2: no such fact".encode(), ran.stderr)
        ran = self.classify("a.example.net", "--providers", "no/such")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"cannot read no/such", ran.stderr)

    def test_rows_do_not_wait_for_input_that_does_not_come(self):
        ran = scan.start("classify", "-", stdin=subprocess.PIPE)
        self.addCleanup(ran.wait)
        self.addCleanup(ran.kill)
        self.addCleanup(ran.stdin.close)
        self.addCleanup(ran.stdout.close)
        self.addCleanup(ran.stderr.close)
        ran.stdin.write(b"smtp.google.com\n")
        ran.stdin.flush()
        text = b""
        while text.count(b"\n") < 2:
            ready, _, _ = select.select([ran.stdout], [], [], scan.SECONDS)
            self.assertTrue(ready, "no row came")
            text += os.read(ran.stdout.fileno(), 4096)
        self.assertIn(b"smtp.google.com,google_workspace", text)
        ran.send_signal(signal.SIGINT)
        _, said = ran.communicate(timeout=scan.SECONDS)
        self.assertEqual(ran.returncode, 75, said)
        self.assertIn(b"1 rows are whole", said)

    def test_whoever_reads_may_leave(self):
        path = self.file("hosts.txt", ["smtp.google.com"] * 200_000)
        ran = scan.start("classify", path)
        ran.stdout.read(100)
        ran.stdout.close()
        said = ran.stderr.read()
        ran.stderr.close()
        self.assertEqual(ran.wait(scan.SECONDS), 141)
        self.assertEqual(said, b"")

    def test_a_full_disk_is_an_interruption(self):
        with open("/dev/full", "wb") as full:
            ran = self.classify("smtp.google.com", stdout=full)
        self.assertEqual(ran.returncode, 75)
        self.assertIn(b"No space left", ran.stderr)

    def test_no_input_is_overwritten(self):
        path = self.file("hosts.txt", ["smtp.google.com"])
        ran = self.classify(path, "-o", path)
        self.assertEqual(ran.returncode, 2)
        self.assertEqual(path.read_text(), "smtp.google.com\n")


if __name__ == "__main__":
    import unittest
    unittest.main()
