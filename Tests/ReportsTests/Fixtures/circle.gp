# Linear probe: error (°) by azimuth.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'azimuth (°)' noenhanced
set ylabel 'error (°)' noenhanced
set size ratio -1
unset border
unset xtics
unset ytics
unset grid
unset xlabel
unset ylabel
set lmargin 1
set rmargin 1
set bmargin 1
set xrange [-1.2*80:1.2*80]
set yrange [-1.15*80:1.15*80]
x(angle, radius) = -radius * sin(angle * pi / 180)
y(angle, radius) = radius * cos(angle * pi / 180)
set object 1 circle at 0,0 size 20 behind fs empty border lc rgb '#888888' lw 0.4
set label 1 '20' at 5.176381,19.318517 center front textcolor rgb '#505050'
set object 2 circle at 0,0 size 40 behind fs empty border lc rgb '#888888' lw 0.4
set label 2 '40' at 10.352762,38.637033 center front textcolor rgb '#505050'
set object 3 circle at 0,0 size 60 behind fs empty border lc rgb '#888888' lw 0.4
set label 3 '60' at 15.529143,57.95555 center front textcolor rgb '#505050'
set object 4 circle at 0,0 size 80 behind fs empty border lc rgb '#505050' lw 0.8
set arrow 1 from 0,0 to 40,-69.282032 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 101 '−150°' at 44,-76.210236 center
set arrow 2 from 0,0 to 69.282032,-40 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 102 '−120°' at 76.210236,-44 center
set arrow 3 from 0,0 to 80,0 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 103 '−90°' at 88,0 center
set arrow 4 from 0,0 to 69.282032,40 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 104 '−60°' at 76.210236,44 center
set arrow 5 from 0,0 to 40,69.282032 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 105 '−30°' at 44,76.210236 center
set arrow 6 from 0,0 to -0,80 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 106 '0°' at -0,88 center
set arrow 7 from 0,0 to -40,69.282032 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 107 '30°' at -44,76.210236 center
set arrow 8 from 0,0 to -69.282032,40 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 108 '60°' at -76.210236,44 center
set arrow 9 from 0,0 to -80,0 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 109 '90°' at -88,0 center
set arrow 10 from 0,0 to -69.282032,-40 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 110 '120°' at -76.210236,-44 center
set arrow 11 from 0,0 to -40,-69.282032 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 111 '150°' at -44,-76.210236 center
set arrow 12 from 0,0 to -0,-80 nohead back lc rgb '#888888' lw 0.4 dt 3
set label 112 '±180°' at -0,-88 center
set terminal svg noenhanced size 640,438 font 'sans-serif,12' dynamic
set output 'circle.svg'
plot 'circle.dat' index 0 using (x($1, $2)):(y($1, $2)) with linespoints lw 1.5 pt 7 ps 0.5 lc rgb '#0072B2' title 'none'
set terminal pdfcairo noenhanced color size 17.5cm,10.18cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'circle.pdf'
plot 'circle.dat' index 0 using (x($1, $2)):(y($1, $2)) with linespoints lw 1.5 pt 7 ps 0.5 lc rgb '#0072B2' title 'none'
set terminal pdfcairo noenhanced color size 8.5cm,7.41cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'circle.column.pdf'
plot 'circle.dat' index 0 using (x($1, $2)):(y($1, $2)) with linespoints lw 1.5 pt 7 ps 0.5 lc rgb '#0072B2' title 'none'
unset output
