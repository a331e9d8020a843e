#!/bin/bash
# Runs on the converged machine as root: the playbook made a first backup and a first drill, and both do what they promise. Reports like
# inside.sh.
set -u
. "$(dirname "$0")/report.sh"

newest=$(find /mnt/backup -name 'whatsapp-*.gpg' | sort | tail -1)
check "the playbook ends with a first backup" test -s "$newest"
check "and with a first drill" sh -c 'ls /var/lib/whatsapp-backup/whatsapp_restore_drill_*.prom'
check "the backup has its SHA-256 beside it" sh -c "cd /mnt/backup && sha256sum --check --quiet '${newest##*/}.sha256'"
equal "nobody else can read it" "700 600 whatsapp" "$(stat -c %a /mnt/backup) $(stat -c '%a %U' "$newest")"
recipients=$(gpg --batch --list-packets "$newest" 2>/dev/null </dev/null | grep -c '^:pubkey enc packet')
equal "it is for the operator's key and the drill's" 2 "$recipients"
refuse "the machine itself has no key in clear" sh -c "grep -rl 'PGP PRIVATE KEY' /etc /opt/whatsapp /var/lib/whatsapp* /run /root /usr/local 2>/dev/null | grep -q ."
for unit in whatsapp-backup whatsapp-backup-drill; do
    check "$unit.timer runs, and will at boot" sh -c "systemctl is-active $unit.timer && systemctl is-enabled $unit.timer"
    check "$unit's exposure is 1.1 or less" systemd-analyze security --no-pager --threshold=11 $unit.service
    figure "exposure_$unit" "$(systemd-analyze security --no-pager $unit.service | sed -n 's/.*service: \([0-9.]*\) .*/\1/p' | tail -1)"
done
equal "nothing in clear is left of both" "id index" "$(cd /opt/whatsapp/storages/backup && echo *)"
systemctl start whatsapp-backup.service
check "the next backup is an increment" sh -c "ls '${newest%.tar.zst.gpg}'-0001-*.tar.zst.gpg"

systemctl start whatsapp-host-figures.service
figures=/var/lib/prometheus/node-exporter/whatsapp.prom
for metric in whatsapp_backup_last_success_timestamp_seconds whatsapp_restore_drill_last_success_timestamp_seconds; do
    check "$metric reaches the node exporter" sh -c "grep -E '^$metric.gateway=\"[0-9a-f]{8}\". [1-9][0-9]{9}' $figures"
done
for unit in whatsapp-backup whatsapp-backup-drill; do
    check "and that $unit has not failed" grep -qx "whatsapp_backup_run_failed{unit=\"$unit.service\"} 0" $figures
done

# A disk that is gone: no backup is written beside it, the failure is told, and the earlier backups are kept.
mv /mnt/backup /mnt/backup.gone
refuse "no backup is made where the disk is missing" timeout 60 systemctl start whatsapp-backup.service
refuse "nor is the directory made" test -e /mnt/backup
systemctl start whatsapp-host-figures.service
check "the failure is told" grep -qx 'whatsapp_backup_run_failed{unit="whatsapp-backup.service"} 1' $figures
mv /mnt/backup.gone /mnt/backup
check "the earlier backup is still there" test -s "$newest"

# A byte that changes is found by the drill.
cp -p "$newest" /root/kept
printf X | dd of="$newest" bs=1 seek=$(($(stat -c %s "$newest") / 2)) conv=notrunc status=none
refuse "the drill finds a byte that has changed" timeout 120 systemctl start whatsapp-backup-drill.service
cp -p /root/kept "$newest"
rm /root/kept
check "and holds again after the byte is mended" systemctl start whatsapp-backup-drill.service

systemctl stop whatsapp-backup.service 2>/dev/null
systemctl reset-failed whatsapp-backup.service
check "the next backup works" systemctl start whatsapp-backup.service
systemctl start whatsapp-host-figures.service
check "and the failure is over" grep -qx 'whatsapp_backup_run_failed{unit="whatsapp-backup.service"} 0' $figures
