"""Backups of the built program in a bucket of moto, read back by rclone and opened by gpg, zstd, tar and sqlite3."""

import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import time

import boto3
import botocore.exceptions

ROOT = pathlib.Path.cwd()
WORK = ROOT / "target/backup-targets/run"
LAUNCHER = ROOT / "whatsapp"
BUCKET = "backups"
PREFIX = "gateway/"
PATIENCE = 60
LARGE = 20_000_000
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDMOTO", "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20), "AWS_REGION": "us-east-1"}


def expect(what: str, seen: object, wanted: object) -> None:
    if seen != wanted:
        sys.exit(f"backup-targets: {what} is {seen!r} instead of {wanted!r}")
    print(f"backup-targets: {what}: {seen}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(what: str, condition) -> object:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = condition()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"backup-targets: {what} did not come within {PATIENCE} s")


def run(command: list, code: int = 0, **more) -> str:
    done = subprocess.run(
        command, check=False, cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
    )
    if done.returncode != code:
        sys.exit(f"backup-targets: {command} ended with {done.returncode}: {done.stdout}")
    return done.stdout


def gpg(*arguments: str) -> str:
    return run(
        ["gpg", "--homedir", str(WORK / "gnupg"), "--batch", "--quiet", "--pinentry-mode", "loopback", *arguments]
    )


def make_state(environment: dict) -> None:
    """Lets the gateway make its storage directory."""
    log = WORK / "server.log"
    with log.open("w") as out:
        more = {"APP_PORT": "0", "APP_METRICS_PORT": "0"}
        server = subprocess.Popen([LAUNCHER, "rest"], cwd=WORK, env=environment | more, stdout=out, stderr=out)
        try:
            until("the gateway", lambda: "Ready on " in log.read_text())
        finally:
            server.terminate()
            server.wait()


def grow() -> None:
    """Adds a file that needs an upload in parts."""
    media = WORK / "storages/media/default"
    media.mkdir(parents=True, exist_ok=True)
    (media / ("f" * 32 + ".mp4")).write_bytes(os.urandom(LARGE))


def main() -> None:
    began = time.monotonic()
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "gnupg").mkdir(parents=True, mode=0o700)
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with (WORK / "moto.log").open("w") as log:
        server = pathlib.Path(sys.executable).with_name("moto_server")
        moto = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    try:
        until("moto", lambda: socket.create_connection(("127.0.0.1", port), 5).close() is None)
        figures = check(endpoint)
    finally:
        moto.terminate()
        moto.wait()
        subprocess.run(["gpgconf", "--homedir", str(WORK / "gnupg"), "--kill", "all"], check=False)
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    figures |= {"commit": commit.stdout.strip() or "unknown", "seconds": round(time.monotonic() - began)}
    (ROOT / "target/backup-targets.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures))


def check(endpoint: str) -> dict:
    bucket = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    bucket.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    gpg("--passphrase", "", "--quick-generate-key", "ops", "future-default", "default", "never")
    (WORK / "ops.asc").write_text(gpg("--export", "--armor", "ops"))
    environment = {
        "PATH": os.environ["PATH"],
        **({"JAVA_HOME": os.environ["JAVA_HOME"]} if "JAVA_HOME" in os.environ else {}),
        **KEYS,
        "APP_BASIC_AUTH": "admin:" + secrets.token_hex(12),
        "WHATSAPP_BACKUP_COPIES": f"s3://{BUCKET}/{PREFIX}?endpoint={endpoint}&class=GLACIER_IR&lock-days=1",
        "WHATSAPP_BACKUP_RECIPIENTS": "ops.asc",
        "WHATSAPP_BACKUP_KEEP_LAST": "1",
        "WHATSAPP_BACKUP_KEEP_DAILY": "0",
        "WHATSAPP_BACKUP_KEEP_WEEKLY": "0",
        "WHATSAPP_BACKUP_KEEP_MONTHLY": "0",
    }
    make_state(environment)
    run([LAUNCHER, "backup"], env=environment)
    first = names(bucket)
    time.sleep(1.1)
    grow()
    run([LAUNCHER, "backup"], env=environment)
    second = names(bucket)
    expect("the number of files after two backups of which one is kept", len(second), 2)
    expect("files of the first backup that are left", [name for name in second if name in first], [])
    name = second[0]
    head = bucket.head_object(Bucket=BUCKET, Key=PREFIX + name)
    expect("the storage class", head.get("StorageClass"), "GLACIER_IR")
    expect("the encryption by the server", head.get("ServerSideEncryption"), "AES256")
    expect("the backup needed parts", head["ContentLength"] > LARGE, True)
    versions = bucket.list_object_versions(Bucket=BUCKET, Prefix=PREFIX)["Versions"]
    old = [version for version in versions if version["Key"] == PREFIX + first[0]]
    expect("versions of the removed first backup that are left", len(old), 1)
    locked = bucket.head_object(Bucket=BUCKET, Key=PREFIX + first[0], VersionId=old[0]["VersionId"])
    # moto keeps no lock of an object that came in parts.
    expect("the lock of an object in one part", locked.get("ObjectLockMode"), "COMPLIANCE")
    try:
        bucket.delete_object(Bucket=BUCKET, Key=PREFIX + first[0], VersionId=old[0]["VersionId"])
        removed = "yes"
    except botocore.exceptions.ClientError as refusal:
        removed = refusal.response["Error"]["Code"]
    expect("whether a locked version can be removed", removed, "AccessDenied")
    uploads = bucket.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
    expect("unfinished uploads", len(uploads), 0)
    run([LAUNCHER, "backup", "verify"], env=environment)
    opened(endpoint, name)
    return {
        "backups": 2,
        "bytes": head["ContentLength"],
        "storage_class": head["StorageClass"],
        "lock": locked["ObjectLockMode"],
    }


def names(bucket) -> list:
    listed = bucket.list_objects_v2(Bucket=BUCKET, Prefix=PREFIX).get("Contents", [])
    return sorted(item["Key"].removeprefix(PREFIX) for item in listed)


def opened(endpoint: str, name: str) -> None:
    """What foreign programs make of the copy."""
    there = WORK / "read"
    there.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "RCLONE_CONFIG": str(WORK / "rclone.conf"),
        "RCLONE_CONFIG_PLACE_TYPE": "s3",
        "RCLONE_CONFIG_PLACE_PROVIDER": "Other",
        "RCLONE_CONFIG_PLACE_ENDPOINT": endpoint,
        "RCLONE_CONFIG_PLACE_ACCESS_KEY_ID": KEYS["AWS_ACCESS_KEY_ID"],
        "RCLONE_CONFIG_PLACE_SECRET_ACCESS_KEY": KEYS["AWS_SECRET_ACCESS_KEY"],
    }
    run(["rclone", "copy", f"place:{BUCKET}/{PREFIX}", str(there)], env=environment)
    expect(
        "sha256sum",
        subprocess.run(
            ["sha256sum", "--check", name + ".sha256"], cwd=there, capture_output=True, text=True, check=True
        ).stdout,
        f"{name}: OK\n",
    )
    gpg("--output", str(there / "backup.tar.zst"), "--decrypt", str(there / name))
    run(["zstd", "-q", "-d", str(there / "backup.tar.zst")])
    run(["tar", "-xf", str(there / "backup.tar"), "-C", str(there)])
    expect("sqlite3", run(["sqlite3", str(there / "whatsapp.db"), "PRAGMA integrity_check"]).strip(), "ok")


if __name__ == "__main__":
    main()
