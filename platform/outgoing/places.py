"""Where Assay may call, by the administrator's list (setting ``OUTGOING``, see ``entries``)."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from outgoing.entries import PUBLIC

PORTS = {"https": 443, "http": 80}
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """Assay does not call this address; the message is for people."""


@dataclass(frozen=True)
class Place:
    """An address that was looked up and checked: call this, whatever the name means later."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


def checked(url: str) -> Place:
    """The place behind an address. Raises NotAllowed; looks the name up."""
    parts = split(url)
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    found = _addresses(host, port)
    for address in found:  # one forbidden address among several is one too many
        _require(parts.scheme, host, address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, str(found[0]), path or "/")


def split(url: str) -> SplitResult:
    """The parts of a usable address, without looking anything up. Raises NotAllowed."""
    if not settings.OUTGOING:
        raise NotAllowed("this site calls no other machines (ASSAY_OUTGOING)")
    try:
        parts = urlsplit(url)
        sound = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username or parts.password or parts.fragment or not url.isprintable():
        raise NotAllowed("an address like https://host/path is wanted, without a password")
    return parts


def _addresses(host: str, port: int) -> list[Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowed(f"{host} is not known") from None
    return [ipaddress.ip_address(row[4][0]) for row in rows]


def _require(scheme: str, host: str, address: Address) -> None:
    plain = _unwrapped(address)
    if _is_named(host, plain, settings.OUTGOING):
        return
    if PUBLIC not in settings.OUTGOING or not _is_public(plain):
        raise NotAllowed(f"{host} is not on the administrator's list (ASSAY_OUTGOING)")
    if scheme != "https":
        raise NotAllowed("only https leaves this site, except to hosts on the administrator's list")


def _unwrapped(address: Address) -> Address:
    """An IPv4 address in IPv6 clothes is what it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    hidden = address.ipv4_mapped or address.sixtofour
    if hidden is None and address in NAT64:
        hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return hidden or address


def _is_named(host: str, address: Address, entries: Sequence[str]) -> bool:
    networks = [ipaddress.ip_network(entry) for entry in entries if "/" in entry]
    return host in entries or any(address in network for network in networks)


def _is_public(address: Address) -> bool:
    """Teredo addresses lead to machines behind them."""
    hidden = isinstance(address, ipaddress.IPv6Address) and address.teredo is not None
    return address.is_global and not address.is_multicast and not hidden
