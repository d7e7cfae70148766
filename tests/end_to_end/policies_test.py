"""MTA-STS policies by --fetch-policies: who is asked for them, and how a run
goes on meanwhile. What they say is in audit/mta_sts.toml."""

import os
import signal
import socket
import unittest

from support import scan
from support.https_world import HttpsServer
from support.loopback import LoopbackDns
from support.scan import SECONDS, ScanCase, ndjson

POLICY = """version: STSv1
mode: enforce
mx: mx1.{domain}
max_age: 86400
"""
# Few enough that a slow machine is done with all of them in time.
FEW = 40
# More than are fetched at once.
MANY = 300
# Nothing listens there.
NOWHERE = "http://127.0.0.1:1"


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Policies(ScanCase):
    def serve(self, domains, address="127.0.0.1", does=POLICY):
        """Name servers and an HTTPS server for these domains, on `address`."""
        kind = "AAAA" if ":" in address else "A"
        zone = self.folder / "zone"
        zone.write_text("$TTL 3600\n" + "".join(
            f"{d}. MX 10 mx1.{d}.\nmx1.{d}. A 44.10.1.1\n"
            f'_mta-sts.{d}. TXT "v=STSv1; id=1"\nmta-sts.{d}. {kind} {address}\n'
            for d in domains))
        self.resolver = self.started(
            LoopbackDns("--zone", str(zone))).endpoints
        return self.started(HttpsServer(
            self.folder, {f"mta-sts.{d}": does.replace("{domain}", d)
                          for d in domains}, address))

    def details(self, *flags):
        """What is said of a policy that cannot be used, by domain."""
        out = self.folder / "found.ndjson"
        self.scan(["sts.com"], self.resolver, "--findings-out", out, *flags)
        return [f["detail"] for f in ndjson(out.read_bytes())
                if f["id"] == "mta_sts_policy_unusable"]

    def test_special_addresses_are_not_connected_to_unless_they_may_be(self):
        server = self.serve(["sts.com"])
        flags = [f for f in server.flags() if f != "--allow-private"]
        self.assertEqual(self.details(*flags),
                         ["the host has no public address"])
        self.assertEqual(self.details("--checks", "mta-sts"), [])
        self.assertEqual(server.connections, 0)
        self.assertEqual(self.details(*server.flags()), [])
        self.assertEqual(server.connections, 1)

    def test_hosts_with_ipv6_alone_are_asked_too(self):
        if not has_ipv6():
            self.skipTest("no IPv6 on loopback")
        server = self.serve(["sts.com"], address="::1")
        row, = self.scan(["sts.com"], self.resolver, *server.flags())
        self.assertEqual(row["mta_sts_mode"], "enforce")

    def test_every_domain_has_its_policy_from_its_own_host(self):
        domains = [f"sts{i}.com" for i in range(FEW)]
        server = self.serve(domains)
        elsewhere = {"http_proxy": NOWHERE, "https_proxy": NOWHERE,
                     "ALL_PROXY": NOWHERE, "SSL_CERT_FILE": "/dev/null"}
        list_ = self.file("domains.txt", domains + domains[:2])
        ran = scan.run(list_, "-r", self.resolver, "--format", "ndjson", "-q",
                       "--threads", 2, *server.flags(),
                       env=dict(os.environ, **elsewhere))
        self.assert_success(ran)
        rows = ndjson(ran.stdout)
        self.assertEqual({row["mta_sts_mode"] for row in rows}, {"enforce"})
        for row in rows:
            self.assertNotIn("mta_sts_mx_mismatch", row["findings"])
        self.assertEqual(len(rows), FEW + 2)
        self.assertEqual({host for host, _ in server.requests},
                         {f"mta-sts.{d}" for d in domains})
        agents = {agent for _, agent in server.requests}
        self.assertEqual(len(agents), 1)
        self.assertRegex(agents.pop(), r"^mxscan/\d")

    def test_a_signal_ends_a_run_that_waits_for_a_slow_host(self):
        # So many that the last of them would be asked half a minute later.
        domains = [f"sts{i}.com" for i in range(MANY)]
        server = self.serve(domains, does="slow")
        list_ = self.file("domains.txt", ["nowhere.com", *domains])
        out = self.folder / "rows.ndjson"
        process = scan.start(list_, "-r", self.resolver, "-o", out, "--threads",
                             1, *server.flags())
        self.assertTrue(server.asked.wait(SECONDS))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 75, said)
        rows = ndjson(out.read_bytes())
        self.assertLess(len(rows), MANY)
        self.assertIn("nowhere.com", [row["domain"] for row in rows])

    def test_an_interrupted_run_goes_on_with_the_same_policies_only(self):
        server = self.serve(["sts.com"])
        arguments = [self.file("domains.txt", ["sts.com"]), "-r",
                     self.resolver, "-q", "-o", self.folder / "rows.ndjson",
                     "--resume"]
        self.assert_success(scan.run(*arguments, *server.flags()))
        ran = scan.run(*arguments, "--checks", "mta-sts")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"--fetch-policies was given and is not given",
                      ran.stderr)

    def test_authorities_that_cannot_be_read_are_named(self):
        ran = scan.run("sts.com", "-r", "127.0.0.1:1", "--fetch-policies",
                       "--https-ca", self.folder / "none.pem")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"none.pem: No such file or directory; name a PEM file "
                      b"of certificate authorities by --https-ca", ran.stderr)


if __name__ == "__main__":
    unittest.main()
