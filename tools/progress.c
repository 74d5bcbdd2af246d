/* Draws the progress of a run, and asks whether a signal wants it stopped. */
#include "tools/progress.h"

#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/signals.h"
#include "tools/words.h"

enum { BAR_WIDTH = 30, SECONDS_A_LINE = 60 };

static double monotonic_seconds(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_init(tool_progress *state, FILE *to, int quiet, size_t replications)
{
    memset(state, 0, sizeof *state);
    state->to = quiet ? NULL : to;
    state->terminal = isatty(fileno(to));
    state->replications = replications;
    state->started = monotonic_seconds();
    state->printed = state->started;
}

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

int progress_line(char *line, size_t size, const hbm_progress *now, size_t replications, double elapsed, int bar_width)
{
    double done = isfinite(now->done) ? fmin(fmax(now->done, 0), 1) : 0;
    char bar[PROGRESS_BAR], left[32] = "...", people[32];

    progress_bar(bar, done, bar_width);
    /* Less than a hundredth done says nothing about the rest. */
    if (done >= 0.01)
        words_duration(left, sizeof left, elapsed / done * (1 - done));
    progress_people(people, sizeof people, now->people);
    return snprintf(line, size, "%s%3.0f %%, replication %zu of %zu, %s, %s left", bar, floor(100 * done), now->replications, replications,
                    people, left);
}

int progress_callback(const hbm_progress *now, void *user)
{
    tool_progress *state = user;
    double time = monotonic_seconds();
    char line[160];

    if (!state->stopped)
        state->stopped = signals_take();
    if (!state->to)
        return state->stopped;
    if (state->terminal) {
        progress_line(line, sizeof line, now, state->replications, time - state->started, BAR_WIDTH);
        fprintf(state->to, "\r%s\033[K", line);
        fflush(state->to);
        state->drawn = 1;
    } else if (time - state->printed >= SECONDS_A_LINE) {
        progress_line(line, sizeof line, now, state->replications, time - state->started, 0);
        fprintf(state->to, "hbm: %s\n", line);
        fflush(state->to);
        state->printed = time;
    }
    return state->stopped;
}

void progress_end(tool_progress *state)
{
    if (state->drawn) {
        fputs("\r\033[K", state->to);
        fflush(state->to);
    }
    state->drawn = 0;
}
