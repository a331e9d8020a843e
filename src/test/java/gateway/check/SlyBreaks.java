package gateway.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import gateway.check.Evidence.FileFacts;
import gateway.check.Evidence.Reply;

/** What is broken and looks sound at the first glance. */
final class SlyBreaks {
    private static final String ON = "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade ";
    private static final Path LABEL = Path.of("/proc/77/attr/current");

    private static final Path APPARMOR = Path.of("/sys/module/apparmor/parameters/enabled");

    private SlyBreaks() {}

    static List<Breaks> all() {
        return List.of(
                new Breaks(
                        "process-shows-no-secret",
                        "APP_BASIC_AUTH is in /proc/77/cmdline",
                        machine -> machine.texts.put(
                                Path.of("/proc/77/cmdline"), "java\0-jar\0rest\0--basic-auth\0admin:x\0")),
                new Breaks(
                        "process-shows-no-secret",
                        "APP_BASIC_AUTH is in /proc/77/cmdline",
                        machine -> machine.texts.put(
                                Path.of("/proc/77/cmdline"), "java\0-jar\0rest\0--basic-auth=admin:x\0")),
                new Breaks(
                        "secrets-rotated",
                        "from the future",
                        machine -> machine.metrics(SoundReplies.metrics("production", -2))),
                new Breaks(
                        "redirect-to-https",
                        "without leading to https",
                        machine -> machine.replies.put(
                                "80 /livez",
                                new Reply(
                                        308,
                                        Map.of("location", "https://" + PaperMachine.NAME + ".evil.example/"),
                                        ""))),
                new Breaks(
                        "dedicated-user",
                        "the group of root",
                        machine ->
                                machine.texts.put(Path.of("/etc/passwd"), "whatsapp:x:990:0::/:/usr/sbin/nologin\n")),
                new Breaks(
                        "confined", "(complain)", machine -> machine.texts.put(LABEL, ":site:whatsapp (complain)\n")),
                new Breaks("confined", "runs neither AppArmor nor SELinux", machine -> machine.texts.remove(APPARMOR)),
                new Breaks("confined", "its host has to confine", machine -> {
                    machine.texts.put(LABEL, "unconfined\n");
                    machine.texts.put(SoundHost.CONTAINER, "lxc\n");
                }),
                new Breaks("confined", "enforces nothing", machine -> {
                    machine.texts.put(LABEL, "system_u:system_r:whatsapp_t:s0\0");
                    machine.texts.put(Path.of("/sys/fs/selinux/enforce"), "0");
                }),
                new Breaks(
                        "updates-automated",
                        "Enable is off",
                        machine -> machine.unit("apt-config dump", ON + "\"1\";\nAPT::Periodic::Enable \"0\";\n")),
                new Breaks(
                        "updates-automated",
                        "Unattended-Upgrade is off",
                        machine -> machine.unit("apt-config dump", ON + "\"\";\n")),
                new Breaks(
                        "updates-automated",
                        "from the future",
                        machine -> machine.files.put(
                                Path.of("/var/lib/apt/periodic/unattended-upgrades-stamp"),
                                new FileFacts("file", "root", "root", 0644, 0, PaperMachine.NOW.plusSeconds(90)))),
                new Breaks(
                        "no-secrets-in-code",
                        "holds an address with a password",
                        machine -> machine.texts.put(
                                UpkeepChecks.WRITTEN.get(2), "DB_URI=postgres://gate:Zr4Tj9Wq6Bm1@db.example/gate\n")),
                new Breaks(
                        "no-secrets-in-code",
                        "holds AWS_SECRET_ACCESS_KEY",
                        machine -> machine.texts.put(
                                UpkeepChecks.WRITTEN.get(2), "AWS_SECRET_ACCESS_KEY=Zr4Tj9Wq6Bm1Xs8Lc3Vn7\n")),
                new Breaks(
                        "log-retention",
                        "journald has no limit",
                        machine -> machine.texts.put(
                                Path.of("/etc/systemd/journald.conf.d/whatsapp.conf"),
                                "[Journal]\nMaxRetentionSec=0\n")));
    }
}
