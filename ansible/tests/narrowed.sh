#!/bin/bash
# Runs on the machine as root after ssh_allow_from was narrowed to networks that the test's client is not in. Reports like inside.sh.
set -u
. "$(dirname "$0")/inside-network.sh"
wire
for address in 192.0.2.1 2001:db8::1; do
    check "443 is still open on $address" reaches $address 443
    refuse "ssh is shut for others on $address" reaches $address 2222
done
client ip addr add 198.51.100.2/24 dev wire
ip addr add 198.51.100.1/24 dev to-client
check "and open for the network that was named" client timeout 3 bash -c 'exec 3<>/dev/tcp/198.51.100.1/2222'
unwire
