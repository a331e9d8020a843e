"""All parts of the monitoring, on loopback: gateway, nginx, exporters, Prometheus, Alertmanager, mail and webhook."""

import base64
import http.server
import json
import os
import re
import shutil
import socket
import socketserver
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

from rendered import ROOT, rendered
from verdicts import hold

MONITORING = ROOT / "monitoring"
PASSWORD = "a-long-password-for-this-test"
TOKEN = "0123456789abcdef0123456789abcdef"
ADMIN = {"Authorization": f"Bearer {TOKEN}"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = {
    name: free_port()
    for name in (
        "gateway",
        "metrics",
        "admin",
        "adminmetrics",
        "instance",
        "edge",
        "status",
        "nginx",
        "mtail",
        "node",
        "prometheus",
        "alertmanager",
        "silences",
        "mail",
        "post",
    )
}


# What is told to the outside.

MAILS, POSTS = [], []


class MailServer(socketserver.StreamRequestHandler):
    """As much of SMTP as Alertmanager speaks."""

    def handle(self):
        self.say("220 test")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.say("354 go on")
                body = b""
                for piece in self.rfile:
                    if piece == b".\r\n":
                        break
                    body += piece
                MAILS.append((time.time(), body.decode(errors="replace")))
            self.say("221 bye" if word == b"QUIT" else "250 ok")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes Alertmanager's posts at /alerts; the gateway's webhooks at /hook, refusing those at /gone."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/alerts":
            POSTS.append((time.time(), json.loads(body)))
        self.send_response(500 if self.path == "/bad" else 200)
        self.end_headers()

    def log_message(self, *words):
        pass


# What runs.


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def run(stack, place, name, *command, **environment):
    log = open(place / f"{name}.log", "wb")  # noqa: SIM115  # stays open as long as the process that writes to it
    process = subprocess.Popen(
        [str(word) for word in command],
        stdout=log,
        stderr=log,
        cwd=place,
        env={"PATH": os.environ["PATH"] + ":/usr/sbin", "HOME": str(place), "GOGC": "50"} | environment,
    )

    def end():
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()

    stack.callback(end)
    return process


def start(stack, place):
    for server in (
        socketserver.ThreadingTCPServer(("127.0.0.1", PORT["mail"]), MailServer),
        http.server.ThreadingHTTPServer(("127.0.0.1", PORT["post"]), Receiver),
    ):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
    hook = f"http://127.0.0.1:{PORT['post']}"
    (place / "gateway").mkdir()
    run(
        stack,
        place / "gateway",
        "gateway",
        ROOT / "whatsapp",
        "rest",
        APP_PORT=str(PORT["gateway"]),
        APP_METRICS_PORT=str(PORT["metrics"]),
        APP_BASIC_AUTH=f"admin:{PASSWORD}",
        APP_RATE_LIMIT="off",
        WHATSAPP_WEBHOOK=f"{hook}/hook,{hook}/bad",
        WHATSAPP_WEBHOOK_SECRET="0" * 32,
        WHATSAPP_WEBHOOK_ALLOW_HTTP="true",
        WHATSAPP_WEBHOOK_ALLOW_CIDRS="127.0.0.0/8",
    )
    (place / "admin").mkdir()
    run(
        stack,
        place / "admin",
        "admin",
        ROOT / "whatsapp",
        "admin",
        ADMIN_TOKEN=TOKEN,
        ADMIN_PORT=str(PORT["admin"]),
        ADMIN_METRICS_PORT=str(PORT["adminmetrics"]),
    )
    edge(stack, place)
    run(
        stack,
        place,
        "mtail",
        "mtail",
        "--progs",
        MONITORING / "mtail",
        "--logs",
        place / "access.log",
        "--address",
        "127.0.0.1",
        "--port",
        PORT["mtail"],
        "--logtostderr",
        "--emit_prog_label=false",
    )
    host(place)
    arguments = yaml.safe_load((ROOT / "ansible/roles/prometheus/vars/main.yml").read_text())["prometheus_arguments"][
        "prometheus-node-exporter"
    ]["ARGS"]
    run(
        stack,
        place,
        "node",
        "prometheus-node-exporter",
        *arguments.replace("{{ prometheus_node_port }}", str(PORT["node"]))
        .replace("/var/lib/prometheus/node-exporter", str(place / "textfile"))
        .split(),
    )
    run(
        stack,
        place,
        "exporter",
        "prometheus-nginx-exporter",
        f"--web.listen-address=127.0.0.1:{PORT['nginx']}",
        f"--nginx.scrape-uri=http://127.0.0.1:{PORT['status']}/status",
    )
    shutil.copytree(MONITORING / "alertmanager/templates", place / "templates")
    for part in ("alertmanager", "silences"):
        alertmanager = rendered(
            "monitoring/alertmanager/alertmanager.yml.j2",
            alertmanager_part=part.replace("alertmanager", "alerts"),
            alertmanager_mail_to="operator@appliance.test",
            alertmanager_smtp_tls=False,
            alertmanager_smarthost=f"127.0.0.1:{PORT['mail']}",
            alertmanager_webhook_url=f"{hook}/alerts",
            alertmanager_dead_man_url=f"{hook}/alerts",
        )
        write(place / f"{part}.yml", alertmanager.replace("group_interval: 1m", "group_interval: 5s"))
        run(
            stack,
            place,
            part,
            "prometheus-alertmanager",
            "--config.file",
            place / f"{part}.yml",
            "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{PORT[part]}",
            "--storage.path",
            place / f"{part}-state",
        )
    prometheus = rendered(
        "monitoring/prometheus/prometheus.yml.j2",
        prometheus_port=PORT["prometheus"],
        prometheus_gateway_port=PORT["metrics"],
        prometheus_admin_port=PORT["adminmetrics"],
        prometheus_node_port=PORT["node"],
        prometheus_nginx_port=PORT["nginx"],
        prometheus_mtail_port=PORT["mtail"],
        prometheus_alertmanager_port=PORT["alertmanager"],
        prometheus_silences_port=PORT["silences"],
    )
    write(
        place / "prometheus.yml",
        prometheus.replace(": 15s", ": 1s")
        .replace("scrape_timeout: 5s", "scrape_timeout: 1s")
        .replace("refresh_interval: 30s", "refresh_interval: 1s"),
    )
    shutil.copytree(MONITORING / "prometheus/rules", place / "rules")
    write(place / "rules/thresholds.yml", rendered("monitoring/prometheus/thresholds.yml.j2"))
    write(
        place / "rules/expected.yml",
        rendered("monitoring/prometheus/expected.yml.j2", prometheus_admin_port=PORT["adminmetrics"]),
    )
    run(
        stack,
        place,
        "prometheus",
        "prometheus",
        "--config.file",
        place / "prometheus.yml",
        "--storage.tsdb.path",
        place / "series",
        f"--web.listen-address=127.0.0.1:{PORT['prometheus']}",
        "--web.console.templates",
        MONITORING / "consoles",
    )
    wait("the gateway answers", lambda: call("gateway", "/livez") == 200)
    wait("the Admin API answers", lambda: call("admin", "/healthz") == 200)
    wait("Prometheus answers", lambda: call("prometheus", "/-/ready") == 200)
    # An instance outlives the Admin API on purpose, so it is removed before that ends.
    made = f"/admin/instances/{PORT['instance']}"
    stack.callback(lambda: call("admin", made, headers=ADMIN, method="DELETE"))
    answer = call("admin", "/admin/instances", {"port": PORT["instance"]}, headers=ADMIN, seconds=60)
    hold("the Admin API makes an instance", answer == 201, str(answer))


def edge(stack, place):
    """nginx with the log of the real site: what mtail reads is what is written there."""
    site = (ROOT / "nginx/whatsapp.conf.j2").read_text()
    form = re.search(r"(?s)log_format whatsapp.*?;\n", site).group()
    status = rendered("nginx/whatsapp-status.conf.j2", prometheus_status_port=PORT["status"])
    scratch = "".join(
        f"{kind}_temp_path {place}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    write(
        place / "nginx.conf",
        f"daemon off;\nworker_processes 1;\npid {place}/nginx.pid;\nevents {{}}\n"
        f"http {{\n{scratch}{form}limit_req_zone x zone=x:1m rate=1r/m;\n"
        f"server {{\nlisten 127.0.0.1:{PORT['edge']};\naccess_log {place}/access.log whatsapp;\n"
        'location / { proxy_http_version 1.1; proxy_set_header Connection ""; '
        f"proxy_pass http://127.0.0.1:{PORT['gateway']}; }}\n"
        "location /403 { return 403; }\nlocation /429 { return 429; }\n}\n"
        f"{status}}}\n",
    )
    (place / "access.log").touch()
    run(stack, place, "nginx", "nginx", "-c", place / "nginx.conf", "-e", place / "nginx-error.log")


def backup_figures(kind):
    """What a backup or a drill writes of itself, and a line that is none of their figures."""
    facts = {"last_success_timestamp_seconds": int(time.time()), "duration_seconds": 2.5}
    facts |= {"size_bytes": 4096} if kind == "backup" else {}
    lines = [f'whatsapp_{kind}_{name}{{gateway="1b2c3d4e"}} {value}' for name, value in facts.items()]
    return "\n".join([*lines, 'whatsapp_unit_active{unit="forged.service"} 1', ""])


def check_figures():
    """What `whatsapp check` writes for Prometheus of one item that is met, and of one that a person attested."""
    end = int(time.time()) + 90 * 86400
    return (
        f'whatsapp_check_status{{id="A-NET-1"}} 0\nwhatsapp_check_last_run_timestamp_seconds {int(time.time())}\n'
        f'whatsapp_attestation_expiry_timestamp_seconds{{id="A-DOC-1"}} {end}\n'
        'whatsapp_attestation_period_seconds{id="A-DOC-1"} 15552000\n'
    )


def host(place):
    """A host's evidence, and the program that makes figures of it; twice, so that what comes in between is counted."""
    commands = {
        "systemctl": '[ "$1" != is-active ] || { for unit; do echo active; done | tail -n +2; exit; }; '
        "echo LoadState=loaded; echo ActiveState=active; echo NRestarts=0; echo Result=success",
        "nft": "echo policy drop, dport, skuid",
        "auditctl": 'echo "enabled 2"; echo "pid 77"; echo "lost 0"',
        "fail2ban-client": r"[ $# = 1 ] && printf 'Status\n`- Jail list:\tsshd, whatsapp\n' "
        r"|| printf 'Currently banned:\t1\nTotal banned:\t2\n'",
        "journalctl": 'echo "1700000000.000000 host first line"',
    }
    for name, text in commands.items():
        write(place / "commands" / name, f"#!/bin/sh\n{text}\n", 0o755)
    root = place / "host"
    for template in (ROOT / "ansible/roles/auditd/templates").glob("*.rules.j2"):
        write(root / "etc/audit/rules.d" / template.stem, template.read_text())
    write(root / "etc/apparmor.d/whatsapp", "")
    write(root / "run/systemd/timesync/synchronized", "")
    write(root / "sys/kernel/security/apparmor/profiles", "whatsapp (enforce)\n")
    log = write(root / "var/log/audit/audit.log", 'type=SYSCALL msg=audit(1:1): key="whatsapp_db"\n')
    write(root / "var/log/nginx/whatsapp_access.log", '{"time":"2026-11-01T00:00:00+00:00"}\n')
    write(root / "var/log/whatsapp/security.log", '{"seq":1,"ts":"2026-11-01T00:00:00Z"}\n')
    write(root / "var/log/whatsapp/3001/security.log", '{"seq":1,"ts":"2026-11-02T00:00:00Z"}\n')
    queue = '{ "name": "ship queue", "origin": "core.queue", "size": 0, "enqueued": 9, "maxqsize": 7 }'
    write(root / "var/lib/whatsapp-logs/figures", f"{int(time.time())} {queue}\n")
    for kind in ("backup", "restore_drill"):
        write(place / f"backups/whatsapp_{kind}_1b2c3d4e.prom", backup_figures(kind))
    write(place / "checks/reports/whatsapp_check.prom", check_figures())
    (place / "textfile").mkdir()
    (place / "state").mkdir()
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "90",
            "-subj",
            "/CN=test",
            "-keyout",
            place / "key.pem",
            "-out",
            place / "chain.pem",
        ],
        check=True,
        capture_output=True,
    )
    program = [
        MONITORING / "textfile/whatsapp-host-figures",
        "--root",
        root,
        "--state",
        place / "state",
        "--certificate",
        place / "chain.pem",
        "--backups",
        place / "backups",
        "--checks",
        place / "checks",
        "--units",
        "whatsapp.service nginx.service caddy.service fail2ban.service",
        "--output",
        place / "textfile/whatsapp.prom",
    ]
    guards = [
        *(MONITORING / "textfile/whatsapp-guard-figures", "--root", root, "--state", place / "state"),
        *("--output", place / "textfile/whatsapp_guard.prom"),
    ]
    environment = os.environ | {"PATH": f"{place}/commands:{os.environ['PATH']}"}
    subprocess.run(guards, check=True, env=environment)
    subprocess.run(program, check=True, env=environment)
    with open(log, "a") as more:
        more.write(
            'type=SYSCALL msg=audit(1:2): key="whatsapp_db"\n'
            'type=AVC msg=audit(1:3): apparmor="DENIED" operation="open" profile="whatsapp" name="/x"\n'
            'type=SYSCALL msg=audit(1:4): key="whatsapp_db"\n'
            'type=CONFIG_CHANGE msg=audit(1:5): key="whatsapp_db"\n'
            "type=SYSCALL half a line"
        )
    subprocess.run(program, check=True, env=environment)
    log.rename(log.with_name("audit.log.1"))
    write(log, 'type=SYSCALL msg=audit(1:6): key="whatsapp_config"\n')
    subprocess.run(program, check=True, env=environment)
    made = "".join((place / "textfile" / name).read_text() for name in ("whatsapp.prom", "whatsapp_guard.prom"))
    for line in (
        'whatsapp_auditd_events_total{key="whatsapp_db"} 2',
        'whatsapp_auditd_events_total{key="whatsapp_config"} 1',
        'whatsapp_auditd_events_total{key="whatsapp_exec"} 0',
        'whatsapp_apparmor_denials_total{profile="whatsapp"} 1',
        'whatsapp_fail2ban_bans_total{jail="sshd"} 2',
        'whatsapp_unit_active{unit="nginx.service"} 1',
        "whatsapp_auditd_enabled 2",
    ):
        hold(f"the host's figures say {line}", line in made.splitlines(), made)
    hold(
        "and how old the logs are, each instance's too",
        all(
            f'whatsapp_log_oldest_age_seconds{{log="{log}"}} ' in made
            for log in ("journal", "edge", "security", "security@3001")
        ),
        made,
    )


# What is asked.


def call(to, path, body=None, user=None, headers=(), method=None, seconds=10):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT[to]}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"} | dict(headers),
        method=method,
    )
    if user:
        request.add_header("Authorization", "Basic " + base64.b64encode(user.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def prometheus(path, **parameters):
    with urllib.request.urlopen(
        f"http://127.0.0.1:{PORT['prometheus']}{path}?{urllib.parse.urlencode(parameters, doseq=True)}", timeout=10
    ) as answer:
        return answer.read().decode()


def query(expression):
    return json.loads(prometheus("/api/v1/query", query=expression))["data"]["result"]


def wait(what, true, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        if true():
            return
        time.sleep(0.2)
    raise SystemExit(f"{what}: not within {seconds} s")
