# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center horizontal samplen 3
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
set title 'Confusion' noenhanced offset screen -0,0
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
