#!/usr/bin/env bash
# Measures what the machinery of clusters costs, with a Slurm of shell scripts: nothing is waited for in a queue.
#
#   Tests/Slurm/figures.sh ABLATE [TRIALS]
set -euo pipefail
ablate=$(realpath "$1")
trials=${2:-10000}
work=$(mktemp -d /tmp/ablate-figures.XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"points": 1}' > figures.json
cat > many.yaml <<YAML
name: many
study: command
command: [cp, figures.json, "{output}/figures.json"]
settings: {size: {kind: integer, default: 1}}
figures: {points: {better: higher}}
inputs: [figures.json]
parameters: {size: [$(seq -s, 1 $((trials / 10)))]}
seeds: 10
YAML
seconds() {
  local begin=$EPOCHREALTIME
  # What fails has no time.
  "$@" > out 2>&1 || { code=$?; tail -3 out >&2; echo "FAILED (exit code $code) after"; }
  awk "BEGIN {print $EPOCHREALTIME - $begin}"
}

echo "submit, $trials tasks written down: $(seconds "$ablate" submit many.yaml --by-hand) s"
folder=results/exchange/submissions/many-1
for task in $(seq 20); do seconds "$ablate" stage $folder --task "$task"; done \
  | awk '{total += $1} END {print "a task of one stage that takes nothing, start to end:", total / NR, "s"}'
echo "$trials tasks, one process after the other: $(seconds "$ablate" stage $folder) s"
echo "collect, $trials results: $(seconds "$ablate" collect) s"
echo "collect again: $(seconds "$ablate" collect) s"

# The queue says that all tasks run.
mkdir bin
name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\1/p' $folder/*chains-0*.sh)
for task in $(seq 0 $((trials - 1))); do echo "7|$task|$name|RUNNING|1:00|n1|None"; done > queue
printf '#!/bin/sh\ncat %s/queue\n' "$work" > bin/squeue
chmod +x bin/squeue
sed -i 's/"role":"chains","state":"written"/"id":"7","role":"chains","state":"submitted"/' $folder/submission.json
export PATH=$work/bin:$PATH
echo "status, $trials tasks running: $(seconds "$ablate" status many) s"
grep -q "$trials running" out || { echo "status does not tell of them:"; cat out; exit 1; }
