#include "sim/base/instant.h"

#include <stddef.h>

/* Reads exactly n digits; the text moves behind them. */
static bool read_digits(const char **text, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return false;
        *value = *value * 10 + (c - '0');
    }
    *text += n;
    return true;
}

static bool skip(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Hinnant, "chrono-compatible low-level date algorithms": years that begin in March, eras of 400. */
int64_t sim_days_of_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool sim_instant_looks(const char *text)
{
    int year;
    return read_digits(&text, 4, &year) && *text == '-';
}

static const char *read_date(const char **text, int64_t *days)
{
    int year, month, day;
    if (!read_digits(text, 4, &year) || !skip(text, '-') || !read_digits(text, 2, &month) || !skip(text, '-') ||
        !read_digits(text, 2, &day))
        return "a date is written like 2031-03-01";
    if (year < 1)
        return "there is no year 0";
    if (month < 1 || month > 12)
        return "there is no such month";
    if (day < 1 || day > days_in_month(year, month))
        return "the month has no such day";
    *days = sim_days_of_date(year, month, day);
    return NULL;
}

static const char *read_fraction(const char **text, int32_t *micros)
{
    if (!skip(text, '.'))
        return NULL;
    int32_t unit = 100000;
    if (**text < '0' || **text > '9')
        return "digits are missing behind the point";
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        if (unit == 0)
            return "times are kept in whole microseconds: at most six digits behind the point";
        *micros += (int32_t)(**text - '0') * unit;
        unit /= 10;
    }
    return NULL;
}

static const char *read_time(const char **text, int *seconds, int32_t *micros)
{
    int hour, minute, second = 0;
    *micros = 0;
    if (!read_digits(text, 2, &hour) || !skip(text, ':') || !read_digits(text, 2, &minute))
        return "a time of day is written like 06:00";
    const char *why = NULL;
    if (skip(text, ':')) {
        if (!read_digits(text, 2, &second))
            return "a time of day is written like 06:00:30";
        why = read_fraction(text, micros);
    }
    if (hour > 23 || minute > 59)
        return "there is no such time of day";
    if (second > 59)
        return "a minute has seconds 00 to 59";
    *seconds = hour * 3600 + minute * 60 + second;
    return why;
}

static const char *read_offset(const char **text, sim_instant *out)
{
    if (skip(text, 'Z') || skip(text, 'z')) {
        out->has_offset = true;
        return NULL;
    }
    int sign = **text == '+' ? 1 : **text == '-' ? -1 : 0;
    if (sign == 0)
        return NULL;
    (*text)++;
    int hours, minutes;
    if (!read_digits(text, 2, &hours) || !skip(text, ':') || !read_digits(text, 2, &minutes))
        return "an offset is written like +01:00";
    if (hours > 23 || minutes > 59)
        return "there is no such offset";
    out->has_offset = true;
    out->offset = sign * (hours * 3600 + minutes * 60);
    return NULL;
}

const char *sim_instant_parse(const char *text, sim_instant *out)
{
    *out = (sim_instant){0};
    int64_t days = 0;
    int seconds = 0;
    const char *why = read_date(&text, &days);
    if (why != NULL)
        return why;
    if (*text == 'T' || *text == 't' || (*text == ' ' && text[1] != '\0')) {
        text++;
        out->has_time = true;
        why = read_time(&text, &seconds, &out->micros);
        if (why == NULL)
            why = read_offset(&text, out);
    }
    if (why != NULL)
        return why;
    if (*text != '\0')
        return "there is more text behind the instant";
    out->seconds = days * 86400 + seconds - out->offset;
    return NULL;
}

const char *sim_clock_parse(const char *text, int64_t *micros)
{
    int seconds = 0;
    int32_t fraction = 0;
    const char *why = read_time(&text, &seconds, &fraction);
    if (why == NULL && *text != '\0')
        why = "there is more text behind the time of day";
    *micros = (int64_t)seconds * 1000000 + fraction;
    return why;
}
