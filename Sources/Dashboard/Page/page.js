// The page: asks the program for what is in view, and again whenever the store has changed.
import { exhibit, facts, figure, h, lineChart } from "./drawings.js";

const main = document.getElementById("main");
const trail = document.getElementById("trail");
const connection = document.getElementById("connection");

// MARK: Asking

/** What the view that is shown asks for; nobody waits for it any more when another one comes. */
let asking = new AbortController();

/** As addresses have it: a space as %20. */
const queryOf = (parameters) => new URLSearchParams(parameters).toString().replaceAll("+", "%20");

async function ask(path, parameters = {}) {
  const query = queryOf(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  const response = await fetch(`/api/${path}?${query}`, { signal: asking.signal });
  if (!response.ok) throw new Error(await response.text());
  const answer = await response.json();
  if (answer && answer.fault) throw new Error(answer.fault);
  return answer;
}

/** What changes with the store: `progress` with anything, `results` with results and plans. */
class Section {
  constructor(basis, load, show, { title = null, id = null } = {}) {
    this.basis = basis;
    this.load = load;
    this.show = show;
    this.body = h("div");
    this.element = h("section", id ? { id } : {}, title ? h("h2", {}, title) : null, this.body);
    if (title) this.element.classList.add("empty");
    this.isBusy = false;
    this.isDue = false;
  }

  async refresh() {
    if (this.isBusy) { this.isDue = true; return; }
    this.isBusy = true;
    const asked = performance.now();
    this.hasFault = false;
    try {
      const text = JSON.stringify(await this.load());
      if (text !== this.shown) {
        this.shown = text;
        const content = [this.show(JSON.parse(text), this)].flat().filter(Boolean);
        keepingFocus(() => this.body.replaceChildren(...content));
        this.element.classList.toggle("empty", content.length === 0);
      }
    } catch (fault) {
      if (fault.name === "AbortError") { this.isBusy = false; return; }
      this.shown = null;
      this.hasFault = true;
      this.body.replaceChildren(h("p", { class: "fault" }, fault.message));
      this.element.classList.remove("empty");
    }
    // What takes long is asked for less often.
    setTimeout(() => {
      this.isBusy = false;
      if (this.isDue && this.element.isConnected) { this.isDue = false; this.refresh(); }
    }, Math.max(300, performance.now() - asked));
  }
}

/** What had the focus has it again when it was drawn anew: it is known by `data-focus`. */
function keepingFocus(change) {
  const name = document.activeElement?.dataset?.focus;
  const scrolls = [...document.querySelectorAll("[data-scroll]")].map((one) => [one.dataset.scroll, one.scrollLeft, one.scrollTop]);
  change();
  for (const [key, left, top] of scrolls) {
    const same = document.querySelector(`[data-scroll="${CSS.escape(key)}"]`);
    if (same) [same.scrollLeft, same.scrollTop] = [left, top];
  }
  if (name && document.activeElement === document.body) document.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}

// MARK: Words

const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

function duration(seconds) {
  if (seconds < 9.95) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function bytes(count) {
  if (count < 1e6) return `${Math.ceil(count / 1e3)} kB`;
  return count < 1e9 ? `${Math.round(count / 1e6)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

const moment = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
const left = (estimate) => {
  if (!estimate) return "";
  if (estimate.seconds < 1.5) return " · about a second left";
  const spread = 1.645 * estimate.deviation; // nine of ten runs
  return ` · about ${duration(estimate.seconds)} left` + (spread < 1 ? "" : ` (± ${duration(spread)})`);
};

/** Of trials by their status: what is blocked has failed. */
const countsOf = ({ finished, running, failed, blocked, pending }) =>
  ({ finished, running, pending, failed: failed + blocked, total: finished + running + failed + blocked + pending });

function counted(counts) {
  const parts = [`${counts.finished.toLocaleString("en")} of ${plural(counts.total, "trial")} done`];
  if (counts.running) parts.push(`${counts.running} running`);
  if (counts.failed) parts.push(`${counts.failed} failed`);
  return parts.join(", ");
}

function bar(parts, total) {
  const share = (count) => `${(100 * count) / Math.max(1, total)}%`;
  return h("div", { class: "bar", role: "img", "aria-label": parts.map(([name, count]) => `${count} ${name}`).join(", ") + ` of ${total}` },
    parts.map(([name, count]) => h("span", { class: name, style: { width: share(count) } })));
}

const trialBar = (counts) => bar([["finished", counts.finished], ["running", counts.running], ["failed", counts.failed]], counts.total);
const badge = (status) => h("span", { class: `badge ${status}` }, status);
const link = (...parts) => "#/" + parts.map(encodeURIComponent).join("/");

// MARK: Views: each gives its sections

function sweepsView() {
  setTrail([]);
  return [new Section("progress", () => ask("sweeps"), (answer) => {
    if (!answer.exists) return h("p", {}, `There is no store at ${answer.database} yet. It is shown here as soon as a run has begun: `, h("code", {}, `${answer.program} run SWEEP.yaml`));
    if (answer.sweeps.length === 0) return h("p", {}, "No sweeps yet: ", h("code", {}, `${answer.program} run SWEEP.yaml`));
    return [h("h1", {}, "Sweeps"), h("p", { class: "quiet small" }, answer.database),
      h("ul", { class: "list" }, answer.sweeps.map((sweep) => h("li", { class: "card" },
        h("h2", {}, h("a", { href: link("sweep", sweep.name), "data-focus": `sweep ${sweep.name}` }, sweep.name)),
        sweep.description ? h("p", { class: "question small" }, sweep.description) : null,
        h("div", { class: "progress" }, trialBar(sweep.counts)),
        h("div", { class: "numbers small" }, counted(sweep.counts) + left(sweep.left),
          sweep.revisions > 1 ? ` · ${sweep.revisions} plans` : "", sweep.lastRun ? ` · last run ${moment(sweep.lastRun)}` : ""))))];
  })];
}

function nothingView(address) {
  setTrail([]);
  return [new Section("results", () => Promise.reject(new Error(`There is nothing at ${address}.`)), () => [])];
}

function sweepView(name) {
  setTrail([[name]]);
  const overview = new Section("progress", () => ask("sweep", { sweep: name }), (sweep) => {
    const { status } = sweep;
    const counts = countsOf(status.trials);
    const failures = [...status.failed, ...status.postponed.map((failure) => ({ ...failure, isPutOff: true }))];
    return [
      h("h1", {}, sweep.name), sweep.description ? h("p", { class: "question" }, sweep.description) : null,
      h("div", { class: "progress" }, trialBar(counts)),
      h("p", { class: "numbers", id: "progress" }, counted(counts) + left(status.left)),
      failures.map((failure) => h("div", { class: "failure" },
        h("strong", {}, failure.isPutOff ? "Put off: " : "Failed: "), failure.title,
        h("span", { class: "quiet" }, ` (${plural(failure.trials, "trial")}, ${plural(failure.attempts, "attempt")})`),
        failure.isPutOff ? h("div", { class: "small" }, "A fault of the machine: the next run tries it again.") : null,
        h("pre", {}, failure.reason))),
      workersOf(status.running),
      h("h2", {}, "Stages"), h("div", { class: "cards" }, status.stages.map((kind) => {
        const failed = kind.failed + kind.blocked;
        const total = kind.finished + kind.running + failed + kind.waiting;
        return h("div", { class: "card" }, h("h3", {}, kind.kind), bar([["finished", kind.finished], ["running", kind.running], ["failed", failed]], total),
          h("div", { class: "small numbers" }, `${kind.finished} of ${total}` + (kind.running ? `, ${kind.running} running` : "") + (failed ? `, ${failed} failed` : "")));
      })),
    ].flat(2);
  });
  const notes = new Section("results", () => ask("notes", { sweep: name }), (texts) =>
    texts.length > 0 ? [h("h2", {}, "To be known"), h("ul", {}, texts.map((text) => h("li", {}, text)))] : []);
  const machine = new Section("progress", () => ask("machine"), (answer) => h("p", { class: "quiet small numbers" },
    `Machine: load ${answer.load.map((value) => value.toFixed(2)).join(" ")} on ${plural(answer.cores, "core")}`
    + (answer.memory ? ` · ${bytes(answer.memoryAvailable)} of ${bytes(answer.memory)} memory free` : "")
    + (answer.diskAvailable ? ` · ${bytes(answer.diskAvailable)} of disk free` : "")
    + Object.entries(answer.processes).map(([process, { anonymous, mapped }]) => ` · process ${process}: ${bytes(anonymous)} of its own, ${bytes(mapped)} of mapped files`).join("")));
  machine.isTimed = true;
  const sound = exhibitionSection(name);
  return [overview, machine, notes, queueSection(name), tableSection(name),
    new Section("results", () => ask("figures", { sweep: name }), (figures) => {
      const isOfDifferences = (one) => Object.keys(one.content)[0] !== "bars";
      const forests = figures.filter(isOfDifferences);
      // References alone say nothing of the sweep's rows.
      const shown = forests.length > 0 ? forests : figures.filter((one) => one.content.bars._0.some((bar) => !bar.isReference));
      return shown.length > 0 ? [h("h2", {}, forests.length > 0 ? "Differences" : "Figures"), h("div", { class: "figures" }, shown.map(figure))] : [];
    }),
    curvesSection(name), drawingsSection(name), sound, trialsSection(name, {}), aboutSection(name)];
}

function workersOf(running) {
  if (running.length === 0) return null;
  return [h("h2", {}, "Running now"), h("div", { class: "cards" }, running.map((worker) => h("div", { class: "card" },
    h("h3", { class: "title" }, worker.title),
    worker.process === null || worker.process === undefined ? h("p", { class: "fault small" }, "Its process has died; the next run takes it over.") : [
      bar([["running", worker.step]], worker.steps || 1),
      h("div", { class: "small numbers" }, [
        worker.steps ? `step ${worker.step} of ${worker.steps}` : "begun", worker.detail,
        worker.rate ? `${Math.round(worker.rate).toLocaleString("en")} examples/s` : "", duration(worker.seconds), `process ${worker.process}`,
        worker.stopped ? "stopped (Ctrl-Z)" : ""].filter(Boolean).join(" · "))])))];
}

// What a batch system has of the sweep: what waits and why, what runs where.
function queueSection(name) {
  const most = 40;
  const section = new Section("progress", () => ask("queue", { sweep: name }), (answer) => {
    const parts = answer.submissions.flatMap((submission) => {
      const { running, waiting, stopped, collector, notSubmitted } = submission;
      if (running.length + waiting.length + stopped.length === 0 && !collector) return [];
      return [h("h3", {}, submission.name),
        h("div", { class: "progress" }, bar([["finished", submission.stagesHandedIn]], submission.stages)),
        h("p", { class: "numbers small" }, [`${submission.stagesHandedIn.toLocaleString("en")} of ${plural(submission.stages, "stage")} handed in`,
          `${plural(running.length, "task")} running`, ...waiting.map((one) => `${one.tasks.toLocaleString("en")} ${one.isHeld ? "held" : "waiting"} (${one.reason})`),
          notSubmitted ? `${notSubmitted} not submitted` : "", collector ? `collecting: ${collector}` : ""].filter(Boolean).join(" · ")),
        waiting.some((one) => one.isHeld) ? h("p", { class: "fault small" }, "Held tasks keep the collecting job waiting: release them (scontrol release), or collect by hand.") : null,
        h("div", { class: "cards" }, running.slice(0, most).map((task) => h("div", { class: "card" },
          h("h3", { class: "title" }, task.stage || `Task ${task.number}`), bar([["running", task.step]], task.steps || 1),
          h("div", { class: "small numbers" }, [task.steps ? `step ${task.step} of ${task.steps}` : "", task.detail, `task ${task.number} on ${task.node}`,
            task.job ? `job ${task.job}, ${task.state} for ${task.time}` : "", task.stages ? `${task.stagesFinished} of ${plural(task.stages, "stage")} done` : ""].filter(Boolean).join(" · "))))),
        running.length > most ? h("p", { class: "quiet small" }, `and ${(running.length - most).toLocaleString("en")} more`) : null,
        stopped.slice(0, most).map((task) => h("div", { class: "failure" }, h("strong", {}, `Task ${task.number} ${task.state} on ${task.node}`), h("pre", {}, task.reason)))];
    });
    if (answer.fault) parts.push(h("p", { class: "fault small" }, `The queue cannot be asked: ${answer.fault}`));
    return parts.flat(2);
  }, { title: "Batch system", id: "queue" });
  section.isTimed = true;
  return section;
}

const tableKinds = [["figures", "Figures"], ["differences", "Differences"], ["verdicts", "Verdicts"], ["claims", "Claims"], ["trials", "By trial"], ["cost", "Cost"]];

function tableSection(name) {
  const state = { kind: "figures", sort: null, down: false, from: 0, chosen: [] };
  const count = 50;
  let before = new Map();
  const section = new Section("results", () => ask("table", { sweep: name, kind: state.kind, sort: state.sort, down: state.down ? 1 : null, from: state.from, count }), (answer) => {
    const again = () => section.refresh();
    const holder = h("div", { id: "table" });
    // Made and escaped by the program's own renderer of tables.
    holder.innerHTML = answer.html;
    holder.querySelector(".scroll")?.setAttribute("data-scroll", "table");
    for (const header of holder.querySelectorAll("th[data-key]")) addSorting(header, header.dataset.key);
    const first = holder.querySelector("thead th:not([data-key]):not(.group)");
    if (first) { if (!first.textContent) first.textContent = "Configuration"; addSorting(first, "label"); }
    const seen = new Map();
    for (const [index, row] of [...holder.querySelectorAll("tr[data-row]")].entries()) {
      [...row.querySelectorAll("td")].forEach((cell, column) => {
        const key = JSON.stringify([state.kind, row.dataset.row, column]);
        if (before.has(key) && before.get(key) !== cell.textContent) cell.classList.add("changed");
        seen.set(key, cell.textContent);
      });
      if (state.kind === "trials" && answer.trials[index]) {
        const name = row.querySelector("th");
        const link1 = h("a", { href: link("trial", answer.trials[index]), "data-focus": `trial ${answer.trials[index]}` });
        link1.append(...name.childNodes);
        name.append(link1);
      }
      if (row.classList.contains("reference") || ["trials", "verdicts", "claims"].includes(state.kind)) continue;
      const head = row.querySelector("th");
      const label = row.dataset.row;
      const link0 = h("a", { href: link("sweep", name, "row", label), "data-focus": `row ${label}` });
      link0.append(...head.childNodes);
      head.append(h("input", { type: "checkbox", "aria-label": `compare ${label}`, "data-focus": `choose ${label}`, checked: state.chosen.includes(label),
        onchange: (event) => {
          state.chosen = event.target.checked ? [...state.chosen, label].slice(-2) : state.chosen.filter((one) => one !== label);
          compare.disabled = state.chosen.length !== 2;
          for (const box of holder.querySelectorAll("th input")) box.checked = state.chosen.includes(box.closest("tr").dataset.row);
        } }), link0);
    }
    before = seen;
    function addSorting(header, key) {
      const isSorted = state.sort === key;
      header.setAttribute("aria-sort", isSorted ? (state.down ? "descending" : "ascending") : "none");
      const button = h("button", { type: "button", class: "sort", "data-focus": `sort ${key}`, onclick: () => {
        if (state.sort !== key) [state.sort, state.down] = [key, key !== "label"];
        else if (state.down === (key !== "label")) state.down = !state.down;
        else [state.sort, state.down] = [null, false];
        state.from = 0;
        again();
      } });
      button.append(...header.childNodes, isSorted ? (state.down ? " ↓" : " ↑") : "");
      header.append(button);
    }
    const compare = h("button", { type: "button", disabled: state.chosen.length !== 2, title: "Mark two rows", "data-focus": "compare",
      onclick: () => { location.hash = link("rows", name, ...state.chosen); } }, "Two rows side by side");
    const choices = tableKinds.filter(([kind]) => kind === "claims" ? answer.hasClaims : answer.hasBaseline || !["differences", "verdicts"].includes(kind));
    return [h("div", { class: "row controls", role: "group", "aria-label": "Which table" },
      choices.map(([kind, label]) => h("button", { type: "button", "aria-pressed": String(state.kind === kind), "data-focus": `kind ${kind}`, onclick: () => {
        Object.assign(state, { kind, sort: null, down: false, from: 0 });
        again();
      } }, label)), ["figures", "differences", "cost"].includes(state.kind) ? compare : null), holder, pager(answer.rows, state, count, again)];
  }, { title: "Table" });
  return section;
}

function pager(total, state, count, again) {
  if (total <= count) return null;
  const turn = (from) => () => { state.from = Math.max(0, Math.min(from, total - 1)); again(); };
  return h("div", { class: "row" },
    h("button", { type: "button", disabled: state.from === 0, "data-focus": "earlier", onclick: turn(state.from - count) }, "Earlier"),
    h("span", { class: "numbers small" }, `${(state.from + 1).toLocaleString("en")} to ${Math.min(total, state.from + count).toLocaleString("en")} of ${total.toLocaleString("en")}`),
    h("button", { type: "button", disabled: state.from + count >= total, "data-focus": "later", onclick: turn(state.from + count) }, "Later"));
}

function curvesSection(name) {
  const state = { rows: null };
  const section = new Section("progress", () => ask("curves", { sweep: name, rows: state.rows }), (answer) => {
    const drawings = answer.drawings.map((drawing) => lineChart({
      title: drawing.name.replaceAll("_", " "),
      lines: drawing.lines.map((line) => ({ ...line, title: `${line.label}, seed ${line.seed}${line.isRunning ? ", running" : ""}` })),
    })).filter(Boolean);
    if (drawings.length === 0) return [];
    const select = answer.allRows > answer.rows.length ? h("label", { class: "row controls small" }, `Rows ${answer.rows.map((row) => row + 1).join(", ")} of ${answer.allRows}; others:`,
      h("input", { type: "text", placeholder: "1, 5, 12", "data-focus": "rows", "aria-label": "numbers of rows", onchange: (event) => {
        const rows = event.target.value.split(/[^0-9]+/).filter(Boolean).map((row) => row - 1);
        state.rows = rows.length > 0 ? rows.slice(0, 8).join(",") : null;
        section.refresh();
      } })) : null;
    return [select, h("div", { class: "figures" }, drawings), h("p", { class: "quiet small" }, "A line a seed, seeds of a configuration in one colour; a dot at the end: it still runs.")];
  }, { title: "Curves" });
  return section;
}

function drawingsSection(name) {
  let isWanted = false;
  const section = new Section("results", async () => (isWanted ? ask("figures", { sweep: name, stages: 1 }) : null), (figures) => {
    if (figures === null) return h("button", { type: "button", "data-focus": "draw", onclick: () => { isWanted = true; section.refresh(); } }, "Draw what stages have left");
    const shown = figures.filter((one) => Object.keys(one.content)[0] !== "curves");
    return shown.length > 0 ? h("div", { class: "figures" }, shown.map(figure)) : h("p", { class: "quiet" }, "No stage has left anything to draw yet.");
  }, { title: "Drawings" });
  return section;
}

function exhibitionSection(name) {
  return new Section("results", () => ask("exhibitions", { sweep: name }), (exhibitions) =>
    exhibitions.map((exhibition) => {
      const results = h("div", { class: "figures" });
      const selects = exhibition.choices.map((choice) => [choice.name, h("select", { "aria-label": choice.label }, choice.options.map((option) => h("option", { value: option.value }, option.label))), choice.label]);
      const button = h("button", { type: "button" }, "Show");
      button.addEventListener("click", async () => {
        const request = { sweep: name, exhibition: exhibition.name, ...Object.fromEntries(selects.map(([key, select]) => [key, select.value])) };
        button.disabled = true;
        results.replaceChildren(h("p", { class: "quiet" }, "One moment ..."));
        try {
          const answer = await ask("exhibit", request);
          results.replaceChildren(...answer.map((one) => exhibit(one, (number) => `/sound?${queryOf({ ...request, number })}`)).filter(Boolean));
        } catch (fault) {
          results.replaceChildren(h("p", { class: "fault" }, fault.message));
        }
        button.disabled = false;
      });
      return h("div", { class: "exhibition" }, h("div", { class: "row controls" }, h("strong", {}, exhibition.title), selects.map(([, select, label]) => h("label", { class: "row small" }, label, select)), button), results);
    }), { title: "See and hear" });
}

function trialTable(answer) {
  return h("div", { class: "scroll", "data-scroll": "trials" }, h("table", {}, h("thead", {}, h("tr", {}, ["Configuration", "seed", "state", ""].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, answer.trials.map((trial) => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: link("trial", trial.digest), "data-focus": trial.digest }, trial.label)),
      h("td", { class: "number" }, String(trial.seed)), h("td", {}, badge(trial.status)), h("td", { class: "text small" }, trial.reason ?? ""))))));
}

function trialsSection(name, { row = null, title = "Trials" }) {
  const state = { status: "", from: 0 };
  const count = 25;
  const section = new Section("progress", () => ask("trials", { sweep: name, row, status: state.status, from: state.from, count }), (answer) => {
    const choices = [["", "All"], ["failed", "Failed"], ["running", "Running"], ["finished", "Done"], ["pending", "Left"]];
    return [h("div", { class: "row controls", role: "group", "aria-label": "Which trials" }, choices.map(([status, label]) => h("button", { type: "button", "aria-pressed": String(state.status === status), "data-focus": `status ${status}`, onclick: () => {
      Object.assign(state, { status, from: 0 });
      section.refresh();
    } }, label))), answer.trials.length > 0 ? trialTable(answer) : h("p", { class: "quiet" }, "None."), pager(answer.total, state, count, () => section.refresh())];
  }, { title, id: "trials" });
  return section;
}

function aboutSection(name) {
  const load = async () => ({ ...(await ask("sweep", { sweep: name })), provenance: await ask("provenance", { sweep: name }) });
  return new Section("results", load, (sweep) => [
    facts([...sweep.facts, ...sweep.provenance].map((fact) => [fact.name, fact.name === "command" ? h("code", {}, fact.value) : fact.value]), true),
    sweep.plans.length > 1 ? [h("h3", {}, "Plans of this name"), h("ul", {}, sweep.plans.map((plan) => h("li", {}, h("a", { href: link("sweep", plan.name) }, plan.name),
      `: ${counted(plan.counts)}`, plan.registered ? `, registered ${moment(plan.registered)}` : "", plan.isInView ? " (in view)" : "")))] : null,
    sweep.runs.length > 0 ? [h("h3", {}, "Runs"), h("ul", {}, sweep.runs.map((run) => h("li", {}, `${moment(run.started)}: ${duration(run.seconds)} on ${plural(run.workers, "worker")}, ${run.outcome}`
      + (run.predicted ? `; predicted: ${duration(run.predicted)}` : ""))))] : null,
  ].flat(), { title: "About" });
}

function rowView(name, label) {
  setTrail([[name, link("sweep", name)], [label]]);
  const place = h("div");
  const section = new Section("results", () => ask("row", { sweep: name, row: label }), (answer) => {
    const trials = trialsSection(name, { row: answer.row });
    extra.push(trials);
    trials.refresh();
    place.replaceChildren(trials.element);
    return [h("h1", {}, label), place];
  });
  const extra = [];
  return [section, { element: h("div"), basis: "progress", refresh: () => extra.at(-1)?.refresh() }];
}

function rowsView(name, first, second) {
  setTrail([[name, link("sweep", name)], [`${first} and ${second}`]]);
  return [new Section("results", () => ask("rows", { sweep: name, first, second }), (answer) => {
    const holder = h("div");
    holder.innerHTML = answer.html;
    return [h("h1", {}, "Two rows side by side"),
      h("h2", {}, "Settings"), answer.settings.length > 0 ? h("div", { class: "scroll" }, h("table", {},
        h("thead", {}, h("tr", {}, ["", answer.first, answer.second].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, answer.settings.map((setting) => h("tr", {}, h("th", { scope: "row" }, setting.name), h("td", { class: "text" }, setting.first), h("td", { class: "text" }, setting.second)))))) : h("p", {}, "No setting differs."),
      h("p", { class: "quiet small" }, `${plural(answer.same, "setting")} more are the same.`), h("h2", {}, "Figures"), holder];
  })];
}

function trialView(digest) {
  setTrail([[digest.slice(0, 8)]]);
  return [new Section("progress", () => ask("trial", { digest }), (trial) => {
    setTrail([[trial.sweep, link("sweep", trial.sweep)], [trial.label, link("sweep", trial.sweep, "row", trial.label)], [`seed ${trial.seed}`]]);
    const live = trial.stages.flatMap((stage) => stage.curves.map((drawing) => lineChart({ title: `${stage.kind}: ${drawing.name.replaceAll("_", " ")}`, lines: drawing.lines }))).filter(Boolean);
    return [h("h1", {}, `${trial.label}, seed ${trial.seed}`),
      h("p", { class: "row" }, badge(trial.status), h("code", {}, trial.digest), h("span", { class: "quiet small" }, trial.seconds ? duration(trial.seconds) : "")),
      trial.reason ? h("div", { class: "failure" }, h("pre", {}, trial.reason)) : null,
      facts(trial.commands.map((one) => [one.name, h("code", {}, one.value)]), true),
      trial.metrics.length > 0 ? [h("h2", {}, "Figures"), facts(trial.metrics.map((one) => [one.name, one.value]))] : null,
      trial.figures.length + live.length > 0 ? [h("h2", {}, "Drawings"), h("div", { class: "figures" }, live, trial.figures.map(figure))] : null,
      h("h2", {}, "Stages"), trial.stages.map((stage) => h("div", { class: "card" },
        h("div", { class: "row" }, h("h3", {}, stage.title), badge(stage.isRunning ? "running" : stage.status), h("span", { class: "quiet small numbers" }, stage.seconds ? duration(stage.seconds) : "", stage.memory ? ` · ${bytes(stage.memory)}` : "")),
        stage.reason ? h("pre", { class: "fault" }, stage.reason) : null,
        stage.attempts.length > 0 ? h("ul", { class: "small" }, stage.attempts.map((attempt) => h("li", {}, `${attempt.outcome}` + (attempt.seconds ? ` after ${duration(attempt.seconds)}` : "") + (attempt.started ? `, begun ${moment(attempt.started)}` : "") + (attempt.reason && attempt.reason !== stage.reason ? `: ${attempt.reason}` : "")))) : null,
        stage.files.map((file) => h("p", { class: "small" }, h("a", { href: `/file?${queryOf({ stage: stage.digest, name: file.name })}`, download: true }, file.title), ` (${bytes(file.bytes)})`)),
        stage.log ? h("details", { open: stage.status === "failed" || stage.isRunning }, h("summary", { class: "small" }, "Log"), h("pre", { class: "log", "data-scroll": stage.digest }, stage.log)) : null)),
      h("h2", {}, "Settings"), facts(trial.settings.map((one) => [one.name, one.value, one.isVaried]))].flat(2);
  })];
}

// MARK: Where the page is

function setTrail(parts) {
  document.title = [...parts.map(([text]) => text), "ablate"].join(" · ");
  trail.replaceChildren(...parts.map(([text, address]) => (address ? h("a", { href: address }, text) : h("span", {}, text))));
}

let sections = [];

function route() {
  asking.abort();
  asking = new AbortController();
  const [view, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (view === "sweep" && rest[1] === "row") sections = rowView(rest[0], rest[2]);
  else if (view === "sweep" && rest[0]) sections = sweepView(rest[0]);
  else if (view === "rows") sections = rowsView(rest[0], rest[1], rest[2]);
  else if (view === "trial") sections = trialView(rest[0]);
  else if (view) sections = nothingView(location.hash);
  else sections = sweepsView();
  main.replaceChildren(...sections.map((section) => section.element));
  begin(sections);
}

/** The first says whether there is such a thing at all; where there is not, the others would only repeat it. */
async function begin(those) {
  await those[0].refresh();
  if (those !== sections) return;
  if (those[0].hasFault) {
    sections = those.slice(0, 1);
    main.replaceChildren(those[0].element, h("p", {}, h("a", { href: "#/" }, "All sweeps")));
    return;
  }
  for (const section of those.slice(1)) section.refresh();
}

addEventListener("hashchange", () => { route(); scrollTo(0, 0); main.focus({ preventScroll: true }); });

// MARK: News, while somebody looks: browsers allow few connections at once

let source = null;
let last = {};

function listen() {
  if (document.hidden) { source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource("/events");
  source.onopen = () => { connection.textContent = "live"; connection.className = ""; };
  source.onerror = () => { connection.textContent = "not connected: trying again"; connection.className = "lost"; };
  source.onmessage = (event) => {
    const now = JSON.parse(event.data);
    const isFirst = last.version === undefined;
    for (const section of sections) {
      if (!isFirst && (section.basis === "progress" ? now.version !== last.version : now.results !== last.results)) section.refresh();
    }
    last = now;
  };
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const section of sections) section.refresh();
  listen();
});

// MARK: Light and dark

const themes = ["auto", "light", "dark"];
const themeButton = document.getElementById("theme");

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  themeButton.textContent = { auto: "Auto", light: "Light", dark: "Dark" }[theme];
}

let theme = "auto";
try { theme = localStorage.getItem("theme") ?? "auto"; } catch { /* not kept then */ }
setTheme(theme);
themeButton.addEventListener("click", () => {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length];
  setTheme(theme);
  try { localStorage.setItem("theme", theme); } catch { /* not kept then */ }
});

// The machine's load and a batch system's queue change without the store.
setInterval(() => { if (!document.hidden) for (const section of sections) if (section.isTimed) section.refresh(); }, 5000);

route();
listen();
