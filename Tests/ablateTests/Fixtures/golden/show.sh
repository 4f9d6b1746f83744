# Everything that the program says of a stored sweep, one command after another. $A is the program.
export TZ=UTC
gunzip -c store.sqlite.gz >golden.sqlite
show() {
    echo "== $*"
    "$A" "$@" --database golden.sqlite --results out 2>&1
    echo "== exit code $?"
}
show table golden
for format in markdown latex csv json; do
    show table golden --format $format
    show table golden --differences --format $format
done
show table golden --differences
show table golden --differences --interval bca
show table golden --metrics accuracy,error,median_error,within_10,within_20 --format csv
show table golden --clips
show table golden --cost
show table golden --attribution
show table golden --paper
show why golden 'Mixup, rt60 0.1 s' probe_error
show why golden 'random encoder (rt60 0.3 s)' probe_accuracy
show advise golden
cp golden.sqlite other.sqlite
show compare golden golden --with other.sqlite
show diff e51c0eb81e84 04b3274be65c
show history golden
show status golden
show status golden --trials
show report golden
cat out/golden/report.md
for file in out/golden/figures/*.dat; do
    echo "== $(basename "$file")"
    cat "$file"
done
# The drawings are gnuplot's, the page around them ours.
echo "== report.html"
sed -e 's/<svg.*<\/svg>/<svg>/' -e '/<svg/,/<\/svg>/d' out/golden/report.html
