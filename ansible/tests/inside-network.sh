# shellcheck shell=bash
# Sourced by checks of the edge and the firewall: the security headers, and a client machine of its own.
. "$(dirname "${BASH_SOURCE[0]}")/report.sh"

names="strict-transport-security x-content-type-options x-frame-options content-security-policy referrer-policy
    cross-origin-opener-policy cross-origin-embedder-policy cross-origin-resource-policy permissions-policy cache-control
    x-permitted-cross-domain-policies x-dns-prefetch-control clear-site-data"
# judge STATUS HEADERS: a reply's headers have that status and each of the 13 exactly once, and name no software version.
judge() {
    local wanted=$1 seen=$2 name missing="" n
    for name in $names; do
        n=$(grep -ic "^$name:" <<<"$seen")
        [ "$n" = 1 ] || missing="$missing $name($n)"
    done
    grep -qiE '^(x-powered-by|x-xss-protection):|^server: .*[0-9]' <<<"$seen" && missing="$missing talkative"
    if [ "$(awk 'NR==1{print $2}' <<<"$seen")" = "$wanted" ] && [ -z "$missing" ]; then
        ok "13 security headers on $wanted"
    else bad "13 security headers on $wanted:$missing ($(head -1 <<<"$seen"))"; fi
}
# headers STATUS FROM PATH ARGUMENTS...: the same, of one request.
headers() {
    local wanted=$1 from=$2 path=$3
    shift 3
    judge "$wanted" "$(https "$from" "$path" -o /dev/null -D - "$@" | tr -d '\r')"
}
# burst FROM: sixty requests at once; the headers of the first that was refused.
burst() {
    curl -s --max-time 20 --interface "$1" --cacert $ca --resolve $domain:443:127.0.0.1 -D - -o /dev/null --parallel --parallel-immediate --parallel-max 60 \
        "https://$domain/livez?[1-60]" | tr -d '\r' | awk '/^HTTP/ { on = $2 == 429 && !done } /^$/ { if (on) done = 1; on = 0 } on'
}

# One client machine in a network namespace of its own, wired to this one; documentation addresses (RFC 5737, RFC 3849).
client() { ip netns exec client "$@"; }
wire() {
    ip netns add client
    ip link add to-client type veth peer name wire netns client
    ip addr add 192.0.2.1/24 dev to-client
    ip -6 addr add 2001:db8::1/64 dev to-client nodad
    ip link set to-client up
    client ip addr add 192.0.2.2/24 dev wire
    client ip -6 addr add 2001:db8::2/64 dev wire nodad
    client ip link set wire up
    client ip link set lo up
    sleep 1
}
unwire() {
    ip link del to-client
    ip netns del client
}
# visit EDGE PATH [CURL ARGUMENTS...]: a request of the client machine to the edge's address.
visit() {
    local edge=$1 path=$2
    shift 2
    client curl -sS --max-time 5 --cacert $ca --resolve "$domain:443:$edge" -o /dev/null "$@" "https://$domain$path"
}
# shut_out EDGE [CURL ARGUMENTS...]: the edge answers the client machine no more. fail2ban lists an address a moment before it is banned.
shut_out() {
    local edge=$1
    shift
    for _ in $(seq 5); do
        visit "$edge" /livez "$@" || return 0
        sleep 1
    done
    return 1
}
# guess EDGE PATH FROM...: fourteen failed logins by the client machine's addresses in turn.
guess() {
    local edge=$1 path=$2 i
    shift 2
    for i in $(seq 14); do
        visit "$edge" "$path" --interface "${@:1+i%$#:1}" -u "admin:guess-number-$i-000000" 2>/dev/null
        sleep 0.1
    done
}
# banned ADDRESS: waits at most 30 seconds until the jail of the gateway has it.
banned() {
    for _ in $(seq 30); do
        fail2ban-client get whatsapp banip | grep -q "$1" && return
        sleep 1
    done
    return 1
}
reaches() { client timeout 3 bash -c "exec 3<>/dev/tcp/$1/$2"; }

firewall() {
    python3 -m http.server --bind :: 8099 >/dev/null 2>&1 &
    stray=$!
    sleep 1
    for address in 192.0.2.1 2001:db8::1; do
        check "443 is open on $address" reaches $address 443
        check "80 is open on $address" reaches $address 80
        check "ssh is open on $address" reaches $address 2222
        refuse "8099, where something stray listens, is shut on $address" reaches $address 8099
        refuse "the gateway's port is shut on $address" reaches $address 3000
        refuse "the port ssh has left is shut on $address" reaches $address 22
    done
    kill $stray
    refused=0
    for _ in 1 2 3 4 5 6 7 8 9 10; do reaches 192.0.2.1 2222 2>/dev/null || refused=1; done
    equal "a burst of ssh connections is slowed" 1 $refused
    check "the rules come back at boot" sh -c 'systemctl is-enabled ufw || systemctl is-enabled nftables'
}
