#!/usr/bin/env bash
# Runs a sweep on a real Slurm of two nodes, disturbs it in every way that clusters know, and compares the tables
# with those of one `ablate run`, byte for byte. Starts and stops daemons of its own, with their own ports and
# folders, and leaves any other Slurm alone.
#
#   Tests/Slurm/check.sh ABLATE [quick|slow|PIECE...]
#
# quick: two to three minutes; slow: what waits for time limits, nodes and caches, half an hour; without either both.
# `figures` compares the time of a study on two nodes with that of `ablate run -j 2`, for a machine that does nothing else.
set -uo pipefail
quick="arrays training kills restart refusal failure"
slow="limits preemption down full late lost"
case ${2:-all} in
  quick) pieces=($quick) ;;
  slow) pieces=($slow) ;;
  all) pieces=($quick $slow) ;;
  *) pieces=("${@:2}") ;;
esac
ablate=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)

skip() {
  echo "check-slurm is skipped: $1"
  exit 0
}

# MARK: Daemons

[ "$(id -u)" = 0 ] || skip "the daemons of Slurm need root"
missing=""
for program in slurmctld slurmd sbatch squeue munged; do
  PATH=$PATH:/usr/sbin command -v $program >/dev/null || missing="$missing $program"
done
if [ -n "$missing" ]; then
  { apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends slurm-wlm munge; } >/dev/null 2>&1 \
    || skip "there is no$missing, and the packages slurm-wlm and munge cannot be installed"
fi
export PATH=$PATH:/usr/sbin

work=$(mktemp -d /tmp/ablate-slurm.XXXXXX)
chmod 755 "$work"
export SLURM_CONF=$work/slurm.conf
sed "s#@WORK@#$work#" "$here/slurm.conf" > "$SLURM_CONF"
mkdir -p "$work/state" "$work/spool-n1" "$work/spool-n2" "$work/munge"
declare -a daemons=()

startDaemon() { "$@" > "$work/$(basename "$1")-$RANDOM.out" 2>&1 & daemons+=($!); started=$!; }
startController() { startDaemon slurmctld -D -f "$SLURM_CONF"; controller=$started; }
startNode() { startDaemon slurmd -D -N "$1" -f "$SLURM_CONF"; eval "node_$1=$started"; }
stopNode() { eval "kill -${2:-TERM} \$node_$1; wait \$node_$1" 2>/dev/null; }
# Node n2 with a mount of its own over a folder, by which it learns of what others do there after 60 s, as NFS has it:
# names that were missing, sizes and times are remembered.
startLateNode() {
  mkdir -p "$1"
  startDaemon unshare --mount --propagation private sh -c '
    bindfs -f -o negative_timeout=60,entry_timeout=60,attr_timeout=60 "$1" "$1" & echo $! > "$2/bindfs"
    until mountpoint -q "$1"; do sleep 0.1; done
    exec slurmd -D -N n2 -f "$SLURM_CONF"' sh "$work/$1" "$work"
  node_n2=$started
}
stopLateNode() { kill "${1:--TERM}" "$(cat "$work/bindfs")" 2>/dev/null; stopNode n2; rm -f "$work/bindfs"; }

stopAll() {
  scancel --user=0 2>/dev/null
  [ ! -f "$work/bindfs" ] || kill "$(cat "$work/bindfs")" 2>/dev/null
  for daemon in $(printf '%s\n' "${daemons[@]}" | tac); do
    kill "$daemon" 2>/dev/null
  done
  for daemon in "${daemons[@]}"; do wait "$daemon" 2>/dev/null; done
  mountpoint -q "$work/small" && umount "$work/small"
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap stopAll EXIT

dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chmod 400 "$work/munge/key"
chmod 700 "$work/munge"
startDaemon munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge.socket" \
  --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed"
for i in $(seq 100); do [ -S "$work/munge.socket" ] && break; sleep 0.1; done
startController
startNode n1
startNode n2
for i in $(seq 150); do
  [ "$(sinfo --noheader --format=%T --nodes=n1,n2 --partition=debug 2>/dev/null)" = idle ] && break
  sleep 0.2
done
sinfo --partition=debug 2>/dev/null || skip "the daemons do not start; see $work (KEEP=1 keeps it)"

# MARK: Sweep

cd "$work"
# Programs that sleep: name, rows, seconds of each stage.
programs() {
  cat > "$1.yaml" <<YAML
name: $1
study: command
stages:
  data: {command: [sh, data.sh], seeds: false, settings: [], leaves: data}
  train: {needs: data, command: [sh, train.sh, "{needs.data}", "$3"], settings: [size], leaves: model}
  score: {needs: train, command: [sh, score.sh, "{needs.train}", "$3"], settings: []}
settings: {size: {kind: integer, default: 1}}
figures: {points: {better: higher}}
inputs: [data.sh, train.sh, score.sh]
parameters: {size: [$(seq -s, 1 "$2")]}
seeds: 1
cluster: {slurm: {partition: debug}, task_time: 0.01s}
YAML
}
cat > data.sh <<'SH'
sleep 1; mkdir "$ABLATE_OUTPUT/data"; echo 10 > "$ABLATE_OUTPUT/data/x"
SH
cat > train.sh <<'SH'
sleep $2; mkdir "$ABLATE_OUTPUT/model"
echo $(($(cat $1/x) * ABLATE_SETTING_SIZE)) > "$ABLATE_OUTPUT/model/x"
SH
cat > score.sh <<'SH'
sleep $2; echo '{"points": '$(cat $1/x)'}' > "$ABLATE_OUTPUT/figures.json"
SH

# The built-in trainer: name, rows, steps.
trainer() {
  cat > "$1.yaml" <<YAML
name: $1
data: {clips: 30, classes: 3}
base:
  encoder: {channels: [4, 4, 4], recurrent_units: 4}
  feature_pooling: 2
  pretraining_steps: $3
  finetuning_steps: $3
  batch_size: 4
  finetuning_batch_size: 4
  recording_seconds: 1.5
  spatialisations: 1
  test_spatialisations: 1
  rt60: 0.1
parameters: {temperature: [$(seq -s, 1 "$2" | sed -E 's/[0-9]+/0.1&/g')]}
seeds: [0]
evaluation: [probe, finetune]
cluster: {slurm: {partition: debug}, task_time: 0.01s}
YAML
}
# One trial of three fails.
cat > fail.yaml <<'YAML'
name: fail
study: command
command: [sh, -c, '[ {size} != 2 ] || exit 3; echo "{{\"points\": {size}}}" > {output}/figures.json']
settings: {size: {kind: integer, default: 1}}
figures: {points: {better: higher}}
parameters: {size: [1, 2, 3]}
seeds: 2
cluster: {slurm: {partition: debug}, task_time: 1s}
YAML
# An sbatch that takes one job and no more.
mkdir -p refusing
cat > refusing/sbatch <<SBATCH
#!/bin/sh
n=\$((\$(cat $work/refusing/count 2>/dev/null || echo 0) + 1)); echo \$n > $work/refusing/count
[ \$n -le 1 ] || { echo "sbatch: error: AssocMaxSubmitJobLimit" >&2; exit 1; }
exec $(command -v sbatch) "\$@"
SBATCH
chmod +x refusing/sbatch
programs many 40 0.2
programs few 6 2
trainer tiny 4 12
trainer long 2 "${LONG_STEPS:-20000}"

# The tables that everything is compared with.
whole() {
  [ -d "whole-$1" ] || "$ablate" run "$1.yaml" --quiet --results "whole-$1" > /dev/null 2>&1 \
    || fault "the run of $1 to compare with failed"
}

failures=0
fault() {
  echo "  FAULT: $1"
  failures=$((failures + 1))
}

# waitFor SECONDS COMMAND...: until it is true.
waitFor() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.3
  done
}
nodesIdle() { [ "$(sinfo --noheader --format=%T --nodes=n1,n2 --partition=debug 2>/dev/null)" = idle ]; }
runningOn() { [ -n "$(squeue --noheader --states=RUNNING --nodelist="$1" 2>/dev/null)" ]; }
queueEmpty() { [ -z "$(squeue --noheader 2>/dev/null)" ]; }
running() { squeue --noheader --states=RUNNING --format=%j 2>/dev/null | grep -q "${1:-.}"; }
jobOf() { squeue --noheader --format='%F %j' | grep "$1" | head -1 | cut -d' ' -f1; }
# How many stages were computed more than once, in all tasks of a results folder.
twice() { cat "$1"/exchange/submissions/*/logs/* 2>/dev/null | grep '^computed' | awk '{print $2}' | sort | uniq -d | wc -l; }
computed() { cat "$1"/exchange/submissions/*/logs/* 2>/dev/null | grep -c "^computed .*$2"; }

# check NAME SWEEP RESULTS [TWICE]: the tables of RESULTS are those of one run; at most TWICE stages computed twice.
check() {
  local sweep=$2 results=$3 most=${4:-0}
  for file in table.md table.csv table.json table.tex; do
    cmp -s "whole-$sweep/$sweep/$file" "$results/$sweep/$file" || fault "$1: $file differs from that of one run"
  done
  local again; again=$(twice "$results")
  [ "$again" -le "$most" ] || fault "$1: $again stages were computed twice"
  local left; left=$(find "$results/exchange/leases" -name '*.json' | wc -l)
  [ "$left" = 0 ] || [ "$most" -gt 0 ] || fault "$1: $left leases are left"
  echo "$1: $(($SECONDS - begin)) s, computed twice: $again, shared: $(computed "$results" ' \(scenes\|data\) ')"
}
# finish RESULTS SWEEP: waits for the queue, submits what is missing as a user would, until nothing is.
finish() {
  for round in 1 2 3; do
    waitFor 400 queueEmpty || fault "the queue of $1 is not empty after 400 s"
    "$ablate" submit "$2.yaml" --results "$1" > "$1.again" 2>&1
    grep -q "nothing to submit" "$1.again" && break
  done
  "$ablate" collect --results "$1" > "$1.collected" 2>&1
}

submit() { begin=$SECONDS; "$ablate" submit "$1.yaml" --results "$2" "${@:3}" > "$2.submitted" 2>&1; }

# MARK: Quick pieces

# Forty chains in arrays of eleven, submitted twice; the collector three times and beside running tasks.
arrays() {
  whole many
  submit many r1; submit many r1
  for i in 1 2 3; do "$ablate" collect --results r1 > r1.collect-$i 2>&1; done
  waitFor 20 running chains
  echo "--- squeue"; squeue --array --format='%i %j %T %N %r' | head -5
  echo "--- ablate status"; "$ablate" status many --results r1 | head -6
  waitFor 400 queueEmpty || fault "40 chains are not over after 400 s"
  [ -f r1/many/table.md ] || fault "the last job has written no table"
  check "40 chains, arrays of 11, submitted twice, collected thrice" many r1
  [ "$(computed r1 ' data ')" = 1 ] || fault "what all share was not computed once"
}

# The built-in trainer, its scenes made once.
training() {
  whole tiny
  submit tiny r0
  finish r0 tiny
  check "the built-in trainer" tiny r0
  [ "$(computed r0 ' scenes ')" = 1 ] || fault "scenes were not computed once"
}

# A task is killed with its program, scancel takes the rest of an array, one task is held.
kills() {
  whole few
  submit few r2
  waitFor 60 running chains-0
  victim=$(pgrep -f "stage $work/r2/exchange" | head -1)
  [ -n "$victim" ] && kill -KILL "$victim"
  array=$(jobOf chains-0)
  scontrol hold "${array}_5" 2>/dev/null
  scancel "${array}_[3-4]" 2>/dev/null
  sleep 1
  "$ablate" status few --results r2 > r2.status
  grep -q "held (JobHeld" r2.status || fault "status does not tell of the held task"
  "$ablate" collect --results r2 > r2.half 2>&1; [ $? = 1 ] || fault "a collection half-way has not ended with 1"
  scontrol release "${array}_5" 2>/dev/null
  finish r2 few
  check "a task killed, two cancelled, one held and released" few r2
}

# The scenes' job fails once, and slurmctld is restarted.
restart() {
  whole few
  submit few r3
  scancel "$(jobOf shared-0)"
  kill "$controller"; wait "$controller" 2>/dev/null; startController
  waitFor 20 squeue --noheader > /dev/null 2>&1
  finish r3 few
  check "the scenes' job cancelled, slurmctld restarted" few r3
}

# Half of a submission is refused.
refusal() {
  whole few
  begin=$SECONDS
  PATH=$work/refusing:$PATH "$ablate" submit few.yaml --results r4 > r4.submitted 2>&1
  [ $? = 1 ] || fault "half a submission has not ended with 1"
  finish r4 few
  check "half a submission refused" few r4
}

# A trial that fails is a row of its own, in the store and in the table.
failure() {
  "$ablate" run fail.yaml --quiet --results whole-fail > /dev/null 2>&1
  submit fail r5
  waitFor 60 queueEmpty
  "$ablate" collect --results r5 > r5.collected 2>&1
  check "a failing trial" fail r5
}

# MARK: Slow pieces

# A time limit of a minute with work longer than it: saved, back into the queue, on from there.
limits() {
  whole long
  submit long r6 --time 1m
  finish r6 long
  cat r6/exchange/submissions/*/logs/* | grep -c "is in the queue again" | xargs echo "  put back into the queue:"
  check "time limits of a minute" long r6
}

# Preempted, with and without grace.
preemption() {
  whole long
  for partition in debug grace; do
    results=r7-$partition
    submit long $results --slurm partition=$partition
    waitFor 90 running chains-0; sleep 8
    sbatch --parsable --partition=urgent --array=0-1 --output=/dev/null --wrap='sleep 15' > urgent
    waitFor 60 running wrap || fault "nothing was preempted ($partition)"
    finish $results long
    check "preempted in partition $partition" long $results 2
  done
}

# A node goes down and comes back.
down() {
  whole few
  submit few r8
  waitFor 60 running chains-0
  stopNode n2 KILL
  sleep 25
  startNode n2
  finish r8 few
  check "a node down and back" few r8 2
}

# A folder that is full while tasks hand in: it has room for the program and little more.
full() {
  whole few
  mkdir -p small
  room=$(($(stat -c %s "$ablate") / 1048576 + 20))
  mount -t tmpfs -o size=${room}m tmpfs "$work/small" || { echo "SKIPPED: a full folder: nothing can be mounted"; return; }
  submit few small/r9
  waitFor 60 running chains-0
  dd if=/dev/zero of=small/filler bs=4k status=none 2>/dev/null
  sleep 10
  rm small/filler
  waitFor 60 queueEmpty
  # A program that could not write its own files has failed by its exit code: tried again when asked.
  "$ablate" submit few.yaml --results small/r9 --rerun failed > /dev/null 2>&1
  finish small/r9 few
  check "a folder that was full for a while" few small/r9 2
}

# What the tasks on n2 see of the folder is a minute old, and what all share is left to tasks that start at once.
late() {
  needsBindfs || return
  whole few
  stopNode n2
  startLateNode r10
  waitFor 60 nodesIdle
  submit few r10
  scancel "$(jobOf shared-0)"
  finish r10 few
  stopLateNode
  startNode n2
  check "a node that sees the folder as it was a minute ago" few r10 7
}

# A node loses the folder while its tasks run.
lost() {
  needsBindfs || return
  whole few
  stopNode n2
  startLateNode r11
  waitFor 60 nodesIdle
  submit few r11
  waitFor 60 runningOn n2
  sleep 1
  stopLateNode -KILL
  sleep 25
  startNode n2
  waitFor 60 queueEmpty
  # A program whose folder goes has failed by its exit code: tried again when asked.
  "$ablate" submit few.yaml --results r11 --rerun failed > /dev/null 2>&1
  finish r11 few
  check "a node that loses the folder" few r11 2
}

needsBindfs() {
  command -v bindfs >/dev/null || apt-get install -qq -y --no-install-recommends bindfs >/dev/null 2>&1 \
    || { echo "SKIPPED: a node with a view of its own: there is no bindfs"; return 1; }
}

# MARK: Figures

# The same study by `ablate run -j 2` and on two nodes of one core each. Waiting in the queue apart: what counts is for
# how long each node was at work.
figures() {
  trainer small 8 300
  local start=$EPOCHREALTIME
  "$ablate" run small.yaml -j 2 --quiet --results whole-small > /dev/null
  echo "ablate run -j 2: $(awk "BEGIN {print $EPOCHREALTIME - $start}") s"
  submit small r12
  waitFor 900 queueEmpty
  check "the same on two nodes, submission to table" small r12
  scontrol --oneliner show job | grep "JobName=small-1-" \
    | sed -E 's/.*StartTime=([^ ]*) EndTime=([^ ]*).* NodeList=([^ ]*).*/\1 \2 \3/' > jobs
  for node in n1 n2; do
    total=0
    while read -r start end place; do
      [ "$place" != $node ] || total=$((total + $(date -d "$end" +%s) - $(date -d "$start" +%s)))
    done < jobs
    echo "node $node at work: $total s"
  done
}

for piece in "${pieces[@]}"; do $piece; done

[ $failures = 0 ] && echo "check-slurm passed" || { echo "check-slurm: $failures faults"; exit 1; }
