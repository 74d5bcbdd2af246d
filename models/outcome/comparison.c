/* Observed beside simulated: for each observation the number who crossed in its period, and the wait of somebody who
 * came at its end.
 *
 * The simulated wait is that of a fictitious person who comes then and is served in order: the time until as many
 * people have left the post as had come by then (the horizontal distance between the cumulative curves of arrivals and
 * departures; Newell 1982). Between the edges of bins the curves are straight. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/outcome/observed.h"
#include "models/outcome/private.h"
#include "sim/base/error.h"

/* Cumulative people at bin edges, [bins + 1], of one place: who came, who left by crossing, who left in any way. */
typedef struct {
    uint32_t bins;
    sim_time bin, end;
    double *arrived, *crossed, *gone;
} curves;

static double edge(const curves *c, uint32_t i)
{
    sim_time t = (sim_time)i * c->bin;
    return (double)(t < c->end ? t : c->end);
}

static double value_at(const curves *c, const double *curve, double time)
{
    if (time <= 0)
        return 0;
    if (time >= (double)c->end)
        return curve[c->bins];
    uint32_t i = (uint32_t)(time / (double)c->bin);
    double from = edge(c, i), to = edge(c, i + 1);
    return curve[i] + (curve[i + 1] - curve[i]) * (time - from) / (to - from);
}

/* Seconds that somebody who comes at `time` spends there; NaN when the run ends before they are through. */
static double wait_at(const curves *c, double time)
{
    double rank = value_at(c, c->arrived, time);
    if (rank <= value_at(c, c->gone, time))
        return 0;
    for (uint32_t i = (uint32_t)(time / (double)c->bin); i < c->bins; i++)
        if (c->gone[i + 1] >= rank) {
            double from = c->gone[i] > 0 || i > 0 ? c->gone[i] : 0, rise = c->gone[i + 1] - from;
            double when = edge(c, i) + (edge(c, i + 1) - edge(c, i)) * (rise > 0 ? (rank - from) / rise : 0);
            return when > time ? (when - time) * 1e-6 : 0;
        }
    return (double)NAN;
}

/* People counted by a metric in a bin at a place: of an outcome (the mean of its replications) or of one world. */
typedef double count_of(const void *source, const char *metric, uint32_t bin, uint32_t place);

static double count_of_outcome(const void *source, const char *metric, uint32_t bin, uint32_t place)
{
    return model_outcome_count(source, metric, bin, place);
}

static double count_of_world(const void *source, const char *metric, uint32_t bin, uint32_t place)
{
    const sim_recorder *recorder = &((const model_world *)source)->recorder;
    const sim_metric_place *m = model_outcome_metric(recorder, metric);
    double sum = 0;
    for (uint32_t cell = 0; cell < m->width; cell++)
        sum += (double)sim_recorder_series(recorder, m, bin, place)[cell];
    return sum;
}

/* The curves of one post, or of all together. */
static void accumulate(const model_setup *setup, count_of *count, const void *source, uint32_t site, curves *c)
{
    c->arrived[0] = c->crossed[0] = c->gone[0] = 0;
    for (uint32_t bin = 0; bin < c->bins; bin++) {
        double came = 0, crossed = 0, gave_up = 0;
        for (uint32_t i = 0; i < setup->site_count; i++) {
            if (site != MODEL_NONE && i != site)
                continue;
            came += count(source, "flow/arrived", bin, setup->sites[i].place);
            crossed += count(source, "flow/crossed", bin, setup->sites[i].place);
            gave_up += count(source, "flow/gave_up", bin, setup->sites[i].place);
        }
        c->arrived[bin + 1] = c->arrived[bin] + came;
        c->crossed[bin + 1] = c->crossed[bin] + crossed;
        c->gone[bin + 1] = c->gone[bin] + crossed + gave_up;
    }
}

/* Free c->arrived. */
static int curves_init(curves *c, const model_setup *setup)
{
    *c = (curves){.bins = (uint32_t)((setup->end + setup->bin - 1) / setup->bin), .bin = setup->bin, .end = setup->end};
    c->arrived = calloc(3 * ((size_t)c->bins + 1), sizeof *c->arrived);
    if (c->arrived == NULL)
        return SIM_E_MEMORY;
    c->crossed = c->arrived + c->bins + 1;
    c->gone = c->crossed + c->bins + 1;
    return 0;
}

static bool is_covered(const model_setup *setup, const observation *o)
{
    return o->end > 0 && o->end <= setup->end;
}

static double people_of(const model_setup *setup, const curves *c, const observation *o)
{
    return is_covered(setup, o) ? value_at(c, c->crossed, (double)o->end) - value_at(c, c->crossed, (double)o->begin)
                                : (double)NAN;
}

static double wait_of(const model_setup *setup, const curves *c, const observation *o)
{
    return is_covered(setup, o) && o->site != MODEL_NONE ? wait_at(c, (double)o->end) : (double)NAN;
}

int model_observed_take(const model_world *world, size_t index, double *people, double *wait)
{
    const observation *o = &observed_setup(world->setup)->rows[index];
    curves c;
    int ret = curves_init(&c, world->setup);
    if (ret != 0)
        return ret;
    accumulate(world->setup, count_of_world, world, o->site, &c);
    *people = people_of(world->setup, &c, o);
    *wait = wait_of(world->setup, &c, o);
    free(c.arrived);
    return 0;
}

static int add_axis(const model_setup *setup, sim_result *result)
{
    const struct observed_setup *observed = observed_setup(setup);
    double *numbers = malloc((observed->count + 1) * sizeof *numbers);
    if (numbers == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < observed->count; i++)
        numbers[i] = (double)i;
    int axis = sim_result_values(result, "observation", "row of the observations", "1", observed->count, numbers);
    free(numbers);
    return axis;
}

int model_outcome_compare(const model_outcome *outcome, sim_result *result)
{
    static const struct {
        const char *path, *doc, *unit;
    } columns[] = {
        {"observed/begin", "beginning of the period, from the start of the run", "s"},
        {"observed/end", "end of the period", "s"},
        {"observed/place", "place (by number); -1: all posts together", "1"},
        {"observed/people_observed", "people who crossed, as counted", "people"},
        {"observed/people_simulated", "people who crossed, as simulated", "people"},
        {"observed/wait_observed", "wait reported at the period's end", "s"},
        {"observed/wait_simulated", "wait of somebody who comes at the period's end, as simulated", "s"},
    };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    const model_setup *setup = model_outcome_setup(outcome);
    const struct observed_setup *observed = observed_setup(setup);
    if (observed->count == 0)
        return 0;
    double *out[COLUMNS];
    int axis = add_axis(setup, result), ret = axis < 0 ? axis : 0;
    for (size_t i = 0; ret == 0 && i < COLUMNS; i++)
        ret = sim_result_reals(result, columns[i].path, columns[i].doc, columns[i].unit, 1, &axis, &out[i]);
    if (ret != 0)
        return ret;
    curves c;
    ret = curves_init(&c, setup);
    if (ret != 0)
        return ret;
    uint32_t site = MODEL_NONE - 1;
    for (size_t i = 0; i < observed->count; i++) {
        const observation *o = &observed->rows[i];
        if (o->site != site)
            accumulate(setup, count_of_outcome, outcome, site = o->site, &c);
        out[0][i] = (double)o->begin * 1e-6;
        out[1][i] = (double)o->end * 1e-6;
        out[2][i] = o->site == MODEL_NONE ? -1 : (double)setup->sites[o->site].place;
        out[3][i] = o->people;
        out[5][i] = o->wait;
        out[4][i] = people_of(setup, &c, o);
        out[6][i] = wait_of(setup, &c, o);
    }
    free(c.arrived);
    return 0;
}
