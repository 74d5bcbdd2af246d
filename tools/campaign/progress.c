/* Progress of many tasks: a bar with the time left on a terminal, a line a minute elsewhere, an object every few
 * seconds as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/words.h"
#include "tools/base/progress.h"
#include "tools/campaign/private.h"

enum { BAR_WIDTH = 30, SECONDS_A_LINE = 60, SECONDS_AN_EVENT = 5 };

static double monotonic_seconds(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void campaign_progress_init(campaign_progress *p, const campaign *c)
{
    *p = (campaign_progress){.to = c->quiet ? NULL : stderr, .terminal = isatty(fileno(stderr)) != 0, .json = c->json};
    p->started = p->printed = monotonic_seconds();
}

/* Share of all tasks done; below 0: nobody knows how many there will be. */
static double share_of(const campaign_progress *p, const model_progress *now)
{
    size_t all = p->expected > now->wanted ? p->expected : p->expected == 0 ? 0 : now->wanted;
    if (all == 0)
        return -1;
    return fmin(((double)now->finished + now->running) / (double)all, 1);
}

/* Of the tasks of this process, by their rate. */
static double seconds_left(const campaign_progress *p, const model_progress *now, double elapsed)
{
    double done = share_of(p, now), known = p->expected > 0 ? (double)p->known / (double)p->expected : 0;
    return done - known >= 0.01 ? elapsed / (done - known) * (1 - done) : (double)NAN;
}

int campaign_progress_line(const campaign_progress *p, const model_progress *now, double elapsed, int bar_width,
                           char *line, size_t size)
{
    char bar[PROGRESS_BAR] = "", left[40] = "", people[32];
    double done = share_of(p, now), seconds = seconds_left(p, now, elapsed);
    progress_people(people, sizeof people, now->people);
    if (done < 0) {
        words_duration(left, sizeof left, elapsed);
        return snprintf(line, size, "%zu of %zu tasks so far, %s, %s", now->finished, now->wanted, people, left);
    }
    progress_bar(bar, done, bar_width);
    if (!isnan(seconds))
        words_duration(left, sizeof left, seconds);
    return snprintf(line, size, "%s%3.0f %%, %zu of %zu tasks, %s, %s left", bar, floor(100 * done), now->finished,
                    p->expected > now->wanted ? p->expected : now->wanted, people, isnan(seconds) ? "..." : left);
}

void campaign_progress_event(const campaign_progress *p, const model_progress *now, double elapsed)
{
    double seconds = seconds_left(p, now, elapsed);
    fprintf(p->to,
            "{\"event\": \"progress\", \"finished\": %zu, \"wanted\": %zu, \"people\": %.0f, \"elapsed_s\": %.1f, "
            "\"left_s\": ",
            now->finished, p->expected > now->wanted ? p->expected : now->wanted, now->people, elapsed);
    if (isnan(seconds))
        fputs("null}\n", p->to);
    else
        fprintf(p->to, "%.1f}\n", seconds);
    (void)fflush(p->to);
}

int campaign_progress_callback(const model_progress *now, void *user)
{
    campaign_progress *p = user;
    double time = monotonic_seconds(), elapsed = time - p->started;
    char line[200];
    int signal = signals_take();
    if (signal != 0 && p->signals++ == 0)
        p->signal = signal;
    if (p->to != NULL && p->json && time - p->printed >= SECONDS_AN_EVENT) {
        campaign_progress_event(p, now, elapsed);
        p->printed = time;
    } else if (p->to != NULL && !p->json && p->terminal) {
        (void)campaign_progress_line(p, now, elapsed, BAR_WIDTH, line, sizeof line);
        fprintf(p->to, "\r%s\033[K", line);
        (void)fflush(p->to);
        p->drawn = true;
    } else if (p->to != NULL && !p->json && time - p->printed >= SECONDS_A_LINE) {
        (void)campaign_progress_line(p, now, elapsed, 0, line, sizeof line);
        fprintf(p->to, "hbm: %s\n", line);
        (void)fflush(p->to);
        p->printed = time;
    }
    return p->signals;
}

void campaign_progress_end(campaign_progress *p)
{
    if (p->drawn) {
        fputs("\r\033[K", p->to);
        (void)fflush(p->to);
    }
    p->drawn = false;
}
