#include "tests/oracle/oracle.h"
#include "models/plans/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/outcome/outcome.h"
#include "sim/base/error.h"

static const char *usually(const char *text, const char *usual)
{
    return text == NULL ? usual : text;
}

static int write_scenario(char *text, size_t size, const oracle_scenario *s)
{
    const char *bin = usually(s->bin, "1 d");
    int length = snprintf(text, size,
                          "hbm: 1\nname: oracle\nstart: 2030-01-01T00:00+00:00\nduration: %s\nwarm_up: %s\nbin: "
                          "%s\ncontrol_interval: %s\n"
                          "people: {%s}\nplaces: {P: {kind: post}}\ndisplacement: [{from: P, rate: %s}]\n"
                          "stations: {%s}\nposts: {P: {entry: {stations: {%s}%s}%s}}\n%s",
                          usually(s->duration, "200 d"), usually(s->warm_up, "2 d"), bin, bin,
                          usually(s->people, "group_size: 1"), s->rate, s->stations, usually(s->entry, "desk: {}"),
                          usually(s->side, ""), usually(s->post, ""), usually(s->more, ""));
    return length < 0 || (size_t)length >= size ? SIM_E_LIMIT : 0;
}

int oracle_setup(model_setup *setup, const oracle_scenario *scenario)
{
    char text[4096];
    sim_diag *diag = NULL;
    *setup = (model_setup){0};
    int ret = write_scenario(text, sizeof text, scenario);
    if (ret == 0)
        ret = sim_diag_new(&diag, 20);
    if (ret == 0)
        ret = model_setup_parse(setup, text, strlen(text), "oracle.yaml", NULL, NULL, NULL, 0, diag);
    if (ret == SIM_E_INPUT)
        sim_diag_print(diag, stderr);
    sim_diag_free(diag);
    return ret;
}

static int run_replications(oracle_study *study, const model_setup *setup, uint64_t seed, oracle_measure *measure)
{
    int ret = 0;
    for (size_t i = 0; i < study->replications && ret == 0; i++) {
        model_world world;
        ret = model_world_init(&world, setup, seed, i, false);
        if (ret == 0)
            ret = model_world_run(&world, setup->end, 1);
        if (ret == 0)
            measure(&world, study->values + i * study->width);
        model_world_free(&world);
    }
    return ret;
}

void oracle_run(oracle_study *study, const oracle_scenario *scenario, oracle_measure *measure, size_t width)
{
    model_setup setup;
    *study = (oracle_study){.width = width, .replications = scenario->replications == 0 ? 30 : scenario->replications};
    study->values = calloc(study->replications * width, sizeof *study->values);
    int ret = oracle_setup(&setup, scenario);
    if (ret == 0)
        ret = study->values == NULL ? SIM_E_MEMORY : run_replications(study, &setup, scenario->seed, measure);
    model_setup_free(&setup);
    if (ret != 0) {
        oracle_finish(study);
        fail_msg("the replications failed: %s", sim_error_text(ret));
    }
}

void oracle_expect(oracle_study *study, size_t column, const char *what, double theory, double narrow)
{
    double mean, half_width;
    model_interval(study->values + column, study->replications, study->width, ORACLE_CONFIDENCE, &mean, &half_width);
    bool inside = fabs(mean - theory) <= half_width, sharp = half_width <= narrow * fabs(theory);
    print_message("    %-44s theory %-10.6g simulated %-10.6g +- %.2g (%.2f%%)%s%s\n", what, theory, mean, half_width,
                  100 * half_width / fabs(theory), inside ? "" : " WRONG", sharp ? "" : " TOO WIDE");
    if (!inside || !sharp) /* NaN is neither */
        study->missed++;
}

void oracle_finish(oracle_study *study)
{
    size_t missed = study->missed;
    free(study->values);
    *study = (oracle_study){0};
    assert_int_equal(missed, 0);
}

/* --- measures --- */

static const sim_metric_place *metric_named(const model_world *world, const char *metric)
{
    return &world->recorder.metrics[sim_recorder_find(&world->recorder, metric)];
}

static uint32_t owner_named(const model_world *world, const sim_metric_place *m, const char *name)
{
    const model_setup *setup = world->setup;
    if (m->row->owner == SIM_OWNER_STATION) {
        for (uint32_t i = 0; i < setup->station_count; i++)
            if (strcmp(setup->stations[i].kind, name) == 0)
                return i;
    } else {
        for (uint32_t i = 0; i < setup->place_count; i++)
            if (strcmp(setup->places[i].name, name) == 0)
                return i;
    }
    fprintf(stderr, "an oracle test asks for %s, which the scenario does not have\n", name);
    abort();
}

/* Sum of a series column from the warm-up on. */
static double total(const model_world *world, const sim_metric_place *m, uint32_t owner, uint32_t column)
{
    const sim_recorder *recorder = &world->recorder;
    int64_t sum = 0;
    for (uint32_t bin = (uint32_t)(recorder->warm_up / recorder->bin); bin < recorder->bins; bin++)
        sum += sim_recorder_series(recorder, m, bin, owner)[column];
    return (double)sum;
}

double oracle_level(const model_world *world, const char *metric, const char *owner, uint32_t cell)
{
    const sim_metric_place *m = metric_named(world, metric);
    return total(world, m, owner_named(world, m, owner), 2 * cell) /
           (double)(world->setup->end - world->setup->warm_up);
}

double oracle_level_in_bin(const model_world *world, const char *metric, const char *owner, uint32_t cell, uint32_t bin)
{
    const sim_metric_place *m = metric_named(world, metric);
    return (double)sim_recorder_series(&world->recorder, m, bin, owner_named(world, m, owner))[2 * cell] /
           (double)world->recorder.bin;
}

double oracle_duration(const model_world *world, const char *metric, const char *owner, uint32_t cell)
{
    const sim_metric_place *m = metric_named(world, metric);
    uint32_t index = owner_named(world, m, owner);
    return total(world, m, index, 2 * cell) / total(world, m, index, 2 * cell + 1) / 60e6;
}

double oracle_count(const model_world *world, const char *metric, const char *owner, uint32_t cell)
{
    const sim_metric_place *m = metric_named(world, metric);
    return total(world, m, owner_named(world, m, owner), cell);
}

double oracle_share_from(const model_world *world, const char *metric, const char *owner, uint32_t cell,
                         uint32_t bucket)
{
    const sim_metric_place *m = metric_named(world, metric);
    const sim_recorder_part *part = &world->recorder.parts[m->row->owner];
    size_t histogram = (size_t)owner_named(world, m, owner) * part->histograms + m->histogram + cell;
    double above = 0, all = 0;
    for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++) {
        all += part->buckets[histogram * SIM_HISTOGRAM_SIZE + i];
        above += i >= bucket ? part->buckets[histogram * SIM_HISTOGRAM_SIZE + i] : 0;
    }
    return above / all;
}
