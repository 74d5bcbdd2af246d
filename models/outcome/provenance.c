#include "models/outcome/provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base/digest.h"
#include "sim/base/error.h"

#ifndef HBM_COMMIT
#define HBM_COMMIT "unknown"
#define HBM_COMPILER "unknown"
#endif

typedef struct {
    const char *name, *value; /* NULL: there is none */
    int hashed;
} attribute;

static int add_attributes(sim_result *result, const attribute *rows, size_t n)
{
    int ret = 0;
    for (size_t i = 0; i < n && ret == 0; i++)
        ret = rows[i].value == NULL ? 0 : sim_result_attribute(result, rows[i].name, rows[i].value, rows[i].hashed);
    return ret;
}

/* The attribute for a text: `row`, or "row (2)" when another text has that name. Folders are no part of it, for the
 * hash is not to depend on where files lie. */
static void free_row(const sim_result *result, const char *content, char *row, size_t size)
{
    size_t length = strlen(row);
    for (unsigned n = 2; sim_result_text(result, row) != NULL && strcmp(sim_result_text(result, row), content) != 0;
         n++)
        snprintf(row + length, size - length, " (%u)", n);
}

/* Scenario, plan ("plan NAME" where there are several) and tables; one that several plans share once. */
static int add_inputs(const model_setup *setup, bool alone, sim_result *result)
{
    bool overlaid = sim_config_is_overlaid(setup->config);
    int ret = 0;
    for (size_t i = 0; i < sim_config_input_count(setup->config) && ret == 0; i++) {
        const char *name, *content;
        size_t length;
        char row[320];
        sim_config_input(setup->config, i, &name, &content, &length);
        if (i == 0 || (i == 1 && overlaid && alone))
            snprintf(row, sizeof row, "%s", i == 0 ? "scenario" : "plan");
        else
            snprintf(row, sizeof row, "%s %.280s", i == 1 && overlaid ? "plan" : "input",
                     strrchr(name, '/') == NULL ? name : strrchr(name, '/') + 1);
        free_row(result, content, row, sizeof row);
        ret = sim_result_attribute(result, row, content, 1);
    }
    return ret;
}

static int add_sets(const sim_config *config, sim_result *result)
{
    int ret = 0;
    for (size_t i = 0; i < sim_config_set_count(config) && ret == 0; i++) {
        char row[64];
        snprintf(row, sizeof row, "set %zu", i);
        ret = sim_result_attribute(result, row, sim_config_set(config, i), 1);
    }
    return ret;
}

int model_provenance_origin(const model_provenance *p, sim_result *result)
{
    const model_setup *setup = p->setups;
    bool alone = p->setup_count == 1;
    char seed[32], number[32], offset[32], confidence[32], duration[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)p->seed);
    snprintf(number, sizeof number, "%llu", (unsigned long long)p->replications);
    snprintf(offset, sizeof offset, "%d", setup->start_offset);
    snprintf(confidence, sizeof confidence, "%.15g", setup->confidence);
    snprintf(duration, sizeof duration, "%.15g", (double)setup->end * 1e-6);
    const attribute numbers[] = {{"seed", seed, 1}, {"replications", number, 1}};
    char title[400]; /* of pictures too: a run under a plan is told from one without */
    bool planned = alone && setup->plan_name != NULL;
    snprintf(title, sizeof title, "%.190s%s%.190s", setup->name, planned ? ": " : "", planned ? setup->plan_name : "");
    const attribute rows[] = {{"title", title, 1},
                              {"plan_title", alone ? setup->plan_name : NULL, 1},
                              {"program", "hbmsim", 1},
                              {"version", HBM_BUILD_VERSION, 1},
                              {"utc_offset_seconds", offset, 1},
                              {"confidence", confidence, 1},
                              {"duration_seconds", duration, 1}};
    int ret = add_attributes(result, numbers, sizeof numbers / sizeof *numbers);
    for (size_t i = 0; i < p->setup_count && ret == 0; i++)
        ret = add_inputs(&p->setups[i], alone, result);
    if (ret == 0)
        ret = add_sets(setup->config, result);
    return ret == 0 ? add_attributes(result, rows, sizeof rows / sizeof *rows) : ret;
}

/* How, where and when it was run; not hashed. */
static int add_circumstances(const model_provenance *p, sim_result *result)
{
    char threads[32], ranks[32], when[64] = "";
    time_t now = time(NULL);
    struct tm utc;
    snprintf(threads, sizeof threads, "%u", p->threads);
    snprintf(ranks, sizeof ranks, "%u", p->ranks);
    if (gmtime_r(&now, &utc) == NULL || strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        when[0] = '\0';
    const attribute rows[] = {{"command_line", p->command_line == NULL ? "" : p->command_line, 0},
                              {"scenario_file", p->path, 0},
                              {"plan_file", p->plan, 0},
                              {"compiler", HBM_COMPILER, 0},
                              {"commit", HBM_COMMIT, 0},
                              {"threads", threads, 0},
                              {"ranks", ranks, 0},
                              {"written", when[0] == '\0' ? NULL : when, 0}};
    return add_attributes(result, rows, sizeof rows / sizeof *rows);
}

int model_provenance_add(const model_provenance *p, sim_result *result)
{
    int ret = model_provenance_origin(p, result);
    return ret == 0 ? add_circumstances(p, result) : ret;
}

/* Whether `name` is an attribute of `a` that `b` has too, and in the same words. */
static bool agree_on(const sim_result *a, const sim_result *b, const char *name)
{
    const char *x = sim_result_text(a, name), *y = sim_result_text(b, name);
    return x != NULL && y != NULL && strcmp(x, y) == 0;
}

int model_provenance_check(const model_provenance *p, const sim_result *log, char *why, size_t size)
{
    sim_result here;
    const char *name = NULL;
    sim_result_init(&here);
    int ret = model_provenance_origin(p, &here);
    for (size_t i = 0; ret == 0 && i < here.attribute_count && name == NULL; i++)
        if (!agree_on(&here, log, here.attributes[i].name))
            name = here.attributes[i].name;
    for (size_t i = 0; ret == 0 && i < log->attribute_count && name == NULL; i++)
        if (log->attributes[i].hashed && !agree_on(log, &here, log->attributes[i].name))
            name = log->attributes[i].name;
    if (name != NULL) {
        const char *there = sim_result_text(log, name), *mine = sim_result_text(&here, name);
        bool words =
            there != NULL && mine != NULL && strlen(there) < 60 && strlen(mine) < 60 && strpbrk(there, "\n\r") == NULL;
        if (words)
            snprintf(why, size, "it is the log of another run: %s %s, here %s", name, there, mine);
        else
            snprintf(why, size, "it is the log of another run: another %s", name);
        ret = SIM_E_INPUT;
    }
    sim_result_free(&here);
    return ret;
}

/* --- for journals --- */

int model_provenance_input(sim_journal_head *head, const char *name, const char *digest)
{
    for (size_t i = 0; i < head->input_count; i++)
        if (strcmp(head->inputs[i], name) == 0 && strcmp(head->digests[i], digest) == 0)
            return 0;
    size_t n = head->input_count;
    char **inputs = realloc(head->inputs, (n + 2) * sizeof *inputs),
         **digests = realloc(head->digests, (n + 2) * sizeof *digests);
    char *own_name = strdup(name), *own_digest = strdup(digest);
    if (inputs != NULL) {
        head->inputs = inputs;
        inputs[n] = inputs[n + 1] = NULL; /* ended by NULL, whatever comes out */
    }
    if (digests != NULL) {
        head->digests = digests;
        digests[n] = digests[n + 1] = NULL;
    }
    if (inputs == NULL || digests == NULL || own_name == NULL || own_digest == NULL) {
        free(own_name);
        free(own_digest);
        return SIM_E_MEMORY;
    }
    inputs[n] = own_name;
    digests[n] = own_digest;
    head->input_count++;
    return 0;
}

int model_provenance_inputs(const model_setup *setups, size_t setup_count, sim_journal_head *head)
{
    int ret = model_provenance_input(head, "the program (version and commit)", HBM_BUILD_VERSION " " HBM_COMMIT);
    for (size_t s = 0; s < setup_count && ret == 0; s++)
        for (size_t i = 0; i < sim_config_input_count(setups[s].config) && ret == 0; i++) {
            const char *name, *text;
            size_t length;
            char hex[SIM_DIGEST_HEX + 1];
            sim_config_input(setups[s].config, i, &name, &text, &length);
            sim_digest_of(text, length, hex);
            ret = model_provenance_input(head, name, hex);
        }
    return ret;
}
