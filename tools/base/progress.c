#include "tools/base/progress.h"

#include <stdio.h>
#include <string.h>

enum { BAR_WIDTH = 30 };

void progress_people(char *text, size_t size, double people)
{
    if (people < 1e4)
        snprintf(text, size, "%.0f people", people);
    else if (people < 1e6)
        snprintf(text, size, "%.0f k people", people / 1e3);
    else
        snprintf(text, size, "%.1f M people", people / 1e6);
}

void progress_bar(char bar[PROGRESS_BAR], double done, int width)
{
    bar[0] = '\0';
    if (width <= 0)
        return;
    if (width > BAR_WIDTH)
        width = BAR_WIDTH;
    int full = (int)(done * width + 0.5);
    bar[0] = '[';
    memset(bar + 1, '-', (size_t)width);
    memset(bar + 1, '#', (size_t)(full > width ? width : full));
    memcpy(bar + width + 1, "] ", 3);
}
