/* Replications of one plan until there are enough, as `hbm run` and hbm_run want them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/experiment/experiment.h"
#include "sim/base/error.h"

enum { LEAST = 5 }; /* of replications, before an interval is believed */

typedef struct {
    model_outcome *outcome;
    ptrdiff_t figure; /* -1: all are wanted */
    double width;
} collection;

static int is_narrow(const collection *c)
{
    double mean, half_width;
    if (c->figure < 0 || model_outcome_replications(c->outcome) < LEAST)
        return 0;
    model_outcome_interval(c->outcome, (size_t)c->figure, &mean, &half_width);
    return half_width <= c->width * fabs(mean);
}

static int add(void *context, const model_world *world)
{
    collection *c = context;
    int ret = model_outcome_add(c->outcome, world);
    return ret != 0 ? ret : is_narrow(c);
}

static int find_figure(const model_experiment *x, const char *name, ptrdiff_t *figure, char *why, size_t size)
{
    model_measure measure;
    if (strchr(name, '@') != NULL) {
        (void)snprintf(why, size, "a key figure of all places together is needed, not \"%s\"", name);
        return SIM_E_INPUT;
    }
    int ret = model_measure_parse(model_experiment_setup(x, 0), name, &measure, why, size);
    *figure = (ptrdiff_t)measure.index;
    return ret;
}

int model_experiment_replicate(model_experiment *x, const model_replications *wanted, model_outcome *outcome, char *why,
                               size_t size)
{
    collection c = {.outcome = outcome, .figure = -1, .width = wanted->width};
    int ret = wanted->until == NULL ? 0 : find_figure(x, wanted->until, &c.figure, why, size);
    model_task *tasks = ret == 0 ? calloc(wanted->most, sizeof *tasks) : NULL;
    if (ret == 0 && tasks == NULL)
        ret = SIM_E_MEMORY;
    for (size_t i = 0; ret == 0 && i < wanted->most; i++)
        tasks[i].replication = i;
    if (ret == 0)
        ret = model_experiment_collect(x, tasks, wanted->most, wanted->journeys, add, &c);
    free(tasks);
    return ret;
}
