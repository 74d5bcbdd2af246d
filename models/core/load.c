/* A setup from a scenario's text: models read their parameters, refer to each other, and say whether they are used. */
#include <assert.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "models/core/run.h"
#include "sim/base/error.h"

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word))
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* A misspelt key of the root takes a whole section away, and nobody can say which. */
static bool has_unknown_key(const sim_config *config)
{
    for (size_t i = 0; sim_config_faulty_key(config, i) != NULL; i++) {
        bool known = false;
        for (size_t m = 0; m < model_registry_count && !known; m++)
            known = has_word(model_registry[m]->keys, sim_config_faulty_key(config, i));
        if (!known)
            return true;
    }
    return false;
}

/* Kinds of events go by the numbers of models, so that the order of models.def does not decide which of two comes
 * first. */
static void number_events(model_setup *setup)
{
    unsigned next = MODEL_EVENT_REACH + 1;
    for (unsigned number = 0; next < UINT8_MAX; number++) {
        unsigned least = UINT_MAX;
        for (size_t i = 0; i < model_registry_count; i++)
            if (model_registry_rows[i]->number >= number && model_registry_rows[i]->number < least)
                least = model_registry_rows[i]->number;
        if (least == UINT_MAX)
            return;
        number = least;
        for (size_t i = 0; i < model_registry_count; i++)
            if (model_registry_rows[i]->number == number) {
                setup->first_event[i] = next;
                for (unsigned k = 0; k < model_registry[i]->event_count; k++)
                    setup->handlers[next++] = model_registry[i];
            }
    }
}

static int lay_out_parts(model_setup *setup)
{
    number_events(setup);
    for (size_t i = 0; i < model_registry_count; i++)
        if (model_registry[i]->setup_size > 0 && (setup->parts[i] = calloc(1, model_registry[i]->setup_size)) == NULL)
            return SIM_E_MEMORY;
    setup->laid_out = true;
    return 0;
}

static int prepare(model_setup *setup, size_t slot, sim_diag *diag)
{
    const model *m = model_registry[slot];
    int ret = m->prepare == NULL ? 0 : m->prepare(setup, setup->config, diag);
    setup->prepared[slot] = ret == 0;
    return ret;
}

/* Something is wrong already: what models can find in parts that are right is told in the same pass. */
static int prepare_what_is_right(model_setup *setup, sim_diag *diag)
{
    int ret = SIM_E_INPUT;
    if (sim_config_is_faulty(setup->config, model_registry[0]->keys) || has_unknown_key(setup->config))
        return ret;
    for (size_t i = 0; ret == SIM_E_INPUT && i < model_registry_count; i++) {
        const model *m = model_registry[i];
        if (!sim_config_is_faulty(setup->config, m->keys) && prepare(setup, i, diag) == SIM_E_MEMORY)
            ret = SIM_E_MEMORY;
    }
    for (size_t i = 0; ret == SIM_E_INPUT && i < model_registry_count; i++) {
        const model *m = model_registry[i];
        if (m->link != NULL && !sim_config_is_faulty(setup->config, m->keys) &&
            m->link(setup, setup->config, diag) == SIM_E_MEMORY)
            ret = SIM_E_MEMORY;
    }
    return ret;
}

bool model_is_used(const model_setup *setup, const model *m)
{
    for (size_t i = 0; i < setup->used_count; i++)
        if (setup->used[i] == m)
            return true;
    return false;
}

#define COLLECT(hook)                                                                  \
    do {                                                                               \
        size_t n = 0;                                                                  \
        while (setup->on.hook[n] != NULL)                                              \
            n++;                                                                       \
        assert(n + 1 < 32);                                                            \
        bool hears = m->hears == NULL || m->hears(setup, offsetof(model_hooks, hook)); \
        setup->on.hook[n] = hears ? m->on.hook : NULL;                                 \
    } while (0)

static void collect_hooks(model_setup *setup, const model *m)
{
    COLLECT(arrived);
    COLLECT(started);
    COLLECT(served);
    COLLECT(waited);
    COLLECT(left);
    COLLECT(moved);
    COLLECT(patience);
    COLLECT(before);
    COLLECT(service_time);
    COLLECT(approach);
    COLLECT(notices);
    COLLECT(allows);
}

/* Finds the models that the scenario uses, their hooks and metrics. */
static void find_used(model_setup *setup)
{
    for (size_t i = 0; i < model_registry_count; i++) {
        const model *m = model_registry[i];
        bool is_used = m->used == NULL || m->used(setup);
        if (is_used) {
            setup->used_slots[setup->used_count] = i;
            setup->used[setup->used_count++] = m;
        }
        if (m->way != NULL)
            setup->way = m->way;
        if (is_used || (m->acts != NULL && m->acts(setup)))
            collect_hooks(setup, m);
    }
    size_t kept = sim_station_metric_count;
    for (size_t i = 0; i < setup->used_count; i++)
        for (size_t k = 0; k < setup->used[i]->metric_count; k++)
            setup->rows.metrics[kept++] = &setup->used[i]->metrics[k].row;
    setup->rows.metric_count = kept;
}

int model_setup_finish(model_setup *setup, int ret, sim_diag *diag, size_t before)
{
    if (ret == 0 || (ret == SIM_E_INPUT && setup->config != NULL)) {
        int laid_out = lay_out_parts(setup);
        ret = laid_out != 0 ? laid_out : ret;
    }
    if (ret == SIM_E_INPUT && setup->config != NULL)
        return prepare_what_is_right(setup, diag);
    for (size_t i = 0; ret == 0 && i < model_registry_count; i++) {
        ret = prepare(setup, i, diag);
        if (ret == 0 && (setup->place_count == 0 || setup->site_count == 0) && sim_diag_count(diag) > before && i >= 3)
            break; /* what follows has nothing to refer to */
    }
    bool linked = sim_diag_count(diag) == before || (setup->place_count > 0 && setup->site_count > 0);
    for (size_t i = 0; ret == 0 && linked && i < model_registry_count; i++)
        if (model_registry[i]->link != NULL)
            ret = model_registry[i]->link(setup, setup->config, diag);
    if (ret == 0 && sim_diag_count(diag) > before)
        ret = SIM_E_INPUT;
    if (ret == 0)
        find_used(setup);
    for (size_t i = 0; ret == 0 && i < setup->used_count; i++)
        if (setup->used[i]->settle != NULL)
            ret = setup->used[i]->settle(setup, setup->config, diag);
    if (ret == 0 && sim_diag_count(diag) > before)
        ret = SIM_E_INPUT;
    return ret;
}

typedef struct model_taken {
    struct model_taken *next;
    max_align_t entries[];
} model_taken;

void *model_take(model_setup *setup, size_t count, size_t size)
{
    if (size > 0 && count > (SIZE_MAX / 2) / size)
        return NULL;
    model_taken *taken = calloc(1, sizeof *taken + count * size);
    if (taken == NULL)
        return NULL;
    taken->next = setup->taken;
    setup->taken = taken;
    return taken->entries;
}

static void free_taken(model_setup *setup)
{
    for (model_taken *taken = setup->taken; taken != NULL;) {
        model_taken *next = taken->next;
        free(taken);
        taken = next;
    }
}

void model_setup_free(model_setup *setup)
{
    for (size_t i = model_registry_count; i-- > 0;)
        if (setup->laid_out && model_registry[i]->release != NULL)
            model_registry[i]->release(setup);
    for (size_t i = 0; i < model_registry_count; i++)
        free(setup->parts[i]);
    free_taken(setup);
    sim_config_free(setup->config);
    model_rows_free(&setup->rows);
    *setup = (model_setup){0};
}
