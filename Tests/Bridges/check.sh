#!/usr/bin/env bash
# Exports two sweeps, one of each kind of study, while they run and after, and has each read back by the program
# that it was exported for: number by number, against the store.
#
#   Tests/Bridges/check.sh ABLATE PYTHON
set -euo pipefail
ablate=$(realpath "$1")
python=$2
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

cat > builtin.yaml <<'SWEEP'
name: builtin
data: {source: builtin, clips: 60}
base: {encoder: {channels: [4, 4, 4], recurrent_units: 4}, pretraining_steps: 12, finetuning_steps: 8, batch_size: 8}
parameters:
  augmentations: {values: [[], [channel_swap, channel_drop]]}
  temperature: {values: [0.1, 0.5]}
seeds: [0, 1]
evaluation: [raw, probe, finetune]
baseline: {augmentations: [], temperature: 0.1}
SWEEP
cat > trainer.py <<'PROGRAM'
import json, os, sys
trial = json.load(open(os.environ["ABLATE_TRIAL"]))
settings, seed, output = trial["settings"], trial["seed"], trial["output"]
if settings["rate"] > 1 and seed == 1:
    sys.exit("diverged / at once")
with open(output + "/curves.jsonl", "w") as curves:
    for step in range(1, 8):
        print(json.dumps({"step": step, "steps": 7, "loss": settings["rate"] / step}), file=curves)
figures = {"accuracy": 100 / 3 * settings["rate"] + seed, "error": 1e-7 * settings["width"]}
json.dump(figures, open(output + "/figures.json", "w"))
PROGRAM
cat > programs.yaml <<'SWEEP'
name: programs
study: command
command: [python3, trainer.py]
settings:
  rate: {kind: number, minimum: 0, default: 0.5}
  width: {kind: integer, minimum: 1, default: 8}
  mode: {kind: choice, options: [a/b, "c"], default: c}
figures:
  accuracy: {unit: "%", better: higher}
  error: {better: lower}
inputs: [trainer.py]
parameters: {rate: [0.25, 1.5], mode: [a/b, "c"]}
seeds: 2
baseline: {rate: 0.25, mode: "c"}
SWEEP

export_all() {
  for sweep in builtin programs; do
    for form in csv tensorboard mlflow; do
      "$ablate" export $sweep --to $form -o "out/$form/$sweep"
    done
    "$ablate" export $sweep --to optuna -o out/studies.log
  done
}

mkdir -p out
"$ablate" run builtin.yaml --quiet --max-trials 3 > /dev/null
# A trial fails on purpose: 1, and no other code.
"$ablate" run programs.yaml --quiet --max-trials 2 > /dev/null || [ $? = 1 ]
export_all
cp -r out before
# The rest while something follows it.
"$ablate" export builtin --to tensorboard -o out/tensorboard/builtin --follow --every 1 &
follower=$!
"$ablate" run builtin.yaml --quiet > /dev/null
"$ablate" run programs.yaml --quiet > /dev/null || [ $? = 1 ]
wait $follower
export_all
"$python" "$here/read_back.py" "$scratch"

# The notebook, over one sweep of each kind.
for sweep in builtin programs; do
  ABLATE_EXPORT="$scratch/out/csv/$sweep" "$python" "$here/run_notebook.py" "$here/../../Examples/notebook.ipynb"
done

# Bundles, reproduced in an empty folder: the same build gives the same results to the last bit.
"$ablate" bundle builtin.yaml -o builtin.tar.zst
"$ablate" bundle programs.yaml -o programs.tar.zst
mkdir elsewhere
cd elsewhere
"$ablate" reproduce ../builtin.tar.zst -o builtin > builtin.txt
grep -q "figures are equal to the last bit" builtin.txt || { cat builtin.txt; echo "FAILED: builtin is not reproduced"; exit 1; }
if "$ablate" reproduce ../programs.tar.zst -o refused 2> refused.txt; then
  echo "FAILED: programs of a stranger have run"
  exit 1
fi
grep -q "python3 trainer.py" refused.txt
"$ablate" reproduce ../programs.tar.zst -o programs --run-programs > programs.txt
grep -q "figures are equal to the last bit" programs.txt || { cat programs.txt; echo "FAILED: programs is not reproduced"; exit 1; }
echo "passed: bundles"

# What was exported comes back in: the same figures, and a word below the table.
sed 's/^name: programs/name: old/' ../programs.yaml > old.yaml
cp ../trainer.py .
"$ablate" import old.yaml --from csv ../out/csv/programs/trials.csv > csv.txt
sed 's/^name: programs/name: older/' ../programs.yaml > older.yaml
"$ablate" import older.yaml --from optuna ../out/studies.log --study-name programs --results other > optuna.txt
for said in csv.txt optuna.txt; do
  grep -q "6 stages taken in" $said && grep -q "Not computed here but imported from" $said \
    || { cat $said; echo "FAILED: import"; exit 1; }
done
"$ablate" table old --format csv | tail -n +2 | cut -d, -f2- > imported.csv
"$ablate" table programs --results ../results --format csv | tail -n +2 | cut -d, -f2- > computed.csv
echo "passed: import"
