#!/usr/bin/env bash
# Builds this package as a stranger would, by version from a tagged clone in a temporary folder, and
# looks at what it does: SwiftPM refuses unsafe flags in packages that are named by version.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() { echo "Examples/OwnTrainer: $1" >&2; exit 1; }

git clone --quiet "$root" "$work/ablate"
git -C "$work/ablate" tag 0.1.0
cp -r "$here" "$work/own-trainer"
cd "$work/own-trainer"
rm -rf .build results
sed -i "s|\.package(name: \"ablate\", path: \"../..\")|.package(url: \"file://$work/ablate\", from: \"0.1.0\")|" Package.swift
grep -q "from: \"0.1.0\"" Package.swift || fail "Package.swift does not name the tagged clone"
# The versions that ablate itself was built with: SwiftPM has them already.
[ ! -f "$root/Package.resolved" ] || cp "$root/Package.resolved" .
swift build -c release --security-path "$work/security"
trainer="$(swift build -c release --security-path "$work/security" --show-bin-path)/own-trainer"

"$trainer" run penalties.yaml >first.txt || fail "the sweep ended with $?"
cat first.txt
grep -q "finished 30 of 30 trials" first.txt || fail "not all trials finished"
"$trainer" table penalties --format csv >table.csv.new
diff table.csv.new expected.csv || fail "the table is not that of expected.csv"
"$trainer" table penalties --clips | grep -q '\[' || fail "no intervals of test rows"
"$trainer" run penalties.yaml >second.txt || fail "the second run ended with $?"
grep -q "nothing is left to do: 30 of 30 trials are done" second.txt || fail "the second run had something to do"
"$trainer" run penalties.yaml -S base.penalty=2 2>refused.txt && fail "a penalty of 2 was not refused"
grep -q "penalty is 2, but must be" refused.txt || fail "a penalty of 2 is refused in other words"
"$trainer" report penalties >/dev/null || fail "no report"
echo "Examples/OwnTrainer: all well"
