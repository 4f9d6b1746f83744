# Confusion.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'predicted' noenhanced
set ylabel 'true' noenhanced
set xrange [-0.5:3.5]
set yrange [3.5:-0.5]
set xtics ('Acoustic_guitar' 0, 'Bass_guitar' 1, '50%% <b>&_$' 2, 'Rain' 3) rotate by -60 scale 0 noenhanced
set ytics ('Acoustic_guitar' 0, 'Bass_guitar' 1, '50%% <b>&_$' 2, 'Rain' 3) scale 0 noenhanced
unset grid
unset key
set style fill solid 1 noborder
shade(share) = int(255 * (1 - 0.85 * share)) * 2**24 + 0x0072B2
set rmargin 9
set object 1 rectangle from graph 1.03, graph 0 to graph 1.06, graph 0.05 noclip fc rgb '#F90072B2' fs solid noborder
set object 2 rectangle from graph 1.03, graph 0.05 to graph 1.06, graph 0.1 noclip fc rgb '#EE0072B2' fs solid noborder
set object 3 rectangle from graph 1.03, graph 0.1 to graph 1.06, graph 0.15 noclip fc rgb '#E30072B2' fs solid noborder
set object 4 rectangle from graph 1.03, graph 0.15 to graph 1.06, graph 0.2 noclip fc rgb '#D90072B2' fs solid noborder
set object 5 rectangle from graph 1.03, graph 0.2 to graph 1.06, graph 0.25 noclip fc rgb '#CE0072B2' fs solid noborder
set object 6 rectangle from graph 1.03, graph 0.25 to graph 1.06, graph 0.3 noclip fc rgb '#C30072B2' fs solid noborder
set object 7 rectangle from graph 1.03, graph 0.3 to graph 1.06, graph 0.35 noclip fc rgb '#B80072B2' fs solid noborder
set object 8 rectangle from graph 1.03, graph 0.35 to graph 1.06, graph 0.4 noclip fc rgb '#AD0072B2' fs solid noborder
set object 9 rectangle from graph 1.03, graph 0.4 to graph 1.06, graph 0.45 noclip fc rgb '#A20072B2' fs solid noborder
set object 10 rectangle from graph 1.03, graph 0.45 to graph 1.06, graph 0.5 noclip fc rgb '#980072B2' fs solid noborder
set object 11 rectangle from graph 1.03, graph 0.5 to graph 1.06, graph 0.55 noclip fc rgb '#8D0072B2' fs solid noborder
set object 12 rectangle from graph 1.03, graph 0.55 to graph 1.06, graph 0.6 noclip fc rgb '#820072B2' fs solid noborder
set object 13 rectangle from graph 1.03, graph 0.6 to graph 1.06, graph 0.65 noclip fc rgb '#770072B2' fs solid noborder
set object 14 rectangle from graph 1.03, graph 0.65 to graph 1.06, graph 0.7 noclip fc rgb '#6C0072B2' fs solid noborder
set object 15 rectangle from graph 1.03, graph 0.7 to graph 1.06, graph 0.75 noclip fc rgb '#610072B2' fs solid noborder
set object 16 rectangle from graph 1.03, graph 0.75 to graph 1.06, graph 0.8 noclip fc rgb '#570072B2' fs solid noborder
set object 17 rectangle from graph 1.03, graph 0.8 to graph 1.06, graph 0.85 noclip fc rgb '#4C0072B2' fs solid noborder
set object 18 rectangle from graph 1.03, graph 0.85 to graph 1.06, graph 0.9 noclip fc rgb '#410072B2' fs solid noborder
set object 19 rectangle from graph 1.03, graph 0.9 to graph 1.06, graph 0.95 noclip fc rgb '#360072B2' fs solid noborder
set object 20 rectangle from graph 1.03, graph 0.95 to graph 1.06, graph 1 noclip fc rgb '#2B0072B2' fs solid noborder
set label 1 '0 %' at graph 1.075, graph 0 left
set label 2 '50 %' at graph 1.075, graph 0.5 left
set label 3 '100 %' at graph 1.075, graph 1 left
set terminal svg noenhanced size 640,324 font 'sans-serif,12' dynamic
set output 'confusion.svg'
plot 'confusion.dat' using 1:2:(0.5):(0.5):(shade($4)) with boxxyerror lc rgb variable, \
     'confusion.dat' using 1:2:($3 > 0 ? sprintf('%d', $3) : '') with labels font ',9'
set terminal pdfcairo noenhanced color size 17.5cm,7.62cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'confusion.pdf'
plot 'confusion.dat' using 1:2:(0.5):(0.5):(shade($4)) with boxxyerror lc rgb variable, \
     'confusion.dat' using 1:2:($3 > 0 ? sprintf('%d', $3) : '') with labels font ',9'
set terminal pdfcairo noenhanced color size 8.5cm,6.67cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'confusion.column.pdf'
plot 'confusion.dat' using 1:2:(0.5):(0.5):(shade($4)) with boxxyerror lc rgb variable, \
     'confusion.dat' using 1:2:($3 > 0 ? sprintf('%d', $3) : '') with labels font ',9'
unset output
