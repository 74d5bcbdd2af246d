/* Numbers in words. */
#include "tools/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

void words_count(char *text, size_t size, double number)
{
    char digits[64];
    size_t length, out = 0;
    text[0] = '\0';
    if (isnan(number) || size == 0)
        return;
    snprintf(digits, sizeof digits, "%.0f", fmin(fmax(number, -1e18), 1e18));
    length = strlen(digits);
    for (size_t i = 0; i < length && out + 2 < size; i++) {
        text[out++] = digits[i];
        if (digits[i] != '-' && i + 1 < length && (length - 1 - i) % 3 == 0)
            text[out++] = ',';
    }
    text[out] = '\0';
}

void words_share(char *text, size_t size, double share)
{
    text[0] = '\0';
    if (!isnan(share))
        snprintf(text, size, "%.0f %%", 100 * share);
}

void words_instant(char *text, size_t size, double unix_seconds, int offset_seconds)
{
    struct tm parts;
    time_t local;
    text[0] = '\0';
    if (!(fabs(unix_seconds) < 1e11))
        return;
    local = (time_t)floor(unix_seconds) + offset_seconds;
    if (gmtime_r(&local, &parts))
        strftime(text, size, "%Y-%m-%d %H:%M", &parts);
}
