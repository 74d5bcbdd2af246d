#include "tests/support/scenario.h"
#include "models/plans/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/error.h"

static int parse(model_setup *setup, const char *text, const char *folder, char **messages)
{
    sim_diag *diag;
    size_t size;
    assert_int_equal(sim_diag_new(&diag, 200), 0);
    int ret = model_setup_parse(setup, text, strlen(text), "test.yaml", folder, NULL, NULL, 0, diag);
    FILE *to = open_memstream(messages, &size);
    assert_non_null(to);
    sim_diag_print(diag, to);
    assert_int_equal(fclose(to), 0);
    sim_diag_free(diag);
    return ret;
}

void test_setup_in(model_setup *setup, const char *text, const char *folder)
{
    char *messages;
    int ret = parse(setup, text, folder, &messages);
    if (ret != 0)
        fail_msg("%s:\n%s\nin\n%s", sim_error_text(ret), messages, text);
    free(messages);
}

void test_setup(model_setup *setup, const char *text)
{
    test_setup_in(setup, text, NULL);
}

char *test_problems_in(const char *text, const char *folder)
{
    model_setup setup;
    char *messages;
    int ret = parse(&setup, text, folder, &messages);
    model_setup_free(&setup);
    if (ret != SIM_E_INPUT)
        fail_msg("refused was expected, not \"%s\":\n%s", ret == 0 ? "accepted" : sim_error_text(ret), text);
    return messages;
}

char *test_problems(const char *text)
{
    return test_problems_in(text, NULL);
}

void test_refused(const char *text, const char *expected)
{
    char *messages = test_problems(text);
    if (strstr(messages, expected) == NULL)
        fail_msg("expected \"%s\", got:\n%s", expected, messages);
    free(messages);
}

void test_refused_for(const char *text, const char *expected)
{
    char *messages = test_problems(text);
    const char *first = strstr(messages, "error: ");
    if (strstr(messages, expected) == NULL || first == NULL || strstr(first + 1, "error: ") != NULL)
        fail_msg("expected \"%s\" alone, got:\n%s", expected, messages);
    free(messages);
}

void test_world(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication)
{
    int ret = model_world_init(world, setup, seed, replication, true);
    if (ret != 0)
        fail_msg("the world cannot be built: %s", sim_error_text(ret));
}

void test_run(model_world *world, const model_setup *setup, uint64_t seed, uint64_t replication)
{
    test_world(world, setup, seed, replication);
    int ret = model_world_run(world, setup->end, 1);
    if (ret != 0)
        fail_msg("the run failed: %s", sim_error_text(ret));
}

uint32_t test_place(const model_setup *setup, const char *name)
{
    for (uint32_t i = 0; i < setup->place_count; i++)
        if (strcmp(setup->places[i].name, name) == 0)
            return i;
    fail_msg("there is no place %s", name);
    return MODEL_NONE;
}

uint32_t test_station(const model_setup *setup, const char *name)
{
    for (uint32_t i = 0; i < setup->station_count; i++)
        if (strcmp(setup->stations[i].name, name) == 0)
            return i;
    fail_msg("there is no station %s", name);
    return MODEL_NONE;
}

static uint32_t owner_named(const model_setup *setup, const sim_metric_place *m, const char *name)
{
    switch (m->row->owner) {
    case SIM_OWNER_STATION:
        return test_station(setup, name);
    case SIM_OWNER_AGENCY:
        for (uint32_t i = 0; i < setup->agency_count; i++)
            if (strcmp(setup->agencies[i], name) == 0)
                return i;
        fail_msg("there is no agency %s", name);
        return 0;
    case SIM_OWNER_RUN:
        return 0;
    default:
        return test_place(setup, name);
    }
}

int64_t test_bin(const model_world *world, const char *metric, const char *owner, int cell, uint32_t bin,
                 uint32_t offset)
{
    const sim_recorder *recorder = &world->recorder;
    const sim_metric_place *m = &recorder->metrics[sim_recorder_find(recorder, metric)];
    uint32_t step = m->row->kind == SIM_METRIC_COUNT ? 1 : 2,
             only = owner == NULL ? MODEL_NONE : owner_named(world->setup, m, owner);
    int64_t sum = 0;
    assert_true(bin < recorder->bins && offset < step && cell < (int)m->width);
    for (uint32_t i = 0; i < recorder->parts[m->row->owner].owners; i++)
        for (uint32_t k = 0; k < m->width; k++)
            if ((only == MODEL_NONE || only == i) && (cell < 0 || (uint32_t)cell == k))
                sum += sim_recorder_series(recorder, m, bin, i)[step * k + offset];
    return sum;
}

int64_t test_count(const model_world *world, const char *metric, const char *owner, int cell)
{
    int64_t sum = 0;
    for (uint32_t bin = 0; bin < world->recorder.bins; bin++)
        sum += test_bin(world, metric, owner, cell, bin, 0);
    return sum;
}

int64_t test_level(const model_world *world, const char *metric, const char *owner, int cell)
{
    const sim_recorder *recorder = &world->recorder;
    uint32_t number = sim_recorder_find(recorder, metric);
    assert_true(cell >= 0 && cell < (int)recorder->metrics[number].width);
    return sim_record_level_at(recorder, number, owner_named(world->setup, &recorder->metrics[number], owner),
                               (uint32_t)cell)
        ->level;
}

static int by_start(const void *a, const void *b)
{
    const model_journey *x = a, *y = b;
    if (x->started != y->started)
        return x->started < y->started ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

model_journey *test_journeys(const model_world *world, const char *station, size_t *count)
{
    uint32_t only = station == NULL ? MODEL_NONE : test_station(world->setup, station);
    size_t room = 1;
    for (uint32_t i = 0; i < world->setup->process_count; i++)
        room += world->journeys[i].count;
    model_journey *rows = calloc(room, sizeof *rows);
    assert_non_null(rows);
    *count = 0;
    for (uint32_t i = 0; i < world->setup->process_count; i++)
        for (size_t k = 0; k < world->journeys[i].count; k++)
            if (only == MODEL_NONE || world->journeys[i].rows[k].station == only)
                rows[(*count)++] = world->journeys[i].rows[k];
    qsort(rows, *count, sizeof *rows, by_start);
    return rows;
}

void test_started(const model_world *world, const char *station, size_t count, const test_start *expected)
{
    size_t found;
    model_journey *rows = test_journeys(world, station, &found);
    for (size_t i = 0; i < count || i < found; i++) {
        if (i >= found)
            fail_msg("%s: service %zu never started (group %u at %g s was expected)", station, i, expected[i].group,
                     expected[i].second);
        if (i >= count)
            fail_msg("%s: group %u at %g s was not expected", station, rows[i].group, (double)rows[i].started * 1e-6);
        if (rows[i].group != expected[i].group || rows[i].started != llround(expected[i].second * 1e6))
            fail_msg("%s: service %zu is of group %u at %.6f s, expected group %u at %.6f s", station, i, rows[i].group,
                     (double)rows[i].started * 1e-6, expected[i].group, expected[i].second);
    }
    free(rows);
}

void test_share(const char *what, uint64_t hits, uint64_t n, double probability)
{
    double expected = (double)n * probability, deviation = fabs((double)hits - expected) - 0.5;
    if (deviation > 3.2905 * sqrt(expected * (1 - probability)))
        fail_msg("%s: %llu of %llu (%.5f), expected %.5f", what, (unsigned long long)hits, (unsigned long long)n,
                 (double)hits / (double)n, probability);
}
