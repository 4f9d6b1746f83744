# gnuplot 5.4 or later
set encoding utf8
set minussign
$panel0_0 << EOD
0 0
4 4
EOD
$panel0_1 << EOD
0 1
4 2
EOD
$panel0_2 << EOD
1 3
EOD
$panel1_0 << EOD
0 2 4
1 NaN 5
EOD
set terminal svg noenhanced size 300,200 font 'sans-serif,11' background rgb 'white'
set output 'panels.svg'
set multiplot
unset key
set tics nomirror out scale 0.6
set border 15 lw 0.8 lc rgb '#202020'
unset label
unset arrow
unset colorbox
set grid back lc rgb '#C8CDD2' lw 0.5 dt 3
set lmargin at screen 0.1666666667
set rmargin at screen 0.5
set tmargin at screen 0.85
set bmargin at screen 0.35
set title 'Room ''a'', 50 % `x`' noenhanced offset 0,-0.6
set xrange [0:4] noextend
set xlabel 'x (m)' noenhanced offset 0,1
set format x '%g'
set xtics nomirror out scale 0.6 1 offset 0,0.35
set yrange [0:4] noextend
set ylabel 'y (m)' noenhanced offset 0.7,0
set format y '%g'
unset ytics
set arrow from first 1,1 to first 2,1 head filled size screen 0.012,18 front lc rgb '#202020' lw 1.2 dt 1
set label 'it''s here' at first 2,2 left noenhanced front textcolor rgb '#009E73'
plot $panel0_0 using 1:2 with lines lc rgb '#D55E00' lw 2 dt (2,4), \
     $panel0_1 using 1:2 with filledcurves y1=0 fs solid noborder lc rgb '#C8CDD2', \
     $panel0_2 using 1:2 with points pt 7 ps 1 lc rgb '#0072B2'
unset label
unset arrow
unset colorbox
unset grid
set lmargin at screen 0.5666666667
set rmargin at screen 0.8333333333
set tmargin at screen 0.85
set bmargin at screen 0.35
set title 'Map' noenhanced offset 0,-0.6
set xrange [0:1] noextend
set xlabel '' noenhanced offset 0,1
set format x ''
set xtics nomirror out scale 0.6 autofreq offset 0,0.35
set yrange [-0.5:1.5] noextend
set ylabel 'Frequency (kHz)' noenhanced offset 0.7,0
set format y '%g'
set ytics nomirror out scale 0.6 ('50 %%' 0) noenhanced
set palette defined (0 '#440154', 1 '#472D7B', 2 '#3B528B', 3 '#2C728E', 4 '#21918C', 5 '#28AE80', 6 '#5EC962', 7 '#ADDC30', 8 '#FDE725')
set cbrange [0:5]
set label 'dB' at screen 0.88,0.9 center noenhanced
set colorbox vertical user origin screen 0.8666666667,0.35 size screen 0.02666666667,0.5 bdefault
plot $panel1_0 matrix using (0+0.5*$1):(0+1*$2):3 with image
unset multiplot
unset output
