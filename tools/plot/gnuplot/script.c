/* Writing gnuplot scripts. */
#include "tools/plot/gnuplot/script.h"

#include <math.h>
#include <string.h>

#include "sim/base/figure.h"
#include "sim/base/utf8.h"

enum { HOUR = 3600, DAY = 24 };

const char *script_terminal(const char *extension)
{
    static const struct {
        const char *extension, *head;
    } terminals[] = {
        {"svg", "set terminal svg size 1400,900 dynamic noenhanced rounded font 'sans-serif,15' background rgb "
                "'white'\nheadfont = "
                "',24'\nsmallfont = ',11'\n"},
        {"png",
         "set terminal pngcairo size 1400,900 noenhanced rounded font 'sans,11.5' background rgb 'white'\nheadfont = "
         "',18'\nsmallfont = ',8'\n"},
        {"pdf", "set terminal pdfcairo size 14in,9in noenhanced rounded font 'sans,16' background rgb "
                "'white'\nheadfont = ',25'\nsmallfont "
                "= ',11'\n"},
    };
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++)
        if (strcmp(terminals[i].extension, extension) == 0)
            return terminals[i].head;
    return NULL;
}

/* --- texts --- */

static void cut(char *text, size_t most)
{
    size_t count = 0, at = 0, length = strlen(text), keep = 0;
    while (at < length && most > 3) {
        uint32_t point;
        size_t bytes = sim_utf8_decode(text + at, length - at, &point);
        if (count == most - 3)
            keep = at;
        if (++count > most) {
            memcpy(text + keep, "...", 4);
            return;
        }
        at += bytes > 0 ? bytes : 1;
    }
}

/* Whether gnuplot and its terminals take the character for nothing but itself. */
static int is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 ||
           (c != '\0' && strchr(" .,:-/", c) != NULL);
}

/* All signs are written by their number: quotes, backquotes, @ and $ never reach gnuplot's eyes. (Single quotes are no
 * way: three of them at the beginning are an empty string to gnuplot 5.4, and the rest a command.) */
static void put_quoted(FILE *to, const char *text, size_t most, char doubled)
{
    char clean[PAGE_LABEL];
    sim_utf8_clean(clean, sizeof clean, text, strlen(text));
    cut(clean, most);
    putc('"', to);
    int after_number = 0; /* gnuplot takes octal digits behind a number for more of it, however many they are */
    for (const char *c = clean; *c; c++) {
        if (is_plain((unsigned char)*c) && !(after_number && *c >= '0' && *c <= '7')) {
            putc(*c, to);
            after_number = 0;
            continue;
        }
        for (int times = *c == doubled ? 2 : 1; times > 0; times--)
            fprintf(to, "\\%03o", (unsigned)(unsigned char)*c);
        after_number = 1;
    }
    putc('"', to);
}

void script_text(FILE *to, const char *text, size_t most)
{
    put_quoted(to, text, most, '\0');
}

void script_tic_text(FILE *to, const char *text, size_t most)
{
    put_quoted(to, text, most, '%');
}

void script_band_note(const tool_view *view, char *text, size_t size)
{
    if (view->replications > 1)
        snprintf(text, size, "mean of %zu replications; bands: %.3g%% intervals of the mean", view->replications,
                 100 * view->confidence);
    else if (size > 0)
        text[0] = '\0';
}

/* --- the page --- */

static void put_legend(FILE *to, const script_entry *legend, size_t entries)
{
    double x = 24, y = 806;
    for (size_t i = 0; i < entries; i++) {
        const script_entry *entry = &legend[i];
        if (entry->kind == SCRIPT_AREA)
            fprintf(to,
                    "set object rectangle from screen %.5f,%.5f to screen %.5f,%.5f fillcolor rgb '%s' fillstyle solid "
                    "1 noborder\n",
                    x / PAGE_WIDTH, (y - 6) / PAGE_HEIGHT, (x + 26) / PAGE_WIDTH, (y + 6) / PAGE_HEIGHT, entry->colour);
        else if (entry->kind == SCRIPT_LINE)
            fprintf(to, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 2 lc rgb '%s'\n", x / PAGE_WIDTH,
                    y / PAGE_HEIGHT, (x + 26) / PAGE_WIDTH, y / PAGE_HEIGHT, entry->colour);
        else
            fprintf(to, "set label '' at screen %.5f,%.5f point pt %d ps 1.2 lc rgb '%s'\n", (x + 13) / PAGE_WIDTH,
                    y / PAGE_HEIGHT, entry->point, entry->colour);
        fputs("set label ", to);
        script_text(to, entry->text, 60);
        fprintf(to, " at screen %.5f,%.5f left textcolor rgb '#333333'\n", (x + 34) / PAGE_WIDTH, y / PAGE_HEIGHT);
        x += 34 + 8.9 * (double)sim_utf8_count(entry->text, strlen(entry->text)) + 26;
    }
}

void script_begin(FILE *to, const tool_view *view, const char *headline, const char *note, const script_entry *legend,
                  size_t entries)
{
    char under[2 * PAGE_LABEL];
    snprintf(under, sizeof under, "%.300s%s%.400s", view->title, *view->title && *note ? "  \302\267  " : "", note);
    fputs("set encoding utf8\nset locale 'C'\nset decimalsign '.'\n"
          "set multiplot\nset style line 100 lw 0.6 lc rgb '#DDDDDD'\n"
          "set margins 0,0,0,0\nunset border\nunset tics\nunset key\nset label ",
          to);
    script_text(to, headline, 100);
    fprintf(to, " at screen %.5f,%.5f left font headfont textcolor rgb '#000000'\nset label ", 24.0 / PAGE_WIDTH,
            870.0 / PAGE_HEIGHT);
    script_text(to, under, 165);
    fprintf(to, " at screen %.5f,%.5f left textcolor rgb '#555555'\n", 24.0 / PAGE_WIDTH, 838.0 / PAGE_HEIGHT);
    put_legend(to, legend, entries);
    fputs("plot [0:1][0:1] -1 notitle\nunset label\nunset object\nunset arrow\n" /* texts alone */
          "set tics nomirror scale 0.5 textcolor rgb '#333333'\n",
          to);
}

void script_end(FILE *to)
{
    fputs("unset multiplot\n", to);
}

size_t script_columns(size_t n)
{
    return n <= 2 ? (n > 0 ? n : 1) : n <= 4 ? 2 : n <= 9 ? 3 : 4;
}

script_box script_grid(script_box page, size_t n, size_t columns, size_t i, int right_axis)
{
    enum { LEFT = 76, RIGHT = 20, RIGHT_AXIS = 70, ABOVE = 34, BELOW = 30 };
    size_t rows = (n + columns - 1) / columns;
    double width = (page.right - page.left) / (double)columns,
           height = (page.top - page.bottom) / (double)(rows > 0 ? rows : 1);
    script_box box;
    box.left = page.left + width * (double)(i % columns) + LEFT;
    box.right = page.left + width * (double)(i % columns + 1) - (right_axis ? RIGHT_AXIS : RIGHT);
    box.top = page.top - height * (double)(i / columns) - ABOVE;
    box.bottom = page.top - height * (double)(i / columns + 1) + BELOW;
    return box;
}

void script_panel(FILE *to, script_box box, const char *title)
{
    fprintf(to,
            "set lmargin at screen %.5f\nset rmargin at screen %.5f\nset bmargin at screen %.5f\nset tmargin at screen "
            "%.5f\n"
            "unset key\nunset xlabel\nunset ylabel\nunset y2label\nunset xtics\nunset ytics\nunset y2tics\nunset "
            "grid\nunset label\nunset "
            "object\n"
            "unset arrow\nset border 3 lw 0.8 lc rgb '#666666'\nset autoscale\n",
            box.left / PAGE_WIDTH, box.right / PAGE_WIDTH, box.bottom / PAGE_HEIGHT, box.top / PAGE_HEIGHT);
    if (!*title)
        return;
    fputs("set label ", to);
    script_text(to, title, (size_t)fmax((box.right - box.left + 80) / 8.5, 8));
    fprintf(to, " at screen %.5f,%.5f left textcolor rgb '#000000'\n", box.left / PAGE_WIDTH,
            (box.top + 14) / PAGE_HEIGHT);
}

void script_key_right(FILE *to, double left, double top)
{
    fprintf(to, "set key at screen %.4f,%.4f left top vertical Left reverse noopaque samplen 2 spacing 1.25\n",
            left / PAGE_WIDTH, top / PAGE_HEIGHT);
}

/* --- axes --- */

double script_hours(const tool_view *view)
{
    return (double)(view->bins > 0 ? view->bins : 1) * view->step / HOUR;
}

static void put_date_tic(FILE *to, const tool_view *view, double hour, double step)
{
    figure_date date = figure_calendar(view->local_start + hour * HOUR);
    char text[FIGURE_SIZE];
    if (step < DAY && date.hour + date.minute > 0)
        snprintf(text, sizeof text, "%02d:%02d", date.hour, date.minute);
    else if (step < 364 * DAY)
        snprintf(text, sizeof text, "%d %s", date.day, figure_month_name(date.month));
    else
        snprintf(text, sizeof text, "%d", date.year);
    script_tic_text(to, text, 0);
    fprintf(to, " %.10g", hour);
}

/* Steps of hours or days from midnights. */
static void put_day_tics(FILE *to, const tool_view *view, double hours, double step)
{
    figure_date begin = figure_calendar(view->local_start);
    double to_midnight = -(begin.hour + begin.minute / 60.0), first = to_midnight;
    size_t count = 0;
    while (first < -1e-6)
        first += step;
    for (double hour = first; hour <= hours + 1e-6; hour += step) {
        fputs(count++ > 0 ? "," : "", to);
        put_date_tic(to, view, hour, step);
    }
}

static void put_month_tics(FILE *to, const tool_view *view, double hours, int months)
{
    figure_date begin = figure_calendar(view->local_start);
    size_t count = 0;
    int month = months >= 12 ? 1 : begin.month;
    for (int i = 0; i < 400; i++, month += months) {
        double hour = (figure_month_begin(begin.year, month) - view->local_start) / HOUR;
        if (hour > hours)
            break;
        if (hour < 0)
            continue;
        fputs(count++ > 0 ? "," : "", to);
        put_date_tic(to, view, hour, months >= 12 ? 365 * DAY : 30 * DAY);
    }
}

static void label_time(FILE *to, const tool_view *view)
{
    figure_date begin = figure_calendar(view->local_start);
    char text[120];
    if (begin.month > 0)
        snprintf(text, sizeof text, "local time at the border; the run starts on %d %s %d, %02d:%02d", begin.day,
                 figure_month_name(begin.month), begin.year, begin.hour, begin.minute);
    else
        snprintf(text, sizeof text, "time");
    fputs("set xlabel ", to);
    script_text(to, text, 0);
    fputs(" textcolor rgb '#555555'\n", to);
}

void script_time_axis(FILE *to, const tool_view *view, script_box box, double least, int label)
{
    static const double steps[] = {0.25, 0.5, 1, 2, 3, 6, 12, DAY, 2 * DAY, 5 * DAY, 7 * DAY, 14 * DAY};
    double hours = script_hours(view), room = fmax((box.right - box.left) / 62, 2);
    size_t i = 0, n = sizeof steps / sizeof *steps;
    while (i < n && (hours / steps[i] > room || steps[i] < least))
        i++;
    fprintf(to, "set xrange [0:%.10g]\nset xtics (", hours);
    if (i < n)
        put_day_tics(to, view, hours, steps[i]);
    else
        put_month_tics(to, view, hours,
                       hours / (30 * DAY) <= room    ? 1
                       : hours / (91 * DAY) <= room  ? 3
                       : hours / (365 * DAY) <= room ? 12
                                                     : 120);
    fputs(") nomirror\nset grid xtics linestyle 100\n", to);
    if (label)
        label_time(to, view);
}

double script_round_step(double least)
{
    double power = pow(10, floor(log10(least))), digit = least / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

void script_value_axis(FILE *to, const char *axis, double most, script_box box, const char *label, const char *unit)
{
    double tics = fmin(fmax(floor((box.top - box.bottom) / 48), 2), 8);
    most = isfinite(most) && most > 0 && most < 1e15 ? most : 1;
    double step = script_round_step(most / tics), end = most * 1.05;
    if (most >= 2) /* people and desks are whole, and quarters of an hour no help */
        step = fmax(step, 1);
    int right = strcmp(axis, "y2") == 0, decimals = step >= 1 ? 0 : (int)fmin(ceil(-log10(step) - 1e-9), 9);
    fprintf(to, "set %srange [0:%.10g]\nset %stics (", axis, end, axis);
    for (int i = 0; i * step <= end; i++) {
        char number[FIGURE_SIZE], text[FIGURE_SIZE + 8];
        figure_number(number, i * step, decimals);
        snprintf(text, sizeof text, "%s%s", number, unit);
        fputs(i > 0 ? "," : "", to);
        script_tic_text(to, text, 0);
        fprintf(to, " %.10g", i * step);
    }
    fputs(right ? ") nomirror textcolor rgb '" COLOUR_VERMILION "'\nset border 11 lw 0.8 lc rgb '#666666'\n"
                : ") nomirror\nset grid ytics linestyle 100\n",
          to);
    if (*label) {
        fputs("set label ", to);
        script_text(to, label, 0);
        fprintf(to, " at screen %.5f,%.5f left textcolor rgb '#555555'\n", fmax(box.left - 50, 24) / PAGE_WIDTH,
                (box.top + 16) / PAGE_HEIGHT);
    }
}

/* --- data --- */

size_t script_stride(const tool_view *view, size_t most)
{
    return view->bins > most ? (view->bins + most - 1) / most : 1;
}

/* Bins [first, end) as one step. */
static void put_step(FILE *to, const tool_view *view, script_value *value, const void *context, size_t first,
                     size_t end, script_extent *extent)
{
    double half = (double)NAN, level = value(context, first, end, &half);
    if (!isfinite(level)) {
        putc('\n', to);
        return;
    }
    double low = isfinite(half) ? fmax(level - half, 0) : level, high = isfinite(half) ? level + half : level;
    for (size_t edge = first;; edge = end) {
        fprintf(to, "%.8g %.7g %.7g %.7g\n", (double)edge * view->step / HOUR, level, low, high);
        if (edge == end)
            break;
    }
    extent->most = fmax(extent->most, high);
    extent->highest = fmax(extent->highest, level);
    extent->has_band |= isfinite(half);
    extent->values++;
}

script_extent script_steps(FILE *to, const tool_view *view, int block, script_value *value, const void *context)
{
    script_extent extent = {0, 0, 0, 0};
    size_t stride = script_stride(view, 1200);
    fprintf(to, "$d%d << EOD\n", block);
    for (size_t first = 0; first < view->bins; first += stride)
        put_step(to, view, value, context, first, first + stride < view->bins ? first + stride : view->bins, &extent);
    fputs("EOD\n", to);
    return extent;
}

int script_is_by_day(const tool_view *view, script_box box, double narrow)
{
    double a_day = DAY * (double)HOUR / view->step;
    return view->bins > 0 && a_day >= 2 && fabs(a_day - round(a_day)) < 1e-9 &&
           (box.right - box.left) * DAY < narrow * script_hours(view);
}

script_extent script_days(FILE *to, const tool_view *view, int block, script_value *value, const void *context)
{
    script_extent extent = {0, 0, 0, 0};
    double since_midnight = fmod(view->local_start, DAY * (double)HOUR);
    size_t a_day = (size_t)lround(DAY * (double)HOUR / view->step),
           gone = (size_t)(fmax(since_midnight, 0) / view->step);
    fprintf(to, "$d%d << EOD\n", block);
    for (size_t first = 0, end = a_day - gone % a_day; first < view->bins; first = end, end += a_day)
        put_step(to, view, value, context, first, end < view->bins ? end : view->bins, &extent);
    fputs("EOD\n", to);
    return extent;
}

static const char *const colours[] = {COLOUR_BLUE,   COLOUR_VERMILION, COLOUR_GREEN, COLOUR_PURPLE,
                                      COLOUR_ORANGE, COLOUR_SKY,       "#000000"};
enum { COLOURS = sizeof colours / sizeof *colours };

const char *script_colour(size_t i)
{
    return colours[i % COLOURS];
}

const char *script_line(size_t i, char *text, size_t size)
{
    snprintf(text, size, "lw 2 dashtype %zu lc rgb '%s'", i / COLOURS % 5 + 1, script_colour(i));
    return text;
}
