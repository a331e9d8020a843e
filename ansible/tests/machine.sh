# shellcheck shell=bash
# Sourced by the test tiers: paths, the controller, one booted container at a time, and how a check reports.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${APPLIANCE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/whatsapp-appliance}
results=$root/target/appliance
# Figures for target/appliance.json, one "key value" a line.
figures=$results/figures
passed=0
failed=0
failures=

say() { echo "== $*"; }
ok() {
    passed=$((passed + 1))
    echo "  ok    $*"
}
bad() {
    failed=$((failed + 1))
    failures="$failures  FAIL  $*"$'\n'
    echo "  FAIL  $*"
}
figure() { echo "$1 $2" >>"$figures"; }

# check NAME COMMAND...: the command must succeed.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then ok "$name"; else
        bad "$name"
        printf '%s\n' "$output" | tail -8 | sed 's/^/        /'
    fi
}
# refuse NAME COMMAND...: the command must fail.
refuse() {
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then bad "$name"; else ok "$name"; fi
}

# controlled [NETWORK] COMMAND...: a command in the controller tree, with this checkout at /srv/appliance; with a network
# namespace (a file under /proc) it sees that machine's loopback as its own. Its ssh connections are this checkout's and that machine's:
# all machines have the same address.
controlled() {
    local namespace=$1
    shift
    unshare --mount --propagation private bash -c '
        set -e
        tree=$1 root=$2 scratch=$3 namespace=$4; shift 4
        mkdir -p "$tree/srv/appliance" "$tree/srv/scratch"
        mount --bind "$root" "$tree/srv/appliance"
        mount --bind "$scratch" "$tree/srv/scratch"
        mount -t proc proc "$tree/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$tree/dev/shm" 2>/dev/null || { mkdir -p "$tree/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$tree/dev/shm"; }
        enter=
        [ -z "$namespace" ] || enter="nsenter --net=$namespace"
        exec $enter chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
            ANSIBLE_SSH_CONTROL_PATH_DIR="/srv/scratch/ssh-${namespace//[!0-9]/}" ANSIBLE_NOCOLOR=1 ANSIBLE_CALLBACKS_ENABLED=ansible.posix.profile_tasks PYTHONDONTWRITEBYTECODE=1 "$@"' controlled "$cache/controller" "$root" "$results" "$namespace" "$@" </dev/null
}

# newest [NETWORK] COMMAND...: as controlled, by the newest Ansible of PyPI, which newest.sh has put beside Debian's.
newest() {
    local namespace=$1
    shift
    # shellcheck disable=SC2154 # run sets the folder
    controlled "$namespace" env PATH="$newest_programs:/usr/sbin:/usr/bin:/sbin:/bin" ANSIBLE_COLLECTIONS_PATH=/usr/lib/python3/dist-packages "$@"
}

# boot TREE: starts the tree as a container with its own network and waits until it is up; a boot that hangs is tried once more.
boot() {
    mkdir -p "$1/srv/packages"
    start_container "$1" && return
    echo "  the boot hung; once more"
    halt
    start_container "$1" || {
        echo "the container did not boot:"
        tail "$results/console.log"
        return 1
    }
}
start_container() {
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn -q -D "$1" --register=no --keep-unit --private-network \
        --bind-ro="$cache/packages:/srv/packages" --bind-ro="$here:/srv/tests" --hostname=appliance -b \
        </dev/null >"$results/console.log" 2>&1 &
    nspawn=$!
    leader=
    for _ in $(seq 240); do
        kill -0 "$nspawn" 2>/dev/null || return 1
        leader=$(pgrep -P "$nspawn" | head -1) || true
        [ -z "$leader" ] || ! guest systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' || return 0
        sleep 0.5
    done
    return 1
}
# guest COMMAND...: a command of root inside the running container.
guest() { nsenter -t "$leader" -a -- /usr/bin/env -i PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@" </dev/null; }

# operator_key: the OpenPGP key pair of whoever restores backups, on the controller. A run makes it anew.
operator_key() {
    local home
    home=$(mktemp -d)
    rm -f "$results"/operator*.asc
    gpg --homedir "$home" --batch --quiet --passphrase '' --quick-generate-key operator@appliance.test future-default default never \
        && gpg --homedir "$home" --batch --export --armor >"$results/operator.asc" \
        && gpg --homedir "$home" --batch --export-secret-keys --armor >"$results/operator-secret.asc"
    local outcome=$?
    gpgconf --homedir "$home" --kill all
    rm -rf "$home"
    return $outcome
}

# Several machines at once: aside NAME keeps the current one running under a name, and current NAME makes it the one that guest, play and halt
# mean. What is aside when a run ends is switched off too.
declare -A leaders nspawns
aside() {
    leaders[$1]=$leader
    nspawns[$1]=$nspawn
    leader=
    nspawn=
}
current() {
    leader=${leaders[$1]}
    nspawn=${nspawns[$1]}
}
halt_all() {
    local name
    halt
    for name in "${!nspawns[@]}"; do
        current "$name"
        ! kill -0 "$nspawn" 2>/dev/null || halt
    done
}

halt() {
    [ -n "${nspawn:-}" ] || return 0
    [ -z "${leader:-}" ] || guest systemctl --no-block poweroff || true
    for _ in $(seq 120); do
        kill -0 "$nspawn" 2>/dev/null || break
        sleep 0.5
    done
    kill "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
    leader=
    nspawn=
}

# play [ARGUMENTS...]: the playbook against the running container, by ssh as its administrator.
play() {
    controlled "/proc/$leader/ns/net" sh -c 'cd /srv/appliance/ansible && exec timeout 900 ansible-playbook -i /srv/scratch/inventory.yml "$@"' play "$@"
}
