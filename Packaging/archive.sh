#!/usr/bin/env bash
# Builds the archive for one level of x86-64 processors: executable, Swift's runtime inside, C libraries beside it,
# licences, man pages, completions, examples; and a .deb of the same files.
#
#   Packaging/archive.sh v3|v4 [FOLDER]
#
# x86-64-v3 is AVX2 (Haswell, Zen and later), x86-64-v4 AVX-512; install.sh in the archive picks.
set -euo pipefail
cd "$(dirname "$0")/.."
level=$1
out=${2:-.build/dist}
version=$(sed -nE 's/.*static let version = "(.*)"/\1/p' Sources/AblateCommands/BuildName.swift)
name=ablate-$version-x86_64-$level
scratch=.build-dist-$level

# An old kind of rpath: libraries that libraries need are looked for there too.
ABLATE_TARGET=x86-64-$level swift build --configuration release --product ablate --static-swift-stdlib \
  --scratch-path "$scratch" -Xlinker --disable-new-dtags -Xlinker -rpath -Xlinker '$ORIGIN/../lib/ablate'
program=$scratch/release/ablate

folder=$out/$name
rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/lib/ablate" "$folder/share/doc/ablate/licences" "$folder/share/man/man1" \
  "$folder/share/bash-completion/completions" "$folder/share/zsh/site-functions" "$folder/share/ablate"
cp "$program" "$folder/bin/ablate"
strip "$folder/bin/ablate"

# What every Linux has (glibc), and nothing else, is left to the system.
ldd "$program" | awk '$2 == "=>" {print $1, $3}' | while read -r library path; do
  case $library in
    libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | ld-linux*) continue ;;
  esac
  cp -L "$path" "$folder/lib/ablate/$library"
  package=$(dpkg-query -S "$(realpath "$path")" | head -1 | cut -d: -f1)
  cp "/usr/share/doc/$package/copyright" "$folder/share/doc/ablate/licences/$package"
done
cp LICENSE "$folder/share/doc/ablate/licences/ablate"
for checkout in "$scratch"/checkouts/*; do
  license=$(find "$checkout" -maxdepth 1 -iname 'LICENSE*' | head -1)
  [ -z "$license" ] || cp "$license" "$folder/share/doc/ablate/licences/$(basename "$checkout")"
done
swift=$(dirname "$(dirname "$(dirname "$(realpath "$(command -v swift)")")")")
find "$swift" -maxdepth 4 -iname 'LICENSE*' -path '*swift*' 2>/dev/null | head -1 \
  | xargs -r -I{} cp {} "$folder/share/doc/ablate/licences/swift-runtime"
cat > "$folder/share/doc/ablate/README.licences" <<'TEXT'
ablate is under the Apache License 2.0. This archive has libraries beside it, each under the licence of its name in
`licences`. FFTW is under the GPL (version 2 or later), so that the archive as a whole may be passed on under
the GPL, version 3, alone.
TEXT
cp README.md CHANGELOG.md "$folder/share/doc/ablate/"
cp -r sweeps docs "$folder/share/ablate/"
mkdir -p "$folder/share/ablate/Examples"
cp -r Examples/sklearn-digits Examples/pytorch "$folder/share/ablate/Examples/"
cp Packaging/install.sh "$folder/install.sh"

# A page for each command, with the words of its help.
page() {
  printf '.TH %s 1 "" "ablate %s"\n.SH NAME\n%s \\- %s\n.SH HELP\n.nf\n' "$1" "$version" "$1" "$2"
  sed -e 's/\\/\\e/g' -e 's/^\./\\\&./' -e "s/^'/\\\\\&'/"
  printf '.fi\n'
}
"$program" --help | page ablate "ablation studies: what helps, with what certainty" > "$folder/share/man/man1/ablate.1"
"$program" --help | sed -nE '/^SUBCOMMANDS/,$s/^  ([a-z]+) .*/\1/p' | while read -r command; do
  "$program" "$command" --help > "$out/help" 2>/dev/null || continue
  page "ablate-$command" "$(sed -nE 's/^OVERVIEW: //p' "$out/help")" < "$out/help" \
    > "$folder/share/man/man1/ablate-$command.1"
done
rm -f "$out/help"
"$program" --generate-completion-script bash > "$folder/share/bash-completion/completions/ablate"
"$program" --generate-completion-script zsh > "$folder/share/zsh/site-functions/_ablate"

tar --create --gzip --owner=0 --group=0 --sort=name --directory "$out" --file "$out/$name.tar.gz" "$name"

# The same files below /usr.
deb=$out/deb-$level
rm -rf "$deb"
mkdir -p "$deb/DEBIAN" "$deb/usr"
cp -r "$folder"/{bin,lib,share} "$deb/usr/"
cat > "$deb/DEBIAN/control" <<TEXT
Package: ablate
Version: $version
Architecture: amd64
Maintainer: the authors of ablate <ablate@localhost>
Depends: libc6 (>= $(dpkg-query -W -f='${Version}' libc6 | cut -d- -f1))
Recommends: gnuplot-nox
Section: science
Priority: optional
Description: ablation studies: what helps, with what certainty
 For processors of the level x86-64-$level.
TEXT
dpkg-deb --root-owner-group --build "$deb" "$out/ablate_${version}_amd64-$level.deb" > /dev/null
rm -rf "$deb"
ls -lh "$out" | awk -v level="$level" '/tar.gz|deb/ && index($0, level) {print $5, $9}'
