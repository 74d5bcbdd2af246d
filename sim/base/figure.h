/* Numbers, short durations and dates on axes and in tables, whatever the locale. */
#ifndef TOOLS_FIGURE_H
#define TOOLS_FIGURE_H

#include <stddef.h>

enum { FIGURE_SIZE = 48 };

/* "60,000", "1,234.5"; "-" for what is no finite number, digits in powers of ten beyond 10^15. */
void figure_number(char text[FIGURE_SIZE], double value, int decimals);
/* Seconds in six characters or so: "45 s", "12 min", "22.3 h", "120 h"; "-" for no number. */
void figure_wait(char text[FIGURE_SIZE], double seconds);

/* Calendar fields of a local time given in seconds since 1970-01-01T00:00 on the same clocks. */
typedef struct {
    int year, month, day, hour, minute; /* month and day from 1 */
} figure_date;
figure_date figure_calendar(double local);
/* Local time at which that month begins; months beyond 12 count on. */
double figure_month_begin(int year, int month);
/* "Mar" */
const char *figure_month_name(int month);
/* "2031-03-01 06:00" */
void figure_instant(char text[FIGURE_SIZE], double local);

/* Unit of time for durations up to `most` seconds: its length, and its name in *name. */
double figure_time_unit(double most, const char **name);

#endif
