#!/usr/bin/env bash
# What a newcomer sees in the first minutes, on a terminal of 80 columns and 24 lines: the questions of 'init' typed, a plan, a run
# with 'status --watch' beside it, the table, a report. Screens are written one after another as text, to be looked at; the script
# fails where the edge of the terminal cuts a word, or where a step does not come to its end.
#
#   Tests/Terminal/record.sh ABLATE OUTPUT.txt [TIME]
#
# TIME is what 'init' is told the run may take (1m).
set -euo pipefail
ablate=$(realpath "$1")
output=$(realpath -m "$2")
time=${3:-1m}
command -v tmux > /dev/null || { echo "SKIPPED: there is no tmux here"; exit 0; }

scratch=$(mktemp -d)
socket="ablate-record-$$"
# A server, configuration and home of its own: nothing of whoever runs this.
terminal() { tmux -L "$socket" -f /dev/null "$@"; }
trap 'terminal kill-server 2> /dev/null || true; rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir bin home
ln -s "$ablate" bin/ablate
clean=(env -i "PATH=$scratch/bin:/usr/bin:/bin" "HOME=$scratch/home" TERM=screen LANG=C.UTF-8 "PS1=\$ ")
terminal new-session -d -s main -x 80 -y 24 "${clean[@]}" bash --norc --noprofile
terminal set-option -g history-limit 5000 > /dev/null
: > "$output"

# screen TITLE [PANE] [FIRST LINE]: what is shown now.
screen() {
    printf '=== %s\n' "$1" >> "$output"
    terminal capture-pane -p -t "${2:-main}" ${3:+-S "$3"} >> "$output"
    # Lines that the terminal had to break, as the program wrote them.
    terminal capture-pane -p -J -t "${2:-main}" ${3:+-S "$3"} >> "$scratch/written.txt"
}
type_line() { terminal send-keys -t "${2:-main}" -l "$1"; terminal send-keys -t "${2:-main}" Enter; }
# wait_for TEXT [SECONDS] [PANE]: until a screen shows it.
wait_for() {
    local left=$((${2:-60} * 5))
    until terminal capture-pane -p -S -300 -t "${3:-main}" | grep -qF -- "$1"; do
        left=$((left - 1))
        if [ "$left" -le 0 ]; then
            screen "GIVEN UP: no '$1'" "${3:-main}" -300
            echo "no '$1' on the screen after ${2:-60} s; see $output" >&2
            exit 1
        fi
        sleep 0.2
    done
}
clear_screen() { type_line clear; sleep 0.3; terminal clear-history -t main; }
# finished: the prompt says the exit code of what was typed.
done_line() { type_line "echo [\$?]"; wait_for "[$1]" "${2:-60}"; }

type_line ablate
wait_for "init"
screen "ablate" main -200
clear_screen

type_line "ablate init"
wait_for "name of the sweep"
type_line "my sweep"
sleep 0.5
type_line first
wait_for "recordings: a manifest"
type_line "no-such-folder"
sleep 0.5
type_line ""
wait_for "what to vary"
type_line "temprature"
sleep 0.5
type_line temperature
wait_for "how long it may take"
type_line "ten minutes"
sleep 0.5
type_line "$time"
done_line 0 120
screen "ablate init, its questions answered, some of them wrongly at first" main -100
clear_screen

type_line "ablate plan first.yaml"
done_line 0 60
screen "ablate plan" main -100
clear_screen

terminal new-window -d -n beside "${clean[@]}" bash --norc --noprofile
terminal resize-window -t main:beside -x 80 -y 24 2> /dev/null || true
type_line "ablate run first.yaml"
sleep 4
type_line "ablate status --watch" main:beside
for moment in 1 2 3; do
    sleep 6
    screen "ablate run, moment $moment" main
    screen "ablate status --watch beside it, moment $moment" main:beside
done
wait_for "database" 1200
screen "ablate status --watch, after the run" main:beside
done_line 0
screen "ablate run, to its end" main -300
clear_screen

for step in "table first" "table first --verdicts" "status first" "report first" "advise first" "run first.yaml"; do
    type_line "ablate $step"
    done_line 0 120
    screen "ablate $step" main -200
    clear_screen
done

cut=$(python3 - "$scratch/written.txt" <<'PROGRAM'
import sys
for line in open(sys.argv[1], encoding="utf-8").read().split("\n"):
    if len(line) > 80 and line[79].isalnum() and line[80].isalnum():
        print(line)
PROGRAM
)
if [ -n "$cut" ]; then echo "words cut by the edge of the terminal:"; echo "$cut"; exit 1; fi
echo "$(grep -c '^=== ' "$output") screens in $output"
