"""A scan through Unbound, which asks NSD, compared row by row with what kdig
hears of the same Unbound about the same names. Once as plain as can be, once
with the configuration that we recommend, data/unbound.conf."""

import re
import subprocess
import unittest

from support import kdig
from support.expectation import Oracle
from support.mail_world import (DEAD, EMPTY, LAME, REFUSED, SILENT, MailWorld)
from support.name_servers import (BULK_UNBOUND, BULK_UNBOUND_CONF,
                                  UNBOUND_CONF, Nsd, SilentServer, Unbound,
                                  program)
from support.processes import free_port, started_somewhere
from support.scan import ScanCase

# A TTL counts down in Unbound's memory between kdig's question and ours.
TTL_SECONDS = 300
ELSEWHERE = """$ORIGIN elsewhere.test.
@ 3600 IN SOA ns admin 1 3600 600 86400 300
@ 3600 IN NS ns
ns 3600 IN A 127.0.0.1
"""
STATUSES = {"ok", "null_mx", "implicit_mx", "no_mail", "nxdomain", "servfail",
            "refused", "invalid_input"}
STATES = {"ok", "nxdomain", "nodata", "failed", "not_queried", "null"}
INVALID = {"two words.com": "white_space", "192.0.2.1": "ip_address",
           "a..com": "empty_label", "x" * 64 + ".com": "label_too_long"}


class UnboundCase(ScanCase):
    """A world served by NSD, and how a row of it is compared."""

    def setUp(self):
        super().setUp()
        self.world = MailWorld()

    def start_unbound(self, conf):
        zones = self.world.zones() | {name: None for name in EMPTY}
        nsd = self.started(started_somewhere(
            lambda port: Nsd(port, self.folder / "nsd", zones)))
        lame = self.started(started_somewhere(
            lambda port: Nsd(port, self.folder / "lame",
                             {"elsewhere.test": ELSEWHERE})))
        silent = self.started(SilentServer())
        stubs = {".": nsd.port}
        stubs |= {name: lame.port for name in LAME}
        stubs |= {name: silent.port for name in SILENT}
        stubs |= {name: free_port() for name in DEAD}
        refused = [f'  local-zone: "{name}" always_refuse' for name in REFUSED]
        return self.started(started_somewhere(
            lambda port: Unbound(port, self.folder / "unbound", stubs,
                                 "\n".join(refused), conf)))

    def assert_rows_are_what_kdig_says(self, rows, domains, unbound):
        expected = Oracle(
            lambda questions: kdig.ask(unbound.port, questions)).rows(domains)
        self.assertEqual(set(domains) - set(expected), set())
        for row in rows:
            with self.subTest(row["input"]):
                self.assert_as_expected(row, expected)

    def assert_as_expected(self, row, expected):
        if row["input"] in INVALID:
            self.assertEqual((row["status"], row["detail"]),
                             ("invalid_input", INVALID[row["input"]]))
            return
        should = expected[row["domain"]]
        if row["domain"].endswith(SILENT):
            # Whether Unbound gives up before we do is a matter of seconds.
            self.assertIn(row["status"], ("servfail", "timeout"))
            self.assertIsNone(row["mx"])
            return
        for entry in row["mx"] or []:
            self.assertTrue(3600 - TTL_SECONDS <= entry["ttl"] <= 3600, entry)
        is_ = {column: row[column] for column in should}
        if is_["mx"] is not None:
            is_["mx"] = [{key: entry[key] for key in should["mx"][at]}
                         for at, entry in enumerate(is_["mx"][:len(
                             should["mx"])])]
        self.assertEqual(is_, should)
        self.assertFalse(row["authenticated"])


class RealServers(UnboundCase):
    def test_every_row_is_what_kdig_says(self):
        unbound = self.start_unbound(UNBOUND_CONF)
        domains = self.world.domains
        lines = domains + self.odd_spellings() + list(INVALID)
        rows = self.scan(lines, f"127.0.0.1:{unbound.port}")
        self.assert_everything_occurs(rows)
        self.assert_rows_are_what_kdig_says(rows, domains, unbound)

    def odd_spellings(self):
        """The same domains again, as people write them."""
        return ["SHARED0.COM", "shared1.net.", "  own2.de\t",
                "b\u00fccher.com", "M\u00dcNCHEN.de", "xn--BCHER-kva.com"]

    def assert_everything_occurs(self, rows):
        self.assertLessEqual(STATUSES, {row["status"] for row in rows})
        self.assertLessEqual(STATES, {mx["state"] for row in rows
                                      for mx in row["mx"] or []})
        self.assertIn("tcp", {row["protocol"] for row in rows})
        self.assertIn(100, {row["mx_count"] for row in rows})


class BulkUnbound(UnboundCase):
    def test_the_recommended_configuration_has_no_fault(self):
        checked = subprocess.run(
            [program("unbound-checkconf"), BULK_UNBOUND], check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_the_recommended_configuration_serves_a_scan(self):
        unbound = self.start_unbound(BULK_UNBOUND_CONF)
        # Who is silent is waited for in the other test.
        domains = [domain for domain in self.world.domains
                   if not domain.endswith(SILENT)]
        rows = self.scan(domains, f"127.0.0.1:{unbound.port}")
        self.assert_rows_are_what_kdig_says(rows, domains, unbound)
        self.assertIn("ok", {row["status"] for row in rows})
        # Without root there may be fewer sockets than it asks for.
        log = [line for line in unbound.log().splitlines()
               if not re.search("open fds|setrlimit|udp ports|ulimit", line)]
        self.assertNotRegex("\n".join(log), "(?i)warning|error")


if __name__ == "__main__":
    unittest.main()
