/* Values over time: a plain quantity, a list of [instant, value] steps, or a wave {mean, amplitude, period, peak}.
 *
 * A wave becomes 288 steps a period (five minutes of a day), each with the value at its middle, over the whole
 * duration, so that the simulation knows steps only. Cosines are rounded to 2^-32: last-bit differences between
 * libraries must not show in results. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "sim/base/instant.h"
#include "sim/input/config/dist.h"

enum { STEPS_A_PERIOD = 288, MOST_STEPS = 2000000 };
static const double PI = 3.14159265358979323846;
static const int64_t DAY = INT64_C(86400) * 1000000;

static bool check_value(const sim_reader *reader, sim_node node, double value)
{
    if (sim_in_range(reader->param, value))
        return true;
    char expected[500], text[64];
    sim_param_expected(reader->param, expected, sizeof expected);
    sim_quantity_text(value, reader->param->dimension, text, sizeof text);
    sim_value_error(reader, node, expected, NULL, "%s is out of range", text);
    return false;
}

/* A curve of n steps from the pool; NULL when memory ran out. */
static sim_curve *new_curve(const sim_reader *reader, size_t n, int64_t **times, double **values)
{
    sim_pool *pool = &reader->loader->config->pool;
    sim_curve *curve = sim_pool_take(pool, 1, sizeof *curve);
    *times = sim_pool_take(pool, n, sizeof **times);
    *values = sim_pool_take(pool, n, sizeof **values);
    if (curve == NULL || *times == NULL || *values == NULL) {
        reader->loader->rc = SIM_E_MEMORY;
        return NULL;
    }
    *curve = (sim_curve){n, *times, *values};
    return curve;
}

static void read_constant(const sim_reader *reader, sim_node node, sim_value *value)
{
    double number, *values;
    int64_t *times;
    if (!sim_read_quantity(reader, node, reader->param->dimension, &number) || !check_value(reader, node, number))
        return;
    sim_curve *curve = new_curve(reader, 1, &times, &values);
    if (curve == NULL)
        return;
    values[0] = number;
    value->as.curve = curve;
}

static void read_steps(const sim_reader *reader, sim_node node, sim_value *value)
{
    const sim_document *document = reader->document;
    const char *expected = "a list of [instant, value]";
    size_t n = sim_document_row(document, node)->length, i = 0;
    int64_t *times;
    double *values;
    if (n == 0) {
        sim_value_error(reader, node, expected, NULL, "the list is empty");
        return;
    }
    sim_curve *curve = new_curve(reader, n, &times, &values);
    if (curve == NULL)
        return;
    for (sim_node item = sim_document_row(document, node)->first; item != SIM_NO_NODE;
         item = sim_document_row(document, item)->next, i++) {
        const sim_node_row *row = sim_document_row(document, item);
        if (row->kind != SIM_NODE_LIST || row->length != 2) {
            sim_value_error(reader, item, expected, NULL, "this is no step");
            continue;
        }
        sim_node second = sim_document_row(document, row->first)->next;
        bool ok = sim_read_instant(reader, row->first, &times[i]);
        if (sim_read_quantity(reader, second, reader->param->dimension, &values[i]))
            check_value(reader, second, values[i]);
        if (ok && i > 0 && times[i] <= times[i - 1])
            sim_value_error(reader, row->first, "steps in the order of time", NULL,
                            "this step is not later than the one before");
    }
    value->as.curve = curve;
}

/* The peak as a time since the start: an instant, a time since the start, or a time of day (local time at the start).
 */
static bool read_peak(const sim_reader *reader, sim_node node, int64_t *peak)
{
    const sim_document *document = reader->document;
    int64_t clock;
    if (sim_document_kind(document, node) != SIM_NODE_SCALAR ||
        sim_clock_parse(sim_document_text(document, node), &clock) != NULL)
        return sim_read_instant(reader, node, peak);
    const sim_config *config = reader->loader->config;
    int64_t local = (config->start_seconds + config->start_offset) * 1000000;
    *peak = clock - (local % DAY + DAY) % DAY;
    return true;
}

static sim_curve *make_wave(const sim_reader *reader, double mean, double amplitude, int64_t period, int64_t peak)
{
    int64_t duration = reader->loader->duration > 0 ? reader->loader->duration : period;
    double count = ceil((double)duration / (double)period * STEPS_A_PERIOD);
    if (count > MOST_STEPS)
        return NULL;
    size_t n = count < 1 ? 1 : (size_t)count;
    int64_t *times;
    double *values;
    sim_curve *curve = new_curve(reader, n, &times, &values);
    if (curve == NULL)
        return NULL;
    double shift = (double)(peak % period) / (double)period;
    for (size_t k = 0; k < n; k++) {
        int64_t whole = (int64_t)(k / STEPS_A_PERIOD), part = (int64_t)(k % STEPS_A_PERIOD);
        double turn = ((double)part + 0.5) / STEPS_A_PERIOD - shift;
        double cosine = rint(cos(2 * PI * turn) * 0x1p32) * 0x1p-32;
        times[k] =
            whole * period + (period / STEPS_A_PERIOD) * part + (period % STEPS_A_PERIOD) * part / STEPS_A_PERIOD;
        values[k] = fmax(mean + amplitude * cosine, mean - amplitude);
    }
    return curve;
}

static void read_wave(const sim_reader *reader, sim_node node, sim_value *value)
{
    static const char *const keys[] = {"mean", "amplitude", "period", "peak"};
    sim_node found[4];
    double mean = 0, amplitude = 0, seconds = 0;
    int64_t period = 0, peak = 0;
    sim_dimension dimension = reader->param->dimension;
    if (!sim_dist_map(reader, node, keys, 4, 4, found))
        return;
    bool ok = sim_read_quantity(reader, found[0], dimension, &mean);
    ok = sim_read_quantity(reader, found[1], dimension, &amplitude) && ok;
    ok = sim_read_quantity(reader, found[2], SIM_DIM_TIME, &seconds) && ok;
    ok = read_peak(reader, found[3], &peak) && ok;
    if (!ok)
        return;
    if (!(amplitude >= 0)) {
        sim_value_error(reader, found[1], "0 or more", NULL, "the amplitude is negative");
        return;
    }
    if (!(seconds > 0) || !sim_micros_from_seconds(seconds, &period) || period < STEPS_A_PERIOD) {
        sim_value_error(reader, found[2], "a time above 0, such as 24 h", NULL, "this is no period");
        return;
    }
    if (mean - amplitude < 0 && dimension != SIM_DIM_TEMPERATURE) {
        sim_value_error(reader, found[1], "an amplitude of at most the mean", NULL, "the curve falls below 0");
        return;
    }
    if (!check_value(reader, node, mean - amplitude) || !check_value(reader, node, mean + amplitude))
        return;
    value->as.curve = make_wave(reader, mean, amplitude, period, peak);
    if (value->as.curve == NULL && reader->loader->rc == 0)
        sim_value_error(reader, found[2], NULL, NULL, "the period is too short for the duration: more than %d steps",
                        MOST_STEPS);
}

void sim_read_curve(const sim_reader *reader, sim_node node, sim_value *value)
{
    switch (sim_document_kind(reader->document, node)) {
    case SIM_NODE_LIST:
        read_steps(reader, node, value);
        break;
    case SIM_NODE_MAP:
        read_wave(reader, node, value);
        break;
    default:
        read_constant(reader, node, value);
        break;
    }
}
