#!/bin/sh
# Installs the build of ablate that this machine's processor can run, from the archives beside this script.
#
#   sh install.sh [--level v3|v4] [FOLDER]
#
# FOLDER is ~/.local unless one is named. For a cluster whose nodes differ, take what all of them can run: --level v3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
level=
if [ "${1:-}" = --level ]; then
  level=${2:?"--level is v3 or v4"}
  shift 2
fi
folder=${1:-$HOME/.local}

# Whether the processor has all of these.
has() {
  for flag in "$@"; do
    grep -m 1 '^flags' /proc/cpuinfo | grep -qw "$flag" || return 1
  done
}
if [ -z "$level" ]; then
  has avx avx2 bmi1 bmi2 f16c fma abm movbe || {
    echo "install.sh: this processor has no AVX2: no build is made for it; build from the sources" >&2
    exit 2
  }
  level=v3
  if has avx512f avx512bw avx512cd avx512dq avx512vl && ls "$here"/ablate-*-x86_64-v4.tar.gz > /dev/null 2>&1; then
    level=v4
  fi
fi

set -- "$here"/ablate-*-x86_64-"$level".tar.gz
archive=$1
[ $# = 1 ] && [ -f "$archive" ] || {
  echo "install.sh: there must be one ablate-VERSION-x86_64-$level.tar.gz in $here" >&2
  exit 2
}
name=$(basename "$archive")
if [ -f "$here/SHA256SUMS" ]; then
  (cd "$here" && grep -F " $name" SHA256SUMS | sha256sum --check --quiet -) || {
    echo "install.sh: $archive is not as it was made (SHA256SUMS): fetch it again" >&2
    exit 2
  }
fi

# Tried before it takes the place of another one.
mkdir -p "$folder"
trial=$(mktemp -d "$folder/.ablate.XXXXXX")
trap 'rm -rf "$trial"' EXIT
tar -xzf "$archive" -C "$trial" --strip-components=1
"$trial/bin/ablate" --version > "$trial/version" || {
  echo "install.sh: this build does not run here: nothing was installed" >&2
  exit 2
}
rm -rf "$folder/lib/ablate"
cp -Rf --remove-destination "$trial/bin" "$trial/lib" "$trial/share" "$folder/"
echo "$folder/bin/ablate $(cat "$trial/version"), x86-64-$level"
