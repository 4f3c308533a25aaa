"""Where a request comes from, as attempts are counted."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from fastapi import Request

_GIVEN: Final = 64  # bits of an IPv6 address that name a subscriber: all the others are his


def caller(request: Request) -> str:
    """The address, of IPv6 the network that one subscriber has; as it stands where it is none."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address.packed, _GIVEN), strict=False))
