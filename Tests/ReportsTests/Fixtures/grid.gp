# Linear probe: error (°).
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'temperature' noenhanced
set ylabel 'batch size' noenhanced
set bmargin 4
set xrange [-0.5:2.5]
set yrange [2.5:-0.5]
set xtics ('0.05' 0, '0.1' 1, '0.3' 2) scale 0 noenhanced
set ytics ('32' 0, '64' 1, '128' 2) scale 0 noenhanced
unset grid
unset key
set style fill solid 1 noborder
shade(share) = int(255 * (0.95 - 0.6 * share)) * 2**24 + 0x0072B2
set terminal svg noenhanced size 640,270 font 'sans-serif,12' dynamic
set output 'grid.svg'
plot 'grid.dat' using 1:2:(0.48):(0.48):(shade($4)) with boxxyerror lc rgb variable, \
     'grid.dat' using 1:2:5 with labels
set terminal pdfcairo noenhanced color size 17.5cm,5.53cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'grid.pdf'
plot 'grid.dat' using 1:2:(0.48):(0.48):(shade($4)) with boxxyerror lc rgb variable, \
     'grid.dat' using 1:2:5 with labels
set terminal pdfcairo noenhanced color size 8.5cm,4.84cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'grid.column.pdf'
plot 'grid.dat' using 1:2:(0.48):(0.48):(shade($4)) with boxxyerror lc rgb variable, \
     'grid.dat' using 1:2:5 with labels
unset output
