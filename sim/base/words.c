/* Durations in words. */
#include "sim/base/words.h"

#include <math.h>
#include <stdio.h>

void words_duration(char *text, size_t size, double seconds)
{
    unsigned long whole;
    text[0] = '\0';
    if (isnan(seconds))
        return;
    whole = seconds < 0 ? 0 : seconds < 1e12 ? (unsigned long)(seconds + 0.5) : 1000000000000UL;
    if (whole < 60)
        snprintf(text, size, "%lu s", whole);
    else if (whole < 3600)
        snprintf(text, size, "%lu min %lu s", whole / 60, whole % 60);
    else if (whole < 48 * 3600)
        snprintf(text, size, "%lu h %lu min", whole / 3600, whole % 3600 / 60);
    else
        snprintf(text, size, "%lu d %lu h", whole / 86400, whole % 86400 / 3600);
}
