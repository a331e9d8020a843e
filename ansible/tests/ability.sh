# shellcheck shell=bash disable=SC2154 # run sources this file after machine.sh, which sets the directories and processes
# Sourced: the abilities that this machine needs before a tier can judge the appliance. A failure in here is the machine's, because
# nothing of the appliance is in use yet. A later failure is the appliance's.

# able WHAT COMMAND...: notes what this machine cannot do.
lacks=
able() {
    local what=$1
    shift
    "$@" >/dev/null 2>&1 || lacks="$lacks
  - $what"
}
# insist TIERS: fails when the machine lacks something, and names it. No tier is skipped.
insist() {
    [ -n "$lacks" ] || return 0
    printf 'NOT RUN: %s. This machine lacks:%s\nNothing was proven; this is a failure.\n' "$1" "$lacks" >&2
    exit 2
}
free_space() { [ "$(df --output=avail --block-size=1G "$1" | tail -1)" -ge "$2" ]; }

# A plain Debian must boot with systemd, and must be able to do what the tiers need.
bootable() {
    local tree=$results/probe
    say "can this machine boot a plain Debian?"
    rm -rf "$tree"
    cp -a "$cache/bare" "$tree"
    if boot "$tree"; then
        able "packages from packages.txt in a container" guest sh -c 'apt-get -qq update && apt-get -qq install -y iptables nftables'
        able "sandboxed units in a container" guest systemd-run --wait --quiet -p ProtectSystem=strict -p PrivateTmp=yes -p PrivateDevices=yes \
            -p PrivateUsers=yes -p ProtectProc=invisible -p NoExecPaths=/srv -p SystemCallFilter=@system-service -p User=ops true
        able "encrypted credentials in a container" guest sh -c 'echo x | systemd-creds encrypt --name=probe - - | systemd-creds decrypt --name=probe - -'
        able "iptables with conntrack, recent, limit and LOG" guest sh -c 'iptables -A INPUT -p tcp --dport 9 -m conntrack --ctstate NEW -m recent --set &&
            iptables -A INPUT -p tcp --dport 9 -m limit --limit 3/min -j LOG && iptables -A INPUT -m addrtype --dst-type LOCAL'
        able "ip6tables with hl" guest ip6tables -A INPUT -p icmpv6 -m hl --hl-eq 255 -j ACCEPT
        able "nftables with timed sets" guest nft 'add table inet probe; add set inet probe s { type ipv4_addr; flags timeout; }'
        able "network namespaces wired to a container" guest sh -c 'ip netns add probe && ip link add here type veth peer name there netns probe'
        able "IPv6 in a container" guest sh -c 'ip -6 addr show dev lo | grep -q ::1'
        able "ssh into a container" controlled "/proc/$leader/ns/net" ssh -i /srv/scratch/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
            -o BatchMode=yes ops@127.0.0.1 sudo -n true
    else
        able "containers that boot (systemd-nspawn: namespaces, mounts, a cgroup of its own)" false
    fi
    halt
    rm -rf "$tree"
}
