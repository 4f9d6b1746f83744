# Linear probe: accuracy.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'accuracy (%)' noenhanced
set yrange [3.6:-0.6]
set ytics ('none' 0, 'all ''four''' 1, '50%% <b>&_$`|\{}^~#"''*[x]' 2, 'random encoder' 3) scale 0 noenhanced
set grid noytics xtics
unset key
set style fill solid 0.75 noborder
set xrange [0:*]
set terminal svg noenhanced size 640,246 font 'sans-serif,12' dynamic
set output 'bars.svg'
plot 'bars.dat' using ($4 == 0 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#0072B2', \
     'bars.dat' using ($4 == 1 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#888888', \
     'bars.dat' using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'
set terminal pdfcairo noenhanced color size 17.5cm,4.84cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'bars.pdf'
plot 'bars.dat' using ($4 == 0 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#0072B2', \
     'bars.dat' using ($4 == 1 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#888888', \
     'bars.dat' using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'
set yrange [3.6:-0.6]
set ytics ('none' 0, 'all ''four''' 1, '50%%' . "\n" . '<b>&_$`|\{}^~#"''*[' . "\n" . 'x]' 2, 'random encoder' 3) scale 0 noenhanced
set grid noytics xtics
unset key
set style fill solid 0.75 noborder
set xrange [0:*]
set terminal pdfcairo noenhanced color size 8.5cm,4.82cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'bars.column.pdf'
plot 'bars.dat' using ($4 == 0 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#0072B2', \
     'bars.dat' using ($4 == 1 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#888888', \
     'bars.dat' using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'
unset output
