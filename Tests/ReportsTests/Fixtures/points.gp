# Error against reverberation.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'RT60 (s)' noenhanced
set ylabel 'error (°)' noenhanced
set logscale x
set xrange [0.087096359:1.148153621]
set xtics ('0.1' 0.1, '0.3' 0.3, '0.6' 0.6, '1' 1)
set offsets 0, 0, graph 0.05, graph 0.05
set terminal svg noenhanced size 640,394 font 'sans-serif,12' dynamic
set output 'points.svg'
plot 'points.dat' index 0 using ($1*0.9908319449):2 with lines lw 1.5 lc rgb '#0072B2' title 'all', \
     'points.dat' index 0 using ($1*0.9908319449):2:3:4 with yerrorbars pt 0 lw 1 lc rgb '#0072B2' notitle, \
     'points.dat' index 0 using ($1*0.9908319449):2 with points pt 7 ps 0.6 lc rgb '#0072B2' notitle, \
     'points.dat' index 1 using ($1*1.009252886):2 with lines lw 1.5 lc rgb '#D55E00' title 'none', \
     'points.dat' index 1 using ($1*1.009252886):2:3:4 with yerrorbars pt 0 lw 1 lc rgb '#D55E00' notitle, \
     'points.dat' index 1 using ($1*1.009252886):2 with points pt 7 ps 0.6 lc rgb '#D55E00' notitle
set terminal pdfcairo noenhanced color size 17.5cm,8.91cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'points.pdf'
plot 'points.dat' index 0 using ($1*0.9908319449):2 with lines lw 1.5 lc rgb '#0072B2' title 'all', \
     'points.dat' index 0 using ($1*0.9908319449):2:3:4 with yerrorbars pt 0 lw 1 lc rgb '#0072B2' notitle, \
     'points.dat' index 0 using ($1*0.9908319449):2 with points pt 7 ps 0.6 lc rgb '#0072B2' notitle, \
     'points.dat' index 1 using ($1*1.009252886):2 with lines lw 1.5 lc rgb '#D55E00' title 'none', \
     'points.dat' index 1 using ($1*1.009252886):2:3:4 with yerrorbars pt 0 lw 1 lc rgb '#D55E00' notitle, \
     'points.dat' index 1 using ($1*1.009252886):2 with points pt 7 ps 0.6 lc rgb '#D55E00' notitle
set terminal pdfcairo noenhanced color size 8.5cm,7.41cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'points.column.pdf'
plot 'points.dat' index 0 using ($1*0.9908319449):2 with lines lw 1.5 lc rgb '#0072B2' title 'all', \
     'points.dat' index 0 using ($1*0.9908319449):2:3:4 with yerrorbars pt 0 lw 1 lc rgb '#0072B2' notitle, \
     'points.dat' index 0 using ($1*0.9908319449):2 with points pt 7 ps 0.6 lc rgb '#0072B2' notitle, \
     'points.dat' index 1 using ($1*1.009252886):2 with lines lw 1.5 lc rgb '#D55E00' title 'none', \
     'points.dat' index 1 using ($1*1.009252886):2:3:4 with yerrorbars pt 0 lw 1 lc rgb '#D55E00' notitle, \
     'points.dat' index 1 using ($1*1.009252886):2 with points pt 7 ps 0.6 lc rgb '#D55E00' notitle
unset output
