"""A signed Internet of a few zones: NSD serves them, and Unbound validates by
a trust anchor of our own. Signatures are made anew for every test."""

import datetime
import subprocess

from support.name_servers import UNBOUND_CONF, Nsd, Unbound, program
from support.processes import started_somewhere

VALIDATING_CONF = UNBOUND_CONF.replace('"iterator"', '"validator iterator"')
TLSA = "a" * 64
HEAD = """$ORIGIN {name}.
$TTL 3600
@ SOA ns admin 1 3600 600 86400 300
@ NS ns
ns A 127.0.0.1
"""


def run(*arguments, folder):
    return subprocess.run([str(a) for a in arguments], cwd=folder, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True).stdout


class SignedWorld:
    """`zones` are {name: records}, all below the zone `top`, which signs for
    those in `signed`; the signatures of those in `expired` are of last year.
    Others are delegated without DS, and not signed."""

    def __init__(self, folder, top, zones, signed, expired=()):
        self.folder = folder
        self.top = top
        self.texts = {name: HEAD.format(name=name) + text
                      for name, text in zones.items()}
        delegations = "".join(f"{name}. NS ns.{name}.\n" for name in zones)
        records = [self.sign(name, name in expired) for name in signed]
        self.texts[top] = (HEAD.format(name=top) + delegations +
                           "".join(records))
        self.anchor = self.sign(top)

    def sign(self, name, is_expired=False):
        """Puts the signed zone in its place, and gives back its DS record."""
        key = run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", name,
                  folder=self.folder).strip()
        (self.folder / f"{name}.zone").write_text(self.texts[name])
        times = []
        if is_expired:
            now = datetime.datetime.now(datetime.timezone.utc)
            times = ["-i", f"{now - datetime.timedelta(days=365):%Y%m%d}",
                     "-e", f"{now - datetime.timedelta(days=300):%Y%m%d}"]
        run("ldns-signzone", "-n", *times, f"{name}.zone", key,
            folder=self.folder)
        self.texts[name] = (self.folder / f"{name}.zone.signed").read_text()
        return (self.folder / f"{key}.ds").read_text()

    def start(self, case):
        """Unbound, which a ScanCase stops when it ends."""
        nsd = case.started(started_somewhere(
            lambda port: Nsd(port, self.folder / "nsd", self.texts)))
        anchor = self.folder / "anchor"
        anchor.write_text(self.anchor)
        # What lies elsewhere is refused, and never asked of the Internet.
        stubs = {name: nsd.port for name in [".", *self.texts]}
        options = f'  trust-anchor-file: "{anchor}"'
        return case.started(started_somewhere(
            lambda port: Unbound(port, self.folder / "unbound", stubs, options,
                                 VALIDATING_CONF)))
