#!/usr/bin/env python3
"""Runs a sweep and draws, thread by thread, when each computed and for which stage.

    timeline.py ABLATE OUT.svg [--last SECONDS] [--title TEXT] -- run SWEEP.yaml [options]

A look at /proc ten times a second says which threads of the process had a processor, the JSON log which stage each worker
was at. Drawn are the last SECONDS (default: all) of the run; below the threads, how many computed. Prints the wall time, the
time on processors, and their ratio.
"""
import argparse
import json
import os
import subprocess
import sys
import threading
import time
from html import escape

INTERVAL = 0.1
COLOURS = {"scenes": "#7f8c8d", "test_scenes": "#aab7b8", "pretrain": "#1f77b4", "probe": "#2ca02c",
           "finetune": "#d62728", "random": "#9467bd", "scratch": "#ff7f0e", "raw": "#8c564b"}


def processor_times(pid):
    """Seconds on a processor of each thread."""
    times = {}
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                times[int(thread)] = int(file.read().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        pass
    return times


def record(command):
    """(start of the interval, {thread: share of it on a processor}), and the stages: (begin, end, worker, kind, title)."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    start = time.perf_counter()
    stages, running = [], {}

    def read():
        for line in process.stdout:
            event = json.loads(line)
            now = time.perf_counter() - start
            if event["event"] == "started":
                running[event["worker"]] = (now, event["kind"], event["title"])
            elif event["event"] == "finished":
                begin, kind, title = running.pop(event["worker"])
                stages.append((begin, now, event["worker"], kind, title))

    reader = threading.Thread(target=read)
    reader.start()
    samples, before, last = [], processor_times(process.pid), time.perf_counter()
    while process.poll() is None:
        time.sleep(INTERVAL)
        now, times = time.perf_counter(), processor_times(process.pid)
        share = {thread: min(1, (spent - before.get(thread, 0)) / (now - last)) for thread, spent in times.items()}
        samples.append((last - start, now - start, share))
        before, last = {**before, **times}, now
    reader.join()
    if process.returncode != 0:
        sys.exit(f"timeline.py: {' '.join(command)} ended with {process.returncode}")
    return samples, stages


def draw(samples, stages, path, title):
    begin, end = samples[0][0], samples[-1][1]
    threads = sorted({thread for _, _, share in samples for thread, part in share.items() if part > 0.05},
                     key=lambda thread: -sum(share.get(thread, 0) for _, _, share in samples))
    width, row, left, top = 900, 22, 90, 40
    scale = width / (end - begin)
    height = top + row * len(threads) + 90

    def x(moment):
        return left + (moment - begin) * scale

    def kinds(moment):
        """The kinds of the stages that run then, the longest first."""
        now = [stage for stage in stages if stage[0] <= moment < stage[1]]
        return [kind for _, _, _, kind, _ in sorted(now, key=lambda stage: stage[0])]

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + left + 20}" height="{height}" '
             f'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="{left}" y="20" font-size="14">{escape(title)}</text>']
    for number, thread in enumerate(threads):
        y = top + number * row
        lines.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">thread {number + 1}</text>')
        for first, last, share in samples:
            part = share.get(thread, 0)
            if part > 0.02:
                lines.append(f'<rect x="{x(first):.1f}" y="{y + 2}" width="{(last - first) * scale + 0.3:.1f}" '
                             f'height="{row - 4}" fill="#1f77b4" fill-opacity="{part:.2f}"/>')
    base = top + len(threads) * row + 34
    shown = [stage for stage in stages if stage[1] > begin]
    for first, last, worker, kind, name in shown:
        y = base - 26 + 14 * worker
        lines.append(f'<rect x="{x(max(first, begin)):.1f}" y="{y}" width="{(last - max(first, begin)) * scale:.1f}" '
                     f'height="12" fill="{COLOURS.get(kind, "#444444")}"><title>{escape(name)}</title></rect>')
    places = sorted({kind for _, _, _, kind, _ in shown})
    for number, kind in enumerate(places):
        lines.append(f'<rect x="{left + 110 * number}" y="{height - 40}" width="12" height="12" '
                     f'fill="{COLOURS.get(kind, "#444444")}"/>'
                     f'<text x="{left + 16 + 110 * number}" y="{height - 30}">{escape(kind)}</text>')
    for mark in range(int(begin) + 1, int(end) + 1, max(1, int((end - begin) / 10))):
        lines.append(f'<text x="{x(mark):.1f}" y="{height - 8}" text-anchor="middle">{mark} s</text>'
                     f'<line x1="{x(mark):.1f}" y1="{top}" x2="{x(mark):.1f}" y2="{height - 46}" stroke="#dddddd"/>')
    lines.append("</svg>")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("out")
    parser.add_argument("--last", type=float)
    parser.add_argument("--title", default="")
    parser.add_argument("arguments", nargs="+")
    given = parser.parse_args()
    samples, stages = record([given.program, *given.arguments, "--log", "json"])
    end = samples[-1][1]
    busy = sum((last - first) * sum(share.values()) for first, last, share in samples)
    print(f"wall {end:.1f} s, on processors {busy:.1f} s, {busy / end:.2f} processors on average")
    if given.last:
        samples = [sample for sample in samples if sample[1] > end - given.last]
        tail = sum((last - first) * sum(share.values()) for first, last, share in samples)
        print(f"the last {given.last:g} s: {tail / (samples[-1][1] - samples[0][0]):.2f} processors on average")
    draw(samples, stages, given.out, given.title)


if __name__ == "__main__":
    main()
