#!/bin/sh
# Runs the examples in Python small, with the interpreter that is given: check-python.sh ABLATE PYTHON. What the
# interpreter has no library for is skipped aloud.
set -eu
ablate=$(realpath "$1")
python=$2
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
PATH=$(dirname "$(realpath -s "$(command -v "$python")")"):$PATH
export PATH

# has MODULE: whether the interpreter that the sweeps call has it.
has() { python3 -c "import $1" 2> /dev/null; }

expect() {
    if ! grep -q "$2" "$1"; then
        echo "FAILED: '$2' is not in:" >&2
        cat "$1" >&2
        exit 1
    fi
}

if has sklearn; then
    "$ablate" run "$here/sklearn-digits/sweep.yaml" --results "$scratch/digits" -j 2 \
        -S base.epochs=2 -S seeds=2 > "$scratch/digits.txt"
    expect "$scratch/digits.txt" 'finished 8 of 8 trials'
    "$ablate" table digits --results "$scratch/digits" --clips --metrics accuracy,f1 > "$scratch/clips.txt"
    expect "$scratch/clips.txt" 'macro F1: no interval'
    echo "passed: sklearn-digits"
else
    echo "SKIPPED: sklearn-digits, since $python has no scikit-learn"
fi

if has torch; then
    cp -r "$here/pytorch" "$scratch/pytorch"
    cd "$scratch/pytorch"
    rm -rf bank
    small="-S data.source=builtin -S data.path=~ -S data.clips=100 -S base.pretraining_steps=10 -S base.batch_size=16 -S seeds=2"
    # shellcheck disable=SC2086
    "$ablate" run builtin.yaml $small --results results -j 2 > builtin.txt
    # shellcheck disable=SC2086
    "$ablate" export bank builtin.yaml $small --results results --format npy -o bank 2> export.txt
    "$ablate" run pytorch.yaml --results results -j 2 \
        -S base.pretraining_steps=10 -S base.batch_size=16 -S seeds=2 > pytorch.txt
    expect pytorch.txt 'finished 4 of 4 trials'
    RESULTS=results "$ablate" run both.yaml --results results -S seeds=2 > both.txt
    expect both.txt 'finished 8 of 8 trials'
    RESULTS=results "$ablate" table both --differences --results results > differences.txt
    expect differences.txt 'pytorch'
    python3 embed.py bank random pytorch.npy > embed.txt
    # shellcheck disable=SC2086
    "$ablate" run embeddings.yaml $small --results results -j 2 > embeddings.txt
    expect embeddings.txt 'pytorch: the heads of a linear probe on embeddings'
    echo "passed: pytorch"
else
    echo "SKIPPED: pytorch, since $python has no PyTorch"
fi

if has torch && has librosa; then
    cd "$scratch"
    "$ablate" run "$here/pytorch/builtin.yaml" -S data.source=builtin -S data.path=~ -S data.clips=60 \
        -S base.pretraining_steps=5 -S base.batch_size=16 -S seeds=1 --results encoders > encoders.txt
    "$ablate" export bank "$here/pytorch/builtin.yaml" -S data.source=builtin -S data.path=~ -S data.clips=60 \
        -S base.pretraining_steps=5 -S base.batch_size=16 -S seeds=1 --results encoders -o sounds 2> export.txt
    "$ablate" encoder builtin none --results encoders -o encoder.safetensors > encoder.txt
    "$ablate" embed encoder.safetensors sounds/test/00000.wav sounds/test/00001.wav -o ours.npy > embed.txt
    python3 "$here/load_encoder.py" encoder.safetensors sounds/test/00000.wav sounds/test/00001.wav > theirs.txt
    python3 -c '
import numpy
worst = abs(numpy.load("ours.npy") - numpy.loadtxt("theirs.txt")).max()
assert worst < 1e-5, worst
print(f"passed: load_encoder.py, largest difference {worst:.1e}")'
else
    echo "SKIPPED: load_encoder.py, since $python has no PyTorch or no librosa"
fi
