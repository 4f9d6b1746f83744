"""Writes what the stages of some runs took, for StageTimesTests: settings, processor time, and what was foretold.

    python3 stage_times.py STORE.sqlite[:SWEEP...] ... > stage-times.json

Stores in the order in which they are to be played; of each the runs with two workers whose stages are all of one build. The clips
of a split and the classes are those of `make recordings`, or of the built-in sounds (three fifths, a fifth, a fifth).
"""
import collections
import json
import sqlite3
import sys

RECORDINGS = {"training": 738, "validation": 241, "test": 250}


def clips(data):
    if data["source"] != "builtin":
        return RECORDINGS, 21
    count = data.get("clips", data.get("recordings"))
    return {"training": count * 3 // 5, "validation": count // 5, "test": count // 5}, data["classes"]


def studies(path, names):
    store = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    rates = dict(store.execute("SELECT kind, seconds_per_work FROM calibrated_rates"))
    # What was gone on with has not taken all of its time.
    resumed = {row[0] for row in store.execute(
        "SELECT stage FROM attempts WHERE outcome IN ('cancelled', 'lost')")}
    runs = store.execute(
        "SELECT workers, sweep, started, seconds, predicted_seconds, outcome FROM runs "
        "ORDER BY id").fetchall()
    for number, (workers, sweep, started, seconds, predicted, outcome) in enumerate(runs):
        if workers != 2 or outcome != "finished" or names and sweep not in names:
            continue
        groups = collections.OrderedDict()
        data = None
        for stage, kind, payload, processor in store.execute(
                "SELECT stages.id, kind, payload, processor_seconds FROM attempts "
                "JOIN stages ON stages.id = attempts.stage WHERE outcome IN ('finished', 'rebuilt') "
                "AND started BETWEEN ? AND ? ORDER BY attempts.id", (started - 1, started + seconds + 1)):
            if stage in resumed:
                continue
            payload = json.loads(payload)
            data = payload["data"]
            key = (kind, json.dumps(payload["settings"], sort_keys=True))
            group = groups.setdefault(key, [0, 0.0])
            group[0] += 1
            group[1] += processor
        counts, classes = clips(data)
        own = {"name": sweep, "clips": counts, "classes": classes, "took": round(seconds, 1)}
        # A calibration is of a store's first run alone.
        if number == 0 and predicted and "pretrain" in rates:
            own["predicted"] = round(predicted, 1)
            own["calibrated"] = {kind: rates[kind] for kind in ("pretrain", "scenes", "test_scenes")
                                 if kind in rates}
        base = collections.Counter()
        for (_, settings), _ in groups.items():
            for name, value in json.loads(settings).items():
                base[name, json.dumps(value)] += 1
        own["base"] = {}
        for (name, value), _ in base.most_common():
            own["base"].setdefault(name, json.loads(value))
        own["stages"] = [
            {"kind": kind, "count": count, "seconds": round(total, 3),
             "settings": {name: value for name, value in json.loads(settings).items()
                          if own["base"][name] != value}}
            for (kind, settings), (count, total) in groups.items()]
        yield own


def main():
    found = []
    for argument in sys.argv[1:]:
        path, *names = argument.split(":")
        found += studies(path, names)
    print("[")
    for place, study in enumerate(found):
        stages = study.pop("stages")
        text = json.dumps(study, sort_keys=True)[:-1]
        lines = ",\n".join("  " + json.dumps(stage, sort_keys=True) for stage in stages)
        print(f'{text}, "stages": [\n{lines}]}}{"," if place + 1 < len(found) else ""}')
    print("]")


if __name__ == "__main__":
    main()
