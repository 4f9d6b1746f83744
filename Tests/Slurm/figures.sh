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
seconds() { local begin=$EPOCHREALTIME; "$@" > out 2>&1 || true; echo "$EPOCHREALTIME - $begin" | bc; }

echo "submit, $trials tasks written down: $(seconds "$ablate" submit many.yaml --by-hand) s"
folder=results/exchange/submissions/many-1
total=0
for task in $(seq 20); do
  total=$(echo "$total + $(seconds "$ablate" stage $folder --task "$task")" | bc)
done
echo "a task of one stage that takes nothing, start to end: $(echo "scale=3; $total / 20" | bc) s"
echo "$trials tasks, one process after the other: $(seconds "$ablate" stage $folder) s"
echo "collect, $trials results: $(seconds "$ablate" collect) s"
echo "collect again: $(seconds "$ablate" collect) s"

# The queue says that all tasks run.
mkdir bin
name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\1/p' $folder/*chains-0*.sh)
for task in $(seq 0 $((trials - 1))); do echo "7|$task|$name|RUNNING|1:00|n1|None"; done > queue
printf '#!/bin/sh\ncat %s/queue\n' "$work" > bin/squeue
chmod +x bin/squeue
python3 - $folder 2>/dev/null <<'PYTHON' || sed -i 's/"role":"chains","state":"written"/"role":"chains","state":"submitted","id":"7"/' $folder/submission.json
import json, sys
path = sys.argv[1] + "/submission.json"
submission = json.load(open(path))
for job in submission["jobs"]:
    job.update(state="submitted", id="7")
json.dump(submission, open(path, "w"))
PYTHON
export PATH=$work/bin:$PATH
echo "status, $trials tasks running: $(seconds "$ablate" status many) s ($(wc -l < out) lines)"
