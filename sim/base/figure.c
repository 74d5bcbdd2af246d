/* Writing numbers, short durations and dates. */
#include "sim/base/figure.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/base/instant.h"

void figure_number(char text[FIGURE_SIZE], double value, int decimals)
{
    char plain[FIGURE_SIZE];
    size_t used = 0;
    if (!isfinite(value)) {
        snprintf(text, FIGURE_SIZE, "-");
        return;
    }
    if (fabs(value) >= 1e15) {
        snprintf(text, FIGURE_SIZE, "%.3e", value);
        return;
    }
    snprintf(plain, sizeof plain, "%.*f", decimals < 0 ? 0 : decimals > 9 ? 9 : decimals, fabs(value));
    size_t whole = strspn(plain, "0123456789");
    if (value < 0 && strspn(plain, "0.") < strlen(plain)) /* no -0 */
        text[used++] = '-';
    for (size_t i = 0; plain[i] != '\0' && used + 2 < FIGURE_SIZE; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = plain[i];
    }
    text[used] = '\0';
}

void figure_wait(char text[FIGURE_SIZE], double seconds)
{
    char number[FIGURE_SIZE];
    double size = fabs(seconds), length = size < 59.5 ? 1 : size < 59.5 * 60 ? 60 : 3600;
    figure_number(number, seconds / length, length < 3600 || size >= 99.95 * 3600 ? 0 : 1);
    snprintf(text, FIGURE_SIZE, isfinite(seconds) ? "%.30s %s" : "%.30s", number,
             length < 60     ? "s"
             : length < 3600 ? "min"
                             : "h");
}

figure_date figure_calendar(double local)
{
    figure_date date = {0};
    struct tm fields;
    if (!(fabs(local) < 1e14))
        return date;
    time_t seconds = (time_t)floor(local + 0.5);
    if (gmtime_r(&seconds, &fields) == NULL)
        return date;
    date.year = fields.tm_year + 1900;
    date.month = fields.tm_mon + 1;
    date.day = fields.tm_mday;
    date.hour = fields.tm_hour;
    date.minute = fields.tm_min;
    return date;
}

double figure_month_begin(int year, int month)
{
    return (double)sim_days_of_date(year + (month - 1) / 12, (month - 1) % 12 + 1, 1) * 86400;
}

const char *figure_month_name(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return month >= 1 && month <= 12 ? names[month - 1] : "?";
}

void figure_instant(char text[FIGURE_SIZE], double local)
{
    figure_date date = figure_calendar(local);
    if (date.month == 0)
        snprintf(text, FIGURE_SIZE, "-");
    else
        snprintf(text, FIGURE_SIZE, "%04d-%02d-%02d %02d:%02d", date.year, date.month, date.day, date.hour,
                 date.minute);
}

double figure_time_unit(double most, const char **name)
{
    static const struct {
        double upto, length;
        const char *name;
    } units[] = {{120, 1, "seconds"}, {3 * 3600, 60, "minutes"}, {5 * 86400, 3600, "hours"}, {INFINITY, 86400, "days"}};
    size_t i = 0;
    while (most > units[i].upto)
        i++;
    *name = units[i].name;
    return units[i].length;
}
