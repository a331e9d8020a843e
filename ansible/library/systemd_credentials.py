#!/usr/bin/python
"""Keeps secrets as systemd credentials: encrypted for this host, readable by the services that load them."""

import os
import subprocess
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
---
module: systemd_credentials
short_description: Keep secrets as encrypted systemd credentials
description:
  - Encrypts each secret with the host's key (and its TPM, where there is one) into the credential store.
  - The plain text travels over standard input only, never in an argument or a file.
  - A stored secret is decrypted to compare, so a run that changes nothing reports nothing.
options:
  prefix:
    description: Put before the credential's name to make the file's name, for two services with a secret of one name.
    type: str
    required: true
  secrets:
    description: Credential names and their secrets. An empty or null secret removes the credential.
    type: dict
    required: true
  directory:
    description: The credential store.
    type: path
    default: /etc/credstore.encrypted
author:
  - WhatsApp Gateway
"""

EXAMPLES = r"""
- name: Store the API's passwords
  systemd_credentials:
    prefix: whatsapp.
    secrets:
      app-basic-auth: "{{ app_basic_auth }}"
  no_log: true
"""

RETURN = r"""
names:
  description: The credentials that were, or in check mode would be, written or removed.
  returned: always
  type: list
  elements: str
"""


def stored(module, name, path):
    """The secret in the file; None when there is none or when this host cannot decrypt it (a restored disk)."""
    if not os.path.exists(path):
        return None
    result = subprocess.run(["systemd-creds", "decrypt", "--name=" + name, path, "-"], capture_output=True, check=False)
    return result.stdout if result.returncode == 0 else None


def store(module, name, path, secret):
    result = subprocess.run(
        ["systemd-creds", "encrypt", "--with-key=auto", "--name=" + name, "-", "-"],
        input=secret,
        capture_output=True,
        check=False,
    )
    if result.returncode != 0:
        module.fail_json(
            msg="systemd-creds could not encrypt {}: {}".format(name, result.stderr.decode(errors="replace").strip())
        )
    handle, unfinished = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(handle, "wb") as blob:
        os.fchmod(handle, 0o600)
        blob.write(result.stdout)
        blob.flush()
        os.fsync(handle)
    os.rename(unfinished, path)


def main():
    module = AnsibleModule(
        argument_spec={
            "prefix": {"type": "str", "required": True},
            "secrets": {"type": "dict", "required": True, "no_log": True},
            "directory": {"type": "path", "default": "/etc/credstore.encrypted"},
        },
        supports_check_mode=True,
    )
    directory = module.params["directory"]
    changed = []
    if not module.check_mode:
        os.makedirs(directory, mode=0o700, exist_ok=True)
    if os.path.isdir(directory) and os.stat(directory).st_mode & 0o077:
        changed.append(directory)
        if not module.check_mode:
            os.chmod(directory, 0o700)
    for name, value in sorted(module.params["secrets"].items()):
        path = os.path.join(directory, module.params["prefix"] + name)
        wanted = str(value).encode() if value else None
        if wanted is None:
            if os.path.exists(path):
                changed.append(name)
                if not module.check_mode:
                    os.unlink(path)
        elif stored(module, name, path) != wanted:
            changed.append(name)
            if not module.check_mode:
                store(module, name, path, wanted)
    module.exit_json(changed=bool(changed), names=changed)


if __name__ == "__main__":
    main()
