#!/usr/bin/env bash
# Tries an archive in an empty Debian: no Swift, no library that is not part of it. Needs root and a mirror.
#
#   Packaging/try.sh ARCHIVE.tar.gz
set -euo pipefail
archive=$(realpath "$1")
root=$(mktemp -d /tmp/ablate-root.XXXXXX)
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT
debootstrap --variant=minbase bookworm "$root" > "$root.log" 2>&1 || { tail -3 "$root.log"; exit 1; }
rm -f "$root.log"
mount -t proc proc "$root/proc"
tar --extract --gzip --file "$archive" --directory "$root/opt"
name=$(basename "$archive" .tar.gz)
chroot "$root" /bin/sh -eux <<SH
/opt/$name/install.sh /usr/local
command -v swift && exit 1
cd /root
ablate --version
time ablate run /usr/local/share/ablate/sweeps/quickstart.yaml --quiet
ablate report quickstart
ls -l results/quickstart results/quickstart/figures
SH
