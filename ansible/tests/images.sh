#!/bin/bash
# Builds what the appliance tests boot, once, outside the tree:
#   bootstrap/   Debian 13, nothing more
#   packages/    a package archive with everything packages.txt names (the test machines have no network)
#   bare/        bootstrap + sshd, sudo and one administrator: what a provider hands you
#   controller/  bootstrap + Ansible and the tools of the static checks
#   kernel/      Debian's cloud kernel and an initramfs for it (only when asked: images.sh kernel)
# A part whose recipe has not changed is left alone. Exits with 2 when the mirror does not answer, with 1 when it does and a recipe fails.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${APPLIANCE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/whatsapp-appliance}
suite=trixie

# failed LOG: the last of what a recipe said, then 2 if the mirror has gone away, else 1.
failed() {
    tail -5 "$1" >&2
    reach_mirror
    exit 1
}
say() { echo "images: $*" >&2; }

[ "$(id -u)" = 0 ] || {
    say "building and booting machine trees needs root"
    exit 2
}
mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9

# The mirror this machine itself uses; apt names it once it has fetched its lists.
mirror_here() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian/*$'; }
mirror=$(mirror_here) || {
    apt-get -qq update || true
    mirror=$(mirror_here) || true
}
: "${mirror:=http://deb.debian.org/debian}"

# reach_mirror: only a mirror that answers can show that a recipe is at fault.
reach_mirror() {
    rm -f "$cache/InRelease"
    /usr/lib/apt/apt-helper -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o APT::Sandbox::User=root download-file "$mirror/dists/$suite/InRelease" "$cache/InRelease" >/dev/null 2>&1 \
        || {
            say "$mirror does not answer"
            exit 2
        }
}

# fresh NAME RECIPE: true when NAME was made by exactly this recipe.
fresh() {
    if [ -d "$cache/$1" ] && [ "$(cat "$cache/.$1.recipe" 2>/dev/null)" = "$2" ]; then return 0; fi
    reach_mirror
    false
}
made() { printf '%s' "$2" >"$cache/.$1.recipe"; }

# inside TREE COMMAND...: runs in the tree with /proc and a stopped service manager.
inside() {
    local tree=$1 status=0
    shift
    mount -t proc proc "$tree/proc"
    printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
    chmod 755 "$tree/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf "$tree/etc/resolv.conf"
    chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@" </dev/null || status=$?
    umount "$tree/proc"
    rm -f "$tree/usr/sbin/policy-rc.d" "$tree/etc/resolv.conf"
    return $status
}

copy() { # copy NAME: a new tree from bootstrap, built aside and moved into place when whole
    rm -rf "$cache/$1.new"
    cp -a "$cache/bootstrap" "$cache/$1.new"
}
done_with() {
    rm -rf "${cache:?}/$1"
    mv "$cache/$1.new" "$cache/$1"
}

bootstrap() {
    local recipe="$suite 1"
    fresh bootstrap "$recipe" && return
    command -v debootstrap >/dev/null || {
        say "installing debootstrap"
        apt-get -qq install -y debootstrap >/dev/null
    }
    say "bootstrapping Debian $suite (about a minute)"
    rm -rf "$cache/bootstrap.new"
    debootstrap --variant=minbase \
        --include=systemd,systemd-sysv,dbus,python3,python3-apt,ca-certificates,iproute2,procps \
        "$suite" "$cache/bootstrap.new" "$mirror" >"$cache/bootstrap.log" 2>&1 \
        || failed "$cache/bootstrap.log"
    printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\nAcquire::Retries "3";\n' >"$cache/bootstrap.new/etc/apt/apt.conf.d/05tests"
    : >"$cache/bootstrap.new/etc/machine-id"
    done_with bootstrap
    made bootstrap "$recipe"
}

bare_packages="openssh-server sudo kmod udev systemd-timesyncd libpam-systemd"
controller_packages="ansible ansible-lint yamllint shellcheck openssh-client sshpass apparmor auditd curl dpkg-dev fail2ban jq
    nftables nginx openssl openssh-server python3-cryptography python3-yaml lynis testssl.sh systemd util-linux"

packages() {
    local list recipe
    list=$(sed 's/#.*//' "$here/packages.txt" | xargs)
    recipe="1 $bare_packages $list $(cat "$cache/.bootstrap.recipe")"
    fresh packages "$recipe" && return
    say "collecting the package archive"
    copy packages-tree
    local tree=$cache/packages-tree.new
    inside "$tree" apt-get -qq update >"$cache/packages.log" 2>&1 || failed "$cache/packages.log"
    # shellcheck disable=SC2086 # two lists of packages, each package an argument
    inside "$tree" apt-get -qq install -y --download-only $bare_packages $list >"$cache/packages.log" 2>&1 \
        || failed "$cache/packages.log"
    rm -rf "$cache/packages.new"
    mkdir "$cache/packages.new"
    cp "$tree"/var/cache/apt/archives/*.deb "$cache/packages.new/"
    rm -rf "$tree"
    mkdir -p "$cache/controller/srv/packages"
    mount --bind "$cache/packages.new" "$cache/controller/srv/packages"
    inside "$cache/controller" sh -c 'cd /srv/packages && dpkg-scanpackages -m . 2>/dev/null >Packages && xz -0k Packages' || {
        umount "$cache/controller/srv/packages"
        exit 1
    }
    umount "$cache/controller/srv/packages"
    done_with packages
    made packages "$recipe"
}

controller() {
    local recipe
    recipe="1 $controller_packages $(cat "$cache/.bootstrap.recipe")"
    fresh controller "$recipe" && return
    say "building the controller (Ansible and the static tools)"
    copy controller
    local tree=$cache/controller.new
    inside "$tree" apt-get -qq update >"$cache/controller.log" 2>&1 || failed "$cache/controller.log"
    # shellcheck disable=SC2086 # a list of packages, each an argument
    inside "$tree" apt-get -qq install -y $controller_packages >"$cache/controller.log" 2>&1 \
        || failed "$cache/controller.log"
    inside "$tree" apt-get clean
    done_with controller
    made controller "$recipe"
}

bare() {
    local recipe
    recipe="1 $bare_packages $(cat "$cache/.packages.recipe")"
    fresh bare "$recipe" && return
    say "building the bare machine"
    [ -f "$cache/key" ] || ssh-keygen -q -t ed25519 -N '' -C appliance-test -f "$cache/key"
    copy bare
    local tree=$cache/bare.new
    mkdir -p "$tree/srv/packages"
    rm -f "$tree"/etc/apt/sources.list "$tree"/etc/apt/sources.list.d/*
    echo 'deb [trusted=yes] file:/srv/packages ./' >"$tree/etc/apt/sources.list.d/tests.list"
    mount --bind "$cache/packages" "$tree/srv/packages"
    # shellcheck disable=SC2086 # a list of packages, each an argument
    { inside "$tree" apt-get -qq update && inside "$tree" apt-get -qq install -y $bare_packages; } >"$cache/bare.log" 2>&1 \
        || {
            umount "$tree/srv/packages"
            tail -5 "$cache/bare.log" >&2
            exit 1
        }
    umount "$tree/srv/packages"
    echo appliance >"$tree/etc/hostname"
    printf '127.0.0.1 localhost appliance\n::1 localhost\n' >"$tree/etc/hosts"
    chroot "$tree" useradd -m -s /bin/bash -G sudo ops
    echo 'ops ALL=(ALL) NOPASSWD: ALL' >"$tree/etc/sudoers.d/ops"
    chmod 440 "$tree/etc/sudoers.d/ops"
    install -d -m 700 -o 1000 -g 1000 "$tree/home/ops/.ssh"
    install -m 600 -o 1000 -g 1000 "$cache/key.pub" "$tree/home/ops/.ssh/authorized_keys"
    : >"$tree/etc/machine-id"
    done_with bare
    made bare "$recipe"
}

kernel() {
    local recipe
    recipe="1 $(cat "$cache/.bootstrap.recipe")"
    fresh kernel "$recipe" && return
    say "collecting the virtual machine's kernel"
    copy kernel-tree
    local tree=$cache/kernel-tree.new
    inside "$tree" apt-get -qq update >"$cache/kernel.log" 2>&1 || failed "$cache/kernel.log"
    inside "$tree" apt-get -qq install -y linux-image-cloud-amd64 initramfs-tools e2fsprogs >"$cache/kernel.log" 2>&1 \
        || failed "$cache/kernel.log"
    rm -rf "$cache/kernel.new"
    mkdir "$cache/kernel.new"
    cp "$tree"/boot/vmlinuz-* "$cache/kernel.new/vmlinuz"
    cp "$tree"/boot/initrd.img-* "$cache/kernel.new/initrd"
    cp -a "$tree/usr/lib/modules" "$cache/kernel.new/modules"
    rm -rf "$tree"
    done_with kernel
    made kernel "$recipe"
}

bootstrap
controller
packages
bare
[ "${1:-}" != kernel ] || kernel
