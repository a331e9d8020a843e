#!/usr/bin/python
"""Installs several files in one call.

The stock modules take two calls a file, each a quarter of a second of Python's own start.
"""

import grp
import os
import pwd
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
---
module: file_set
short_description: Install several files and directories together
description:
  - Every new content is written aside and validated before the first file is replaced, each by one rename.
  - Content, owner, group and mode are compared, so a run that changes nothing reports nothing.
  - Check mode tells the truth.
options:
  files:
    description: In the order in which they are made.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: Where it is.
        type: path
        required: true
      content:
        description: What is in it. An entry without content is a directory.
        type: str
      owner:
        description: Whose it is.
        type: str
        default: root
      group:
        description: Its group.
        type: str
        default: root
      mode:
        description: Its permissions; 0644 for a file and 0755 for a directory when not said.
        type: raw
      validate:
        description: A command that must accept the content before it is used; C(%s) is the file to check.
        type: str
author:
  - WhatsApp Gateway
"""

EXAMPLES = r"""
- name: Confine nginx
  file_set:
    files:
      - path: /etc/systemd/system/nginx.service.d
      - path: /etc/systemd/system/nginx.service.d/hardening.conf
        content: "{{ lookup('ansible.builtin.file', '../systemd/nginx.service.d/hardening.conf', rstrip=false) }}"
"""

RETURN = r"""
paths:
  description: What was, or in check mode would be, changed.
  returned: always
  type: list
  elements: str
"""


def exists(owner, group):
    """Whether the machine has both accounts."""
    try:
        pwd.getpwnam(owner)
        grp.getgrnam(group)
    except KeyError:
        return False
    return True


def attributes(module, entry, path):
    """Owner, group and mode, as wanted, of a path; true when they were otherwise.

    An account that an earlier task would have made does not exist in check mode, so that the path would change.
    """
    if module.check_mode and not exists(entry["owner"], entry["group"]):
        return True
    mode = entry["mode"] or ("0755" if entry["content"] is None else "0644")
    wanted = module.load_file_common_arguments(
        {"owner": entry["owner"], "group": entry["group"], "mode": mode}, path=path
    )
    return module.set_fs_attributes_if_different(wanted, False)


def content_of(path):
    """What the file holds; None where there is no plain file."""
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def stage(module, entry, wanted):
    """The content in a file beside its place, validated and with its rights, ready to be renamed."""
    directory = os.path.dirname(entry["path"])
    if not os.path.isdir(directory):
        module.fail_json(msg="{} has no directory to be in".format(entry["path"]))
    handle, staged = tempfile.mkstemp(prefix=".ansible_tmp", dir=directory)
    module.add_cleanup_file(staged)
    with os.fdopen(handle, "wb") as file:
        file.write(wanted)
        file.flush()
        os.fsync(handle)
    if entry["validate"]:
        code, out, err = module.run_command(entry["validate"].replace("%s", staged))
        if code != 0:
            module.fail_json(msg="{} would not be valid: {}".format(entry["path"], (err or out).strip()))
    return staged


def main():
    module = AnsibleModule(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "path", "required": True},
                    "content": {"type": "str"},
                    "owner": {"type": "str", "default": "root"},
                    "group": {"type": "str", "default": "root"},
                    "mode": {"type": "raw"},
                    "validate": {"type": "str"},
                },
            }
        },
        supports_check_mode=True,
    )
    changed, diff, staged = [], [], {}
    for entry in module.params["files"]:
        path, text = entry["path"], entry["content"]
        if text is None:
            if not os.path.isdir(path):
                changed.append(path)
                diff.append({"before_header": path, "after_header": path, "before": "", "after": "a directory\n"})
                if not module.check_mode:
                    os.makedirs(path)
                    attributes(module, entry, path)
            elif attributes(module, entry, path):
                changed.append(path)
            continue
        wanted, found = text.encode(), content_of(path)
        if found != wanted:
            changed.append(path)
            diff.append(
                {
                    "before_header": path,
                    "after_header": path,
                    "before": (found or b"").decode(errors="replace"),
                    "after": text,
                }
            )
            if not module.check_mode:
                staged[path] = stage(module, entry, wanted)
                attributes(module, entry, staged[path])
        elif attributes(module, entry, path):
            changed.append(path)
    for path, ready in staged.items():
        os.rename(ready, path)
    module.exit_json(changed=bool(changed), paths=changed, **({"diff": diff} if module._diff else {}))


if __name__ == "__main__":
    main()
