"""HTTPS on loopback: an authority of our own, and a server whose hosts behave
as a test says."""

import contextlib
import socket
import ssl
import struct
import subprocess
import threading

POLICY_PATH = "/.well-known/mta-sts.txt"
# Many more would make handshakes long.
NAMES_OF_CERTIFICATE = 50
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Authority:
    """`path` is its own certificate, PEM."""

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "authority.pem"
        self.key = folder / "authority.key"
        self.made = 0
        openssl("req", "-x509", *KEY, "-keyout", self.key, "-out", self.path,
                "-days", 30, "-subj", "/CN=mxscan test authority")

    def context(self, names, days=30, self_signed=False):
        """How a server shows that it is `names`. Less than no days: it has
        expired."""
        self.made += 1
        stem = self.folder / f"certificate{self.made}"
        key, request, path, extensions = (
            stem.with_suffix(end) for end in (".key", ".csr", ".pem", ".ext"))
        extensions.write_text(
            "subjectAltName=" + ",".join(f"DNS:{name}" for name in names))
        openssl("req", *KEY, "-keyout", key, "-out", request, "-subj", "/CN=x")
        issuer = (("-signkey", key) if self_signed else
                  ("-CA", self.path, "-CAkey", self.key, "-CAcreateserial"))
        openssl("x509", "-req", "-in", request, *issuer, "-days", days,
                "-extfile", extensions, "-out", path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path, key)
        return context


class HttpsServer:
    """`hosts` are the names it has, each with the text of its policy or with
    what it does instead:

      404, 503 ...  a number is the status of its page
      redirect      to the policy of another host
      endless       a body without an end
      endless_head  the same before any body
      no_http       something else, once there is TLS
      broken        the connection ends in the middle of the body
      slow          nothing comes once there is TLS
      expired, other_name, self_signed   its certificate
      alert         it wants no TLS with that name
      silent        nothing comes at all
    """

    def __init__(self, folder, hosts, address="127.0.0.1"):
        self.hosts = hosts
        self.connections = 0
        self.requests = []  # (host, User-Agent)
        self.asked = threading.Event()
        self.stopping = threading.Event()
        self.authority = Authority(folder)
        self.context = self.authority.context(["other.test"])
        self.context.sni_callback = self.on_name
        self.contexts = {}  # By host.
        self.make_contexts("expired", days=-1)
        self.make_contexts("self_signed", self_signed=True)
        self.make_contexts()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, 0), family=family,
                                             backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept)
        self.thread.start()

    def make_contexts(self, kind=None, **options):
        """For all hosts that have none yet, or of one kind."""
        names = [host for host, does in self.hosts.items()
                 if host not in self.contexts and does != "other_name" and
                 (kind is None or does == kind)]
        for at in range(0, len(names), NAMES_OF_CERTIFICATE):
            some = names[at:at + NAMES_OF_CERTIFICATE]
            context = self.authority.context(some, **options)
            self.contexts.update((name, context) for name in some)

    def flags(self):
        """What makes a scan ask this server."""
        return ("--fetch-policies", "--allow-private", "--https-ca",
                self.authority.path, "--https-port", self.port)

    def stop(self):
        self.stopping.set()
        # Closing alone would leave accept() waiting.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(30)
        self.listener.close()

    def accept(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,),
                             daemon=True).start()

    def on_name(self, tls, name, _):
        does = self.hosts.get(name, "alert")
        if does == "alert":
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        if does == "silent":
            self.stopping.wait()
        if name in self.contexts:
            tls.context = self.contexts[name]
        return None

    def serve(self, connection):
        # Whoever does not like us goes, at any time.
        with connection, contextlib.suppress(OSError):
            connection.settimeout(60)
            with self.context.wrap_socket(connection, server_side=True) as tls:
                self.answer(tls)

    def answer(self, tls):
        request = b""
        while b"\r\n\r\n" not in request:
            octets = tls.recv(4096)
            if not octets:
                return
            request += octets
        first, *lines = request.decode("latin1").split("\r\n")
        head = {key.lower(): value for key, value in
                (line.split(": ", 1) for line in lines if ": " in line)}
        host = head["host"].rsplit(":", 1)[0]
        self.requests.append((host, head.get("user-agent")))
        self.asked.set()
        does = self.hosts[host]
        if first != f"GET {POLICY_PATH} HTTP/1.1":
            does = 400
        if isinstance(does, int):
            send(tls, does, "<html>What a pity.</html>")
        elif does == "redirect":
            send(tls, 301, "", f"Location: https://{host}/elsewhere\r\n")
        elif does == "endless":
            tls.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                tls.sendall(b"version: STSv1\n" * 1000)
        elif does == "endless_head":
            tls.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                tls.sendall(b"X-Filler: of no use to anybody\r\n" * 1000)
        elif does == "no_http":
            tls.sendall(b"220 mail.test ESMTP\r\n")
        elif does == "broken":
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nversion")
            reset(tls)
        elif does == "slow":
            self.stopping.wait()
        else:
            send(tls, 200, does)


def send(tls, status, body, head=""):
    data = body.encode()
    tls.sendall(f"HTTP/1.1 {status} x\r\nContent-Length: {len(data)}\r\n"
                f"Content-Type: text/plain\r\n{head}\r\n".encode() + data)


def reset(tls):
    """Ends the connection with a RST."""
    tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                   struct.pack("ii", 1, 0))
