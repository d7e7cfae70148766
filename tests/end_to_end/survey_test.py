"""What the rows say of the market, whichever way they were made: in any order,
by any number of threads, by shards, or with an interruption."""

import collections
import json
import random
import signal
import time
import unittest

from support.loopback import LoopbackDns
from support.scan import SECONDS, ScanCase, ndjson, run, start

# Published shares of providers, in percent of the domains with mail (Tranco,
# May 2026, by the exchange tried first), and an exchange of each.
SHARES = {
    "google_workspace": (21.6, "aspmx.l.google.com"),
    "microsoft365": (16.7, "{}-com.mail.protection.outlook.com"),
    "proofpoint": (2.0, "mx0a-001.pphosted.com"),
    "yandex": (1.8, "mx.yandex.net"),
    "mimecast": (1.6, "eu-smtp-inbound-1.mimecast.com"),
    "cloudflare_routing": (1.5, "route1.mx.cloudflare.net"),
    "hostinger": (1.1, "mx1.hostinger.com"),
    "zoho": (1.0, "mx.zoho.com"),
    "namecheap_forwarding": (1.0, "eforward1.registrar-servers.com"),
    "godaddy": (0.7, "smtp.secureserver.net"),
    "aws_ses": (0.7, "inbound-smtp.us-east-1.amazonaws.com"),
    "ovh": (0.7, "mx1.mail.ovh.net"),
    "mailru": (0.6, "emx.mail.ru"),
    "barracuda": (0.6, "d1.ess.barracudanetworks.com"),
    "ionos": (0.5, "mx00.ionos.de"),
    "cisco_ces": (0.4, "mx1.hc1-1.iphmx.com"),
    "proofpoint_essentials": (0.4, "mx1-us1.ppe-hosted.com"),
    "own_name": (23.1, "mail.{}.com"),
    "unattributed": (24.0, "mx{}.strangers.example"),
}
WITH_MAIL = 1000
WITHOUT_MAIL = 100
GATEWAYS = ("proofpoint", "mimecast", "barracuda")
# What stands behind a gateway, one after the other.
BEHIND = ({"microsoft365"}, {"google_workspace"}, {"microsoft365", "zoho"},
          set())
SPF = {"microsoft365": "spf.protection.outlook.com", "zoho": "zoho.com",
       "google_workspace": "_spf.google.com"}
PROVIDER_COLUMNS = ("domain", "status", "primary_mx", "provider", "providers",
                    "provider_name", "provider_category", "provider_via",
                    "mx_domain", "backend", "backend_via")
# Of the summary, whatever is counted of rows.
COUNTED = ("domains", "providers", "categories", "mailboxes", "backends",
           "attribution", "concentration", "unattributed", "tlds", "findings",
           "at_most_missing", "counters")


def market():
    """Domains with their exchanges and TXT records, by the shares above."""
    zone, domains, truth = ["$TTL 300"], [], []
    for id_, (share, exchange) in SHARES.items():
        for i in range(round(share * WITH_MAIL / 100)):
            name = f"{id_.replace('_', '-')}{i}"
            mx = exchange.format(name if id_ != "unattributed" else i % 7)
            zone.append(f"{name}.com. MX 10 {mx}.")
            if id_ in GATEWAYS:
                behind = BEHIND[i % len(BEHIND)]
                terms = " ".join(f"include:{SPF[b]}" for b in sorted(behind))
                zone.append(f'{name}.com. TXT "v=spf1 {terms} -all"')
                truth.append((f"{name}.com", id_, sorted(behind)))
            else:
                truth.append((f"{name}.com", id_, None))
            domains.append(f"{name}.com")
    domains += [f"gone{i}.com" for i in range(WITHOUT_MAIL)]
    return "\n".join(zone) + "\n", domains, truth


class Survey(ScanCase):
    """A generated market of a thousand domains."""

    def setUp(self):
        super().setUp()
        text, self.domains, self.truth = market()
        zone = self.folder / "zone"
        zone.write_text(text)
        self.server = self.started(LoopbackDns("--zone", str(zone)))

    def scanned(self, domains, *arguments):
        """The providers' columns of all rows, sorted; and the summary."""
        summary = self.folder / "summary.json"
        rows = self.scan(domains, self.server.endpoints, "--summary", summary,
                         *arguments)
        return self.columns(rows), json.loads(summary.read_text())

    @staticmethod
    def columns(rows):
        return sorted([row[name] for name in PROVIDER_COLUMNS]
                      for row in rows)

    def assert_same_counts(self, summary, expected):
        for key in COUNTED:
            self.assertEqual(summary[key], expected[key], key)

    def test_published_shares_come_out_as_they_went_in(self):
        rows, summary = self.scanned(self.domains)
        self.assertEqual(
            {row[0]: row[3] for row in rows if row[3]},
            {domain: id_ for domain, id_, _ in self.truth})
        shares = {item["id"]: item["share"] for item in summary["providers"]}
        for id_, (share, _) in SHARES.items():
            self.assertAlmostEqual(shares[id_], share / 100, places=6)
        self.assertEqual(summary["domains"]["with_mail"], WITH_MAIL)

    def test_every_backend_is_right_and_the_mailboxes_add_up(self):
        rows, summary = self.scanned(self.domains)
        backends = {row[0]: row[9] for row in rows}
        mailboxes = collections.Counter()
        for domain, id_, behind in self.truth:
            if behind is not None:
                self.assertEqual(backends[domain], behind)
            if len(behind or "x") > 1:
                id_ = "several"
            elif behind:
                id_ = behind[0]
            elif behind == [] or id_ in (
                    "cloudflare_routing", "namecheap_forwarding", "cisco_ces",
                    "proofpoint_essentials"):
                id_ = "unseen"
            mailboxes[id_] += 1
        self.assertEqual({item["id"]: item["domains"]
                          for item in summary["mailboxes"]}, mailboxes)
        mimecast, = [item for item in summary["backends"]
                     if item["gateway"] == "mimecast"]
        self.assertEqual(mimecast["domains"], 16)
        self.assertEqual((mimecast["seen"], mimecast["unseen"],
                          mimecast["several"]), (12, 4, 4))
        self.assertEqual({item["id"]: item["domains"]
                          for item in mimecast["behind"]},
                         {"microsoft365": 8, "google_workspace": 4, "zoho": 4})

    def test_a_stranger_that_serves_many_is_a_likely_provider(self):
        _, summary = self.scanned(self.domains)
        found = summary["unattributed"]
        self.assertEqual(found["domains"], 240)
        self.assertEqual(found["likely_providers"]["count"], 1)
        self.assertEqual(found["largest"][0]["mx_domain"], "strangers.example")
        self.assertTrue(found["largest"][0]["likely_provider"])

    def test_order_threads_and_shards_change_nothing(self):
        rows, summary = self.scanned(self.domains, "--threads", "1")
        shuffled = self.domains[:]
        random.Random(4).shuffle(shuffled)
        other_rows, other = self.scanned(shuffled, "--threads", "3")
        self.assertEqual(other_rows, rows)
        self.assert_same_counts(other, summary)
        parts, shards = [], []
        for i in range(3):
            out = self.folder / f"shard{i}.ndjson"
            shards.append(self.folder / f"shard{i}.json")
            self.assert_success(run(
                self.file("list.txt", shuffled), "-r", self.server.endpoints,
                "--shard", f"{i}/3", "-o", out, "--summary", shards[-1], "-q"))
            parts += ndjson(out.read_bytes())
        self.assertEqual(self.columns(parts), rows)
        merged = self.folder / "merged.json"
        self.assert_success(run("merge", *shards, "-o", merged))
        merged = json.loads(merged.read_text())
        self.assert_same_counts(merged, summary)
        self.assertTrue(merged["findings"])
        self.assertEqual(merged["input"], summary["input"])

    def test_an_interruption_changes_nothing(self):
        rows, summary = self.scanned(self.domains)
        out, path = self.folder / "rows.ndjson", self.folder / "resumed.json"
        command = [self.file("domains.txt", self.domains), "-r",
                   self.server.endpoints, "-o", out, "--summary", path, "-q",
                   "--resume", "--checkpoint", "50"]
        out.unlink()
        # So slow that it is not through before it is interrupted.
        first = start(*command, "--rate", "100", "--window", "50")
        self.addCleanup(first.stdout.close)
        self.addCleanup(first.stderr.close)
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        while not (out.exists() and out.stat().st_size > 0):
            self.assertIsNone(first.poll())
            time.sleep(.02)
        first.send_signal(signal.SIGINT)
        self.assertEqual(first.wait(timeout=SECONDS), 75)
        self.assert_success(run(*command))
        self.assertEqual(self.columns(ndjson(out.read_bytes())), rows)
        resumed = json.loads(path.read_text())
        self.assertEqual(len(resumed["runs"]), 2)
        self.assert_same_counts(resumed, summary)

    def test_summaries_that_cannot_be_added_up_are_named(self):
        path = self.folder / "some.json"
        path.write_text("{}")
        ran = run("merge", path, "-o", self.folder / "all.json")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(f"{path}: no summary".encode(), ran.stderr)
        ran = run("merge", path, "-o", f"{self.folder}/all/")
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"datasets into a directory, or summaries", ran.stderr)


if __name__ == "__main__":
    unittest.main()
