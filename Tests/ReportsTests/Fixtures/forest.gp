# Linear probe: accuracy against “none”.
# gnuplot 5.4 or later
set encoding utf8
set datafile missing '?'
set border 3 lw 1
set tics nomirror out
set key noenhanced tmargin center vertical maxcols 1 Left reverse samplen 3
set grid lc rgb '#888888' lw 0.5 dt 3
set xlabel 'difference of accuracy (%)' noenhanced
set yrange [3.6:-0.6]
set ytics ('all ''four''' 0, 'ChannelSwap + RandomResizedCrop +' . "\n" . 'ChannelDrop' 1, 'none + Mixup' 2, '50%% <b>&_$`|\{}^~#"''*[x]' 3) scale 0 noenhanced
set grid noytics xtics
unset key
set xrange [*:*]
set offsets graph 0.03, graph 0.03, 0, 0
set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead lw 1 lc rgb 'black'
set object 1 rectangle from first -1, graph 0 to first 1, graph 1 behind fc rgb '#888888' fs solid 0.18 noborder
set terminal svg noenhanced size 640,281 font 'sans-serif,12' dynamic
set output 'forest.svg'
plot 'forest.dat' index 1 using 1:($2+0.25) with points pt 6 ps 0.35 lw 0.8 lc rgb '#505050', \
     'forest.dat' index 0 using ($4 == 0 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#888888', \
     'forest.dat' index 0 using ($4 == 0 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#888888', \
     'forest.dat' index 0 using ($4 == 1 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#0072B2', \
     'forest.dat' index 0 using ($4 == 1 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#0072B2', \
     'forest.dat' index 0 using ($4 == 2 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#D55E00', \
     'forest.dat' index 0 using ($4 == 2 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#D55E00', \
     'forest.dat' index 0 using ($4 == 3 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#009E73', \
     'forest.dat' index 0 using ($4 == 3 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#009E73'
set terminal pdfcairo noenhanced color size 17.5cm,5.55cm font 'sans,8' pointscale 0.8888888889 linewidth 0.8888888889
set output 'forest.pdf'
plot 'forest.dat' index 1 using 1:($2+0.25) with points pt 6 ps 0.35 lw 0.8 lc rgb '#505050', \
     'forest.dat' index 0 using ($4 == 0 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#888888', \
     'forest.dat' index 0 using ($4 == 0 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#888888', \
     'forest.dat' index 0 using ($4 == 1 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#0072B2', \
     'forest.dat' index 0 using ($4 == 1 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#0072B2', \
     'forest.dat' index 0 using ($4 == 2 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#D55E00', \
     'forest.dat' index 0 using ($4 == 2 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#D55E00', \
     'forest.dat' index 0 using ($4 == 3 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#009E73', \
     'forest.dat' index 0 using ($4 == 3 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#009E73'
set yrange [3.6:-0.6]
set ytics ('all ''four''' 0, 'ChannelSwap +' . "\n" . 'RandomResizedCrop' . "\n" . '+ ChannelDrop' 1, 'none + Mixup' 2, '50%%' . "\n" . '<b>&_$`|\{}^~#"''*[' . "\n" . 'x]' 3) scale 0 noenhanced
set grid noytics xtics
unset key
set xrange [*:*]
set offsets graph 0.03, graph 0.03, 0, 0
set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead lw 1 lc rgb 'black'
set object 1 rectangle from first -1, graph 0 to first 1, graph 1 behind fc rgb '#888888' fs solid 0.18 noborder
set terminal pdfcairo noenhanced color size 8.5cm,5.72cm font 'sans,7' pointscale 0.7777777778 linewidth 0.7777777778
set output 'forest.column.pdf'
plot 'forest.dat' index 1 using 1:($2+0.25) with points pt 6 ps 0.35 lw 0.8 lc rgb '#505050', \
     'forest.dat' index 0 using ($4 == 0 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#888888', \
     'forest.dat' index 0 using ($4 == 0 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#888888', \
     'forest.dat' index 0 using ($4 == 1 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#0072B2', \
     'forest.dat' index 0 using ($4 == 1 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#0072B2', \
     'forest.dat' index 0 using ($4 == 2 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#D55E00', \
     'forest.dat' index 0 using ($4 == 2 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#D55E00', \
     'forest.dat' index 0 using ($4 == 3 ? $1 : NaN):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '#009E73', \
     'forest.dat' index 0 using ($4 == 3 ? $1 : NaN):0 with points pt 7 ps 0.7 lc rgb '#009E73'
unset output
