/* What is declared acts: every parameter changes at least one metric, every order changes something, every metric is
 * non-zero somewhere.
 *
 * The scenarios effects/ROOM/MODEL.yaml (MODEL-2.yaml ...) are small and use their model in full. Each parameter of the
 * registry is given other values in them (tests/support/perturb.h), one override at a time, until a run records
 * something else. What cannot be guessed is said in the scenario by a line "# effect: path=value". Where there is a
 * plan of the same name (MODEL.plan.yaml beside it) it is laid over the scenario. HBM_EFFECTS=rosters
 * build/tests/model_test_effects tries only parameters and orders that have this in their path, and tells what changed
 * what. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "models/hbm.h"
#include "models/outcome/outcome.h"
#include "models/plans/plan.h"
#include "sim/base/error.h"
#include "tests/support/effects.h"
#include "tests/support/folder.h"
#include "tests/support/perturb.h"
#include "tests/support/scenario.h"

enum {
    MOST_METRICS = 400,
    MOST_PEOPLE = 3000,    /* of a scenario as written: the whole test should take seconds */
    MOST_ELEMENTS = 12,    /* of a section that are tried in a file */
    TRIES_IN_OWN = 200,    /* of a parameter in its model's scenarios */
    TRIES_ELSEWHERE = 100, /* in all others together */
    PATH = 400
};

/* Parameters that change no metric by their definition, and what they change instead: an attribute or a dataset of the
 * results. */
static const struct {
    const char *path, *why, *attribute, *dataset;
} exempt[] = {
    {"hbm", "only one version of the format exists", NULL, NULL},
    {"name", "a title", "title", NULL},
    {"plan.name", "a title", "plan_title", NULL},
    {"plan.doc", "for readers of the plan's file", NULL, NULL},
    {"plans.#.file", "for hbm check and hbm compare", NULL, NULL},
    {"places.*.at", "for the map only", NULL, "map/latitude"},
    {"places.*.kind",
     "checked (posts are at places of kind post, nobody sets out from a destination) and shown on the map", NULL,
     "map/kind"},
    {"observed", "stands beside what is simulated and never acts on it", NULL, "observed/people_observed"},
    {"confidence", "of the intervals over replications", NULL, "key/half_width"},
};

/* What a run recorded: a number for each metric that differs where any value differs, 0 where all values are 0 or it is
 * not laid out. */
typedef struct {
    uint64_t print[MOST_METRICS];
} recorded;

typedef struct {
    const char *name, *folder, *path, *plan; /* as test_effects_file has them */
    char *text;
    const model *model;
    model_setup setup;
    recorded base;
    test_sets directives;
} effects_file;

typedef struct {
    test_effects *found;
    effects_file files[TEST_EFFECTS_MOST];
    size_t file_count;
    model_rows rows;
    bool seen[MOST_METRICS];            /* non-zero in some run */
    uint32_t states_seen[MOST_METRICS]; /* of metrics by state: mask of the states that were */
    const char *only;                   /* HBM_EFFECTS, or NULL */
    size_t runs, refused;
} effects;

/* --- runs --- */

static size_t metric_index(const effects *e, const char *name)
{
    for (size_t i = 0; i < e->rows.metric_count; i++)
        if (strcmp(e->rows.metrics[i]->name, name) == 0)
            return i;
    fail_msg("%s is recorded, and no model declares it", name);
    return 0;
}

static uint64_t mix(uint64_t print, uint64_t value)
{
    print = (print ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return print ^ print >> 29;
}

/* Adds a metric's value at a place of its own; the first of a cell's values (the count, a level's area, a sum) says
 * whether it is seen. */
static void see(effects *e, size_t index, uint32_t cell, bool first, uint64_t where, int64_t value, uint64_t *print)
{
    if (value == 0)
        return;
    *print = mix(mix(*print, where), (uint64_t)value);
    if (!first)
        return;
    e->seen[index] = true;
    e->states_seen[index] |= cell < 32 ? UINT32_C(1) << cell : 0;
}

static void read_metric(effects *e, const sim_recorder *recorder, const sim_metric_place *m, recorded *out)
{
    size_t index = metric_index(e, m->row->name);
    const sim_recorder_part *part = &recorder->parts[m->row->owner];
    uint32_t step = m->row->kind == SIM_METRIC_COUNT ? 1 : 2;
    uint64_t print = 0;
    for (uint32_t bin = 0; bin < recorder->bins; bin++)
        for (uint32_t owner = 0; owner < part->owners; owner++) {
            const int64_t *values = sim_recorder_series(recorder, m, bin, owner);
            for (uint32_t i = 0; i < step * m->width; i++)
                see(e, index, i / step, i % step == 0, (uint64_t)bin << 40 | (uint64_t)owner << 16 | i, values[i],
                    &print);
        }
    for (uint32_t owner = 0; m->row->kind == SIM_METRIC_DURATION && owner < part->owners; owner++)
        for (uint32_t cell = 0; cell < m->width; cell++) {
            size_t histogram = (size_t)owner * part->histograms + m->histogram + cell;
            for (uint32_t i = 0; i < SIM_HISTOGRAM_SIZE; i++)
                see(e, index, cell, false, UINT64_C(1) << 63 | (uint64_t)owner << 32 | (uint64_t)cell << 24 | i,
                    part->buckets[histogram * SIM_HISTOGRAM_SIZE + i], &print);
        }
    out->print[index] = print;
}

/* Runs one replication to its end. SIM_E_LIMIT: too large. What else goes wrong is a defect, whatever the values were.
 */
static int run(effects *e, const model_setup *setup, const char *what, recorded *out)
{
    model_world world;
    *out = (recorded){{0}};
    int ret = model_world_init(&world, setup, 1, 0, false);
    if (ret == 0) {
        ret = model_world_run(&world, setup->end, 1);
        if (ret != 0)
            fail_msg("%s: the run failed: %s", what, sim_error_text(ret));
        e->runs++;
        for (uint32_t i = 0; i < world.recorder.metric_count; i++)
            if (world.recorder.metrics[i].row != NULL)
                read_metric(e, &world.recorder, &world.recorder.metrics[i], out);
    }
    model_world_free(&world);
    if (ret != 0 && ret != SIM_E_LIMIT)
        fail_msg("%s: no world can be built: %s", what, sim_error_text(ret));
    return ret;
}

/* Reads a scenario of the folder with an override (or NULL). The messages, when it is refused, are the caller's. */
static int parse(const effects_file *file, const char *set, model_setup *setup, char **messages)
{
    sim_diag *diag;
    size_t size;
    char name[PATH];
    snprintf(name, sizeof name, "effects/%s.yaml", file->name);
    assert_int_equal(sim_diag_new(&diag, 20), 0);
    int ret = model_setup_parse(setup, file->text, strlen(file->text), name, file->folder,
                                file->plan[0] == '\0' ? NULL : file->plan, &set, set == NULL ? 0 : 1, diag);
    *messages = NULL;
    if (ret != 0) {
        FILE *to = open_memstream(messages, &size);
        assert_non_null(to);
        sim_diag_print(diag, to);
        assert_int_equal(fclose(to), 0);
    }
    sim_diag_free(diag);
    if (ret != 0 && ret != SIM_E_INPUT)
        fail_msg("%s: %s", name, sim_error_text(ret));
    return ret;
}

static const char *first_difference(const effects *e, const recorded *a, const recorded *b)
{
    for (size_t i = 0; i < e->rows.metric_count; i++)
        if (a->print[i] != b->print[i])
            return e->rows.metrics[i]->name;
    return NULL;
}

typedef struct {
    size_t accepted, refused;
    char *why; /* the first refusal */
} tries;

/* Runs with the override; the name of a metric that changed, or NULL. */
static const char *try_set(effects *e, const effects_file *file, const char *set, tries *t)
{
    model_setup setup;
    char *messages, what[2 * PATH];
    recorded now;
    const char *changed = NULL;
    snprintf(what, sizeof what, "%s with --set '%s'", file->path, set);
    int ret = parse(file, set, &setup, &messages);
    if (ret == 0)
        ret = run(e, &setup, what, &now);
    if (ret == 0)
        changed = first_difference(e, &file->base, &now);
    model_setup_free(&setup);
    t->accepted += ret == 0;
    t->refused += ret != 0;
    e->refused += ret != 0;
    if (ret != 0 && t->why == NULL)
        t->why = messages;
    else
        free(messages);
    if (e->only != NULL)
        printf("  %s.yaml: %s: %s\n", file->name, set,
               ret != 0          ? "refused"
               : changed != NULL ? changed
                                 : "nothing changes");
    return changed;
}

/* --- the scenarios --- */

static const model *model_of(const char *name)
{
    size_t length = strcspn(name, "-");
    for (size_t i = 0; i < model_registry_count; i++)
        if (strlen(model_registry[i]->name) == length && strncmp(model_registry[i]->name, name, length) == 0)
            return model_registry[i];
    fail_msg("effects/%s.yaml is named after no model", name);
    return NULL;
}

static const sim_param *parameter_at(const effects *e, const char *path)
{
    for (size_t i = 0; i < e->rows.rows.param_count; i++)
        if (test_names_parameter(path, e->rows.params[i]))
            return e->rows.params[i];
    return NULL;
}

static void read_directives(const effects *e, effects_file *file)
{
    static const char word[] = "# effect:";
    for (const char *line = file->text; line != NULL;
         line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1) {
        line += strspn(line, " ");
        if (strncmp(line, word, strlen(word)) != 0)
            continue;
        char text[PATH], set[PATH];
        const char *from = line + strlen(word);
        snprintf(text, sizeof text, "%.*s", (int)strcspn(from, "\n"), from);
        char *equals = strchr(text, '=');
        if (equals == NULL)
            fail_msg("effects/%s.yaml: \"%s\" is no override: path=value", file->name, text);
        *equals = '\0';
        const char *path = text + strspn(text, " "), *value = equals + 1 + strspn(equals + 1, " ");
        snprintf(set, sizeof set, "%.*s=%s", (int)strcspn(path, " "), path, value);
        char named[PATH];
        snprintf(named, sizeof named, "%.*s", (int)strcspn(set, "="), set);
        if (parameter_at(e, named) == NULL)
            fail_msg("effects/%s.yaml: \"%s\" is the path of no parameter", file->name, named);
        test_sets_add(&file->directives, set);
    }
}

static void load(effects *e, const test_effects_file *found)
{
    char *messages;
    size_t size;
    effects_file *file = &e->files[e->file_count++];
    file->name = found->name;
    file->folder = found->folder;
    file->path = found->path;
    file->plan = found->plan;
    file->model = model_of(file->name);
    char *bytes = test_file_read(file->path, &size);
    assert_non_null(bytes);
    file->text = strndup(bytes, size);
    free(bytes);
    assert_non_null(file->text);
    if (parse(file, NULL, &file->setup, &messages) != 0)
        fail_msg("%s", messages);
    if (run(e, &file->setup, file->path, &file->base) != 0)
        fail_msg("%s: far too large", file->path);
    read_directives(e, file);
}

static int set_up(void **state)
{
    effects *e = *state = calloc(1, sizeof *e);
    assert_non_null(e);
    e->only = getenv("HBM_EFFECTS");
    assert_int_equal(model_rows_init(&e->rows), 0);
    assert_true(e->rows.metric_count <= MOST_METRICS);
    e->found = test_effects_find();
    for (size_t i = 0; i < e->found->count; i++)
        load(e, &e->found->files[i]);
    return 0;
}

static int tear_down(void **state)
{
    effects *e = *state;
    printf("%zu runs, %zu overrides refused\n", e->runs, e->refused);
    for (size_t i = 0; i < e->file_count; i++) {
        free(e->files[i].text);
        test_sets_free(&e->files[i].directives);
        model_setup_free(&e->files[i].setup);
    }
    model_rows_free(&e->rows);
    free(e->found);
    free(e);
    return 0;
}

static void every_model_has_a_small_scenario(void **state)
{
    const effects *e = *state;
    for (size_t i = 0; i < model_registry_count; i++) {
        bool found = false;
        for (size_t k = 0; k < e->file_count && !found; k++)
            found = e->files[k].model == model_registry[i];
        if (!found)
            fail_msg("tests/model/effects/ROOM/%s.yaml is missing: a small scenario in which all that the model "
                     "declares acts",
                     model_registry[i]->name);
    }
    for (size_t k = 0; k < e->file_count; k++) {
        model_world world;
        test_world(&world, &e->files[k].setup, 1, 0);
        if (world.person_count > MOST_PEOPLE)
            fail_msg("%s has %" PRIu32 " people; a few hundred should do", e->files[k].path, world.person_count);
        model_world_free(&world);
    }
}

/* --- parameters --- */

static const model *owner_of(const sim_param *param)
{
    for (size_t i = 0; i < model_registry_count; i++)
        if (model_registry[i]->params <= param && param < model_registry[i]->params + model_registry[i]->param_count)
            return model_registry[i];
    return NULL;
}

static void row_path(char *path, size_t size, const sim_param *param)
{
    snprintf(path, size, "%s%s%s", param->section, param->section[0] == '\0' ? "" : ".", param->name);
}

static size_t exemption(const char *path)
{
    size_t i = 0;
    while (i < sizeof exempt / sizeof *exempt && strcmp(exempt[i].path, path) != 0)
        i++;
    return i;
}

static bool is_wanted(const effects *e, const char *path)
{
    return e->only == NULL || strstr(path, e->only) != NULL;
}

/* Overrides for a parameter that a file names itself. */
static void collect_named(const effects_file *file, const sim_param *param, test_sets *sets)
{
    for (size_t i = 0; i < file->directives.count; i++) {
        char path[PATH];
        snprintf(path, sizeof path, "%.*s", (int)strcspn(file->directives.texts[i], "="), file->directives.texts[i]);
        if (test_names_parameter(path, param))
            test_sets_add(sets, file->directives.texts[i]);
    }
}

/* Those that are guessed for its elements. */
static void collect_guesses(const effects_file *file, const sim_param *param, test_sets *sets)
{
    size_t elements = sim_elements(file->setup.config, param->section);
    for (size_t i = 0; i < elements && i < MOST_ELEMENTS; i++)
        test_perturb(sets, &file->setup, param, i, file->folder);
}

static bool any_changes(effects *e, const effects_file *file, const test_sets *sets, size_t *tried, size_t most,
                        tries *t)
{
    bool changed = false;
    for (size_t i = 0; i < sets->count && (*tried)++ < most && !changed; i++)
        changed = try_set(e, file, sets->texts[i], t) != NULL;
    return changed;
}

/* Whether a metric changes with the parameter in some file: by what any file names, then by guesses in those of its
 * model, then in the others. */
static bool has_effect(effects *e, const sim_param *param, tries *t)
{
    const model *owner = owner_of(param);
    for (int round = 0; round < 3; round++) {
        size_t tried = 0, most = round == 0 ? SIZE_MAX : round == 1 ? TRIES_IN_OWN : TRIES_ELSEWHERE;
        for (size_t k = 0; k < e->file_count; k++) {
            const effects_file *file = &e->files[k];
            test_sets sets = {0};
            if (round == 0)
                collect_named(file, param, &sets);
            else if ((file->model == owner) == (round == 1))
                collect_guesses(file, param, &sets);
            bool changed = any_changes(e, file, &sets, &tried, most, t);
            test_sets_free(&sets);
            if (changed)
                return true;
        }
    }
    return false;
}

static void every_parameter_changes_a_metric(void **state)
{
    effects *e = *state;
    size_t idle = 0;
    for (size_t i = 0; i < e->rows.rows.param_count; i++) {
        const sim_param *param = e->rows.params[i];
        char path[PATH];
        tries t = {0};
        row_path(path, sizeof path, param);
        if (!is_wanted(e, path) || exemption(path) < sizeof exempt / sizeof *exempt)
            continue;
        if (e->only != NULL)
            printf("%s\n", path);
        if (!has_effect(e, param, &t)) {
            idle++;
            print_error("%s changes no metric: %zu other values were tried, %zu more were refused%s\n%s", path,
                        t.accepted, t.refused, t.why == NULL ? "" : ", the first one:", t.why == NULL ? "" : t.why);
            print_error("  tests/model/effects/ROOM/%s.yaml should have a place where it matters, or name a value that "
                        "does: \"# effect: "
                        "path=value\"\n",
                        owner_of(param)->name);
        }
        free(t.why);
    }
    if (idle > 0)
        fail_msg("%zu parameters change no metric", idle);
}

/* --- parameters that are exempt --- */

static hbm_result *results_of(const effects_file *file, const char *set)
{
    hbm_problems *problems;
    hbm_scenario *scenario;
    hbm_run_options options;
    hbm_result *result;
    char why[200];
    assert_int_equal(hbm_problems_new(&problems), 0);
    if (hbm_scenario_open(&scenario, file->path, file->plan[0] == '\0' ? NULL : file->plan, &set, set == NULL ? 0 : 1,
                          problems) != 0) {
        hbm_problems_free(problems);
        return NULL;
    }
    hbm_run_options_init(&options);
    options.replications = 2;
    options.threads = 1;
    if (hbm_run(scenario, &options, &result, why, sizeof why) != 0)
        fail_msg("%s: %s", file->path, why);
    hbm_scenario_close(scenario);
    hbm_problems_free(problems);
    return result;
}

static bool differs(const hbm_result *a, const hbm_result *b, const char *attribute, const char *dataset)
{
    if (attribute != NULL)
        return strcmp(sim_result_text(a, attribute), sim_result_text(b, attribute)) != 0;
    const sim_dataset *x = sim_result_find(a, dataset), *y = sim_result_find(b, dataset);
    if (x == NULL || y == NULL || x->size != y->size)
        return x != y;
    return memcmp(x->data.integers, y->data.integers, x->size * sizeof(int64_t)) != 0;
}

static void parameters_that_are_exempt_change_what_is_said_of_them_and_no_metric(void **state)
{
    effects *e = *state;
    for (size_t i = 0; i < sizeof exempt / sizeof *exempt; i++) {
        const sim_param *param = parameter_at(e, exempt[i].path);
        assert_non_null(param);
        bool changed = exempt[i].attribute == NULL && exempt[i].dataset == NULL;
        for (size_t k = 0; k < e->file_count; k++) {
            const effects_file *file = &e->files[k];
            if (file->model != owner_of(param))
                continue;
            test_sets sets = {0};
            collect_named(file, param, &sets);
            collect_guesses(file, param, &sets);
            if (param->type == SIM_TEXT && sets.count == 0) {
                char set[PATH];
                snprintf(set, sizeof set, "%s=another text", exempt[i].path);
                test_sets_add(&sets, set);
            }
            hbm_result *before = results_of(file, NULL);
            assert_non_null(before);
            for (size_t s = 0; s < sets.count && !changed; s++) {
                tries t = {0};
                const char *metric = try_set(e, file, sets.texts[s], &t);
                if (metric != NULL)
                    fail_msg("%s needs no exemption (\"%s\") any more: '%s' changes %s in %s", exempt[i].path,
                             exempt[i].why, sets.texts[s], metric, file->path);
                hbm_result *after = t.accepted == 0 ? NULL : results_of(file, sets.texts[s]);
                changed = after != NULL && differs(before, after, exempt[i].attribute, exempt[i].dataset);
                hbm_result_free(after);
                free(t.why);
            }
            hbm_result_free(before);
            test_sets_free(&sets);
        }
        if (!changed)
            fail_msg("%s does not change %s", exempt[i].path,
                     exempt[i].attribute != NULL ? exempt[i].attribute : exempt[i].dataset);
    }
}

/* --- orders --- */

static const char *order_name(const effects *e, const sim_config *config, size_t element)
{
    const sim_param *param = parameter_at(e, "timeline.0.order");
    static char word[PATH];
    assert_non_null(param);
    if (param->type == SIM_TEXT)
        return sim_text(config, "timeline.#", "order", element);
    const char *words = param->words;
    for (unsigned i = sim_choice(config, "timeline.#", "order", element); i > 0; i--)
        words += strcspn(words, " ") + 1;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(words, " "), words);
    return word;
}

/* Whether the entry is given at all: a plan stands instead of the response. */
static bool is_an_order(const model_setup *setup, size_t element)
{
    for (uint32_t i = 0; i < setup->order_count; i++)
        if (setup->orders[i].element == element)
            return true;
    return false;
}

static void every_order_changes_a_metric(void **state)
{
    effects *e = *state;
    size_t idle = 0;
    bool *given = calloc(e->rows.order_count + 1, sizeof *given);
    assert_non_null(given);
    for (size_t k = 0; k < e->file_count; k++) {
        const effects_file *file = &e->files[k];
        for (size_t i = 0; i < sim_elements(file->setup.config, "timeline.#"); i++) {
            const char *name = order_name(e, file->setup.config, i);
            char set[PATH];
            tries t = {0};
            for (size_t o = 0; o < e->rows.order_count; o++)
                given[o] = given[o] || strcmp(e->rows.orders[o]->name, name) == 0;
            if (!is_wanted(e, name) || !is_an_order(&file->setup, i))
                continue;
            bool by_rule = sim_given(file->setup.config, "timeline.#", "rule", i);
            snprintf(set, sizeof set, "timeline.%zu.%s=%.10g s", i, by_rule ? "lead" : "at",
                     (double)file->setup.end * 1e-6 + 86400);
            if (try_set(e, file, set, &t) == NULL) {
                idle++;
                print_error("%s: order %zu (%s) changes nothing%s%s\n", file->path, i, name,
                            t.refused > 0 ? ": it cannot be put behind the end\n" : "", t.why == NULL ? "" : t.why);
            }
            free(t.why);
        }
    }
    for (size_t o = 0; o < e->rows.order_count; o++)
        if (!given[o]) {
            idle++;
            print_error("the order %s is given in no scenario of tests/model/effects\n", e->rows.orders[o]->name);
        }
    free(given);
    if (idle > 0)
        fail_msg("%zu orders change nothing", idle);
}

/* --- metrics --- */

static void every_metric_is_non_zero_somewhere(void **state)
{
    const effects *e = *state;
    size_t idle = 0;
    if (e->only != NULL)
        skip();
    for (size_t i = 0; i < e->rows.metric_count; i++) {
        const sim_metric *m = e->rows.metrics[i];
        bool seen = m->kind == SIM_METRIC_SHARE
                        ? e->seen[metric_index(e, m->over)] && e->seen[metric_index(e, m->under)]
                        : e->seen[i];
        if (!seen) {
            idle++;
            print_error("%s is 0 in all runs of tests/model/effects\n", m->name);
        }
        for (uint32_t state_index = 0;
             seen && m->kind != SIM_METRIC_SHARE && m->by == SIM_BY_STATE && state_index < MODEL_STATES; state_index++)
            if ((e->states_seen[i] >> state_index & 1) == 0) {
                idle++;
                print_error("%s of state %s is 0 in all runs of tests/model/effects\n", m->name,
                            model_state_names[state_index]);
            }
    }
    if (idle > 0)
        fail_msg("%zu metrics are never anything but 0", idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_has_a_small_scenario),
        cmocka_unit_test(every_parameter_changes_a_metric),
        cmocka_unit_test(parameters_that_are_exempt_change_what_is_said_of_them_and_no_metric),
        cmocka_unit_test(every_order_changes_a_metric),
        cmocka_unit_test(every_metric_is_non_zero_somewhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
