"""Starts schemathesis with the credential of the environment: no password stands among the arguments of a process."""

import os
import sys

from schemathesis.cli import schemathesis

sys.argv += ["--auth", "admin:" + os.environ.pop("SCHEMATHESIS_PASSWORD")]
schemathesis(prog_name="schemathesis")
