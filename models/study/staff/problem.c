/* Rosters evaluated by simulation: each is a point of the experiment whose overrides give the shifts their heads; all
 * are run with the same replications, so that they see the same people and the same luck (common random numbers). */
#include <stdlib.h>
#include <string.h>

#include "models/outcome/outcome.h"
#include "models/study/staff/staff.h"
#include "sim/base/error.h"

static const char *const aside_names[STAFF_ASIDE] = {"people.crossed", "people.gave_up", "people.waiting_at_end"};

/* Where the measures stand: of the targets, told aside, loads of the shifts. */
static size_t aside_at(const staff_problem *p)
{
    return p->targets->measure_count;
}

static size_t loads_at(const staff_problem *p)
{
    return p->targets->measure_count + STAFF_ASIDE;
}

static size_t stride(const staff_problem *p)
{
    return 2 * (loads_at(p) + p->shifts->count);
}

int staff_problem_init(staff_problem *p, model_experiment *experiment, staff_targets *targets,
                       const staff_shifts *shifts, double confidence)
{
    *p = (staff_problem){
        .experiment = experiment, .targets = targets, .shifts = shifts, .replications = 1, .confidence = confidence};
    model_measure *measures = calloc(stride(p) / 2, sizeof *measures);
    int ret = measures == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0)
        memcpy(measures, targets->measures, targets->measure_count * sizeof *measures);
    for (size_t i = 0; i < STAFF_ASIDE && ret == 0; i++) {
        char why[200];
        ret = model_measure_parse(shifts->setup, aside_names[i], &measures[aside_at(p) + i], why, sizeof why);
    }
    for (size_t i = 0; i < shifts->count && ret == 0; i++)
        measures[loads_at(p) + i] =
            (model_measure){.kind = MODEL_MEASURE_SHIFT_LOAD, .index = shifts->items[i].shift, .site = MODEL_NONE};
    if (ret == 0)
        ret = model_experiment_measure(experiment, measures, stride(p) / 2);
    free(measures);
    return ret;
}

void staff_problem_free(staff_problem *p)
{
    free(p->reached);
    free(p->aside);
    *p = (staff_problem){0};
}

void staff_problem_forget(staff_problem *p)
{
    p->count = 0;
}

/* --- overrides --- */

static void free_sets(char **sets, size_t count)
{
    for (size_t i = 0; sets != NULL && i < count; i++)
        free(sets[i]);
    free(sets);
}

static char *head_set(const staff_shifts *shifts, size_t i, int64_t head)
{
    const char *name = sim_element_name(shifts->setup->config, "rosters.*", shifts->items[i].roster);
    size_t room = strlen(name) + 80;
    char *set = malloc(room);
    if (set != NULL)
        snprintf(set, room, "rosters.%s.shifts.%zu.head=%lld", name, shifts->items[i].number, (long long)head);
    return set;
}

/* The overrides of one roster; NULL when there is no memory. Freed by free_sets, lanes' aside. */
static char **make_sets(const staff_shifts *shifts, const int64_t *heads)
{
    char **sets = calloc(shifts->count + shifts->lane_count + 1, sizeof *sets);
    for (size_t i = 0; sets != NULL && i < shifts->count; i++) {
        sets[i] = head_set(shifts, i, heads[i]);
        if (sets[i] == NULL) {
            free_sets(sets, i);
            return NULL;
        }
    }
    for (size_t i = 0; sets != NULL && i < shifts->lane_count; i++)
        sets[shifts->count + i] = shifts->lanes[i];
    return sets;
}

/* --- running --- */

static int grow(staff_problem *p, size_t count)
{
    if (p->count + count <= p->room)
        return 0;
    size_t room = 2 * p->room + count;
    staff_reached *reached = realloc(p->reached, room * p->targets->count * sizeof *reached);
    if (reached != NULL)
        p->reached = reached;
    double(*aside)[STAFF_ASIDE] = realloc(p->aside, room * sizeof *aside);
    if (aside != NULL)
        p->aside = aside;
    if (reached == NULL || aside == NULL)
        return SIM_E_MEMORY;
    p->room = room;
    return 0;
}

/* What the replications of one roster come to. */
static void take(staff_problem *p, const double *values, sim_staffing_score *scores)
{
    size_t n = p->replications;
    for (size_t t = 0; t < p->targets->count; t++) {
        staff_reached *reached = &p->reached[p->count * p->targets->count + t];
        *reached = staff_target_reach(p->targets, t, values, stride(p), n, p->confidence);
        if (scores != NULL)
            scores[t] = reached->score;
    }
    for (size_t i = 0; i < STAFF_ASIDE; i++) {
        double over = 0, under = 0;
        for (size_t k = 0; k < n; k++) {
            over += values[k * stride(p) + 2 * (aside_at(p) + i)];
            under += values[k * stride(p) + 2 * (aside_at(p) + i) + 1];
        }
        p->aside[p->count][i] = model_measure_value((double[2]){over, under});
    }
    p->count++;
}

/* Runs rosters: sets[i] (NULL: the scenario as it is). *values: the caller frees. */
static int run(staff_problem *p, char **const *sets, size_t count, double **values)
{
    size_t n = p->replications, set_count = p->shifts->count + p->shifts->lane_count;
    model_task *tasks = calloc(count * n, sizeof *tasks);
    int *status = calloc(count * n, sizeof *status);
    *values = calloc(count * n * stride(p), sizeof **values);
    int ret = tasks == NULL || status == NULL || *values == NULL ? SIM_E_MEMORY : 0;
    for (size_t i = 0; i < count * n && ret == 0; i++)
        tasks[i] = (model_task){
            .sets = (const char *const *)sets[i / n],
            .set_count = sets[i / n] == NULL ? 0 : set_count,
            .replication = p->first + i % n,
        };
    if (ret == 0)
        ret = model_experiment_evaluate(p->experiment, tasks, count * n, *values, status);
    for (size_t i = 0; i < count * n && ret == 0; i++)
        ret = status[i];
    free(tasks);
    free(status);
    return ret;
}

int staff_problem_evaluate(void *problem, const int64_t *heads, size_t count, sim_staffing_score *scores)
{
    staff_problem *p = problem;
    double *values = NULL;
    char ***sets = calloc(count + 1, sizeof *sets);
    int ret = sets == NULL ? SIM_E_MEMORY : grow(p, count);
    for (size_t i = 0; i < count && ret == 0; i++) {
        sets[i] = make_sets(p->shifts, heads + i * p->shifts->count);
        ret = sets[i] == NULL ? SIM_E_MEMORY : 0;
    }
    if (ret == 0)
        ret = run(p, sets, count, &values);
    for (size_t i = 0; i < count && ret == 0; i++)
        take(p, values + i * p->replications * stride(p), scores == NULL ? NULL : scores + i * p->targets->count);
    for (size_t i = 0; sets != NULL && i < count; i++)
        free_sets(sets[i], p->shifts->count);
    free(sets);
    free(values);
    return ret;
}

int staff_problem_own(staff_problem *p)
{
    double *values = NULL;
    char **const none[1] = {NULL};
    int ret = grow(p, 1);
    if (ret == 0)
        ret = run(p, none, 1, &values);
    if (ret == 0)
        take(p, values, NULL);
    free(values);
    return ret;
}

int staff_problem_loads(staff_problem *p, double *loads)
{
    double *values = NULL;
    int64_t *heads = calloc(p->shifts->count, sizeof *heads);
    char **sets = NULL;
    for (size_t i = 0; heads != NULL && i < p->shifts->count; i++)
        heads[i] = p->shifts->items[i].high;
    if (heads != NULL)
        sets = make_sets(p->shifts, heads);
    int ret = sets == NULL ? SIM_E_MEMORY : run(p, (char **const[]){sets}, 1, &values);
    for (size_t i = 0; i < p->shifts->count && ret == 0; i++) {
        double over = 0, under = 0;
        for (size_t k = 0; k < p->replications; k++) {
            over += values[k * stride(p) + 2 * (loads_at(p) + i)];
            under += values[k * stride(p) + 2 * (loads_at(p) + i) + 1];
        }
        loads[i] = under > 0 ? over / under / p->shifts->setup->capacity : 0;
    }
    if (ret == 0)
        staff_targets_settle(p->targets, values, stride(p), p->replications);
    free_sets(sets, p->shifts->count);
    free(heads);
    free(values);
    return ret;
}
