"""Takes the figures of a trial from the results of the sweeps `builtin` and `pytorch`, for one table of both.

    figures.py                                 all that there are: the environment of both.yaml
    figures.py TRAINER AUGMENTATIONS SEED      those of one trial, into figures.json
"""
import json
import os
import sqlite3
import sys

DATABASE = os.path.join(os.environ.get("RESULTS", "../../results"), "ablate.sqlite")
# The probe of the built-in trainer is one of several evaluations, so that its name is in the columns.
COLUMNS = {"builtin": "probe_accuracy, probe_error", "pytorch": "accuracy, error"}


def results(trainer):
    """By augmentations and seed."""
    try:
        with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True) as database:
            rows = database.execute(
                f"SELECT augmentations, seed, {COLUMNS[trainer]} FROM trial_results "
                "WHERE sweep = ? AND status = 'finished' ORDER BY row, seed", (trainer,)).fetchall()
    except sqlite3.OperationalError as fault:
        raise SystemExit(f"{DATABASE}: {fault}; run builtin.yaml and pytorch.yaml first")
    return {(",".join(sorted(json.loads(names))), seed): figures for names, seed, *figures in rows}


if len(sys.argv) == 1:
    for trainer in COLUMNS:
        print(trainer, results(trainer))
else:
    trainer, names, seed = sys.argv[1:]
    found = results(trainer).get((",".join(sorted(filter(None, names.split(",")))), int(seed)))
    if found is None:
        raise SystemExit(f"{DATABASE} has no finished trial of {trainer} with '{names}' and seed {seed}: run it first")
    with open(os.path.join(os.environ["ABLATE_OUTPUT"], "figures.json"), "w") as file:
        json.dump(dict(zip(("accuracy", "error"), found)), file)
