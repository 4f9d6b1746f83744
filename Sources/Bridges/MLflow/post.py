"""Posts what `ablate export --to mlflow` has written to a tracking server of MLflow (REST API 2.0).

    python3 post.py http://127.0.0.1:5000

The address may also be in MLFLOW_TRACKING_URI; a name and a password in MLFLOW_TRACKING_USERNAME and
MLFLOW_TRACKING_PASSWORD, or a token in MLFLOW_TRACKING_TOKEN. Nothing but Python is needed. What the server
has already is not posted again: run it as often as you like, also while the sweep runs.
"""
import base64
import json
import os
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent


class Server:
    def __init__(self, address):
        self.address = address.rstrip("/") + "/api/2.0/mlflow/"
        self.headers = {"Content-Type": "application/json"}
        token = os.environ.get("MLFLOW_TRACKING_TOKEN")
        user = os.environ.get("MLFLOW_TRACKING_USERNAME")
        if token:
            self.headers["Authorization"] = "Bearer " + token
        elif user:
            pair = user + ":" + os.environ.get("MLFLOW_TRACKING_PASSWORD", "")
            self.headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()

    def ask(self, path, body=None, query=None):
        address = self.address + path + ("?" + urllib.parse.urlencode(query) if query else "")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, self.headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


def experiment(server, description):
    try:
        query = {"experiment_name": description["name"]}
        return server.ask("experiments/get-by-name", query=query)["experiment"]["experiment_id"]
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
    return server.ask("experiments/create", description)["experiment_id"]


def runs(server, number):
    """The runs that the server has, by the trial that each is."""
    found, page = {}, None
    while True:
        body = {"experiment_ids": [number], "max_results": 1000}
        answer = server.ask("runs/search", dict(body, page_token=page) if page else body)
        for run in answer.get("runs", []):
            tags = {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}
            if "ablate.trial" in tags:
                found[tags["ablate.trial"]] = (run["info"]["run_id"], tags.get("ablate.content"))
        page = answer.get("next_page_token")
        if not page:
            return found


def post(server, number, trial, known):
    run, content = known.get(trial["trial"], (None, None))
    if content == trial["content"]:
        return False
    if content is not None:
        # Its figures have changed: a run keeps every value that it ever had.
        server.ask("runs/delete", {"run_id": run})
        run = None
    if run is None:
        answer = server.ask("runs/create", dict(trial["create"], experiment_id=number))
        run = answer["run"]["info"]["run_id"]
    for batch in trial["batches"]:
        server.ask("runs/log-batch", dict(batch, run_id=run))
    server.ask("runs/update", dict(trial["update"], run_id=run))
    if trial["update"]["status"] != "RUNNING":
        # Last: whoever is interrupted before goes on with this run.
        tag = {"run_id": run, "key": "ablate.content", "value": trial["content"]}
        server.ask("runs/set-tag", tag)
    return True


def main():
    address = (sys.argv[1:] or [os.environ.get("MLFLOW_TRACKING_URI", "")])[0]
    if not address.startswith(("http://", "https://")):
        sys.exit(__doc__)
    server = Server(address)
    try:
        number = experiment(server, json.loads((FOLDER / "experiment.json").read_text()))
        known = runs(server, number)
        files = sorted((FOLDER / "runs").glob("*.json"))
        posted = sum(post(server, number, json.loads(file.read_text()), known) for file in files)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.url}: {error.code} {error.read().decode(errors='replace')[:500]}")
    except urllib.error.URLError as error:
        sys.exit(f"{address}: {error.reason}")
    print(f"{address}: {posted} of {len(files)} runs posted, {len(files) - posted} were there already")


main()
