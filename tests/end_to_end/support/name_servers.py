"""NSD and Unbound with configurations of their own, on high ports of
loopback, without root, chroot or DNSSEC; and Unbound with data/unbound.conf."""

import getpass
import pathlib
import shutil
import socket

from support import kdig
from support.processes import LOOPBACK, Server

# The configuration that we recommend to users.
BULK_UNBOUND = pathlib.Path(__file__).resolve().parents[3] / "data/unbound.conf"

NSD_CONF = """
server:
  ip-address: {address}
  port: {port}
  username: "{user}"
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  cookie-secret-file: ""
  server-count: 1
  verbosity: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""

NSD_ZONE = """
zone:
  name: "{name}"
  zonefile: "{file}"
"""

UNBOUND_CONF = """
server:
  interface: {address}@{port}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  logfile: ""
  verbosity: 1
  module-config: "iterator"
  do-not-query-localhost: no
  do-ip6: no
  num-threads: 1
  outbound-msg-retry: 2
  infra-cache-max-rtt: 1000
  access-control: 127.0.0.0/8 allow
remote-control:
  control-enable: no
"""

# What a test must have otherwise than a user; the rest is the included file's.
BULK_UNBOUND_CONF = """
include: "{included}"
server:
  port: {port}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  logfile: ""
  do-not-query-localhost: no
  do-ip6: no
remote-control:
  control-enable: no
"""

UNBOUND_STUB = """
stub-zone:
  name: "{name}"
  stub-addr: {address}@{port}
"""


def program(name):
    """The path of a name server, which Debian puts where users do not look."""
    found = shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if found is None:
        raise RuntimeError(
            f"{name} is not installed; run scripts/install_packages test")
    return found


class Nsd(Server):
    """Serves `zones`, {name: text, or None for a zone that has no data}."""

    def __init__(self, port, folder, zones):
        folder = pathlib.Path(folder)
        folder.mkdir(exist_ok=True)
        self.port = port
        conf = NSD_CONF.format(address=LOOPBACK, port=self.port,
                               folder=folder, user=getpass.getuser())
        for number, (name, text) in enumerate(zones.items()):
            file = folder / f"{number}.zone"
            if text is not None:
                file.write_text(text)
            conf += NSD_ZONE.format(name=name, file=file)
        (folder / "nsd.conf").write_text(conf)
        super().__init__([program("nsd"), "-d", "-c", folder / "nsd.conf"],
                         folder / "nsd.log")
        self.wait_until(lambda: kdig.is_up(self.port))


class Unbound(Server):
    """Asks for `stubs`, {zone: port of the server that has it}; `options` are
    further lines of its configuration, which is `conf`."""

    def __init__(self, port, folder, stubs, options="", conf=UNBOUND_CONF):
        folder = pathlib.Path(folder)
        folder.mkdir(exist_ok=True)
        self.port = port
        conf = conf.format(address=LOOPBACK, port=self.port, folder=folder,
                           included=BULK_UNBOUND)
        conf = conf.replace("remote-control:", f"{options}\nremote-control:")
        for name, port in stubs.items():
            conf += UNBOUND_STUB.format(name=name, address=LOOPBACK, port=port)
        (folder / "unbound.conf").write_text(conf)
        super().__init__(
            [program("unbound"), "-d", "-c", folder / "unbound.conf"],
            folder / "unbound.log")
        self.wait_until(lambda: kdig.is_up(self.port))


class SilentServer:
    """Takes every query and answers none."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.port = self.socket.getsockname()[1]

    def stop(self):
        self.socket.close()
