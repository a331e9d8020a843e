#!/bin/bash
# Puts the newest Ansible of PyPI into the controller, beside Debian's, and prints the folder of its programs as the controller sees it.
# src/test/clients/python/requirements-ansible.txt holds each package to its digests. The host's pip fetches them, because the controller
# has no network. What is there already is left alone.
# Exit: 0 it is there, 1 the packages do not go in, 2 PyPI does not answer, or Python's venv is missing (with CI=true that is 1, too).
set -euo pipefail
. "$(dirname "$0")/machine.sh"

cannot() {
    echo "newest: $*" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 2
}
requirements=$root/src/test/clients/python/requirements-ansible.txt
place=/opt/newest/$(sha256sum "$requirements" | cut -c1-12)
exec 9>"$cache/.lock"
flock 9
if [ ! -e "$cache/controller$place/whole" ]; then
    fetched=$(mktemp -d)
    trap 'rm -rf "$fetched"' EXIT
    python3 -m venv "$fetched/venv" >"$fetched/log" 2>&1 || cannot "python3 cannot make a virtual environment: apt-get install python3-venv."
    version=$(controlled "" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$fetched/venv/bin/pip" download -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: --python-version "$version" \
        --dest "$fetched/wheels" -r "$requirements" >&2 || cannot "the packages of $requirements could not be fetched from PyPI."
    tree=$cache/controller
    rm -rf "${tree:?}$place"
    mkdir -p "$tree$place"
    # What nobody has used for a month is of an older list.
    find "$tree/opt/newest" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
    mv "$fetched/wheels" "$tree$place/"
    cp "$requirements" "$tree$place/"
    # A wheel is an archive that Python can start from.
    controlled "" sh -ec 'cd "$1"; python3 -m venv --without-pip .; set -- wheels/pip-*.whl
        bin/python "$1/pip" install -q --no-index --find-links wheels --require-hashes --root-user-action ignore -r requirements-ansible.txt
        rm -r wheels; touch whole' install "$place" >&2 || exit 1
fi
touch "$cache/controller$place"
echo "$place/bin"
