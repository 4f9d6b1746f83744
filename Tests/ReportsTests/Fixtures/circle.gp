# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center horizontal samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'azimuth (°)' noenhanced
set ylabel 'error (°)' noenhanced
set polar
set angles degrees
set theta top counterclockwise
set size square
set border 4096 lw 0.5
unset xtics
unset ytics
unset xlabel
unset ylabel
set grid polar 30 lc rgb '#888888' lw 0.5 dt 3
set rrange [0:80]
set rtics ('0' 0, '20' 20, '40' 40, '60' 60) scale 0.5
set ttics axis ('  −150°' -150, '  −120°' -120, '  −90°' -90, '  −60°' -60, '  −30°' -30, '0°' 0, '30° ' 30, '60° ' 60, '90° ' 90, '120° ' 120, '150° ' 150, '±180°' 180) scale 0
set title 'Linear probe: error (°) by azimuth' noenhanced offset screen -0,0
set terminal svg noenhanced size 640,438 font 'sans-serif,12' dynamic
set output 'circle.svg'
plot 'circle.dat' index 0 using 1:2 with linespoints lw 1.5 pt 7 ps 0.5 lc rgb '#0072B2' title 'none'
set terminal pdfcairo noenhanced color size 17.5cm,10.18cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'circle.pdf'
plot 'circle.dat' index 0 using 1:2 with linespoints lw 1.5 pt 7 ps 0.5 lc rgb '#0072B2' title 'none'
set terminal pdfcairo noenhanced color size 8.5cm,7.41cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'circle.column.pdf'
plot 'circle.dat' index 0 using 1:2 with linespoints lw 1.5 pt 7 ps 0.5 lc rgb '#0072B2' title 'none'
unset output
