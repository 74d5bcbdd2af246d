/* The gnuplot script of one plot: the page with its headline, panels at places that are reckoned here (so nothing
 * overlaps), axes with round numbers and local dates, data as inline blocks.
 *
 * A page is 1400 x 900 units in every format. Time runs in hours from the start of the run. Every text goes through
 * script_text; enhanced mode is off. */
#ifndef TOOLS_PLOT_SCRIPT_H
#define TOOLS_PLOT_SCRIPT_H

#include <stdio.h>

#include "tools/page/view.h"

enum { PAGE_WIDTH = 1400, PAGE_HEIGHT = 900, PAGE_LABEL = 400 };
#define SCRIPT_BAND "fillstyle transparent solid 0.22 noborder"

/* Edges of a panel's plotting area, in units of the page from its lower left corner. */
typedef struct {
    double left, right, bottom, top;
} script_box;

/* Commands that choose a format's terminal; NULL if there is no such extension. */
const char *script_terminal(const char *extension);

/* A quoted string. Control characters become '?'; texts of more than `most` characters are cut, 0: as long as
 * PAGE_LABEL allows. */
void script_text(FILE *to, const char *text, size_t most);
/* The same where gnuplot takes the text for a number format (labels of tics). */
void script_tic_text(FILE *to, const char *text, size_t most);

/* An entry of the legend above the panels. */
typedef struct {
    const char *text, *colour;
    enum { SCRIPT_AREA, SCRIPT_LINE, SCRIPT_POINT } kind;
    int point; /* gnuplot's number of the symbol */
} script_entry;

/* Begins the page: headline, under it the scenario's title and `note` (may be ""), then the legend (NULL for none). */
void script_begin(FILE *to, const tool_view *view, const char *headline, const char *note, const script_entry *legend,
                  size_t entries);
void script_end(FILE *to);
/* What the band is, "mean of 4 replications; bands: 95% intervals of the mean"; "" for one replication. */
void script_band_note(const tool_view *view, char *text, size_t size);

/* Box of panel i of n, filling `page` row by row; room for the axes' numbers is kept. */
script_box script_grid(script_box page, size_t n, size_t columns, size_t i, int right_axis);
size_t script_columns(size_t n);
/* Goes on with a new panel; what the last one had set is gone. */
void script_panel(FILE *to, script_box box, const char *title);
/* Legend of the next plot command as a list to the right of `left`. */
void script_key_right(FILE *to, double left, double top);

/* Hours of the whole run. */
double script_hours(const tool_view *view);
/* x axis of dates, marks at least `least` hours apart; `label`: says that it is local time. */
void script_time_axis(FILE *to, const tool_view *view, script_box box, double least, int label);
/* Axis "y" or "y2" from 0 to a little above `most`; `unit` behind each number ("" or "%"), `label` is written above the
 * axis ("" for none). */
void script_value_axis(FILE *to, const char *axis, double most, script_box box, const char *label, const char *unit);

/* The least of 1, 2, 5, 10 times a power of ten that is not below `least`. */
double script_round_step(double least);
/* A little room on both sides of a range, which may be a single value; of what cannot be below 0 none there. */
void script_widen(double *low, double *high);
/* Axis "x" or "y" over low..high, which may be anywhere, with round numbers; `unit` behind each, `label` beside it (""
 * for none). (range.c) */
void script_range_axis(FILE *to, const char *axis, double low, double high, script_box box, const char *label,
                       const char *unit);

/* Value of the bins [first, end) together, and its half-width (NaN: none). */
typedef double script_value(const void *context, size_t first, size_t end, double *half_width);
/* Writes the data block $d<block>: x, value, low, high; each value twice, as steps; an empty line where there is none.
 */
typedef struct {
    double most;    /* highest value or upper end of a band; 0 when there is none */
    double highest; /* value, bands aside */
    size_t values;
    int has_band;
} script_extent;
script_extent script_steps(FILE *to, const tool_view *view, int block, script_value *value, const void *context);
/* Whether a day takes less than `narrow` units in the box, so that hours are only bars of black and a step a local day
 * tells more. */
int script_is_by_day(const tool_view *view, script_box box, double narrow);
/* The same data block with a step a local day; bins must divide a day (script_is_by_day). */
script_extent script_days(FILE *to, const tool_view *view, int block, script_value *value, const void *context);
/* Bins that a plot draws as one, so that pages stay small. */
size_t script_stride(const tool_view *view, size_t most);

/* Colours that colour-blind people tell apart (Okabe and Ito 2008), in order of contrast; dashes when they come round
 * again. */
const char *script_colour(size_t i);
const char *script_line(size_t i, char *text, size_t size);
#define COLOUR_BLUE "#0072B2"
#define COLOUR_VERMILION "#D55E00"
#define COLOUR_GREEN "#009E73"
#define COLOUR_PURPLE "#CC79A7"
#define COLOUR_ORANGE "#E69F00"
#define COLOUR_SKY "#56B4E9"

#endif
