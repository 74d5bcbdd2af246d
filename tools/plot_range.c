/* Axes of numbers that need not begin at 0, across and upwards. */
#include <math.h>
#include <stdio.h>

#include "tools/figure.h"
#include "tools/plot_script.h"

void script_range_axis(FILE *to, const char *axis, double low, double high, script_box box, const char *label)
{
    int across = axis[0] == 'x';
    double span = across ? box.right - box.left : box.top - box.bottom, tics = fmin(fmax(floor(span / (across ? 64 : 44)), 2), 8);
    if (!(isfinite(low) && isfinite(high) && low < high && high - low < 1e15)) {
        double middle = isfinite(low) && fabs(low) < 1e15 ? low : 0, half = fmax(fabs(middle) / 10, 0.5);
        low = middle - half;
        high = middle + half;
    }
    double step = script_round_step((high - low) / tics), end = high + 0.04 * (high - low),
           begin = low == 0 ? 0 : low - 0.04 * (high - low);
    int decimals = step >= 1 ? 0 : (int)fmin(ceil(-log10(step) - 1e-9), 9);
    fprintf(to, "set %srange [%.10g:%.10g]\nset %stics (", axis, begin, end, axis);
    int count = 0;
    for (double at = ceil(begin / step - 1e-9); at * step <= end; at++) {
        char number[FIGURE_SIZE];
        figure_number(number, at * step + 0.0, decimals);
        fputs(count++ > 0 ? "," : "", to);
        script_tic_text(to, number, 0);
        fprintf(to, " %.10g", at * step);
    }
    fprintf(to, ") nomirror\nset grid %stics linestyle 100\n", axis);
    if (!*label)
        return;
    fputs("set label ", to);
    script_text(to, label, 60);
    if (across)
        fprintf(to, " at screen %.5f,%.5f right textcolor rgb '#555555'\n", box.right / PAGE_WIDTH, (box.bottom - 40) / PAGE_HEIGHT);
    else
        fprintf(to, " at screen %.5f,%.5f left textcolor rgb '#555555'\n", fmax(box.left - 50, 24) / PAGE_WIDTH,
                (box.top + 16) / PAGE_HEIGHT);
}
