"""Which addresses may be fetched: those of public servers, and nothing that only this machine can reach.

A feed is written by strangers, and so is every link in it. One that leads to 127.0.0.1, to a printer or to the page
where a cloud keeps its passwords would make us fetch for its writer what he cannot fetch himself (server-side request
forgery). So a name is looked up here, what it stands for is judged, and the connection goes to that very number: a name
that stands for something else a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

IP: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Sequence[str]]

_CONTROLS = re.compile(r"[\x00-\x20\x7f]")
_SAFE = "/%:@!$&'()*+,;=~-._"  # what an address may hold as it is
# What Python, depending on its version, takes for public: protocol assignments (Oracle's cloud answers there), relays
# of 6to4, and Azure's wire server, which is answered inside of that cloud although its number is public.
_NEVER = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "3fff::/20"))
)
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Refused(ValueError):
    """An address is not fetched; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. path: with its query, as it is sent. host: in ASCII, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def address(self) -> str:
        return self.origin + self.path


def parse_address(written: str) -> Target:
    """Take an address apart. Raises Refused where it is none of the web's."""
    if _CONTROLS.search(written.strip()) or len(written) > 4000:
        raise Refused("this is no address of the web")
    try:
        parts = urlsplit(written.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(f"this is no address of the web ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise Refused(f"only http and https are fetched, not {parts.scheme or 'an address without either'}")
    if parts.username is not None or parts.password is not None:
        raise Refused("addresses that hold a user or a password are not fetched")
    try:
        host = host.rstrip(".") if host.isascii() else host.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused("its name cannot be looked up") from error
    if not host:
        raise Refused("it names no server")
    query = f"?{quote(parts.query, safe=_SAFE + '?[]|')}" if parts.query else ""
    path = quote(parts.path or "/", safe=_SAFE) + query
    return Target(parts.scheme, host.lower(), port or {"http": 80, "https": 443}[parts.scheme], path)


def look_up(host: str, port: int) -> Sequence[str]:
    """The numbers that a name stands for. Raises OSError where it stands for none."""
    found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def public_numbers(target: Target, *, lookup: Lookup, allow_private: bool) -> list[str]:
    """The numbers of a server to which one may connect. Raises Refused where there is none, OSError as `look_up`."""
    numbers = lookup(target.host, target.port)
    allowed = [each for each in numbers if allow_private or is_public(each)]
    if not allowed:
        shown = ", ".join(numbers[:3]) or "nothing"
        raise Refused(f"{target.host} stands for {shown}, which is not a server of the public Internet")
    return allowed


def is_public(number: str) -> bool:
    """Whether a number is one of the public Internet, also where it is wrapped in IPv6."""
    try:
        ip: IP = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    return all(
        each.is_global
        and not each.is_multicast
        and not each.is_reserved
        and not any(each in network for network in _NEVER)
        for each in _unwrapped(ip)
    )


def _unwrapped(ip: IP) -> list[IP]:
    """The number that is meant, and every number inside of it."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if any(ip in network for network in _NAT64):
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    inside: list[IP] = [ip]
    if ip.sixtofour:
        inside.append(ip.sixtofour)
    if ip.teredo:
        inside += ip.teredo
    if int(ip) >> 32 == 0:  # "::127.0.0.1", long out of use
        inside.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return inside
