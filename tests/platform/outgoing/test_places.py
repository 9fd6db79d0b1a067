"""Where Assay may call: whoever may name an address must not reach what only this machine can reach."""

import socket

import pytest

from outgoing.entries import is_entry
from outgoing.places import NotAllowed, checked

NAMES = {
    "model.example": ["93.184.215.14"],
    "inside.example": ["10.1.2.3"],
    "both.example": ["93.184.215.14", "127.0.0.1"],
    "clothes.example": ["::ffff:10.1.2.3"],
    "nat64.example": ["64:ff9b::a01:203"],
    "sixtofour.example": ["2002:0a01:0203::1"],
    "teredo.example": ["2001:0:53aa:64c::1"],
}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """The name service is outside of our process. What is no name of these is an address."""

    def look_up(host, port, **_):
        addresses = NAMES.get(host)
        if addresses is None and not host.replace(".", "").replace(":", "").isalnum():
            raise OSError
        return [(0, 0, 0, "", (address, port)) for address in addresses or [host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    "url",
    [
        "https://inside.example/",
        "https://both.example/",
        "https://clothes.example/",
        "https://nat64.example/",
        "https://sixtofour.example/",
        "https://teredo.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "http://model.example/",
        "ftp://model.example/",
        "file:///etc/passwd",
        "https://user:word@model.example/",
        "https://model.example:99999/",
        "https://model.example/#part",
        "https://model.example/a\r\nHost: x",
        "https:///nowhere",
        "model.example",
        "",
    ],
)
def test_public_leads_to_nothing_private_and_to_nothing_strange(settings, url):
    settings.OUTGOING = ("public",)
    with pytest.raises(NotAllowed):
        checked(url)


def test_what_is_public_is_called_at_the_address_that_was_checked(settings):
    settings.OUTGOING = ("public",)
    place = checked("https://model.example/v1?a=b")
    assert (place.address, place.port, place.path) == ("93.184.215.14", 443, "/v1?a=b")


def test_without_a_list_nothing_is_called(settings):
    settings.OUTGOING = ()
    with pytest.raises(NotAllowed, match="ASSAY_OUTGOING"):
        checked("https://model.example/")


@pytest.mark.parametrize("entries", [("inside.example",), ("10.1.0.0/16",), ("public", "10.1.2.3")])
def test_what_the_administrator_names_may_be_private_and_plain(settings, entries):
    settings.OUTGOING = entries
    host = "10.1.2.3" if "10.1.2.3" in entries else "inside.example"
    assert checked(f"http://{host}:8080/").address == "10.1.2.3"


@pytest.mark.parametrize("url", ["https://model.example/", "https://both.example/"])
def test_a_list_without_public_allows_only_what_it_names(settings, url):
    settings.OUTGOING = ("10.0.0.0/8", "other.example", "127.0.0.0/8")
    with pytest.raises(NotAllowed):
        checked(url)


def test_entries_of_the_list_are_hosts_networks_and_public():
    good = ["public", "model.example", "10.0.0.0/8", "fd00::/8", "127.0.0.1"]
    bad = ["", "http://x", "10.0.0.0/40", "a b", "10.0.0.1/8"]
    assert all(map(is_entry, good))
    assert not any(map(is_entry, bad))
