# Cosine similarity.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'similarity' noenhanced
set ylabel 'density' noenhanced
set style fill transparent solid 0.4 noborder
set yrange [0:*]
set terminal svg noenhanced size 640,400 font 'sans-serif,12' dynamic
set output 'histograms.svg'
plot 'histograms.dat' index 0 using 1:3:2 with boxes lc rgb '#0072B2' title 'positive pairs', \
     'histograms.dat' index 1 using 1:3:2 with boxes lc rgb '#D55E00' title 'negative pairs'
set terminal pdfcairo noenhanced color size 17.5cm,9.41cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'histograms.pdf'
plot 'histograms.dat' index 0 using 1:3:2 with boxes lc rgb '#0072B2' title 'positive pairs', \
     'histograms.dat' index 1 using 1:3:2 with boxes lc rgb '#D55E00' title 'negative pairs'
set terminal pdfcairo noenhanced color size 8.5cm,7.41cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'histograms.column.pdf'
plot 'histograms.dat' index 0 using 1:3:2 with boxes lc rgb '#0072B2' title 'positive pairs', \
     'histograms.dat' index 1 using 1:3:2 with boxes lc rgb '#D55E00' title 'negative pairs'
unset output
