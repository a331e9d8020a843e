# shellcheck shell=bash disable=SC2154 # report.sh, which is sourced first, sets the password
# Sourced on the machine under test: the unit that the rotation's timer starts gives new passwords, and a reload has the gateway take all over.
rotation() {
    local unit=whatsapp-rotate.service given=/opt/whatsapp/storages/rotated/basic-auth pid old=$good new
    # An earlier rotation's password is what this one replaces.
    [ ! -f $given ] || old=$(cut -d, -f1 $given)
    pid=$(systemctl show -P MainPID whatsapp)
    # The shipped command, but now and not in 90 days.
    mkdir -p /run/systemd/system/$unit.d
    {
        printf '[Service]\nExecStart=\n'
        sed -n '/^ExecStart=/,/[^\\]$/p' /etc/systemd/system/$unit | sed 's/rotate all --older-than 90d/rotate basic-auth/'
    } \
        >/run/systemd/system/$unit.d/now.conf
    systemctl daemon-reload
    check "the rotation's unit rotates" systemctl start $unit
    rm -r /run/systemd/system/$unit.d
    systemctl daemon-reload
    refuse "to new ones" test "$(cut -d, -f1 $given)" = "$old"
    check "and leaves its audit event" sh -c 'tail -n 20 /var/log/whatsapp/security.log | grep sensitive_update | grep -q basic-auth'
    check "the gateway can be reloaded" systemctl reload whatsapp
    new=$(cut -d, -f1 $given)
    for _ in $(seq 30); do
        [ "$(status 127.0.0.1 /app/devices -u "$new" --max-time 90)" = 200 ] && break
        sleep 1
    done
    equal "the new password is good" 200 "$(status 127.0.0.1 /app/devices -u "$new" --max-time 90)"
    equal "the old one still is" 200 "$(status 127.0.0.1 /app/devices -u "$old" --max-time 90)"
    equal "and no process was replaced" "$pid" "$(systemctl show -P MainPID whatsapp)"
}
