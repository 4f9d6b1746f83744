#!/usr/bin/env bash
# Builds this package as a stranger would, by version from a tagged clone in a temporary folder, and
# looks at what it does. SwiftPM refuses unsafe flags in packages that are named by version only.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() {
  echo "Examples/OwnTrainer: $1" >&2
  exit 1
}

[ -z "$(git -C "$root" status --porcelain)" ] || echo "Examples/OwnTrainer: uncommitted changes are left out"
git clone --quiet "$root" "$work/ablate"
git -C "$work/ablate" tag 0.1.0
cp -r "$work/ablate/Examples/OwnTrainer" "$work/own-trainer"
cd "$work/own-trainer"
version=".package(url: \"file://$work/ablate\", from: \"0.1.0\")"
sed -i "s|\.package(name: \"ablate\", path: \"../..\")|$version|" Package.swift
grep -qF "$version" Package.swift || fail "Package.swift names ablate in a way that check.sh does not know"

# What ablate itself was built with: its versions, and the repositories that are there already.
mkdir "$work/cache"
[ ! -f "$root/Package.resolved" ] || cp "$root/Package.resolved" .
[ ! -d "$root/.build/repositories" ] || cp -r "$root/.build/repositories" "$work/cache/"
build=(swift build -c release --cache-path "$work/cache" --security-path "$work/security")
"${build[@]}"
trainer="$("${build[@]}" --show-bin-path)/own-trainer"

swift test -c release --disable-xctest --cache-path "$work/cache" --security-path "$work/security" >test.txt 2>&1 ||
  fail "its tests fail: $(tail -30 test.txt)"
grep -q "Test run with 2 tests" test.txt || fail "its tests did not run: $(tail -5 test.txt)"

"$trainer" run penalties.yaml >first.txt || fail "the sweep ended with $?"
grep -q "finished 30 of 30 trials" first.txt || fail "not all trials finished: $(cat first.txt)"
# The README has the table as Markdown.
"$trainer" table penalties --format markdown | grep '^|' >table.txt
sed -n '/^| Configuration/,/^$/p' README.md | grep '^|' | diff - table.txt || fail "the table is not the one of README.md"
"$trainer" table penalties --clips >clips.txt
grep -q "76.0 \[" clips.txt || fail "no intervals of test rows: $(cat clips.txt)"
"$trainer" run penalties.yaml >second.txt || fail "the second run ended with $?"
grep -q "nothing is left to do: 30 of 30 trials are done" second.txt ||
  fail "the second run had something to do: $(cat second.txt)"
code=0
"$trainer" run penalties.yaml -S base.penalty=2 2>refused.txt || code=$?
[ "$code" = 2 ] || fail "a penalty of 2 ended with $code"
grep -q "penalty is 2, but must be a number from 0 to 1" refused.txt ||
  fail "a penalty of 2 is refused in other words: $(cat refused.txt)"
"$trainer" report penalties >report.txt || fail "no report: $(cat report.txt)"
echo "Examples/OwnTrainer: built by version, ran 30 trials, all as README.md says"
