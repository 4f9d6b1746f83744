# Makes table.csv: awk -f table.awk >table.csv. 150 rows of 4 numbers in 3 classes that overlap.
function uniform() { state = (state * 16807) % 2147483647; return state / 2147483647 }
function normal(    sum, i) { for (i = 0; i < 12; i++) sum += uniform(); return sum - 6 }
BEGIN {
    state = 7
    print "a,b,c,d,class"
    for (row = 0; row < 150; row++) {
        class = row % 3 == 0 ? int(row / 3) % 3 : int(3 * uniform())
        printf "%.2f,%.2f,%.2f,%.2f,%d\n", \
            1.5 * (class == 0) + normal(), 1.5 * (class == 1) + normal(), \
            0.7 * class + normal(), normal(), class
    }
}
