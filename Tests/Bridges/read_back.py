"""Reads exports back with the programs that they were made for, and compares them with the store.

    read_back.py FOLDER

FOLDER has results/ablate.sqlite, out/ (exports of the finished sweeps) and before/ (those made half-way).
"""
import contextlib
import json
import math
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import numpy
import pandas

FOLDER = pathlib.Path(sys.argv[1])
OUT = FOLDER / "out"
STORE = sqlite3.connect(FOLDER / "results/ablate.sqlite")
SWEEPS = {
    "builtin": (["augmentations", "temperature"], "probe_accuracy probe_error finetune_accuracy finetune_error".split()),
    "programs": (["rate", "mode"], ["accuracy", "error"]),
}
compared = 0


def equal(found, wanted, what):
    global compared
    compared += 1
    same = found == wanted or (
        isinstance(found, float) and isinstance(wanted, float) and math.isnan(found) and math.isnan(wanted)
    )
    if not same:
        sys.exit(f"FAILED: {what}: {found!r} was read, the store has {wanted!r}")


def trials(sweep):
    cursor = STORE.execute("SELECT * FROM trial_results WHERE sweep = ? ORDER BY trial", [sweep])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def curves(digest):
    """Of a trial: {(stage, curve): [(step, value), ...]}; without histograms, whose steps are bins."""
    found = {}
    for kind, name, step, value in STORE.execute(
        """SELECT stages.kind, curves.name, step, value FROM trials
        JOIN trial_stages ON trial_stages.trial = trials.id JOIN stages ON stages.id = trial_stages.stage
        JOIN curves ON curves.stage = stages.id
        WHERE trials.id = (SELECT MAX(id) FROM trials WHERE digest = ?)
        AND curves.name NOT LIKE '%_similarity' ORDER BY step""",
        [digest],
    ):
        found.setdefault((kind, name), []).append((step, value))
    return found


def text(value):
    """A parameter as an export writes it."""
    if isinstance(value, str) and value.startswith("["):
        return "[" + ", ".join(json.loads(value)) + "]"
    return value


@contextlib.contextmanager
def server(command, answer):
    """Runs a server on loopback until the end of the block; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([part.format(port=port) for part in command], stdout=log, stderr=log)
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(address + answer, timeout=30).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    if process.poll() is not None:
                        break
                    time.sleep(0.5)
            else:
                sys.exit(f"FAILED: no answer from {command[0]}")
            if process.poll() is not None:
                log.seek(0)
                sys.exit(f"FAILED: {command}: {log.read().decode()[-2000:]}")
            yield address
        finally:
            process.terminate()
            process.wait(30)


def ask(address, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.loads(reply.read() or b"null")


def program(name):
    return str(pathlib.Path(sys.executable).parent / name)


# MARK: csv


def check_csv():
    for sweep, (parameters, figures) in SWEEPS.items():
        table = pandas.read_csv(OUT / "csv" / sweep / "trials.csv", dtype={"digest": str})
        points = pandas.read_csv(
            OUT / "csv" / sweep / "curves.csv", dtype={"digest": str}
        )
        rows = trials(sweep)
        equal(len(table), len(rows), f"{sweep}: lines")
        for (_, line), row in zip(table.iterrows(), rows):
            for name in ["label", "seed", "status", "digest"] + parameters:
                equal(line[name], row[name], f"{sweep} {name}")
            for name in figures:
                wanted = math.nan if row[name] is None else row[name]
                equal(float(line[name]), wanted, f"{sweep} {name}")
            own = points[points.digest == row["digest"]]
            for (kind, curve), wanted in curves(row["digest"]).items():
                mine = own[(own.stage == kind) & (own.curve == curve)]
                equal(list(zip(mine.step, mine.value)), wanted, f"{sweep} {kind} {curve}")
    import duckdb

    file = OUT / "csv/builtin/trials.csv"
    parquet = FOLDER / "trials.parquet"
    duckdb.sql(f"COPY (FROM '{file}') TO '{parquet}'")
    found = duckdb.sql(f"SELECT probe_error FROM '{parquet}' ORDER BY trial").fetchall()
    equal([line[0] for line in found], [row["probe_error"] for row in trials("builtin")], "Parquet by DuckDB")


# MARK: optuna


def check_optuna():
    import optuna
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    file = OUT / "studies.log"
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(file)))
    before = (FOLDER / "before/studies.log").read_bytes()
    equal(file.read_bytes()[: len(before)] == before, True, "the journal has grown at its end alone")
    states = {"finished": "COMPLETE", "failed": "FAIL"}
    for sweep, (parameters, figures) in SWEEPS.items():
        study = optuna.load_study(study_name=sweep, storage=storage)
        equal(sorted(study.metric_names), sorted(figures), f"{sweep}: metric names")
        found = {trial.user_attrs["ablate:trial"]: trial for trial in study.trials}
        rows = trials(sweep)
        equal(len(found), len(rows), f"{sweep}: trials")
        for row in rows:
            trial = found[row["digest"]]
            equal(trial.state.name, states[row["status"]], f"{sweep}: state")
            equal(trial.params["seed"], row["seed"], f"{sweep}: seed")
            for name in parameters:
                equal(trial.params[name], text(row[name]), f"{sweep} {name}")
            if row["status"] != "finished":
                continue
            for name, value in zip(study.metric_names, trial.values):
                equal(value, row[name], f"{sweep} {name}")
            points = dict(next(iter(curves(row["digest"]).values())))
            if sweep == "builtin":
                points = dict(curves(row["digest"])["pretrain", "pretrain_loss"])
            equal(trial.intermediate_values, points, f"{sweep}: intermediate values")
            spent = (trial.datetime_complete - trial.datetime_start).total_seconds()
            equal(0 < spent < 600, True, f"{sweep}: {spent} s")
        equal(len(study.best_trials) > 0, True, f"{sweep}: best trials")
    one = optuna.create_study(study_name="mine", storage=storage)
    one.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    with server([program("optuna-dashboard"), str(file), "--port", "{port}", "--host", "127.0.0.1"], "/api/studies") as address:
        studies = {study["study_name"]: study for study in ask(address + "/api/studies")["study_summaries"]}
        for sweep, (parameters, figures) in SWEEPS.items():
            rows = {row["digest"]: row for row in trials(sweep)}
            answer = ask(f"{address}/api/studies/{studies[sweep]['study_id']}?after=0")
            names = answer["objective_names"]
            for trial in answer["trials"]:
                attributes = {item["key"]: item["value"] for item in trial["user_attrs"]}
                row = rows[json.loads(attributes["ablate:trial"]) if attributes["ablate:trial"].startswith('"') else attributes["ablate:trial"]]
                if row["status"] == "finished":
                    for name, value in zip(names, trial["values"]):
                        equal(float(value), row[name], f"optuna-dashboard: {sweep} {name}")
            equal(len(answer["trials"]), len(rows), f"optuna-dashboard: {sweep}: trials")


# MARK: tensorboard


def check_tensorboard():
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for sweep, (parameters, figures) in SWEEPS.items():
        folder = OUT / "tensorboard" / sweep
        for row in trials(sweep):
            run = next(folder.glob(f"{row['row'] + 1} */seed {row['seed']}"))
            events = EventAccumulator(str(run), size_guidance={"scalars": 0})
            events.Reload()
            for name in figures:
                if row[name] is None:
                    continue
                equal(events.Scalars(f"figures/{name}")[0].value, float(numpy.float32(row[name])), f"{sweep} {name}")
            for (kind, curve), points in curves(row["digest"]).items():
                found = [(event.step, event.value) for event in events.Scalars(f"{kind}/{curve}")]
                wanted = [(step, float(numpy.float32(value))) for step, value in points]
                equal(found, wanted, f"{sweep} {kind}/{curve}")
        images = EventAccumulator(str(folder / "figures"))
        images.Reload()
        equal(len(images.Tags()["images"]) > 0, True, f"{sweep}: images")
        # What was there half-way has only grown.
        for file in (FOLDER / "before/tensorboard" / sweep).rglob("*tfevents*"):
            if file.parent.name == "figures":
                continue
            now = OUT / "tensorboard" / sweep / file.relative_to(FOLDER / "before/tensorboard" / sweep)
            equal(now.read_bytes()[: file.stat().st_size] == file.read_bytes(), True, f"{now} has grown")
    command = [program("tensorboard"), "--logdir", str(OUT / "tensorboard"), "--port", "{port}", "--host", "127.0.0.1"]
    with server(command, "/data/environment") as address:
        rows = trials("builtin")
        for _ in range(60):
            runs = ask(address + "/data/runs")
            if sum("seed" in run for run in runs) >= len(rows) + len(trials("programs")):
                break
            time.sleep(0.5)
        row = rows[0]
        run = next(run for run in runs if run.startswith("builtin/1 ") and run.endswith(f"seed {row['seed']}"))
        query = urllib.parse.urlencode({"tag": "figures/probe_error", "run": run})
        scalars = ask(f"{address}/data/plugin/scalars/scalars?{query}")
        equal(scalars[0][2], float(numpy.float32(row["probe_error"])), "TensorBoard's page: probe_error")
        metrics = [{"name": {"tag": f"figures/{name}"}} for name in SWEEPS["builtin"][1]]
        body = {
            "experimentName": "",
            "allowedStatuses": ["STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING", "STATUS_UNKNOWN"],
            "colParams": [{"metric": metric["name"], "order": "ORDER_UNSPECIFIED"} for metric in metrics],
            "startIndex": 0,
            "sliceSize": 1000,
            "aggregationType": "AGGREGATION_AVG",
        }
        groups = ask(address + "/data/plugin/hparams/session_groups", body)["sessionGroups"]
        wanted = len({(sweep, row["row"]) for sweep in SWEEPS for row in trials(sweep)})
        equal(len({group["name"] for group in groups}) > 0, True, "TensorBoard's hyperparameters")
        equal(sum(len(group["sessions"]) for group in groups), sum(len(trials(sweep)) for sweep in SWEEPS), "sessions")
        equal(len(groups) <= wanted, True, "groups of seeds")
        temperatures = {
            group["hparams"]["temperature"] for group in groups if "temperature" in group["hparams"]
        }
        equal(temperatures, {0.1, 0.5}, "TensorBoard's hyperparameters: temperature")


# MARK: mlflow


def check_mlflow():
    import mlflow

    folder = FOLDER / "mlflow"
    folder.mkdir()
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "{port}", "--workers", "1",
        "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts"),
    ]
    with server(command, "/version") as address:
        for sweep in SWEEPS:
            # Half-way, then all, then all again: what is there is not posted twice.
            for source, again in [("before", False), ("out", False), ("out", True)]:
                script = FOLDER / source / "mlflow" / sweep / "post.py"
                said = subprocess.run([sys.executable, str(script), address], capture_output=True, text=True)
                if said.returncode != 0:
                    sys.exit(f"FAILED: {script}: {said.stdout}{said.stderr}")
                if again:
                    equal(" 0 of " in said.stdout, True, said.stdout)
        client = mlflow.MlflowClient(address)
        for sweep, (parameters, figures) in SWEEPS.items():
            number = client.get_experiment_by_name(sweep).experiment_id
            runs = {run.data.tags["ablate.trial"]: run for run in client.search_runs([number], max_results=1000)}
            rows = trials(sweep)
            equal(len(runs), len(rows), f"{sweep}: runs")
            for row in rows:
                run = runs[row["digest"]]
                equal(run.info.status, {"finished": "FINISHED", "failed": "FAILED"}[row["status"]], f"{sweep}: status")
                equal(run.data.params["seed"], str(row["seed"]), f"{sweep}: seed")
                for name in parameters:
                    equal(run.data.params[name], str(text(row[name])), f"{sweep} {name}")
                for name in figures:
                    if row[name] is not None:
                        equal(run.data.metrics[name], row[name], f"{sweep} {name}")
                for (kind, curve), wanted in curves(row["digest"]).items():
                    history = client.get_metric_history(run.info.run_id, f"{kind}/{curve}")
                    found = sorted((point.step, point.value) for point in history)
                    equal(found, wanted, f"{sweep} {kind}/{curve}")


for check in [check_csv, check_optuna, check_tensorboard, check_mlflow]:
    start = compared
    check()
    print(f"passed: {check.__name__.removeprefix('check_')}, {compared - start} comparisons", flush=True)
