/* Metamorphic relations over random scenarios (metamorphic.h). Everything is drawn from fixed seeds: the same scenarios
 * every time.
 *
 * The quick form takes a few scenarios for each relation; HBM_LONG=1 in the environment twenty times as many. When a
 * relation fails, its two scenarios are left in the working directory, NAME-a.yaml and NAME-b.yaml. `test_metamorphic
 * NAME` tries one relation only.
 *
 * Statistical relations compare up to four means of each pair of scenarios by Student's t: |t| > 6 for independent
 * replications, t > 5 for pairs that may differ one way only. With 40 and 20 replications a true relation is called
 * false with a probability of 6e-8 and 4e-5 a mean: over all means of the long form, at most 0.01. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/metamorphic/metamorphic.h"
#include "tests/support/effects.h"

enum { LONGER = 20, TRIES = 60 };

static const struct {
    const meta_relation *rows;
    const size_t *count;
} tables[] = {
    {meta_running, &meta_running_count},         {meta_rewriting, &meta_rewriting_count},
    {meta_equivalence, &meta_equivalence_count}, {meta_idling, &meta_idling_count},
    {meta_scaling, &meta_scaling_count},         {meta_ordering, &meta_ordering_count},
};

static bool is_long(void)
{
    const char *text = getenv("HBM_LONG");
    return text != NULL && strcmp(text, "1") == 0;
}

/* Numbers of scenarios of its own for each relation, whichever others there are. */
static uint64_t first_number(const char *name)
{
    uint64_t hash = 0;
    for (; *name != '\0'; name++)
        hash = hash * 31 + (unsigned char)*name;
    return hash % 1000000 * 10000;
}

static void leave(const meta_relation *r, const meta_run *run, char label)
{
    char path[100];
    (void)snprintf(path, sizeof path, "%s-%c.yaml", r->name, label);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    fputs(run->text, to);
    assert_int_equal(fclose(to), 0);
}

/* Fails the test, unless the relation awaits a repair. */
static void tell(const meta_relation *r, const meta_run *a, const meta_run *b, uint64_t number, const char *why)
{
    leave(r, a, 'a');
    leave(r, b, 'b');
    if (r->awaits != NULL)
        print_message("%s does not hold yet for scenario %llu (%s): %s\n", r->name, (unsigned long long)number,
                      r->awaits, why);
    else
        fail_msg("%s (%s) does not hold for scenario %llu: %s", r->name, r->statement, (unsigned long long)number, why);
}

/* --- one pair of runs --- */

enum { FEWEST_JOURNEYS = 30 };

/* What became of a pair of scenarios. */
typedef enum { UNSUITABLE, HOLDS, FAILS } result;

static result try_pair(const meta_relation *r, const meta_scenario *base, const meta_scenario *other, meta_luck *luck,
                       uint64_t number)
{
    meta_run a, b;
    char why[META_WHY] = "";
    size_t journeys;
    meta_begin(&a, base, number, true);
    meta_go(&a, a.setup.end, 1);
    meta_begin(&b, other, number, true);
    if (r->make != NULL && r->run == NULL && strcmp(a.text, b.text) == 0)
        tell(r, &a, &b, number, "nothing has been changed");
    bool suits = true;
    if (r->run != NULL)
        suits = r->run(&b, luck);
    else
        meta_go(&b, b.setup.end, 1);
    free(meta_journeys(&a, &journeys));
    result found = !suits || journeys < FEWEST_JOURNEYS ? UNSUITABLE : HOLDS;
    if (found == HOLDS && !(r->judge != NULL ? r->judge(&a, &b, why) : meta_same(&a, &b, &r->same, why))) {
        found = FAILS;
        tell(r, &a, &b, number, why);
    }
    meta_end(&a);
    meta_end(&b);
    return found;
}

/* --- many replications --- */

/* Sums over replications of each measure of `a`, of `b` and of their difference; and of their squares. */
typedef struct {
    double sums[3][META_MEASURES], squares[3][META_MEASURES];
} samples;

static void add(samples *s, int which, const double values[META_MEASURES])
{
    for (int i = 0; i < META_MEASURES; i++) {
        s->sums[which][i] += values[i];
        s->squares[which][i] += values[i] * values[i];
    }
}

static double variance(const samples *s, int which, int measure, unsigned n)
{
    double mean = s->sums[which][measure] / n;
    return fmax(0, (s->squares[which][measure] - n * mean * mean) / (n - 1));
}

static bool is_too_much(const meta_relation *r, const samples *s, int measure, char why[META_WHY])
{
    double n = r->replications, difference = s->sums[2][measure] / n, error, t;
    if (r->not_more)
        error = sqrt(variance(s, 2, measure, r->replications) / n);
    else
        error = sqrt((variance(s, 0, measure, r->replications) + variance(s, 1, measure, r->replications)) / n);
    /* what arithmetic may leave where nothing varies */
    t = difference / (error + 1e-9 * (1 + fabs(s->sums[0][measure] / n)));
    (void)snprintf(why, META_WHY, "measure %d: means %g and %g, t = %g", measure, s->sums[0][measure] / n,
                   s->sums[1][measure] / n, t);
    return r->not_more ? t > 5 : fabs(t) > 6;
}

static void measure(const meta_relation *r, meta_run *run, const meta_scenario *scenario, uint64_t replication,
                    double values[META_MEASURES])
{
    meta_begin(run, scenario, replication, true);
    meta_go(run, run->setup.end, 1);
    memset(values, 0, META_MEASURES * sizeof *values);
    r->measure(run, values);
}

static result try_replications(const meta_relation *r, const meta_scenario *base, const meta_scenario *other,
                               uint64_t number)
{
    samples s = {0};
    char why[META_WHY];
    meta_run a, b;
    for (unsigned i = 0; i < r->replications; i++) {
        double one[META_MEASURES], two[META_MEASURES], difference[META_MEASURES];
        measure(r, &a, base, number + i, one);
        measure(r, &b, other, number + i + (r->not_more ? 0 : 5000), two);
        for (int k = 0; k < META_MEASURES; k++)
            difference[k] = two[k] - one[k];
        add(&s, 0, one);
        add(&s, 1, two);
        add(&s, 2, difference);
        if (i + 1 < r->replications) {
            meta_end(&a);
            meta_end(&b);
        }
    }
    result found = HOLDS;
    for (int k = 0; k < META_MEASURES; k++)
        if (is_too_much(r, &s, k, why)) {
            found = FAILS;
            tell(r, &a, &b, number, why);
        }
    meta_end(&a);
    meta_end(&b);
    return found;
}

/* --- a relation --- */

static void try_relation(void **state)
{
    const meta_relation *r = *state;
    unsigned wanted = r->scenarios * (is_long() ? LONGER : 1), done = 0;
    bool failed = false;
    for (uint64_t i = 0; done < wanted && i < (uint64_t)wanted * TRIES; i++) {
        uint64_t number = first_number(r->name) + i;
        meta_luck luck = {{20310302, number}, 0};
        meta_scenario base, other;
        meta_random(&base, number);
        if (!r->more)
            base.more[0] = '\0';
        other = base;
        if (r->make != NULL && !r->make(&base, &other, &luck))
            continue;
        other.label = 'b';
        result found =
            r->measure != NULL ? try_replications(r, &base, &other, number) : try_pair(r, &base, &other, &luck, number);
        done += found != UNSUITABLE;
        failed = failed || found == FAILS;
    }
    if (r->awaits != NULL && !failed)
        fail_msg("%s holds now: it awaits no repair any more", r->name);
    if (done < wanted)
        fail_msg("%s: only %u of %u random scenarios suited", r->name, done, wanted);
}

/* --- the small scenarios of all models --- */

typedef struct {
    const char *what;
    const char *format;
    sim_time (*value)(const model_setup *setup); /* 0: does not suit */
    meta_sameness same;
} override;

static sim_time twice_the_bin(const model_setup *setup)
{
    return setup->warm_up % (2 * setup->bin) == 0 ? 2 * setup->bin : 0;
}

static sim_time longer(const model_setup *setup)
{
    return setup->end + 7 * SIM_HOUR + 13 * META_MINUTE;
}

static sim_time any(const model_setup *setup)
{
    return setup->target_wait / SIM_SECOND + 12345;
}

static const override overrides[] = {
    {"another name", "name=%lld", any, {.parts = META_IMAGE}},
    {"another target", "target_wait=%lld s", any, {.parts = META_ALL, .except = "flow/on_time"}},
    {"longer bins", "bin=%lld us", twice_the_bin, {.parts = META_ALL, .totals = true}},
    {"a longer run",
     "duration=%lld us",
     longer,
     {.parts = META_ALL & ~(unsigned)(META_FATES | META_HISTOGRAMS), .only_shared = true}},
};

static void begin_effects(meta_run *run, const test_effects_file *file, const char *set)
{
    meta_begin_file(run, file->path, &set, set == NULL ? 0 : 1, 1);
}

/* Whatever a model does: stopped, saved and restored, without journeys, beside another world, it does the same. */
static void each_model_runs_alike(void **state)
{
    (void)state;
    test_effects *effects = test_effects_find();
    for (size_t i = 0; i < effects->count; i++) {
        const test_effects_file *file = &effects->files[i];
        meta_run a;
        begin_effects(&a, file, NULL);
        meta_go(&a, a.setup.end, 1);
        for (size_t k = 0; k < meta_running_count; k++) {
            const meta_relation *r = &meta_running[k];
            meta_run b;
            meta_luck luck = {{20310303, i}, 0};
            char why[META_WHY];
            if (r->make != NULL)
                continue; /* needs a scenario of its own */
            begin_effects(&b, file, NULL);
            if (r->run == NULL)
                meta_go(&b, b.setup.end, 1);
            else
                assert_true(r->run(&b, &luck));
            if (!meta_same(&a, &b, &r->same, why))
                fail_msg("%s: %s: %s", file->name, r->statement, why);
            meta_end(&b);
        }
        meta_end(&a);
    }
    free(effects);
}

static void each_model_keeps_to_overrides(void **state)
{
    (void)state;
    test_effects *effects = test_effects_find();
    for (size_t i = 0; i < effects->count; i++) {
        const test_effects_file *file = &effects->files[i];
        meta_run a;
        begin_effects(&a, file, NULL);
        meta_go(&a, a.setup.end, 1);
        for (size_t k = 0; k < sizeof overrides / sizeof *overrides; k++) {
            meta_run b;
            char set[100], why[META_WHY];
            sim_time changed = overrides[k].value(&a.setup);
            if (changed == 0)
                continue;
            (void)snprintf(set, sizeof set, overrides[k].format, (long long)changed);
            begin_effects(&b, file, set);
            meta_go(&b, b.setup.end, 1);
            if (!meta_same(&a, &b, &overrides[k].same, why))
                fail_msg("%s: %s: %s", file->name, overrides[k].what, why);
            meta_end(&b);
        }
        meta_end(&a);
    }
    free(effects);
}

/* --- what the rest stands on --- */

/* 0 where the scenario does not use the metric's model. */
static int64_t total(const meta_run *run, const char *name)
{
    const sim_recorder *recorder = &run->world.recorder;
    const sim_metric_place *m = NULL;
    int64_t sum = 0;
    for (uint32_t i = 0; i < recorder->metric_count; i++)
        if (strcmp(recorder->metrics[i].row->name, name) == 0)
            m = &recorder->metrics[i];
    for (uint32_t bin = 0; m != NULL && bin < recorder->bins; bin++)
        for (uint32_t owner = 0; owner < recorder->parts[m->owner].owners; owner++)
            for (uint32_t cell = 0; cell < m->width; cell++)
                sum += sim_recorder_series(recorder, m, bin, owner)[cell * (m->row->kind == SIM_METRIC_COUNT ? 1 : 2)];
    return sum;
}

/* Scenarios in which nothing happens would satisfy every relation. */
static void random_scenarios_are_lively(void **state)
{
    (void)state;
    enum { SCENARIOS = 100 };
    unsigned crossed = 0, gave_up = 0, reneged = 0, outside = 0, held = 0, marked = 0, waited = 0, stranded = 0,
             again = 0, parallel = 0;
    for (uint64_t number = 1; number <= SCENARIOS; number++) {
        meta_scenario scenario;
        meta_run run;
        meta_random(&scenario, number);
        meta_begin(&run, &scenario, number, true);
        meta_go(&run, run.setup.end, 1);
        int64_t people = total(&run, "flow/set_out");
        crossed += total(&run, "flow/crossed") > people / 5;
        gave_up += total(&run, "flow/gave_up") > 0;
        reneged += total(&run, "flow/reneged") > 0;
        outside += total(&run, "queue/outside") > 0;
        held += total(&run, "desks/held") > 0;
        marked += total(&run, "screening/marked") > 0;
        waited += total(&run, "queue/people_waiting") > people * 10 * META_MINUTE; /* ten minutes each */
        parallel += run.setup.process_count > 1;
        bool once = false, twice = false;
        for (uint32_t group = 0; group < run.world.group_count; group++) {
            const model_group *g = model_group_at(&run.world, group);
            twice = twice || g->visits > 1;
        }
        for (uint32_t place = 0; place < run.setup.place_count; place++)
            once = once ||
                   sim_record_level_at(&run.world.recorder, run.world.metrics.state, place, MODEL_STRANDED)->level > 0;
        stranded += once;
        again += twice;
        meta_end(&run);
    }
    print_message("of %d scenarios: crossing %u, giving up %u, impatient %u, outside %u, held %u, marked %u, waiting "
                  "%u, stranded %u, "
                  "second visits %u, several processes %u\n",
                  SCENARIOS, crossed, gave_up, reneged, outside, held, marked, waited, stranded, again, parallel);
    assert_true(crossed > 50 && gave_up > 25 && reneged > 25 && outside > 15 && held > 10 && marked > 10 &&
                waited > 40 && stranded > 5 && again > 5 && parallel > 50);
}

/* Each part of the comparison sees another replication. */
static void comparison_sees_differences(void **state)
{
    (void)state;
    static const unsigned parts[] = {META_IMAGE, META_FATES,        META_JOURNEYS,  META_COUNTS,    META_LEVELS,
                                     META_PEAKS, META_TRAVEL_PEAKS, META_DURATIONS, META_HISTOGRAMS};
    meta_scenario scenario;
    meta_run a, b, c;
    char why[META_WHY];
    meta_random(&scenario, 1);
    meta_begin(&a, &scenario, 1, true);
    meta_begin(&b, &scenario, 2, true);
    meta_begin(&c, &scenario, 1, true);
    meta_go(&a, a.setup.end, 1);
    meta_go(&b, b.setup.end, 1);
    meta_go(&c, c.setup.end, 1);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const meta_sameness how = {.parts = parts[i]};
        assert_false(meta_same(&a, &b, &how, why));
        assert_true(meta_same(&a, &c, &how, why));
    }
    meta_end(&a);
    meta_end(&b);
    meta_end(&c);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[200] = /* those left over are passed over: they have no name */
        {cmocka_unit_test(random_scenarios_are_lively), cmocka_unit_test(comparison_sees_differences),
         cmocka_unit_test(each_model_runs_alike), cmocka_unit_test(each_model_keeps_to_overrides)};
    size_t n = 4;
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++)
        for (size_t i = 0; i < *tables[table].count; i++) {
            const meta_relation *r = &tables[table].rows[i];
            assert_true(n < sizeof tests / sizeof *tests);
            tests[n++] = (struct CMUnitTest){r->name, try_relation, NULL, NULL, (void *)(uintptr_t)r};
        }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
