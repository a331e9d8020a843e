package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The files, units and sockets of a sound machine. */
final class SoundHost {
    static final Path CONTAINER = Path.of("/run/systemd/container");

    private SoundHost() {}

    static void put(PaperMachine machine) {
        files(machine);
        system(machine);
    }

    private static void files(PaperMachine machine) {
        machine.file(PaperMachine.STORAGE, "directory", 0700);
        machine.file(PaperMachine.STORAGE.resolve("whatsapp.db"), "file", 0600);
        machine.file(PaperMachine.STORAGE.resolve("whatsapp.db-wal"), "file", 0600);
        machine.file(PaperMachine.STORAGE.resolve("secrets"), "directory", 0700);
        machine.file(PaperMachine.LOG, "file", 0640);
        machine.files.put(
                Path.of("/opt/whatsapp/lib"),
                new Evidence.FileFacts("directory", "root", "root", 0755, 0, PaperMachine.NOW));
        machine.file(PaperMachine.BACKUP, "directory", 0700);
        machine.file(PaperMachine.NEWEST, "file", 0600);
        machine.file(PaperMachine.BACKUP.resolve("notes.txt"), "file", 0600);
        var head = new byte[65_536];
        new java.util.Random(7).nextBytes(head);
        head[0] = (byte) 0xC1;
        machine.heads.put(PaperMachine.NEWEST, head);
        machine.texts.put(
                PaperMachine.BACKUP.resolve(PaperMachine.NEWEST.getFileName() + ".sha256"),
                PaperMachine.SUM + "  " + PaperMachine.NEWEST.getFileName() + "\n");
        machine.file(PaperMachine.DRILL, "file", 0644);
        machine.drill(PaperMachine.NOW.minus(Duration.ofDays(3)));
        machine.tables.put("SELECT count(*) FROM account_user", List.of(List.of("1")));
        machine.tables.put("SELECT count(*) FROM account_token", List.of(List.of("2")));
        machine.tables.put("SELECT url FROM webhook_endpoint", List.of(List.of("https://other.example.com/hook")));
        machine.tables.put("SELECT count(*) FROM webhook_endpoint", List.of(List.of("1")));
        machine.tables.put("SELECT count(*) FROM device", List.of(List.of("1")));
        machine.tables.put("PRAGMA journal_mode", List.of(List.of("wal")));
    }

    private static void system(PaperMachine machine) {
        machine.unit(
                PaperMachine.UNIT,
                "LoadState=loaded\nActiveState=active\nNRestarts=0\nMainPID=77\nUser=whatsapp\nMemoryMax=536870912\n"
                        + "TasksMax=2048\nLimitNOFILE=10000\nKillSignal=15\nTimeoutStopUSec=30s\n");
        machine.unit("systemctl show whatsapp-certificate.timer", "LoadState=not-found\n");
        machine.unit(PaperMachine.TIMER, "LoadState=loaded\nActiveState=active\n");
        machine.unit(PaperMachine.TIMED, "LoadState=loaded\nResult=success\n");
        machine.unit(PaperMachine.UPDATES, "LoadState=loaded\nActiveState=active\n");
        machine.unit("systemctl list-units", "");
        machine.unit(
                "apt-config dump",
                "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n");
        machine.texts.put(Path.of("/proc/77/environ"), "LANG=C\0APP_PROFILE=production\0");
        machine.texts.put(Path.of("/proc/77/cmdline"), "java\0-jar\0rest\0");
        machine.texts.put(Path.of("/sys/module/apparmor/parameters/enabled"), "Y\n");
        machine.texts.put(Path.of("/proc/77/attr/current"), "whatsapp (enforce)\n");
        machine.texts.put(
                Path.of("/etc/passwd"), "root:x:0:0::/root:/bin/bash\nwhatsapp:x:990:990::/:/usr/sbin/nologin\n");
        machine.texts.put(Path.of("/etc/group"), "root:x:0:\nwhatsapp:x:990:\n");
        machine.texts.put(Path.of("/etc/ssh/sshd_config"), "Port 2222\n");
        machine.texts.put(
                Edge.NGINX,
                "  server_name _;\n  listen 80 default_server;\n listen 443 ssl default_server;\n  server_name "
                        + PaperMachine.NAME + ";\n");
        machine.sockets("0100007F:0BB8", "00000000:01BB", "00000000:0050", "00000000:08AE");
        machine.texts.put(
                Path.of("/etc/logrotate.d/whatsapp"),
                PaperMachine.LOG + " {\n    weekly\n    maxage 90\n    rotate 14\n}\n");
        machine.file(Path.of("/etc/systemd/journald.conf.d/whatsapp.conf"), "file", 0644);
        machine.texts.put(Path.of("/etc/systemd/journald.conf.d/whatsapp.conf"), "[Journal]\nSystemMaxUse=1G\n");
    }
}
