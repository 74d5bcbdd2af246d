/* Axes of numbers that need not begin at 0, across and upwards. */
#include <math.h>
#include <stdio.h>

#include "tools/figure.h"
#include "tools/plot_script.h"

/* Across, the label stands below the axis's end, upwards above it. */
static void put_label(FILE *to, int across, script_box box, const char *label)
{
    fputs("set label ", to);
    script_text(to, label, 60);
    if (across)
        fprintf(to, " at screen %.5f,%.5f right textcolor rgb '#555555'\n", box.right / PAGE_WIDTH, (box.bottom - 40) / PAGE_HEIGHT);
    else
        fprintf(to, " at screen %.5f,%.5f left textcolor rgb '#555555'\n", fmax(box.left - 50, 24) / PAGE_WIDTH,
                (box.top + 16) / PAGE_HEIGHT);
}

void script_axis_between(FILE *to, const char *axis, double begin, double end, script_box box, const char *label, const char *unit)
{
    int across = axis[0] == 'x';
    double span = across ? box.right - box.left : box.top - box.bottom, tics = fmin(fmax(floor(span / (across ? 64 : 44)), 2), 8);
    double step = script_round_step((end - begin) / tics);
    int decimals = step >= 1 ? 0 : (int)fmin(ceil(-log10(step) - 1e-9), 9), count = 0;
    fprintf(to, "set %srange [%.10g:%.10g]\nset %stics (", axis, begin, end, axis);
    for (double at = ceil(begin / step - 1e-9); at * step <= end; at++) {
        char number[FIGURE_SIZE], text[FIGURE_SIZE + 16];
        figure_number(number, at * step + 0.0, decimals);
        snprintf(text, sizeof text, "%s%.12s", number, unit);
        fputs(count++ > 0 ? "," : "", to);
        script_tic_text(to, text, 0);
        fprintf(to, " %.10g", at * step);
    }
    fprintf(to, ") nomirror\nset grid %stics linestyle 100\n", axis);
    if (*label)
        put_label(to, across, box, label);
}

void script_range_axis(FILE *to, const char *axis, double low, double high, script_box box, const char *label)
{
    if (!(isfinite(low) && isfinite(high) && low < high && high - low < 1e15)) {
        double middle = isfinite(low) && fabs(low) < 1e15 ? low : 0, half = fmax(fabs(middle) / 10, 0.5);
        low = middle - half;
        high = middle + half;
    }
    double end = high + 0.04 * (high - low), begin = low == 0 ? 0 : low - 0.04 * (high - low);
    script_axis_between(to, axis, begin, end, box, label, "");
}

void script_widen(double *low, double *high)
{
    double width = *high - *low, size = fmax(fabs(*low), fabs(*high));
    if (!(width > 1e-9 * size))
        width = size > 0 ? size * 0.2 : 1;
    double begin = *low - 0.12 * width;
    *high += 0.12 * width;
    *low = *low >= 0 && begin < 0 ? 0 : begin;
}
