# shellcheck shell=bash disable=SC2154 # run sources this file after machine.sh, which sets the directories and processes
# Tier 2, sourced: the converged machine of tier 1 with a kernel of its own, under software emulation and without a network
# card. AppArmor enforces, auditd listens, the packet filters of the units exist, and all of it is true again after a reboot.
# The playbook is not run again in here: under emulation that alone would take half an hour.

# Under emulation everything takes ten times as long.
boot_limit=${APPLIANCE_BOOT_LIMIT:-1200}

virtual_image() {
    local tree=$results/virtual-tree jdk
    rm -rf "$tree" "$results/system.img"
    cp -a "$cache/converged" "$tree"
    cp -a "$cache/kernel/modules" "$tree/usr/lib/modules"
    printf '/dev/vda / ext4 defaults 0 1\n' >"$tree/etc/fstab"
    mkdir -p "$tree/tools"
    cp kernel.sh report.sh rotation.sh calm.sh line.sh line-hook.py "$tree/tools/"
    if ! jdk=$("$root/src/build/jdk") || ! "$jdk/bin/javac" -d "$tree/tools" Probe.java; then
        bad "the probe compiles"
        return 1
    fi
    if ! "$root/src/build/twin" --into "$tree/tools/twin" >"$results/twin.log" 2>&1; then
        bad "the twin is built"
        return 1
    fi
    # What only costs time here, and limits meant for a machine ten times as fast.
    local unit
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer man-db.timer \
        systemd-timesyncd.service e2scrub_reap.service getty@tty1.service serial-getty@ttyS0.service; do
        ln -sf /dev/null "$tree/etc/systemd/system/$unit"
    done
    # As on a machine of its own: rather no gateway than an unconfined one.
    for unit in whatsapp whatsapp@; do
        printf '[Unit]\nAssertSecurity=apparmor\n[Service]\nTimeoutStartSec=600\nWatchdogSec=300\n' >"$tree/etc/systemd/system/$unit.service.d/virtual.conf"
    done
    for unit in whatsapp-check whatsapp-check@; do
        mkdir -p "$tree/etc/systemd/system/$unit.service.d"
        printf '[Service]\nTimeoutStartSec=900\n' >"$tree/etc/systemd/system/$unit.service.d/virtual.conf"
    done
    printf '[Unit]\nDescription=The test of this machine\nAfter=multi-user.target\n[Service]\nType=oneshot\nTimeoutStartSec=infinity\n%s\n%s\n' \
        'ExecStart=/bin/bash -c "bash /tools/kernel.sh >/dev/ttyS0 2>&1"' 'ExecStopPost=/usr/bin/systemctl --no-block poweroff' \
        >"$tree/etc/systemd/system/appliance-test.service"
    mkdir -p "$tree/etc/systemd/system/graphical.target.wants"
    ln -sf ../appliance-test.service "$tree/etc/systemd/system/graphical.target.wants/appliance-test.service"
    truncate -s 4G "$results/system.img"
    mke2fs -q -t ext4 -d "$tree" "$results/system.img"
    rm -rf "$tree"
}

# start LOG: one boot until power off; the console goes to LOG.
start() {
    timeout "$boot_limit" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max,-cx16,-la57 -smp 2 -m 2048 \
        -kernel "$cache/kernel/vmlinuz" -initrd "$cache/kernel/initrd" \
        -append "root=/dev/vda rw console=ttyS0 quiet panic=-1 nokaslr mitigations=off apparmor=1 security=apparmor audit=1 audit_backlog_limit=8192" \
        -drive "file=$results/system.img,if=virtio,format=raw,cache=unsafe" \
        -nic none -display none -monitor none -serial "file:$1" -no-reboot </dev/null
}

virtual_checks() {
    [ -d "$cache/converged" ] || {
        bad "a converged machine to boot: run the container tier first"
        return
    }
    say "virtual machine: building its disk"
    virtual_image || return
    local boot
    for boot in first second; do
        say "virtual machine: $boot boot"
        start "$results/virtual-$boot.log"
        # A boot that hangs before the checks began is tried once more; never passed over.
        if ! grep -q '^begin' "$results/virtual-$boot.log"; then
            echo "  the boot hung; once more"
            start "$results/virtual-$boot.log"
        fi
        tr -d '\r' <"$results/virtual-$boot.log" | grep -E '^(ok|FAIL|figure|begin|end) ?' >"$results/virtual-$boot.txt"
        tell "$results/virtual-$boot.txt"
        check "the $boot boot's checks came to their end" grep -q '^end' "$results/virtual-$boot.txt"
    done
    rm -f "$results/system.img"
}
