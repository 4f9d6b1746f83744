# Linear probe: accuracy.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'accuracy (%)' noenhanced
set yrange [1.6:-0.6]
set ytics ('none' 0, 'random encoder' 1) scale 0 noenhanced
set grid noytics xtics
unset key
set style fill solid 0.45 noborder
set xrange [0:*]
set terminal svg noenhanced size 640,188 font 'sans-serif,12' dynamic
set output 'dots.svg'
plot 'dots.dat' index 0 using ($4 == 0 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#0072B2', \
     'dots.dat' index 0 using ($4 == 1 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#888888', \
     'dots.dat' index 1 using 1:($2+0.2) with points pt 6 ps 0.35 lw 0.8 lc rgb '#505050', \
     'dots.dat' index 0 using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'
set terminal pdfcairo noenhanced color size 17.5cm,3.72cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'dots.pdf'
plot 'dots.dat' index 0 using ($4 == 0 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#0072B2', \
     'dots.dat' index 0 using ($4 == 1 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#888888', \
     'dots.dat' index 1 using 1:($2+0.2) with points pt 6 ps 0.35 lw 0.8 lc rgb '#505050', \
     'dots.dat' index 0 using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'
set terminal pdfcairo noenhanced color size 8.5cm,3.25cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'dots.column.pdf'
plot 'dots.dat' index 0 using ($4 == 0 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#0072B2', \
     'dots.dat' index 0 using ($4 == 1 ? $1 / 2 : NaN):0:($1 / 2):(0.3) with boxxyerror lc rgb '#888888', \
     'dots.dat' index 1 using 1:($2+0.2) with points pt 6 ps 0.35 lw 0.8 lc rgb '#505050', \
     'dots.dat' index 0 using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'
unset output
