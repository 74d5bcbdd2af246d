/* An axis that need not begin with 0: where values lie close together, far from it, or on both sides of it. */
#include <math.h>

#include "sim/base/figure.h"
#include "tools/plot/gnuplot/script.h"

void script_widen(double *low, double *high)
{
    if (!(isfinite(*low) && isfinite(*high) && *low <= *high && *high - *low < 1e15)) {
        *low = isfinite(*low) && fabs(*low) < 1e15 ? *low : 0;
        *high = *low;
    }
    double width = *high - *low, size = fmax(fabs(*low), fabs(*high));
    if (!(width > 1e-9 * size))
        width = size > 0 ? size * 0.2 : 1;
    double begin = *low - 0.12 * width;
    *low = *low >= 0 && begin < 0 ? 0 : begin; /* nothing is less than none */
    *high += 0.12 * width;
}

void script_range_axis(FILE *to, const char *axis, double low, double high, script_box box, const char *label,
                       const char *unit)
{
    int is_x = axis[0] == 'x';
    double room = is_x ? (box.right - box.left) / 66 : (box.top - box.bottom) / 60;
    double step = script_round_step((high - low) / fmax(floor(room), 2));
    int decimals = step >= 1 ? 0 : (int)fmin(ceil(-log10(step) - 1e-9), 9), any = 0;
    fprintf(to, "set %srange [%.10g:%.10g]\nset %stics (", axis, low, high, axis);
    for (double i = ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
        char number[FIGURE_SIZE], text[FIGURE_SIZE + 16];
        figure_number(number, i == 0 ? 0 : i * step, decimals);
        snprintf(text, sizeof text, "%s%.12s", number, unit);
        fputs(any++ ? "," : "", to);
        script_tic_text(to, text, 0);
        fprintf(to, " %.10g", i * step);
    }
    fprintf(to, ") nomirror\nset grid %stics linestyle 100\n", axis);
    if (*label == '\0')
        return;
    fputs(is_x ? "set xlabel " : "set label ", to);
    script_text(to, label, 0);
    if (!is_x)
        fprintf(to, " at screen %.5f,%.5f left", fmax(box.left - 50, 24) / PAGE_WIDTH, (box.top + 16) / PAGE_HEIGHT);
    fputs(" textcolor rgb '#555555'\n", to);
}
