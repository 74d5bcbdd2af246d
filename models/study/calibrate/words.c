/* A calibration in sentences: what observations leave open, and what has been tried. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "models/study/calibrate/calibrate.h"

/* Components of a direction that are worth a word. */
static const double worth_a_word = 0.2;

static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}

static const char *path_of(const calibrate_report *report, size_t j)
{
    return report->work->parameters[j].factor.path;
}

void calibrate_loose_words(const calibrate_report *report, size_t k, char *text, size_t size)
{
    size_t p = report->fit->parameters, first = 0, named = 0;
    const double *v = report->fit->direction + k * p;
    for (size_t j = 1; j < p; j++)
        if (fabs(v[j]) > fabs(v[first]))
            first = j;
    text[0] = '\0';
    for (size_t j = 0; j < p; j++) {
        if (j == first || fabs(v[j]) < worth_a_word)
            continue;
        append(
            text, size,
            named++ == 0
                ? "the observations do not tell %s apart from what else was fitted: a rise in it can be made up for by "
                : ", with ",
            path_of(report, first));
        append(text, size, "a %s in %s", v[j] * v[first] > 0 ? "rise" : "fall", path_of(report, j));
    }
    if (named == 0)
        append(text, size,
               "the observations do not determine %s: within its range it hardly changes what they compare with, or no "
               "more than chance does",
               path_of(report, first));
    else if (named == 1)
        append(text, size, " (a tenth of its range by %.2g of the other's)",
               0.1 * sqrt(1 - v[first] * v[first]) / fabs(v[first]));
}

void calibrate_assessment(const calibrate_report *report, char *text, size_t size)
{
    if (report->work->data->by_role[CALIBRATE_HELD_OUT] == 0)
        snprintf(text, size,
                 "This is a fit and nothing more: the same observations chose the parameters, so that their agreement "
                 "says nothing about "
                 "how well "
                 "the model foretells others. Hold some out to see that: --hold-out 30%%.");
    else
        snprintf(text, size,
                 "What was held out did not choose the parameters. It is of the same episode, and what the scenario "
                 "was given (arrivals, "
                 "closures, "
                 "staff) may reach into its time.");
}
