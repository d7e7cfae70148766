"""Every finding comes where it should and stays away where it should not, over
the wire: the cases of audit/*.toml, which says what each of them holds."""

import collections
import json
import os
import pathlib
import subprocess
import tomllib
import unittest

from support import scan
from support.https_world import HttpsServer
from support.loopback import LoopbackDns
from support.scan import ScanCase, csv_rows, ndjson

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent.parent / "data" / "findings.tsv"
# Where jsonschema is, once the readers of our formats are installed.
READER = pathlib.Path(os.environ.get("READER_PYTHON", ".venv/bin/python"))
READERS = HERE.parent / "output" / "readers.txt"
SARIF_CHECK = HERE.parent / "output" / "sarif_check.py"
SEVERITIES = ("error", "warning", "info")
# By these a scan sees that the server validates.
PROBE_ZONE = "sound.probe.com. SOA a. b. 1 1 1 1 1\n"
PROBE_FAULTS = ["ad name=sound.probe.com", "servfail name=broken.probe.com"]
PROBE = ("--dnssec-probe", "sound.probe.com,broken.probe.com")
# A silent server costs that many time-outs.
PATIENCE = ("--attempts", "6")


def read_cases():
    """The shared zones as one text, and the cases of all files."""
    shared, cases = [], []
    for path in sorted((HERE / "audit").glob("*.toml")):
        content = tomllib.loads(path.read_text())
        shared.append(content.get("shared", {}).get("zone", ""))
        cases += content["case"]
    return "\n".join(shared), cases


def findings_in_table():
    """The severities of each id, the worse one first."""
    rows = [line.split("\t") for line in TABLE.read_text().splitlines()
            if line and not line.startswith("#")]
    return {row[0]: row[2].split(",") for row in rows[1:]}


def zone_of(case):
    return f"$ORIGIN {case['domain']}.\n{case['zone'].strip()}\n"


def expected_in(case):
    """(severity, id) of all that a case says will be there."""
    return [(severity, id_) for severity in SEVERITIES
            for id_ in case.get(severity, [])]


class Catalogue(unittest.TestCase):
    """What the cases leave out."""

    def test_every_finding_fires_in_a_case_and_is_silent_in_another(self):
        _, cases = read_cases()
        table = findings_in_table()
        fires, silent = collections.Counter(), collections.Counter()
        for case in cases:
            fires.update(expected_in(case))
            silent.update(case.get("silent", []))
            named = {id_ for _, id_ in expected_in(case)}
            named.update(case.get("silent", []))
            self.assertLessEqual(named, set(table), case["title"])
        for id_, severities in table.items():
            for severity in severities:
                self.assertGreater(fires[severity, id_], 0,
                                   f"no case where {id_} is {severity}")
            self.assertGreater(silent[id_], 0, f"no case without {id_}")

    def test_no_two_cases_share_a_domain(self):
        _, cases = read_cases()
        counts = collections.Counter(case["domain"] for case in cases)
        self.assertEqual([d for d, n in counts.items() if n > 1], [])


class Audit(ScanCase):
    def serve(self, shared, cases, *options):
        zone = self.folder / "cases.zone"
        texts = [shared, PROBE_ZONE, *map(zone_of, cases)]
        zone.write_text("$TTL 3600\n" + "$ORIGIN .\n".join(texts))
        faults = [fault.replace("{d}", case["domain"]) for case in cases
                  for fault in case.get("faults", [])] + PROBE_FAULTS
        return self.started(LoopbackDns("--zone", str(zone), *options,
                                        faults=faults))

    def check(self, case, row, found):
        """`found` are the rows of its findings."""
        self.assertEqual(row["status"], case["status"])
        columns = {name: row[name] for name in case.get("row", {})}
        self.assertEqual(columns, case.get("row", {}))
        self.assertEqual([n for n in case.get("null", []) if row[n] is not None],
                         [])
        if "mx" in case:
            self.assertEqual([f"{mx['preference']} {mx['exchange']} "
                              f"{mx['state']}" for mx in row["mx"]], case["mx"])
        ids = [finding["id"] for finding in found]
        self.assertEqual(row["findings"], list(dict.fromkeys(ids)))
        self.assertEqual(row["severity"],
                         found[0]["severity"] if found else None)
        seen = {(finding["severity"], finding["id"]) for finding in found}
        # Of infos others may be there.
        severe = {pair for pair in seen if pair[0] != "info"}
        wanted = set(expected_in(case))
        self.assertEqual(severe, {p for p in wanted if p[0] != "info"})
        self.assertLessEqual(wanted, seen)
        self.assertEqual(set(ids) & set(case.get("silent", [])), set())
        for id_, detail in case.get("details", {}).items():
            self.assertIn(detail, [finding["detail"] for finding in found
                                   if finding["id"] == id_])
        for finding in found:
            self.assertRegex(finding["message"], r"^[^{}]*\.$")

    def scan_all(self, cases, *options):
        """Those with the same checks together."""
        shared, _ = read_cases()
        server = self.serve(shared, cases, *options)
        policies = {f"mta-sts.{case['domain']}": case["policy"]
                    for case in cases if "policy" in case}
        https = ()
        if policies:
            https = self.started(HttpsServer(self.folder, policies)).flags()
        by_flags = collections.defaultdict(list)
        for case in cases:
            checks = case.get("checks", "mx").replace(" ", ",")
            by_flags["--checks", checks,
                     *(https if "policy" in case else ())].append(case)
        for flags, alike in by_flags.items():
            self.scan_alike(server, alike, flags)

    def scan_alike(self, server, cases, flags):
        out = self.folder / "findings.ndjson"
        rows = self.scan([case["domain"] for case in cases], server.endpoints,
                         "--findings-out", out, *flags, *PROBE,
                         *PATIENCE)
        found = collections.defaultdict(list)
        for finding in ndjson(out.read_bytes()):
            found[finding["line"]].append(finding)
        for case, row in zip(cases, rows):
            with self.subTest(case["title"], domain=case["domain"]):
                self.check(case, row, found[row["line"]])

    def test_every_case_has_the_findings_that_it_says(self):
        _, cases = read_cases()
        self.scan_all([c for c in cases if not c.get("first_hand")])

    def test_what_the_domains_own_servers_say(self):
        _, cases = read_cases()
        self.scan_all([c for c in cases if c.get("first_hand")],
                      "--authoritative")


class Results(ScanCase):
    """What is made of findings: counts, exit codes, a user's own table."""

    ZONE = """
$TTL 3600
$ORIGIN good.com.
@ MX 10 mx1
@ MX 20 mx2
mx1 A 44.10.1.1
mx2 A 44.10.2.1
$ORIGIN single.com.
@ MX 10 mx1
mx1 A 44.10.1.1
$ORIGIN broken.com.
@ MX 10 gone
"""

    def setUp(self):
        super().setUp()
        zone = self.folder / "zone"
        zone.write_text(self.ZONE)
        self.server = self.started(LoopbackDns("--zone", str(zone)))

    def run_scan(self, *arguments):
        return scan.run(*arguments, "-r", self.server.endpoints, "-q")

    def code_of(self, *arguments):
        return self.run_scan(*arguments).returncode

    def test_fail_on_makes_an_exit_code_of_findings(self):
        for domain, on_error, on_warning in (("good.com", 0, 0),
                                             ("single.com", 0, 3),
                                             ("broken.com", 3, 3)):
            self.assertEqual(self.code_of(domain), 0)
            self.assertEqual(self.code_of(domain, "--fail-on", "error"),
                             on_error, domain)
            self.assertEqual(self.code_of(domain, "--fail-on", "warning"),
                             on_warning, domain)
        self.assertEqual(self.code_of("good.com", "--fail-on", "info"), 2)

    def test_a_run_that_is_complete_fails_for_its_findings_as_before(self):
        list_ = self.file("list.txt", ["good.com", "broken.com"])
        arguments = (list_, "-o", self.folder / "rows.csv", "--resume",
                     "--fail-on", "error")
        self.assertEqual(self.code_of(*arguments), 3)
        self.assertEqual(self.code_of(*arguments), 3)

    def test_the_summary_counts_domains_by_finding(self):
        path = self.folder / "summary.json"
        ran = self.run_scan("good.com", "single.com", "broken.com",
                            "--summary", path)
        self.assert_success(ran)
        self.assertEqual(json.loads(path.read_text())["findings"], [
            {"id": "mx_none_usable", "severity": "error", "domains": 1},
            {"id": "mx_target_nxdomain", "severity": "error", "domains": 1},
            {"id": "single_mx", "severity": "warning", "domains": 1},
            {"id": "ipv6_missing", "severity": "info", "domains": 2}])

    def test_findings_have_rows_of_their_own(self):
        out = self.folder / "findings.csv"
        ran = self.run_scan("good.com", "broken.com", "--findings-out", out)
        self.assert_success(ran)
        rows = csv_rows(out.read_text())
        self.assertEqual(
            [(row["domain"], row["severity"], row["id"], row["subject"])
             for row in rows if row["severity"] == "error"],
            [("broken.com", "error", "mx_target_nxdomain", "gone.broken.com"),
             ("broken.com", "error", "mx_none_usable", "broken.com")])
        for row in rows:
            self.assertTrue(row["message"].endswith("."))
            self.assertTrue(row["remedy"] and row["reference"])
        self.assertEqual(self.code_of("good.com", "--findings-out", "-"), 2)
        self.assertEqual(self.code_of("good.com", "--findings-out", "a/"), 2)

    def test_a_run_that_goes_on_has_every_finding_once(self):
        list_ = self.file("list.txt", ["broken.com", "single.com"])
        out = self.folder / "findings.ndjson"
        arguments = (list_, "-o", self.folder / "rows.ndjson", "--resume",
                     "--findings-out", out)
        self.assert_success(self.run_scan(*arguments))
        before = out.read_bytes()
        self.assert_success(self.run_scan(*arguments))
        self.assertEqual(out.read_bytes(), before)
        self.assertEqual(sum(f["id"] == "single_mx" for f in ndjson(before)), 1)

    def test_sarif_says_what_rows_of_findings_say(self):
        list_ = self.file("a list.txt", ["good.com", "broken.com", "# no",
                                         "single.com", "no domain"])
        paths = [self.folder / f"f.{form}" for form in ("ndjson", "sarif")]
        for path in paths:
            self.assert_success(self.run_scan(
                list_, "-o", self.folder / "rows.csv", "--findings-out", path))
        run = json.loads(paths[1].read_text())["runs"][0]
        self.assertEqual(
            [rule["id"] for rule in run["tool"]["driver"]["rules"]],
            list(findings_in_table()))
        said = collections.Counter()
        for result in run["results"]:
            where, = result["locations"]
            file = where["physicalLocation"]
            self.assertTrue(file["artifactLocation"]["uri"].endswith(
                "/a%20list.txt"))
            said[file["region"]["startLine"], result["ruleId"],
                 result["message"]["text"],
                 result["properties"]["subject"]] += 1
        rows = collections.Counter(
            (row["line"], row["id"], row["message"], row["subject"])
            for row in ndjson(paths[0].read_bytes()))
        self.assertEqual(said, rows)
        self.assertEqual({line for line, *_ in said}, {1, 2, 4})
        installed = READER.parent.parent / "readers.txt"  # Written at the end.
        if (installed.exists() and
                installed.read_bytes() == READERS.read_bytes()):
            subprocess.run([READER, "-B", SARIF_CHECK, paths[1]], check=True,
                           stdout=subprocess.DEVNULL)

    def test_sarif_is_for_findings_alone(self):
        ran = self.run_scan("good.com", "-o", self.folder / "rows.sarif")
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"name it by --findings-out", ran.stderr)
        self.assertEqual(list(self.folder.glob("*.sarif*")), [])

    def test_a_users_table_changes_severities(self):
        table = self.folder / "findings.tsv"
        header = "id\tgroup\tseverity\tmessage\tmeaning\tremedy\treference\n"
        table.write_text(header + "single_mx\t\terror\t\t\t\t\n"
                         "ipv6_missing\t\toff\t\t\t\t\n")
        ran = self.run_scan("single.com", "--findings", table, "--format",
                            "ndjson", "--fail-on", "error")
        self.assertEqual(ran.returncode, 3)
        row = ndjson(ran.stdout)[0]
        self.assertEqual(row["findings"], ["single_mx"])
        self.assertEqual(row["severity"], "error")
        table.write_text(header + "single\t\terror\t\t\t\t\n")
        ran = self.run_scan("single.com", "--findings", table)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(f"{table}:2: there is no finding".encode(), ran.stderr)

    def test_explain_says_what_each_finding_means(self):
        listed = scan.run("explain")
        self.assert_success(listed)
        lines = [line.split() for line in listed.stdout.decode().splitlines()]
        self.assertEqual([line[0] for line in lines], list(findings_in_table()))
        for id_ in findings_in_table():
            page = scan.run("explain", id_)
            self.assert_success(page)
            text = page.stdout.decode()
            self.assertTrue(text.startswith(f"{id_}: "))
            self.assertLessEqual(max(map(len, text.splitlines())), 79)
        ran = scan.run("explain", "mx_nul")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"no finding has the id 'mx_nul'", ran.stderr)


if __name__ == "__main__":
    unittest.main()
