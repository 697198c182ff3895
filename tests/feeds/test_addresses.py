"""Which addresses are fetched. The table of odd numbers follows what is known to have fooled others."""

from __future__ import annotations

import pytest

from dateline.reading.feeds.addresses import Refused, is_public, look_up, parse_address, public_numbers


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1",
        "192.0.2.1", "203.0.113.5",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "2001:0:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "not a number", "",
    ],
)  # fmt: skip
def test_numbers_that_only_this_machine_can_reach_are_refused(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_numbers_are_allowed(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://127.1/",
     "http://localhost/", "http://localhost./", "http://LOCALHOST:80/", "http://[::1]/", "http://[::ffff:7f00:1]/",
     "http://0/", "http://169.254.169.254/latest/meta-data/"],
)  # fmt: skip
def test_every_spelling_of_this_machine_is_refused(address: str) -> None:
    try:
        with pytest.raises(Refused):
            public_numbers(parse_address(address), lookup=look_up, allow_private=False)
    except OSError:
        pass  # this system knows no such spelling


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "javascript:alert(1)", "//a.example/",
     "a.example",     "http://", "http:///x", "http://user:secret@a.example/", "http://user@a.example/", "http://a.example:99999/",
     "http://a.example:x/", "http://a.ex\r\nHost: b/", "http://a.example/ b", "http://[::1", "http://" + "a" * 5000,
     "http://" + "ä" * 100 + ".example/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        parse_address(address)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("http://A.example", "http://a.example/"),
        ("https://a.example:443/x?y=1#z", "https://a.example/x?y=1"),
        ("http://a.example:8080/é?q=ü", "http://a.example:8080/%C3%A9?q=%C3%BC"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[2606:2800::1]/", "http://[2606:2800::1]/"),
        ("http://a.example/%7Eann/", "http://a.example/%7Eann/"),
    ],
)
def test_addresses_are_sent_in_ascii(address: str, sent: str) -> None:
    assert parse_address(address).address == sent


def test_a_name_is_public_only_by_its_public_numbers() -> None:
    target = parse_address("http://a.example/")
    lookup = lambda host, port: ["10.0.0.1", "93.184.216.34"]  # noqa: E731
    assert public_numbers(target, lookup=lookup, allow_private=False) == ["93.184.216.34"]
    assert len(public_numbers(target, lookup=lookup, allow_private=True)) == 2
