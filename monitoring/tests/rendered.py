"""The templates of monitoring/ and nginx/ as the roles would render them, with the roles' own defaults."""

import json
import pathlib

import jinja2
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def rendered(template, **values):
    """A template's text; what is not said is the default of the role that installs it."""
    defaults = {"ansible_managed": "Ansible managed"}
    for role in ("prometheus", "alertmanager"):
        defaults |= yaml.safe_load((ROOT / "ansible/roles" / role / "defaults/main.yml").read_text())
    made = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
    made.filters["to_json"] = json.dumps
    return made.from_string((ROOT / template).read_text()).render(**defaults | values)
