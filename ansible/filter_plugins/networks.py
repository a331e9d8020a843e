"""Filters on addresses and networks, with nothing but Python's own library on the controller."""

import ipaddress


def in_networks(address, networks):
    """Whether an address lies in one of the networks (CIDR or single addresses); an IPv4-mapped one counts as IPv4."""
    host = ipaddress.ip_address(str(address).split("%")[0])
    host = getattr(host, "ipv4_mapped", None) or host
    return any(host in ipaddress.ip_network(str(network), strict=False) for network in networks)


def not_public(addresses):
    """The addresses that a deny of private ranges would cut off: private, shared and link-local, but not loopback."""
    chosen = []
    for text in addresses:
        host = ipaddress.ip_address(str(text).split("%")[0])
        if not host.is_loopback and not host.is_global:
            chosen.append(str(host))
    return chosen


class FilterModule:
    """Registers the filters."""

    def filters(self):
        return {"in_networks": in_networks, "not_public": not_public}
