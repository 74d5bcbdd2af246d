#include "sim/base/number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static size_t digits(const char *text)
{
    size_t n = 0;
    while (text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

size_t sim_number_span(const char *text)
{
    size_t n = *text == '-' || *text == '+';
    size_t whole = digits(text + n);
    n += whole;
    if (text[n] == '.') {
        size_t part = digits(text + n + 1);
        if (part == 0)
            return 0;
        n += 1 + part;
    } else if (whole == 0) {
        return 0;
    }
    if (text[n] == 'e' || text[n] == 'E') {
        size_t sign = text[n + 1] == '-' || text[n + 1] == '+';
        size_t power = digits(text + n + 1 + sign);
        if (power > 0)
            n += 1 + sign + power;
    }
    /* "0x1F" is not the number 0 with the unit x1F */
    bool hexadecimal = (text[n] == 'x' || text[n] == 'X') && n > 0 && text[n - 1] == '0';
    return hexadecimal ? 0 : n;
}

int sim_number_parse(const char *text, const char **end, double *value)
{
    size_t span = sim_number_span(text);
    if (span == 0)
        return -1;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* static in glibc: costs nothing */
    if (plain == (locale_t)0)
        return -1;
    locale_t before = uselocale(plain);
    *value = strtod(text, NULL);
    uselocale(before);
    freelocale(plain);
    if (end != NULL)
        *end = text + span;
    return isfinite(*value) ? 0 : -1;
}

int sim_whole_parse(const char *text, int64_t *value)
{
    size_t sign = *text == '-' || *text == '+';
    size_t n = digits(text + sign);
    if (n == 0 || text[sign + n] != '\0')
        return -1;
    errno = 0;
    long long read = strtoll(text, NULL, 10);
    if (errno == ERANGE)
        return -2;
    *value = read;
    return 0;
}
