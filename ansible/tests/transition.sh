#!/bin/bash
# Runs on the machine as root after a change of its settings: whether each named thing is there, or is gone. Reports like inside.sh.
#   transition.sh there | gone ITEM...
# An item is a kind, a colon, and a name; an underscore in the name of a rule or of an issuer stands for a blank.
set -u
. "$(dirname "$0")/inside-network.sh"
want=$1
shift

# Each function says by its status whether the thing is there. A unit that is stopped but would start at boot is still there.
unit() { systemctl is-active --quiet "$1" || systemctl is-enabled --quiet "$1" 2>/dev/null || systemctl is-failed --quiet "$1"; }
file() { [ -e "$1" ] || [ -L "$1" ]; }
package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
rule() { {
    nft list ruleset
    ufw status verbose
} 2>/dev/null | grep -qF -- "${1//_/ }"; }
open() { reaches 192.0.2.1 "$1" || reaches 2001:db8::1 "$1"; }
served() { openssl s_client -connect 127.0.0.1:443 -servername $domain </dev/null 2>/dev/null | openssl x509 -noout -issuer | grep -qF "${1//_/ }"; }

there() {
    "${1%%:*}" "${1#*:}" >/dev/null 2>&1
}
# A package, a scrape and a restart take a moment.
settled() {
    for _ in $(seq 20); do
        if there "$1"; then [ "$want" = there ] && return; else [ "$want" = gone ] && return; fi
        sleep 1
    done
    return 1
}
[ ! -e /etc/default/whatsapp-host-figures ] || systemctl start whatsapp-host-figures.service
[[ " $* " != *" open:"* ]] || wire
for item in "$@"; do
    case ${item%%:*} in
        unit | file | package | rule | open | served) ;;
        *)
            bad "$item has a kind that transition.sh knows"
            continue
            ;;
    esac
    if settled "$item"; then ok "$want: $item"; else bad "$want: $item"; fi
done
[[ " $* " != *" open:"* ]] || unwire
