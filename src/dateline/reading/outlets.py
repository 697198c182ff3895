"""Who published a story: from a name or a web address to an Outlet."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dateline.reading.lexicons import Lexicons
from dateline.reading.received import Metadata
from dateline.records import Outlet, make_id

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
# Second-level labels under which registries sell names: bbc.co.uk, abc.net.au, ahram.org.eg.
_REGISTRY_LABELS = frozenset(
    ["ac", "co", "com", "edu", "gob", "go", "gov", "gouv", "go", "govt", "mil", "ne", "net", "nic", "or", "org"]
)


SERVED = "reader:address"  # the method of evidence for a domain that is no word of the page but where it came from


def name_outlet(metadata: Metadata, *, lexicons: Lexicons) -> Outlet | None:
    """The outlet that a document's metadata name, by its name first, else by its domain.

    Where the page came from its domain for certain, the domain decides: any page can call itself "Reuters".
    """
    name, domain = metadata.outlet_name, metadata.outlet_domain
    served = any(each.field == "outlet_domain" and each.method == SERVED for each in metadata.evidence)
    for written in (domain,) if served else (name, domain):
        if written:
            known = lexicons.outlet_named(written)
            if known:
                return known
    if domain:
        return Outlet(id=domain, name=name or domain)
    if name:
        return Outlet(id=make_id("outlet", name.casefold()), name=name)
    return None


def registrable_domain(address: str) -> str | None:
    """The part of a web address or host name that was registered: "https://news.bbc.co.uk/x" -> "bbc.co.uk".

    Knows the usual second-level labels, not the whole Public Suffix List.
    """
    written = address.strip().lower()
    try:
        host = urlsplit(written if "//" in written else f"//{written}").hostname or ""
    except ValueError:
        return None
    host = host.rstrip(".")
    if not _HOST.fullmatch(host):
        return None
    labels = host.split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTRY_LABELS else 2
    return ".".join(labels[-keep:])
