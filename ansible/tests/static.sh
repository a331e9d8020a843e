# shellcheck shell=bash disable=SC2154 # run sources this file after machine.sh, which sets the directories and processes
# Tier 0, sourced: everything that can be told without booting, with Debian 13's own tools from the controller tree.

# The cell of the evidence about the audit: keys that fire of all keys, and rules.
audit_counts() {
    local rules=$root/ansible/roles/auditd/templates/whatsapp.rules.j2 keys
    keys=$(grep -oE 'key=[a-z0-9_]+' "$rules" | sort -u | wc -l)
    echo "| audit keys that fire, rules | $keys of $keys, $(grep -cE '^-[aw]' "$rules") |"
}

static_checks() {
    say "static checks"
    check "ansible-lint, production profile, nothing skipped" controlled "" sh -c 'cd /srv/appliance/ansible && ansible-lint --offline --nocolor -q'
    refuse "no rule is silenced in place" grep -rnE '#\s*noqa|skip_ansible_lint' "$root/ansible" --include=*.yml
    check "yamllint" controlled "" sh -c 'cd /srv/appliance/ansible && yamllint --strict .'
    check "shellcheck" controlled "" sh -c 'cd /srv/appliance/ansible/tests && shellcheck --shell=bash *.sh run'
    check "argument specifications equal defaults" controlled "" python3 /srv/appliance/ansible/tests/compare-specifications
    check "what is wrong is refused by name, what is right is taken" controlled "" python3 /srv/appliance/ansible/tests/check-refusals
    check "which rules of the firewall are declared" controlled "" python3 /srv/appliance/ansible/tests/check-rules
    for tier in alternatives machine; do check "without a converged machine the $tier tier says so, by 2" unconverged $tier; done
    check "every collection that is used is named, and every verification has its tags" controlled "" python3 /srv/appliance/ansible/tests/check-collection
    check "the collection is built, and what is installed of it needs no checkout" controlled "" python3 /srv/appliance/ansible/tests/check-installed
    check "the newest ansible-lint of PyPI finds nothing either" newest "" sh -c 'cd /srv/appliance/ansible && ansible-lint --offline --nocolor -q'
    check "the newest ansible-core takes the collection, and antsibull-docs its documents" newest "" \
        python3 /srv/appliance/ansible/tests/check-installed documents
    check "the AppArmor profile parses" controlled "" apparmor_parser -QTK /srv/appliance/apparmor/whatsapp
    check "so does that of backups" controlled "" apparmor_parser -QTK /srv/appliance/apparmor/whatsapp-backup
    check "and that of sent logs" controlled "" apparmor_parser -QTK /srv/appliance/apparmor/whatsapp-logs
    for profile in whatsapp-check whatsapp-check-root; do
        check "and $profile, of the checks" controlled "" apparmor_parser -QTK /srv/appliance/apparmor/$profile
    done
    check "whatsapp-check@.service's exposure is 1.0 or less" exposed whatsapp-check@.service 10
    check "whatsapp-check.service's exposure is 2.5 or less" exposed whatsapp-check.service 25
    check "whatsapp-check-scan.service's exposure is 2.6 or less" exposed whatsapp-check-scan.service 26
    check "whatsapp-check-mail@.service's exposure is 1.6 or less" exposed whatsapp-check-mail@.service 16
    for unit in whatsapp-backup whatsapp-backup-drill; do check "$unit.service's exposure is 1.1 or less" exposed $unit.service 11; done
    check "whatsapp-logs.service's exposure is 1.2 or less" exposed whatsapp-logs.service 12
    check "whatsapp.service's exposure is 1.1 or less" exposed whatsapp.service 11
    check "whatsapp@.service's exposure is 1.1 or less" exposed whatsapp@.service 11
    check "whatsapp-silences.service's exposure is 1.1 or less" exposed whatsapp-silences.service 11
    check "whatsapp-guard-figures.service's exposure is 2.5 or less" exposed whatsapp-guard-figures.service 25
    check "bans follow the edge's ports and the instances, and are for a /64" controlled "" python3 /srv/appliance/ansible/tests/check-bans
    check "the templates hold for Debian 13 and for Ubuntu 24.04" controlled "" python3 /srv/appliance/ansible/tests/render-templates
    check "an instance is asked for what the client sent" controlled "" python3 /srv/appliance/ansible/tests/check-paths
    check "an instance brings its settings and its routes, and nothing else" controlled "" python3 /srv/appliance/ansible/tests/check-instances
    check "the evidence counts the audit rules and keys as the template has them" grep -qF "$(audit_counts)" \
        "$root/src/site/markdown/evidence/appliance.md"
    check "the table of variables is current" controlled "" python3 /srv/appliance/ansible/tests/check-variables
    check "fail2ban's filter sees the failures, and only them" bans_whom "192.0.2.7 2001:db8::/64 2001:db8::/64 192.0.2.11 192.0.2.12 2001:db8::8"
    check "the companion that answers questions" controlled "" python3 /srv/appliance/ansible/tests/check-companions
    check "the mail of the checklist's reports" controlled "" python3 /srv/appliance/ansible/tests/check-mails
    check "the results of testssl and Lynis" controlled "" python3 /srv/appliance/ansible/tests/check-scans
    check "the responder's functions" controlled "" python3 -c "
import sys; sys.path.insert(0, '/srv/appliance/ansible/roles/companion/files/responder')
import responder, hmac, hashlib
good = 'sha256=' + hmac.new(b'key', b'body', hashlib.sha256).hexdigest()
assert responder.signed(b'body', good, 'key') and not responder.signed(b'body2', good, 'key')
assert not responder.signed(b'body', None, 'key') and not responder.signed(b'body', 'sha256=\u00e9', 'key')
assert responder.answer_to({'payload': {'from': '1@s.whatsapp.net', 'body': 'Ping'}}) == ('1@s.whatsapp.net', 'pong')
assert responder.answer_to({'payload': {'from': '1@s.whatsapp.net', 'body': 'other'}}) is None
assert responder.answer_to({'payload': {'from': '1', 'body': 'ping', 'is_from_me': True}}) is None
assert responder.answer_to([]) is None
assert responder.wish_of(b'{\"to\":1,\"message\":\"m\",\"token\":\"t\"}') == ('1', 'm', 't')
for wrong in (b'', b'[]', b'{\"to\":1,\"message\":\"m\"}', b'[' * 200000, b'{\"to\":1,\"message\":\"m\",\"token\":\"\\\\ud800\"}'):
    assert responder.wish_of(wrong) is None, wrong[:60]"
}

# unconverged TIER: what run says and returns for the tier on a machine where the container tier has never run.
unconverged() {
    local empty outcome=0 said
    empty=$(mktemp -d)
    said=$(APPLIANCE_CACHE=$empty ./run "$1" 2>&1) || outcome=$?
    rm -rf "$empty"
    echo "$said" | head -3
    [ $outcome = 2 ] && grep -q "container $1" <<<"$said"
}

# exposed UNIT TENTHS: the score of the unit as it stands in the tree.
exposed() { controlled "" sh -c "mkdir -p /tmp/units && cp /srv/appliance/systemd/$1 /tmp/units/ && systemd-analyze security --no-pager --offline=true --threshold=$2 /tmp/units/$1"; }

# bans_whom ADDRESSES: whom the filter blames for the sample log, in a time zone that is not UTC.
bans_whom() {
    local blamed
    blamed=$(controlled "" env TZ=Asia/Tokyo fail2ban-regex --out ip /srv/appliance/ansible/tests/security.log.sample \
        /srv/appliance/ansible/roles/fail2ban/files/whatsapp.conf | xargs)
    echo "blamed: $blamed"
    [ "$blamed" = "$1" ]
}
