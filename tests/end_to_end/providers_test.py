"""Who runs the mail where the exchange's own name does not say."""

import unittest

from support.loopback import LoopbackDns
from support.scan import ScanCase, run

ZONE = """
$TTL 300
aspmx.l.google.com.            A     44.1.0.1
                               AAAA  2a02:ffff::1
smtp.google.com.               A     44.1.0.2
mx.zoho.com.                   A     44.1.0.9
mx2.zoho.com.                  A     44.1.0.9
mail.protonmail.ch.            A     44.1.0.9
gate.pphosted.com.             A     44.2.0.1

in-google.com.                 MX    10 mail.in-google.com.
mail.in-google.com.            A     44.1.0.1
                               AAAA  2a02:ffff::1
partly-google.com.             MX    10 mail.partly-google.com.
mail.partly-google.com.        A     44.1.0.1
                               A     44.9.9.9
contested.com.                 MX    10 mail.contested.com.
mail.contested.com.            A     44.1.0.9
by-name.com.                   MX    10 aspmx.l.google.com.
own.com.                       MX    10 mail.own.com.
mail.own.com.                  A     44.3.0.1

in-gate.com.                   MX    10 mail.in-gate.com.
mail.in-gate.com.              A     44.2.0.1
                               TXT   "v=spf1 -all"
in-gate.com.                   TXT   "v=spf1 include:spf.protection.outlook.com -all"
""" + "".join(f"gated{i}.com. MX 10 gate.pphosted.com.\n" for i in range(6))
GATED = [f"gated{i}.com" for i in range(6)]


class Addresses(ScanCase):
    """A zone with the hosts that providers document."""

    def setUp(self):
        super().setUp()
        zone = self.folder / "zone"
        zone.write_text(ZONE)
        self.server = self.started(LoopbackDns(
            "--zone", str(zone), "--count-questions"))

    def rows(self, domains, *arguments):
        return {row["domain"]: row for row in
                self.scan(domains, self.server.endpoints, *arguments)}

    def test_a_customers_name_at_a_documented_address_is_the_providers(self):
        for threads in ("1", "3"):
            rows = self.rows(["in-google.com", "by-name.com", "own.com"],
                             "--threads", threads)
            found = {name: (row["provider"], row["provider_via"])
                     for name, row in rows.items()}
            self.assertEqual(found, {
                "in-google.com": ("google_workspace", "address"),
                "by-name.com": ("google_workspace", "mx_suffix"),
                "own.com": ("own_name", "own_name")})

    def test_an_address_of_two_and_a_host_that_is_half_elsewhere_are_nobodys(
            self):
        rows = self.rows(["contested.com", "partly-google.com"])
        self.assertEqual({row["provider"] for row in rows.values()},
                         {"own_name"})

    def test_documented_hosts_are_asked_for_once_in_a_run(self):
        self.rows(["by-name.com"] * 5, "--threads", "2")
        questions = self.server.stop()["questions"]
        self.assertEqual(questions["aspmx.l.google.com A"], 1)
        self.assertEqual(questions["mx.zoho.com AAAA"], 1)

    def test_without_addresses_no_documented_host_is_asked_for(self):
        self.rows(["in-google.com"], "--no-addresses")
        questions = self.server.stop()["questions"]
        self.assertNotIn("aspmx.l.google.com A", questions)
        self.assertNotIn("mx.zoho.com A", questions)

    def test_what_a_run_has_learnt_serves_the_next(self):
        learnt = self.folder / "evidence.tsv"
        domains = [*GATED, "in-gate.com"]
        rows = self.rows(domains, "--address-evidence-out", learnt)
        self.assertEqual(rows["in-gate.com"]["provider"], "own_name")
        self.assertIn("44.2.0.1\tproofpoint\t6\n", learnt.read_text())
        rows = self.rows(domains, "--address-evidence", learnt)
        row = rows["in-gate.com"]
        self.assertEqual((row["provider"], row["provider_via"]),
                         ("proofpoint", "address"))
        self.assertEqual((row["backend"], row["backend_via"]),
                         (["microsoft365"], "spf"))

    def test_what_too_few_have_said_is_not_learnt(self):
        learnt = self.folder / "evidence.tsv"
        self.rows(GATED[:4], "--address-evidence-out", learnt)
        self.assertNotIn("proofpoint", learnt.read_text())

    def test_evidence_that_cannot_be_read_is_refused_with_its_line(self):
        path = self.file("bad.tsv", ["address\tprovider\tdomains",
                                     "44.2.0.1\tnobody_at_all\t6"])
        ran = run("own.com", "-r", self.server.endpoints,
                  "--address-evidence", path)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(f"{path}:2: the table has no provider".encode(),
                      ran.stderr)

    def test_a_resolver_that_is_silent_about_them_does_not_stop_the_run(self):
        faults = ["silence name=google.com", "silence name=zoho.com"]
        server = self.started(LoopbackDns(
            "--zone", str(self.folder / "zone"),
            faults=[*faults, "silence name=aspmx.l.google.com"]))
        rows = self.scan(["own.com"], server.endpoints)
        self.assertEqual(rows[0]["provider"], "own_name")


if __name__ == "__main__":
    unittest.main()
