# Tier 2, sourced: the same machine with a kernel of its own, under software emulation and without a network card. AppArmor
# enforces, auditd listens, the packet filters of the units exist, and all of it must be true again after a reboot.
# The playbook runs inside the machine, from the controller's Ansible on a second disk: there is no network to come by.

# Under emulation everything takes ten times as long.
boot_limit=${APPLIANCE_BOOT_LIMIT:-2400}

virtual_image() {
    local tree=$results/virtual-tree
    rm -rf "$tree" "$results/system.img" "$results/tools.img"
    cp -a "$cache/bare" "$tree"
    cp -a "$cache/kernel/modules" "$tree/usr/lib/modules"
    printf '/dev/vda / ext4 defaults 0 1\n' >"$tree/etc/fstab"
    mkdir -p "$tree/tools" "$tree/srv/packages"
    # What only costs time here.
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer man-db.timer \
        systemd-timesyncd.service e2scrub_reap.service getty@tty1.service; do
        ln -sf /dev/null "$tree/etc/systemd/system/$unit"
    done
    cat >"$tree/etc/systemd/system/appliance-test.service" <<'UNIT'
[Unit]
Description=The test of this machine
After=multi-user.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0
ExecStart=/bin/bash -c 'mount -o ro /dev/vdb /tools && bash /tools/srv/appliance/ansible/tests/kernel.sh'
ExecStopPost=/usr/bin/systemctl --no-block poweroff
[Install]
WantedBy=graphical.target
UNIT
    mkdir -p "$tree/etc/systemd/system/graphical.target.wants"
    ln -sf ../appliance-test.service "$tree/etc/systemd/system/graphical.target.wants/appliance-test.service"
    truncate -s 6G "$results/system.img"
    mke2fs -q -t ext4 -d "$tree" "$results/system.img"
    rm -rf "$tree"

    # The controller with this checkout, the package under test and the archive.
    local tools=$results/virtual-tools
    rm -rf "$tools"; cp -a "$cache/controller" "$tools"
    rm -rf "$tools/usr/share/doc" "$tools/usr/share/locale" "$tools/var/cache/apt" "$tools/var/lib/apt/lists"
    mkdir -p "$tools/srv/appliance" "$tools/srv/scratch" "$tools/srv/packages"
    cp -a "$root/ansible" "$root/systemd" "$root/apparmor" "$root/nginx" "$tools/srv/appliance/"
    cp "$results/whatsapp.deb" "$results/inventory.yml" "$tools/srv/scratch/"
    cp -a "$cache/packages/." "$tools/srv/packages/"
    mke2fs -q -t ext4 -d "$tools" "$results/tools.img" 4G
    rm -rf "$tools"
}

# start LOG: one boot until power off; the console goes to LOG.
start() {
    timeout "$boot_limit" qemu-system-x86_64 -machine q35,accel=tcg,thread=multi -cpu max,-cx16,-la57 -smp 2 -m 3072 \
        -kernel "$cache/kernel/vmlinuz" -initrd "$cache/kernel/initrd" \
        -append "root=/dev/vda rw console=ttyS0 quiet panic=-1 nokaslr mitigations=off apparmor=1 security=apparmor audit=1 audit_backlog_limit=8192" \
        -drive "file=$results/system.img,if=virtio,format=raw,cache=unsafe" -drive "file=$results/tools.img,if=virtio,format=raw,readonly=on" \
        -nic none -display none -monitor none -serial "file:$1" -no-reboot </dev/null
}

virtual_checks() {
    say "virtual machine: building its disk"
    virtual_image
    local started=$SECONDS boot
    for boot in first second; do
        say "virtual machine: $boot boot"
        start "$results/virtual-$boot.log"
        # A boot that hangs before our test began is tried once more; never passed over.
        if ! grep -q '^begin' "$results/virtual-$boot.log"; then echo "  the boot hung; once more"; start "$results/virtual-$boot.log"; fi
        tr -d '\r' <"$results/virtual-$boot.log" | grep -E '^(ok|FAIL|figure|begin|end) ?' >"$results/virtual-$boot.txt"
        tell "$results/virtual-$boot.txt"
        check "the $boot boot's checks came to their end" grep -q '^end' "$results/virtual-$boot.txt"
    done
    figure vm_s $((SECONDS - started))
    rm -f "$results/system.img" "$results/tools.img"
}
