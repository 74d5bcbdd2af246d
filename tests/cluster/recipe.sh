#!/usr/bin/env bash
# Does what Apptainer does with tools/cluster/hbmsim.def, without Apptainer: the sections of both stages run in plain
# Debian 12 trees.
#
#   recipe.sh FOLDER        needs root, debootstrap, the network's Debian mirror and some 3 GB;
#                           FOLDER keeps the trees for another look
#
# What stays untested is Apptainer itself: that it gets its base from Docker's library, and how it hands over to MPI.
set -eu
cd "$(dirname "$0")/../.."
recipe=tools/cluster/hbmsim.def
work=$(mkdir -p "$1" && cd "$1" && pwd)
[[ $(id -u) -eq 0 ]] || { echo "recipe.sh: needs root"; exit 77; }
command -v debootstrap >/dev/null || { echo "recipe.sh: no debootstrap"; exit 77; }

# The lines of a section of a stage.
section() { # section STAGE NAME
    awk -v stage="$1" -v name="%$2" '
        /^Bootstrap:/ { here = ""; inside = 0 }
        /^Stage:/ { here = $2 }
        /^%/ { inside = (here == stage && $1 == name); next }
        inside' $recipe
}

in_tree() { # in_tree TREE: the script on standard input, in the tree
    # shellcheck disable=SC2016  # expanded in the tree
    chroot "$1" /bin/sh -ec \
        'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C; eval "$(cat)"'
}

mounted=()
unmount_all() {
    for place in "${mounted[@]}"; do
        umount "$place" || true
    done
}
trap unmount_all EXIT

plant() { # plant TREE: a fresh copy of the base
    [[ -d $work/base/etc ]] ||
        debootstrap --variant=minbase bookworm "$work/base" http://deb.debian.org/debian >"$work/debootstrap.log"
    rm -rf --one-file-system "${1:?}"
    cp -a "$work/base" "$1"
    cp -L /etc/resolv.conf "$1/etc/resolv.conf"
    cp -r /etc/apt/apt.conf.d "$1/etc/apt/" # proxies, if any
    mount -t proc none "$1/proc" && mounted+=("$1/proc")
    mount --bind /dev "$1/dev" && mounted+=("$1/dev")
}

plant "$work/build"
section build setup | APPTAINER_ROOTFS=$work/build sh -ex
section build post | in_tree "$work/build"

plant "$work/final"
while read -r from to; do
    [[ -n $from ]] && mkdir -p "$work/final${to%/*}" && cp -a "$work/build$from" "$work/final$to"
done < <(section final files)
section final post | in_tree "$work/final"
{ section final environment; section final test; } | in_tree "$work/final"
du -sh --one-file-system "$work/final" 2>/dev/null
echo "1 passed, 0 failed"
