#!/usr/bin/env bash
# Usage: Tests/Memory/check.sh ABLATE [INPUTS]
#
# Runs ABLATE, built with AddressSanitizer, on odd settings, on hostile files and on INPUTS changed
# files (100,000 unless said otherwise). Fails where a run ends in a signal, takes more than
# PATIENCE seconds, touches memory that is not its own, or ends otherwise than it should.
set -u
ablate=$(realpath "$1")
inputs=${2:-100000}
patience=${PATIENCE:-120}
rooms=$(realpath "$(dirname "$0")/../RoomFilesTests/Fixtures")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# An exit code of its own tells the sanitizer's reports from ours. What lives until the end is no fault.
export ASAN_OPTIONS=exitcode=99:detect_leaks=0:handle_segv=1
checked=0
failed=0

# expect CODES WHAT COMMAND...: CODES as in "0 2".
expect() {
  local codes=$1 what=$2 code
  shift 2
  timeout --kill-after=5 "$patience" "$@" >out 2>err </dev/null
  code=$?
  checked=$((checked + 1))
  if [[ " $codes " != *" $code "* ]] || grep -q 'AddressSanitizer' err; then
    failed=$((failed + 1))
    echo "FAILED: $what: exit $code, not $codes"
    grep -m 12 -A 12 'AddressSanitizer\|Fatal error' err | head -20 || true
    tail -n 3 err
  fi
}

# little BYTES NUMBER: little-endian bytes.
little() {
  local i
  for ((i = 0; i < $1; i++)); do printf "\\x$(printf %02x $((($2 >> (8 * i)) & 255)))"; done
}

# wave FILE CHANNELS RATE FRAMES CLAIMED: 16-bit samples; the header claims CLAIMED bytes of them.
wave() {
  {
    printf RIFF; little 4 $((36 + $5)); printf 'WAVEfmt '; little 4 16; little 2 1; little 2 "$2"
    little 4 "$3"; little 4 $(($2 * 2 * $3)); little 2 $(($2 * 2)); little 2 16
    printf data; little 4 "$5"
    yes 'a sound, of bytes that differ from one to the next: 0123456789' | head -c $(($4 * $2 * 2))
  } >"$1"
}

# floats FILE HEX: half a second of one 32-bit float, its bytes written in HEX.
floats() {
  local i
  {
    printf RIFF; little 4 $((36 + 32000)); printf 'WAVEfmt '; little 4 16; little 2 3; little 2 1
    little 4 16000; little 4 64000; little 2 4; little 2 32; printf data; little 4 32000
    for ((i = 0; i < 8000; i++)); do printf "$2"; done
  } >"$1"
}

cat >odd.yaml <<'END'
name: odd
data: {source: builtin, clips: 20, classes: 4}
base:
  encoder: {channels: [4, 4, 4], recurrent_units: 4}
  projection: [8, 4]
  feature_pooling: 2
  pretraining_steps: 2
  finetuning_steps: 2
  finetuning_batch_size: 4
  batch_size: 4
  recording_seconds: 1.5
  spatialisations: 1
  test_spatialisations: 1
  rt60: 0.1
  source_speed: 0.2
seeds: [0]
END

echo "odd settings"
while read -r row; do
  [ -n "$row" ] || continue
  rm -rf odd
  arguments=()
  for setting in $row; do arguments+=(-S "${setting//:_/: }"); done
  expect "0" "$row" "$ablate" run odd.yaml "${arguments[@]//,_/, }" --results odd -j 1 --quiet
done <<'END'
microphones=2
microphones=3
microphones=5
microphones=6
microphones=7
microphones=8
array=linear microphones=2
array=linear microphones=7
array=tetrahedral
array={positions:_[[0.1,_0,_0],_[0,_0.1,_0],_[0,_0,_0.1]]}
overlap=2
overlap=3 microphones=3
source_motion=arc
source_motion=line overlap=2
source_motion=arc overlap=3 microphones=2
simulation=hybrid noise=diffuse
simulation=hybrid microphones=8 noise=diffuse
noise=diffuse microphones=2
encoder={channels:_[1,_1,_1],_recurrent_units:_1}
encoder={channels:_[5,_9,_13],_recurrent_units:_7}
encoder={channels:_[17,_3,_31],_kernel_size:_5,_recurrent_units:_33}
encoder={channels:_[3,_33,_1],_kernel_size:_1,_recurrent_units:_15}
encoder={channels:_[7,_2,_19],_kernel_size:_7,_recurrent_units:_3}
encoder=small
batch_size=2 finetuning_batch_size=2
batch_size=7 finetuning_batch_size=3
batch_size=12 spatialisations=3 spatial_negatives=3
patch_frames=16
patch_frames=34
patch_frames=70
patch_frames=66 feature_pooling=1
feature_pooling=1 mel_bands=33
feature_pooling=1 mel_bands=48 lag_spacing=0.01
mel_bands=64 lag_spacing=4
projection=[1,_1]
projection=[3,_17]
crop_time=0.05 crop_frequency=0.05 crop_lags=true
mixup_level=-20 channel_drop_probability=1
channel_swap_mode=permutations channel_swap_views=one microphones=5
recording_seconds=[1.3,_2.9]
evaluation_unit=patch recording_seconds=2.7
label_fraction=0.0001
gcc_weight=0
END
good=$(find odd -name '*.safetensors' | head -1)
cp "$good" good.safetensors

echo "hostile files"
wave ok.wav 4 16000 24000 $((24000 * 8))
expect "0" "embed a recording" "$ablate" embed good.safetensors ok.wav -o ok.npy
wave lie.wav 1 16000 1000 $((2 ** 31 - 40))
wave slow.wav 1 1 1000 2000
wave seven.wav 4 7 1000 8000
wave fast.wav 1 4000000000 1000 2000
wave many.wav 1024 16000 10 $((10 * 2048))
floats huge.wav '\xca\xf2\x49\x71'
floats denormal.wav '\x01\x00\x00\x00'
floats nan.wav '\x00\x00\xc0\x7f'
floats infinite.wav '\x00\x00\x80\x7f'
: >empty.wav
printf RIFF >short.wav
mkfifo pipe.wav
for file in lie slow seven fast many huge denormal nan infinite empty short pipe; do
  expect "0 2" "features $file.wav" "$ablate" features $file.wav -o maps.npy
  expect "0 2" "simulate $file.wav" "$ablate" simulate $file.wav -o scene.wav
  expect "0 2" "embed $file.wav" "$ablate" embed good.safetensors $file.wav -o e.npy
done
mkdir -p sounds/one sounds/two
for i in 1 2 3 4 5 6 7 8; do
  wave sounds/one/$i.wav 1 16000 $((8000 + i)) $((2 * (8000 + i)))
  wave sounds/two/$i.wav 1 22050 $((9000 + i)) $((2 * (9000 + i)))
done
for file in lie slow seven fast huge denormal nan infinite empty short; do cp $file.wav sounds/two; done
mkfifo sounds/one/pipe.wav
expect "0 2" "data info of a folder of hostile sounds" "$ablate" data info folder --path sounds
expect "0 1 2" "a run on them" "$ablate" run odd.yaml -S data.source=folder -S data.path=sounds \
  -S 'base.batch_size=2' --results hostile --quiet

for file in "$rooms"/*.sofa "$rooms"/hostile/plain.sofa; do
  expect "0" "data info of $file" "$ablate" data info "$file"
done
for file in "$rooms"/hostile/*.sofa; do
  [ "$file" = "$rooms/hostile/plain.sofa" ] || expect "2" "data info of $file" "$ablate" data info "$file"
done
for part in 1 100 4000 20000 60000; do
  head -c $part "$rooms/room.sofa" >torn.sofa
  expect "2" "data info of $part bytes of a SOFA file" "$ablate" data info torn.sofa
done

for field in 'hopLength\\":320' 'fftLength\\":512' 'sampleRate\\":16000' 'lags\\":64' 'frames\\":2'; do
  name=${field%%\\*}
  number=${field##*:}
  for value in 0 1 -1 9; do
    printf -v padded "%${#number}s" "$value"
    sed "s/$field/$name\\\\\\\\\":$padded/" good.safetensors >bad.safetensors
    expect "0 2" "embed with $name $value" "$ablate" embed bad.safetensors ok.wav -o bad.npy
  done
done
head -c 300 good.safetensors >torn.safetensors
expect "2" "embed with a torn checkpoint" "$ablate" embed torn.safetensors ok.wav -o torn.npy

{ echo 'name: x'; printf 'base: {a0: &a0 [1, 2, 3]'; for i in $(seq 1 30); do
  printf ', a%d: &a%d [*a%d, *a%d, *a%d]' $i $i $((i - 1)) $((i - 1)) $((i - 1)); done; echo '}'; } >bomb.yaml
expect "2" "aliases of aliases" "$ablate" plan bomb.yaml
{ echo 'name: x'; echo '? &a [1, 2]'; echo ': 1'; for i in $(seq 1 24); do
  echo "? &b$i [*a, *a, $([ "$i" -gt 1 ] && echo "*b$((i - 1)), *b$((i - 1))" || echo 1)]"; echo ": $i"; done; } >keys.yaml
expect "2" "aliases as keys" "$ablate" plan keys.yaml
{ echo 'name: x'; echo 'base:'; for i in $(seq 1 50000); do echo '  batch_size: 8'; done; } >doubles.yaml
expect "2" "a key fifty thousand times" "$ablate" plan doubles.yaml
{ echo 'name: x'; echo 'base:'; for i in $(seq 1 50000); do echo "  key_$i: 8"; done; } >unknown.yaml
expect "2" "fifty thousand unknown keys" "$ablate" plan unknown.yaml
head -c 200000 /dev/zero | tr '\0' '[' >deep.yaml
expect "2" "a list two hundred thousand deep" "$ablate" plan deep.yaml

for option in --rt60=nan --snr=nan --distance=nan --azimuth=inf --rt60=-1 --distance=1e300; do
  expect "2" "simulate $option" "$ablate" simulate sounds/two/1.wav $option -o scene.wav
done
for name in ablate.sqlite ablate.sqlite-journal cache ../x 'a/b'; do
  sed "s|name: odd|name: $name|" odd.yaml >named.yaml
  expect "2" "a sweep named $name" "$ablate" run named.yaml --results named --quiet
done
for settings in 'patch_frames=4000' 'batch_size=4000' 'encoder={channels: [4, 4, 4], kernel_size: 4}' \
  'mel_bands=256' 'microphones=9' 'array_diameter=0'; do
  expect "2" "plan with $settings" "$ablate" plan odd.yaml -S "$settings" --results named
done
for file in odd/ablate.sqlite; do
  head -c 5000 $file >torn.sqlite
  mkdir -p torn && cp torn.sqlite torn/ablate.sqlite
  expect "2" "a torn store" "$ablate" table odd --results torn
done
mkdir -p fifo && mkfifo fifo/ablate.sqlite
expect "2" "a pipe in place of the store" "$ablate" table odd --results fifo
for descriptors in 8 16 32; do
  expect "0 1 2" "$descriptors file descriptors" bash -c \
    "ulimit -n $descriptors; '$ablate' run odd.yaml --results few --quiet"
done
echo "$checked runs, $failed faults"

echo "changed files"
"$ablate-checks" fuzz --inputs "$inputs" --folder "$folder" --patience 120 || failed=$((failed + 1))
[ "$failed" = 0 ]
