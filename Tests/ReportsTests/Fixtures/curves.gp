# Contrastive loss.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'step' noenhanced
set ylabel 'loss' noenhanced
set terminal svg noenhanced size 640,394 font 'sans-serif,12' dynamic
set output 'curves.svg'
plot 'curves.dat' index 0 using 1:2 with lines lw 1.5 lc rgb '#0072B2' title 'none', \
     'curves.dat' index 1 using 1:2 with lines lw 1.5 lc rgb '#0072B2' notitle, \
     'curves.dat' index 2 using 1:2 with lines lw 1.5 lc rgb '#D55E00' title 'all', \
     'curves.dat' index 3 using 1:2 with lines lw 1.5 lc rgb '#D55E00' notitle
set terminal pdfcairo noenhanced color size 17.5cm,8.91cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'curves.pdf'
plot 'curves.dat' index 0 using 1:2 with lines lw 1.5 lc rgb '#0072B2' title 'none', \
     'curves.dat' index 1 using 1:2 with lines lw 1.5 lc rgb '#0072B2' notitle, \
     'curves.dat' index 2 using 1:2 with lines lw 1.5 lc rgb '#D55E00' title 'all', \
     'curves.dat' index 3 using 1:2 with lines lw 1.5 lc rgb '#D55E00' notitle
set terminal pdfcairo noenhanced color size 8.5cm,7.41cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'curves.column.pdf'
plot 'curves.dat' index 0 using 1:2 with lines lw 1.5 lc rgb '#0072B2' title 'none', \
     'curves.dat' index 1 using 1:2 with lines lw 1.5 lc rgb '#0072B2' notitle, \
     'curves.dat' index 2 using 1:2 with lines lw 1.5 lc rgb '#D55E00' title 'all', \
     'curves.dat' index 3 using 1:2 with lines lw 1.5 lc rgb '#D55E00' notitle
unset output
