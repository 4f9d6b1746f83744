#!/usr/bin/env bash
# Tries what `make dist` made in an empty Debian: no Swift, no library but those of the C compiler's runtime. Needs root
# and debootstrap, and Debian's mirror as apt has it; skipped aloud where one is missing.
#
#   Packaging/check.sh
set -uo pipefail
cd "$(dirname "$0")/.."
dist=$PWD/.build/dist

skip() {
  echo "SKIPPED: check-dist: $1"
  exit 0
}
[ "$(id -u)" = 0 ] || skip "an empty root is entered by root alone"
command -v debootstrap > /dev/null || skip "there is no debootstrap"
ls "$dist"/ablate-*-x86_64-v3.tar.gz > /dev/null || { echo "there is no archive: make dist"; exit 1; }
read -r mirror suite <<< "$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 2> /dev/null | head -1)"
[ -n "${suite:-}" ] || skip "apt has no mirror"

root=$(mktemp -d /tmp/ablate-root.XXXXXX)
trap 'umount "$root/proc" 2> /dev/null; rm -rf "$root" "$root.log"' EXIT
debootstrap --variant=minbase "${suite%%[-/]*}" "$root" "$mirror" > "$root.log" 2>&1 \
  || { tail -3 "$root.log"; skip "debootstrap failed"; }
mount -t proc proc "$root/proc"
mkdir "$root/dist" && cp "$dist"/* "$root/dist/"

failures=0
# expect WHAT COMMAND...: shows what a command prints; it must end with 0.
expect() {
  echo "--- $1"
  shift
  chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C.UTF-8 /bin/sh -euc "cd /root; $*" 2>&1 \
    || { echo "  FAULT: exit code $?"; failures=$((failures + 1)); }
}
share=/usr/local/share
expect "nothing of it is there before" 'for name in swift ablate gnuplot; do ! command -v $name; done; ! ls /usr/lib/x86_64-linux-gnu | grep -iE "openblas|fftw|sndfile"'
expect "one command takes the build for this processor" 'sh /dist/install.sh /usr/local; ablate --version'
expect "all libraries are found, none of them elsewhere" \
  'ldd $(command -v ablate) | tee ldd; ! grep "not found" ldd; ! grep "=> /lib" ldd | grep -vE "lib(c|m|dl|pthread|rt|resolv|util)\.so"'
begin=$SECONDS
expect "quickstart runs" "ablate run $share/ablate/sweeps/quickstart.yaml --quiet; ls results/quickstart"
echo "quickstart took $((SECONDS - begin)) s"
# Figures are left out, which an exit code of 2 tells, and the line says what to install.
expect "report, without gnuplot" 'code=0; ablate report quickstart 2> said || code=$?; tail -1 said; ls results/quickstart
   [ $code = 2 ] && grep -q "install gnuplot-nox" said && [ -s results/quickstart/report.html ]'
expect "tasks by hand run a copy of the program with its libraries" \
  "cp $share/ablate/sweeps/quickstart.yaml mine.yaml; ablate submit mine.yaml --by-hand --results shared -S pretraining_steps=2 -S finetuning_steps=2 -S seeds=[0] -S data.clips=120 > said
   mv /usr/local/lib/ablate /usr/local/lib/moved; \$(sed -n 's/^  \(.* stage .*\)/\1/p' said) | tail -2; mv /usr/local/lib/moved /usr/local/lib/ablate
   ablate collect --results shared | tail -1 | tee collected; grep -q '4 of 4 trials done' collected"
expect "manual, completions, licences, examples" \
  "ls $share/man/man1 | wc -l; ls $share/bash-completion/completions $share/zsh/site-functions $share/fish/vendor_completions.d $share/doc/ablate $share/doc/ablate/licences $share/ablate/Examples"
expect "every library has its licence" \
  'cd /usr/local/share/doc/ablate; for library in /usr/local/lib/ablate/*; do
     line=$(grep "^$(basename $library) " libraries.txt); echo "$line"; set -- $line; [ -s licences/$2 ]; done'
expect "the package goes in, runs, and leaves nothing behind" \
  'dpkg --install /dist/ablate_*_amd64-v3.deb > /dev/null; /usr/bin/ablate --version; dpkg --purge ablate > /dev/null; ! ls -d /usr/lib/ablate /usr/share/ablate /usr/share/doc/ablate 2> /dev/null'
expect "an archive that was changed is refused" \
  'cp -r /dist /changed; for file in /changed/*.tar.gz; do printf x >> $file; done; ! sh /changed/install.sh /tmp/nowhere; [ ! -e /tmp/nowhere ]'

[ $failures = 0 ] && echo "check-dist passed" || { echo "check-dist: $failures faults"; exit 1; }
