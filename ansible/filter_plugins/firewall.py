"""The filter of ufw's rules that nobody declared. It needs only Python's own library on the controller."""

import ipaddress
import re
import shlex

SSH = re.compile(r"limit (?:from (\S+) to any port (\d+) proto tcp|(\d+)/tcp)")
OPEN = re.compile(r"allow ([\d,]+)/tcp")


def network(text):
    """The network of a text, which may also be a single address."""
    return ipaddress.ip_network(str(text), strict=False)


def declared(rule, ssh_ports, ssh_from, open_ports):
    """Whether a rule is one that the firewall role makes."""
    login, ports = SSH.fullmatch(rule), OPEN.fullmatch(rule)
    if login:
        source, port, port_of_all = login.groups()
        from_declared = network(source) in map(network, ssh_from) if source else not ssh_from
        return from_declared and int(port or port_of_all) in map(int, ssh_ports)
    return bool(ports) and {int(port) for port in ports.group(1).split(",")} == set(map(int, open_ports))


def undeclared_rules(added, ssh_ports, ssh_from, open_ports, kept):
    """The arguments by which ufw deletes each rule that `ufw show added` prints and nobody declared."""
    deletions = []
    for line in added.splitlines():
        rule = re.sub(r" comment '.*'$", "", line.removeprefix("ufw "))
        if not line.startswith("ufw ") or rule in kept or declared(rule, ssh_ports, ssh_from, open_ports):
            continue
        words = shlex.split(rule)
        deletions.append(["route", "delete", *words[1:]] if words[0] == "route" else ["delete", *words])
    return deletions


class FilterModule:
    """Registers the filter."""

    def filters(self):
        return {"undeclared_rules": undeclared_rules}
