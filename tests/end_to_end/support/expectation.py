"""The row that a domain must get, worked out from kdig's replies alone: a
second reading of the contract, which shares nothing with the program."""

import ipaddress
import re

MAX_ALIASES = 16
RESERVED_TLDS = {"alt", "example", "internal", "invalid", "local", "onion",
                 "test", "localhost"}
RCODE_STATUS = {2: "servfail", 3: "nxdomain", 5: "refused"}


def labels_of(text):
    """The labels of a name in presentation form, as octets in lower case."""
    labels, label = [], bytearray()
    for part in re.findall(r"\\\d{3}|\\.|.", text, re.DOTALL):
        if part == ".":
            labels.append(bytes(label))
            label = bytearray()
        elif part[0] == "\\" and len(part) == 4:
            label.append(int(part[1:]))
        else:
            label += part[-1].encode()
    if label:
        labels.append(bytes(label))
    return [label.lower() for label in labels if label]


def name_text(text):
    """A name as our rows write it."""
    def octet(value):
        char = chr(value)
        if re.fullmatch(r"[a-z0-9_-]", char):
            return char
        return "\\." if char == "." else f"\\{value:03}"
    return ".".join("".join(map(octet, l)) for l in labels_of(text)) or "."


def is_host(exchange):
    """Whether the shape of an exchange allows a mail host."""
    labels = labels_of(exchange)
    if len(labels) < 2 or labels[-1].decode("latin1") in RESERVED_TLDS:
        return False
    if labels[-1].isdigit():
        return False
    return all(re.fullmatch(rb"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?", label)
               for label in labels)


class Chain:
    """A reply followed from `name` along its aliases."""

    def __init__(self, name, rrtype, reply):
        aliases = {name_text(owner): name_text(target)
                   for owner, kind, _, target in reply.answer
                   if kind == "CNAME"}
        self.end, self.loop = name_text(name), False
        seen = {self.end}
        while self.end in aliases and not self.loop:
            self.end = aliases[self.end]
            self.loop = self.end in seen or len(seen) > MAX_ALIASES
            seen.add(self.end)
        # A chain that never ends has no end to name.
        self.alias = self.end if len(seen) > 1 and not self.loop else None
        self.rcode = reply.rcode
        self.records = [(ttl, rdata) for owner, kind, ttl, rdata
                        in reply.answer
                        if kind == rrtype and name_text(owner) == self.end]

    def known(self):
        return self.rcode in (0, 3)


class Oracle:
    def __init__(self, ask):
        """`ask` takes (name, type) pairs and gives {pair: kdig.Reply}."""
        self.ask = ask
        self.replies = {}

    def chains(self, names, rrtype):
        wanted = {(name, rrtype) for name in names}
        self.replies |= self.ask(wanted - self.replies.keys())
        return {name: Chain(name, rrtype, self.replies[name, rrtype])
                for name in names if (name, rrtype) in self.replies}

    def rows(self, domains):
        """{domain: the columns that can be known}. Domains that kdig has no
        reply for are missing."""
        mx = self.chains(domains, "MX")
        hosts = {exchange for chain in mx.values()
                 for _, exchange in exchanges_of(chain) if is_host(exchange)}
        hosts |= {chain.end for chain in mx.values()
                  if chain.rcode == 0 and not chain.records}
        a, aaaa = self.chains(hosts, "A"), self.chains(hosts, "AAAA")
        known = {host: host_facts(a.get(host), aaaa.get(host))
                 for host in hosts}
        return {domain: row_of(domain, chain, known)
                for domain, chain in mx.items()}


def exchanges_of(chain):
    """The distinct (preference, exchange), in delivery order."""
    pairs = set()
    for _, rdata in chain.records:
        preference, exchange = rdata.split(" ", 1)
        pairs.add((int(preference), name_text(exchange)))
    return sorted(pairs)


def host_facts(a, aaaa):
    families = {"a": a, "aaaa": aaaa}
    unknown = [f for f, chain in families.items()
               if chain is None or not (chain.known() or chain.loop)]
    addresses = [ipaddress.ip_address(rdata) for chain in families.values()
                 if chain for _, rdata in chain.records]
    addresses.sort(key=lambda address: (address.version, int(address)))
    heard = [chain for chain in families.values() if chain]
    if addresses:
        state = "ok"
    elif any(chain.loop for chain in heard):
        state = "loop"
    elif any(chain.rcode == 3 for chain in heard):
        state = "nxdomain"
    else:
        state = "failed" if unknown else "nodata"
    alias = next((chain.alias for chain in heard if chain.alias), None)
    return {"state": state, "alias": alias, "unknown": unknown,
            "addresses": [str(address) for address in addresses]}


def mx_entry(preference, exchange, known):
    entry = {"preference": preference, "exchange": exchange, "alias": None,
             "addresses": [], "unknown": []}
    if exchange == ".":
        return entry | {"state": "null"}
    if not is_host(exchange):
        return entry | {"state": "not_queried"}
    return entry | known[exchange]


def row_of(domain, chain, known):
    row = {"domain": domain, "alias": chain.alias, "addresses": None,
           "mx": [], "mx_count": 0, "primary_mx": None}
    if chain.loop:
        return row | {"status": "servfail", "detail": "alias_loop"}
    if chain.rcode != 0:
        failed = chain.rcode != 3
        # A failing server's word about an alias is no knowledge either.
        return row | {"status": RCODE_STATUS[chain.rcode],
                      "alias": None if failed else chain.alias,
                      "mx": None if failed else [],
                      "mx_count": None if failed else 0}
    if not chain.records:
        row |= row_without_mx(known[chain.end])
        implicit = row["status"] == "implicit_mx"
        return row | {"primary_mx": domain if implicit else None}
    pairs = exchanges_of(chain)
    row["mx"] = [mx_entry(*pair, known) for pair in pairs]
    row["mx_count"] = len(pairs)
    if all(exchange == "." for _, exchange in pairs):
        return row | {"status": "null_mx"}
    first = next(exchange for _, exchange in pairs if exchange != ".")
    return row | {"status": "ok", "primary_mx": first}


def row_without_mx(own):
    row = {"addresses": own["addresses"]}
    if own["addresses"]:
        return row | {"status": "implicit_mx"}
    gone = own["state"] in ("nodata", "nxdomain")
    return row | {"status": "no_mail" if gone else "indeterminate"}
