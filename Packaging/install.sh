#!/bin/sh
# Puts this archive's files below a folder (~/.local unless one is named), where the processor can run them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case $here in
  *-v4) needed="avx512f avx512bw avx512cd avx512dq avx512vl" ;;
  *) needed="avx2 bmi1 bmi2 fma f16c movbe" ;;
esac
for flag in $needed; do
  grep -qw "$flag" /proc/cpuinfo || {
    echo "this processor has no $flag: take the archive of the level below" >&2
    exit 1
  }
done
target=${1:-$HOME/.local}
mkdir -p "$target"
cp -R "$here/bin" "$here/lib" "$here/share" "$target/"
echo "$target/bin/ablate"
