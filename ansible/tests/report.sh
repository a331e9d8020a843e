# shellcheck shell=bash disable=SC2034 # what is set here is used by the scripts that source this file
# Sourced by what runs on the machine under test: how a promise is checked and told, and the way through the edge.

domain=gateway.appliance.test
good=admin:appliance-test-password-1
ca=/etc/ssl/whatsapp/ca.pem

ok() { echo "ok $*"; }
bad() { echo "FAIL $*"; }
check() {
    local name=$1
    shift
    if "$@" >/tmp/check.out 2>&1; then ok "$name"; else bad "$name: $(tail -3 /tmp/check.out | tr '\n' ' ')"; fi
}
refuse() {
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then bad "$name"; else ok "$name"; fi
}
equal() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: expected '$2', found '$3'"; fi; }
figure() { echo "figure $1 $2"; }

# https ADDRESS PATH [CURL ARGUMENTS...]: through the edge, from a loopback address of its own so that limits do not mix.
https() {
    local from=$1 path=$2
    shift 2
    curl -sS --max-time 20 --interface "$from" --cacert $ca --resolve $domain:443:127.0.0.1 "$@" "https://$domain$path"
}
status() { https "$@" -o /dev/null -w '%{http_code}'; }
# rows TABLE: how many rows the gateway's database has there; asked beside the gateway, and without a change.
rows() {
    python3 -c 'import sqlite3, sys
print(sqlite3.connect("file:/opt/whatsapp/storages/whatsapp.db?mode=ro", uri=True).execute(f"SELECT count(*) FROM {sys.argv[1]}").fetchone()[0])' "$1"
}
