"""Zones of a root, some top-level domains and several hundred mail domains,
with everything in them that mail domains do in the wild; always the same.

All that is served here is in documentation addresses. Which server has a
broken zone, and how, is for the test to arrange by `broken`."""

import random

TLDS = ("com", "net", "org", "de", "uk", "io", "xn--p1ai")
# Zones of their own, below their top-level domain.
ZONES = ("bigmail.net", "example-corp.com", "uni.de", "many.org")
# Zones whose servers fail, each in its way.
LAME = ("lame.com", "lame.org")
DEAD = ("dead.com", "dead.net")
SILENT = ("silent.com",)
EMPTY = ("empty.com", "empty.de")
REFUSED = ("refused.com", "refused.io")
BROKEN = LAME + DEAD + SILENT + EMPTY + REFUSED

SHARED_HOSTS = ("aspmx.l.google.com", "alt1.aspmx.l.google.com",
                "mx1.bigmail.net", "mx2.bigmail.net", "mx3.bigmail.net",
                "mail.uni.de", "mx.hosting.co.uk")


class MailWorld:
    def __init__(self):
        self.random = random.Random(20210)
        self.records = {zone: [] for zone in (".",) + TLDS + ZONES}
        self.domains = []  # To be scanned.
        self.hosts_made = 0
        self._delegate()
        self._shared_hosts()
        self._ordinary_domains()
        self._domains_without_mx()
        self._aliases()
        self._odd_exchanges()
        self._large_answers()
        self._internationalised()
        self._failing_zones()

    def zones(self):
        """{name: text of the zone file}."""
        texts = {}
        for zone, records in self.records.items():
            below = "" if zone == "." else zone + "."
            head = [f"$ORIGIN {below or '.'}",
                    f"@ 3600 IN SOA ns.{below} admin.{below} "
                    "1 3600 600 86400 300",
                    f"@ 3600 IN NS ns.{below}",
                    f"ns.{below} 3600 IN A 127.0.0.1"]
            texts[zone] = "\n".join(head + records) + "\n"
        return texts

    def add(self, owner, rrtype, rdata, ttl=3600):
        labels = owner.split(".")
        zone = next((z for z in (".".join(labels[i:]) for i in
                                 range(len(labels))) if z in self.records), ".")
        self.records[zone].append(f"{owner}. {ttl} IN {rrtype} {rdata}")

    def scan(self, domain):
        self.domains.append(domain)
        return domain

    def mx(self, domain, *exchanges):
        for preference, exchange in exchanges:
            self.add(domain, "MX", f"{preference} {exchange}.")

    def host(self, name, families="46"):
        """Gives `name` addresses of the families, one or two of each."""
        self.hosts_made += 1
        high, low = divmod(self.hosts_made, 250)
        for copy in range(1 + self.hosts_made % 2):
            if "4" in families:
                self.add(name, "A", f"198.51.{100 + high + 50 * copy}.{low + 1}")
            if "6" in families:
                self.add(name, "AAAA", f"2001:db8:{high}:{low}::{copy + 1:x}")
        return name

    def _delegate(self):
        for zone in TLDS + ZONES:
            parent = "." if zone in TLDS else zone.split(".")[-1]
            self.records[parent].append(f"{zone}. 3600 IN NS ns.{zone}.")
            self.records[parent].append(f"ns.{zone}. 3600 IN A 127.0.0.1")

    def _shared_hosts(self):
        for number, host in enumerate(SHARED_HOSTS):
            self.host(host, ("46", "4", "6")[number % 3])

    def _ordinary_domains(self):
        for number in range(220):
            tld = ("com", "net", "org", "de", "co.uk", "io")[number % 6]
            domain = self.scan(f"shared{number}.{tld}")
            count = 1 + number % 5
            hosts = self.random.sample(SHARED_HOSTS, count)
            self.mx(domain, *((10 * (i // 2 + 1), h)
                              for i, h in enumerate(hosts)))
        for number in range(120):
            tld = ("com", "org", "de", "co.uk")[number % 4]
            domain = self.scan(f"own{number}.{tld}")
            hosts = [self.host(f"mx{i}.{domain}", ("46", "4", "6")[i % 3])
                     for i in range(1 + number % 5)]
            self.mx(domain, *((10 * i, h) for i, h in enumerate(hosts)))
        self.mx(self.scan("example-corp.com"), (5, "mx1.bigmail.net"))
        self.mx(self.scan("uni.de"), (0, "mail.uni.de"), (65535, "Mail.UNI.de"))
        # Equal but for their case: one record. A host twice: two records.
        self.add(self.scan("twice.com"), "MX", "10 mx1.bigmail.net.")
        self.add("twice.com", "MX", "20 mx1.bigmail.net.")

    def _domains_without_mx(self):
        for number in range(20):
            self.host(self.scan(f"implicit{number}.com"),
                      ("46", "4", "6")[number % 3])
            self.add(self.scan(f"nothing{number}.org"), "TXT", '"v=spf1 -all"')
            self.add(self.scan(f"nullmx{number}.de"), "MX", "0 .")
            self.scan(f"missing{number}.net")
            self.scan(f"missing.own{number}.com")
        self.add("deep.below.ent.com", "TXT", '"x"')
        self.scan("ent.com")  # Exists only as a part of longer names.
        self.add("*.wild.org", "MX", "10 mx2.bigmail.net.")
        self.scan("anything.wild.org")
        self.scan("no-such-tld.nosuchtld")

    def _alias(self, owner, target):
        self.add(owner, "CNAME", target + ".")
        return self.scan(owner)

    def _aliases(self):
        self._alias("alias-ok.com", "shared3.de")
        self._alias("alias-implicit.com", "implicit3.com")
        self._alias("alias-nothing.com", "nothing3.org")
        self._alias("alias-null.com", "nullmx3.de")
        self._alias("alias-dangling.com", "missing3.net")
        self._alias("alias-lame.com", "lame.org")
        for number in range(5):
            self._alias(f"chain{number}.net", f"chain{number + 1}.net")
        self._alias("chain5.net", "own5.org")
        self._alias("loop-a.com", "loop-b.com")
        self._alias("loop-b.com", "loop-a.com")
        self._alias("loop-self.com", "loop-self.com")
        self.add("moved.com", "DNAME", "bigmail.net.")
        self.scan("moved.com")
        self.scan("mx1.moved.com")
        self.scan("gone.moved.com")

    def _odd_exchanges(self):
        self.add("alias-mx.net", "CNAME", "mx1.bigmail.net.")
        self.add("alias-mx2.net", "CNAME", "alias-mx.net.")
        self.add("dangling-mx.net", "CNAME", "missing4.net.")
        self.add("loop-mx.net", "CNAME", "loop-mx.net.")
        self.add("nodata-mx.net", "TXT", '"no address here"')
        self.host("mail\\.box.odd.net")
        odd = {
            "cname": "alias-mx.net", "cname2": "alias-mx2.net",
            "dangling": "dangling-mx.net", "loop": "loop-mx.net",
            "nodata": "nodata-mx.net", "nxdomain": "missing5.net",
            "lame": "mx.lame.com", "dead": "mx.dead.net",
            "refused": "mx.refused.io", "localhost": "localhost",
            "address": "192.0.2.25", "single": "mailserver",
            "reserved": "mail.corp.local", "dotted": "mail\\.box.odd.net",
            "space": "mail\\032box.odd.net", "under": "_mx.odd.net",
            "itself": "odd-itself.com",
        }
        self.host("_mx.odd.net", "4")
        for kind, exchange in odd.items():
            self.mx(self.scan(f"odd-{kind}.com"), (10, exchange))
            self.mx(self.scan(f"odd-{kind}.org"), (10, exchange),
                    (20, "mx3.bigmail.net"))
        self.host("odd-itself.com")
        # The null exchange beside another is no null MX.
        self.add(self.scan("odd-null.net"), "MX", "0 .")
        self.mx("odd-null.net", (10, "mx1.bigmail.net"))

    def _large_answers(self):
        for count in (30, 60, 100):
            domain = self.scan(f"mx{count}.many.org")
            for number in range(count):
                host = f"inbound-{number:03}.cluster-{count}.many.org"
                self.add(domain, "MX", f"{number % 7 * 10} {host}.")
                self.host(host, "4")
        self.mx(self.scan("addresses.many.org"), (10, "farm.many.org"))
        for number in range(120):
            self.add("farm.many.org", "A", f"203.0.113.{number + 1}")

    def _internationalised(self):
        for number, label in enumerate(("xn--bcher-kva", "xn--mnchen-3ya",
                                        "xn--e1afmkfd", "xn--wgv71a")):
            tld = ("com", "de", "xn--p1ai", "net")[number]
            self.mx(self.scan(f"{label}.{tld}"), (10, "mx1.bigmail.net"))

    def _failing_zones(self):
        for zone in BROKEN:
            self.scan(zone)
            self.scan(f"sub.{zone}")
