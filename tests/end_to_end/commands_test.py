"""The commands that ask no network, as a shell sees them."""

import gzip
import json
import os
import pty
import select
import shutil
import signal
import subprocess

from support import scan
from support.loopback import LoopbackDns, world_domains
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
        # Its input stays open: with the end of that, all would be done.
        ran.wait(timeout=scan.SECONDS)
        said = ran.stderr.read()
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


class Providers(ScanCase):
    def test_the_list_is_a_table_for_programs(self):
        ran = scan.run("providers")
        self.assert_success(ran)
        rows = [line.split("\t") for line in ran.stdout.decode().splitlines()]
        self.assertEqual(rows[0], ["id", "name", "category", "country",
                                   "suffixes"])
        self.assertEqual({len(row) for row in rows}, {5})
        self.assertIn("google_workspace", [row[0] for row in rows])

    def test_one_is_shown_with_its_sources_and_dates(self):
        ran = scan.run("providers", "google_workspace", "--format", "ndjson")
        self.assert_success(ran)
        facts = ndjson(ran.stdout)
        self.assertTrue(all(fact["source"] and fact["date"]
                            for fact in facts))
        self.assertIn("smtp.google.com", [fact["value"] for fact in facts])

    def test_an_id_that_there_is_not_is_answered_with_the_nearest(self):
        ran = scan.run("providers", "google_workspce")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"did you mean google_workspace?", ran.stderr)
        self.assertEqual(ran.stdout, b"")

    def test_on_a_terminal_columns_are_in_line(self):
        master, terminal = pty.openpty()
        ran = scan.run("providers", "google_workspace", stdout=terminal)
        os.close(terminal)
        text = os.read(master, 1 << 16).decode()
        os.close(master)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        lines = text.splitlines()
        self.assertNotIn("\t", text)
        at = lines[0].index("source")
        self.assertTrue(all(line[at - 1] == " " for line in lines))


class Report(ScanCase):
    """The page itself is for tests/browser; this is about the command."""

    def setUp(self):
        super().setUp()
        self.summary = self.folder / "summary.json"
        server = self.started(LoopbackDns(world=20))
        self.domains = self.file("domains.txt", world_domains(20))
        self.scan = ("-r", server.endpoints, "-q", "-o",
                     self.folder / "rows.csv", "--summary", self.summary)

    def fails(self, code, message, *arguments, **options):
        ran = scan.run("report", *arguments, **options)
        self.assertEqual((ran.returncode, ran.stdout), (code, b""), ran.stderr)
        self.assertIn(message.encode(), ran.stderr)

    def test_with_a_scan_or_of_its_summary_it_is_the_same_page(self):
        page = self.folder / "page.html"
        self.assert_success(scan.run(self.domains, *self.scan,
                                     "--report", page))
        ran = scan.run("report", self.summary)
        self.assert_success(ran)
        self.assertEqual(ran.stdout, page.read_bytes())
        again = scan.run("report", "-", input=self.summary.read_bytes())
        self.assertEqual(again.stdout, ran.stdout)

    def test_what_is_compared_with_may_be_what_the_scan_replaces(self):
        self.assert_success(scan.run(self.domains, *self.scan))
        before = self.summary.read_bytes()
        page = self.folder / "page.html"
        self.assert_success(scan.run(self.domains, *self.scan, "--report", page,
                                     "--compare", self.summary))
        began = json.loads(before)["started_at"]
        self.assertNotEqual(json.loads(self.summary.read_bytes())["started_at"],
                            began)
        self.assertIn(began.encode(), page.read_bytes())

    def test_a_scan_does_not_begin_if_it_cannot_be_compared(self):
        page = self.folder / "page.html"
        ran = scan.run(self.domains, *self.scan, "--report", page,
                       "--compare", self.domains)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(f"{self.domains}: no summary".encode(), ran.stderr)
        self.assertFalse(self.summary.exists() or page.exists())
        ran = scan.run(self.domains, *self.scan, "--compare", self.domains)
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"give --report FILE too", ran.stderr)

    def test_a_fault_names_the_file_and_what_to_do(self):
        good = self.summary
        self.assert_success(scan.run(self.domains, *self.scan))
        bad = self.file("bad.json", ['{"schema": 1}'])
        self.fails(1, f"{bad}: no summary", bad)
        self.fails(1, "give a file that --summary wrote", bad)
        self.fails(1, f"{bad}: no summary", good, "--compare", bad)
        self.fails(1, "standard input: no summary", "-", input=b"a.example\n")
        self.fails(1, "cannot read no/such: No such file", "no/such")
        self.fails(1, f"cannot read {self.folder}: Is a directory", self.folder)
        self.fails(1, "create its directory first", good, "-o",
                   self.folder / "no/page.html")
        self.fails(2, "is an input; give another path", good, "-o", good)
        self.fails(2, "is a directory", good, "-o", f"{self.folder}/")
        self.fails(2, "give the file that --summary wrote")
        self.assertEqual(json.loads(good.read_bytes())["schema"], 1)

    def test_a_terminal_is_spared_the_page(self):
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        ran = scan.run("report", "summary.json", stdout=terminal)
        os.close(terminal)
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"give a file for the page", ran.stderr)


class Settings(ScanCase):
    """The environment and the file, over the whole program."""

    def run_with(self, variables, *arguments):
        return scan.run("classify", "smtp.google.com", *arguments,
                        env=os.environ | variables)

    def test_command_line_before_environment_before_file(self):
        config = self.file("mxscan.toml", ['format = "ndjson"'])
        ran = self.run_with({"MXSCAN_CONFIG": str(config)})
        self.assertEqual(ran.stdout[:1], b"{")
        both = {"MXSCAN_CONFIG": str(config), "MXSCAN_FORMAT": "tsv"}
        self.assertIn(b"\t", self.run_with(both).stdout)
        ran = self.run_with(both, "--format", "csv")
        self.assertEqual(ran.stdout.splitlines()[0], HEADER)

    def test_a_slip_is_no_run(self):
        ran = self.run_with({"MXSCAN_FROMAT": "tsv"})
        self.assertEqual((ran.returncode, ran.stdout), (2, b""))
        self.assertIn(b"did you mean MXSCAN_FORMAT?", ran.stderr)
        config = self.file("mxscan.toml", ["# x", 'fromat = "tsv"'])
        ran = self.run_with({}, "--config", config)
        self.assertEqual((ran.returncode, ran.stdout), (2, b""))
        self.assertIn(f"{config}:2: fromat: no flag has this key; did you "
                      "mean format?".encode(), ran.stderr)


COMPLETE = """
source <("$MXSCAN" completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_mxscan
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Pages(ScanCase):
    """Completions and the manual page."""

    def complete(self, *words):
        ran = subprocess.run(
            ["bash", "-uc", COMPLETE, "bash", "mxscan", *words], check=False,
            capture_output=True, text=True, cwd=self.folder,
            env=os.environ | {"MXSCAN": os.path.abspath(scan.PROGRAM)})
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        return ran.stdout.split("\n")[:-1]

    def test_bash_completes_commands_flags_words_and_files(self):
        self.file("a list.txt", [])
        self.assertEqual(self.complete("cl"), ["classify"])
        self.assertEqual(self.complete("--resol"), ["--resolvers"])
        self.assertEqual(self.complete("classify", "--colu"), ["--column"])
        self.assertEqual(self.complete("classify", "--ra"), [""])
        self.assertEqual(self.complete("--progress", "al"), ["always"])
        self.assertEqual(self.complete("--progress", "=", "ne"), ["never"])
        self.assertEqual(self.complete("--progress", "="),
                         ["auto", "always", "never"])
        self.assertEqual(self.complete("-o", "a"), ["a list.txt"])
        self.assertEqual(self.complete("scan", "a"), ["a list.txt"])
        self.assertEqual(self.complete("completion", "z"), ["zsh"])

    def test_a_page_that_cannot_be_written_is_said(self):
        for words in (["--help"], ["man"], ["providers"]):
            with open("/dev/full", "wb") as full:
                ran = scan.run(*words, stdout=full)
            self.assertEqual(ran.returncode, 75)
            self.assertIn(b"No space left", ran.stderr)

    def test_other_shells_can_read_theirs(self):
        for shell in ("zsh", "fish"):
            if shutil.which(shell) is None:
                continue
            script = self.folder / shell
            script.write_bytes(scan.run("completion", shell).stdout)
            ran = subprocess.run([shell, "-n", script], check=False,
                                 capture_output=True)
            self.assertEqual((ran.returncode, ran.stderr), (0, b""))

    def test_the_manual_page_is_sound(self):
        page = self.folder / "mxscan.1"
        page.write_bytes(scan.run("man").stdout)
        ran = subprocess.run(["mandoc", "-Tlint", "-Wstyle", page],
                             check=False, capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (0, ""))
        ran = subprocess.run(["mandoc", "-Tutf8", page], check=True,
                             capture_output=True)
        self.assertIn(b"MXSCAN_RATE", ran.stdout)

    def test_everything_is_installed(self):
        build = os.path.dirname(os.path.abspath(scan.PROGRAM))
        pages = os.path.join(build, "scanner", "pages")
        if not os.path.exists(os.path.join(pages, "mxscan.1")):
            self.skipTest("the pages are made by a build of everything")
        root = self.folder / "root"
        subprocess.run(["cmake", "--install", build, "--prefix", "/usr"],
                       check=True, capture_output=True,
                       env=os.environ | {"DESTDIR": str(root)})
        usr = root / "usr"
        ran = subprocess.run([usr / "bin" / "mxscan", "--version"],
                             check=True, capture_output=True)
        self.assertTrue(ran.stdout.startswith(b"mxscan "))
        for path in ("man/man1/mxscan.1",
                     "bash-completion/completions/mxscan",
                     "zsh/site-functions/_mxscan",
                     "fish/vendor_completions.d/mxscan.fish"):
            self.assertGreater((usr / "share" / path).stat().st_size, 500)


if __name__ == "__main__":
    import unittest
    unittest.main()
