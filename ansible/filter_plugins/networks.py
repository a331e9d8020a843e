"""Filters on addresses and networks, with nothing but Python's own library on the controller."""

import ipaddress
import socket

# The widest networks that a denial of private ranges may be opened for.
WIDEST = {4: 8, 6: 32}
# Where a cloud's machines are told their credentials.
LINK_LOCAL = (ipaddress.ip_network("169.254.0.0/16"), ipaddress.ip_network("fe80::/10"))


def in_networks(address, networks):
    """Whether an address lies in one of the networks (CIDR or single addresses); an IPv4-mapped one counts as IPv4."""
    host = ipaddress.ip_address(str(address).split("%")[0])
    host = getattr(host, "ipv4_mapped", None) or host
    return any(host in ipaddress.ip_network(str(network), strict=False) for network in networks)


def outside(addresses, networks):
    """The addresses that lie in none of the networks."""
    return [address for address in addresses if not in_networks(address, networks)]


def not_public(addresses):
    """The addresses that a deny of private ranges would cut off: private, shared and link-local, but not loopback."""
    chosen = []
    for text in addresses:
        host = ipaddress.ip_address(str(text).split("%")[0])
        if not host.is_loopback and not host.is_global:
            chosen.append(str(host))
    return chosen


def not_allowable(networks):
    """What of a list no service may be allowed to connect to: no address or network, too wide, or link-local."""
    chosen = []
    for text in networks:
        try:
            network = ipaddress.ip_network(text if isinstance(text, str) else "", strict=False)
        except ValueError:
            chosen.append(text)
            continue
        if network.prefixlen < WIDEST[network.version] or any(
            network.version == forbidden.version and network.overlaps(forbidden) for forbidden in LINK_LOCAL
        ):
            chosen.append(text)
    return chosen


def addresses_of(name):
    """The addresses of a name as the controller sees it; none when it has none."""
    try:
        found = socket.getaddrinfo(str(name), None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({entry[4][0].split("%")[0] for entry in found})


class FilterModule:
    """Registers the filters."""

    def filters(self):
        return {
            "addresses_of": addresses_of,
            "in_networks": in_networks,
            "outside": outside,
            "not_public": not_public,
            "not_allowable": not_allowable,
        }
