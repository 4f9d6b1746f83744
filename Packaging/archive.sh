#!/usr/bin/env bash
# Builds what runs on a machine without Swift, for one level of x86-64 processors: an archive with the program (Swift's
# runtime inside), the C libraries beside it, their licences, manual, completions, sweeps and examples; and a package
# for Debian of the same files.
#
#   Packaging/archive.sh v3|v4
#
# v3 is AVX2 (Haswell, Zen and later), v4 is AVX-512. What comes of it is in .build/dist, where install.sh picks.
set -euo pipefail
cd "$(dirname "$0")/.."
level=$1
out=.build/dist
version=$(sed -nE 's/.*static let version = "(.*)"/\1/p' Sources/AblateCommands/BuildName.swift)
name=ablate-$version-x86_64-$level
scratch=.build-dist

# DT_RPATH, not DT_RUNPATH: what the libraries themselves need is looked for beside them too.
ABLATE_TARGET=x86-64-$level swift build --configuration release --product ablate --static-swift-stdlib \
  --scratch-path "$scratch" -Xlinker --disable-new-dtags -Xlinker -rpath -Xlinker '$ORIGIN/../lib/ablate'

folder=$out/$name
documents=$folder/share/doc/ablate
licences=$documents/licences
rm -rf "$folder"
mkdir -p "$folder/lib/ablate" "$licences" "$folder/share/ablate"
make --no-print-directory --old-file=build install ABLATE="$scratch/release/ablate" DESTDIR="$folder" PREFIX=
strip "$folder/bin/ablate"

# MARK: Libraries

# glibc alone is left to the system: it must fit the kernel's and the loader's.
ldd "$folder/bin/ablate" | awk '$2 == "=>" && $1 !~ /^(libc|libm|libdl|libpthread|librt|libresolv|libutil)\.so/ {print $1, $3}' \
  | while read -r library path; do
    cp -L "$path" "$folder/lib/ablate/$library"
    file=$(realpath "$path")
    # Where /lib is a link to /usr/lib, dpkg may know it by either name.
    package=$({ dpkg-query --search "$file" || dpkg-query --search "${file#/usr}"; } 2> /dev/null | head -1 | cut -d: -f1)
    cp "/usr/share/doc/$package/copyright" "$licences/$package"
    dpkg-query --show --showformat "$library \${Package} \${source:Package}=\${source:Version}\n" "$package"
  done | sort -u > "$documents/libraries.txt"

# MARK: Licences

cp LICENSE "$licences/ablate"
cp "$(dirname "$(realpath "$(command -v swift)")")/../share/swift/LICENSE.txt" "$licences/swift-runtime"
for checkout in "$scratch"/checkouts/*; do
  licence=$(find "$checkout" -maxdepth 1 -iname 'LICENSE*' | head -1)
  cp "$licence" "$licences/$(basename "$checkout")"
done
# The texts that Debian's files of licences point to.
grep -hoE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$licences"/* | sort -u | while read -r text; do
  [ ! -f "$text" ] || cp "$text" "$licences/$(basename "$text").txt"
done
cat > "$documents/LICENCES.md" <<'TEXT'
# Licences

ablate is under the Apache License 2.0 (`licences/ablate`). The packages and Swift's runtime that it is linked with, and
the libraries in `lib/ablate`, are each under the licence of that name in `licences`. FFTW is under the GPL, version 2 or
later, so that the archive as a whole may be passed on under version 3 of the GPL.

`libraries.txt` names for each library its Debian package and the sources that it was built from, which are to be had
from Debian (`apt-get source NAME=VERSION`), as ablate's are from its repository.
TEXT

# MARK: Documents and examples

cp README.md CHANGELOG.md "$documents/"
git ls-files sweeps docs Examples/sklearn-digits Examples/pytorch Examples/load_encoder.py \
  | tar --create --files-from - | tar --extract --directory "$folder/share/ablate"

tar --create --gzip --owner=0 --group=0 --sort=name --directory "$out" --file "$out/$name.tar.gz" "$name"

# MARK: Package

deb=$out/deb-$level
rm -rf "$deb"
mkdir -p "$deb/DEBIAN" "$deb/usr"
cp -r "$folder"/{bin,lib,share} "$deb/usr/"
find "$deb/usr/share/man" -type f -exec gzip -9n {} +
mv "$deb/usr/share/doc/ablate/LICENCES.md" "$deb/usr/share/doc/ablate/copyright"
glibc=$(objdump --dynamic-syms "$folder/bin/ablate" "$folder"/lib/ablate/* | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -1 | cut -d_ -f2)
cat > "$deb/DEBIAN/control" <<TEXT
Package: ablate
Version: $version
Architecture: amd64
Maintainer: the maintainers of ablate <ablate@localhost>
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Depends: libc6 (>= $glibc)
Recommends: gnuplot-nox
Section: science
Priority: optional
Description: ablation studies of self-supervised spatial sound representations
 Trains every combination of what a file varies, keeps every figure, and writes the table. This build is for
 processors of the level x86-64-$level.
TEXT
dpkg-deb --root-owner-group -Zgzip --build "$deb" "$out/ablate_${version}_amd64-$level.deb" > /dev/null
rm -rf "$deb"

cp Packaging/install.sh "$out/"
(cd "$out" && sha256sum ./*.tar.gz ./*.deb | sed 's#\./##' > SHA256SUMS)
du -h --apparent-size "$out/$name.tar.gz" "$out/ablate_${version}_amd64-$level.deb" "$folder"
echo "needs glibc $glibc"
rm -rf "$folder"
