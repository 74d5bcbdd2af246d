#include "models/provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/hbm.h"
#include "sim/digest.h"
#include "sim/error.h"

#ifndef HBM_COMMIT
#define HBM_COMMIT "unknown"
#define HBM_COMPILER "unknown"
#endif

static int add_texts(const model_provenance *p, sim_result *result)
{
    struct {
        const char *name, *value;
        int hashed;
    } rows[] = {
        {"title", p->setups->name, 1}, {"program", "hbmsim", 1},
        {"version", HBM_VERSION, 1},   {"command_line", p->command_line == NULL ? "" : p->command_line, 0},
        {"scenario_file", p->path, 0}, {"compiler", HBM_COMPILER, 0},
        {"commit", HBM_COMMIT, 0},
    };
    int ret = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && ret == 0; i++)
        ret = rows[i].value == NULL ? 0 : sim_result_attribute(result, rows[i].name, rows[i].value, rows[i].hashed);
    return ret;
}

static int add_numbers(const model_provenance *p, sim_result *result)
{
    const struct {
        const char *name;
        unsigned long long value;
        int hashed;
    } numbers[] = {{"seed", p->seed, 1}, {"replications", p->replications, 1}, {"threads", p->threads, 0}, {"ranks", p->ranks, 0}};
    const struct {
        const char *name;
        double value;
    } reals[] = {{"utc_offset_seconds", p->setups->start_offset},
                 {"confidence", p->setups->confidence},
                 {"duration_seconds", (double)p->setups->end * 1e-6}};
    char text[64];
    int ret = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && ret == 0; i++) {
        snprintf(text, sizeof text, "%llu", numbers[i].value);
        ret = sim_result_attribute(result, numbers[i].name, text, numbers[i].hashed);
    }
    for (size_t i = 0; i < sizeof reals / sizeof *reals && ret == 0; i++) {
        snprintf(text, sizeof text, "%.15g", reals[i].value);
        ret = sim_result_attribute(result, reals[i].name, text, 1);
    }
    return ret;
}

static int add_time(sim_result *result)
{
    char when[64];
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) == NULL || strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return 0;
    return sim_result_attribute(result, "written", when, 0);
}

/* Scenario, plan ("plan NAME" where there are several) and tables; one that several plans share once. */
static int add_inputs(const model_setup *setup, bool alone, sim_result *result)
{
    bool overlaid = sim_config_is_overlaid(setup->config);
    int ret = 0;
    for (size_t i = 0; i < sim_config_input_count(setup->config) && ret == 0; i++) {
        const char *name, *content;
        size_t length;
        char attribute[300];
        sim_config_input(setup->config, i, &name, &content, &length);
        if (i == 0 || (i == 1 && overlaid && alone))
            snprintf(attribute, sizeof attribute, "%s", i == 0 ? "scenario" : "plan");
        else
            snprintf(attribute, sizeof attribute, "%s %s", i == 1 && overlaid ? "plan" : "input", name);
        ret = sim_result_attribute(result, attribute, content, 1);
    }
    return ret;
}

int model_provenance_add(const model_provenance *p, sim_result *result)
{
    char name[64];
    int ret = add_texts(p, result);
    if (ret == 0)
        ret = add_numbers(p, result);
    if (ret == 0)
        ret = add_time(result);
    for (size_t i = 0; i < p->setup_count && ret == 0; i++)
        ret = add_inputs(&p->setups[i], p->setup_count == 1, result);
    for (size_t i = 0; i < sim_config_set_count(p->setups->config) && ret == 0; i++) {
        snprintf(name, sizeof name, "set %zu", i);
        ret = sim_result_attribute(result, name, sim_config_set(p->setups->config, i), 1);
    }
    return ret;
}

/* --- for journals --- */

static int put_input(sim_journal_head *head, const char *name, const char *digest)
{
    for (size_t i = 0; i < head->input_count; i++)
        if (strcmp(head->inputs[i], name) == 0 && strcmp(head->digests[i], digest) == 0)
            return 0;
    size_t n = head->input_count + 2; /* ended by NULL */
    char **inputs = realloc(head->inputs, n * sizeof *inputs);
    if (inputs != NULL)
        head->inputs = inputs;
    char **digests = realloc(head->digests, n * sizeof *digests);
    if (digests != NULL)
        head->digests = digests;
    if (inputs == NULL || digests == NULL)
        return SIM_E_MEMORY;
    inputs[n - 2] = strdup(name);
    digests[n - 2] = strdup(digest);
    inputs[n - 1] = digests[n - 1] = NULL;
    head->input_count++;
    return inputs[n - 2] == NULL || digests[n - 2] == NULL ? SIM_E_MEMORY : 0;
}

int model_provenance_inputs(const model_setup *setups, size_t setup_count, sim_journal_head *head)
{
    int ret = put_input(head, "the program (version and commit)", HBM_VERSION " " HBM_COMMIT);
    for (size_t s = 0; s < setup_count && ret == 0; s++)
        for (size_t i = 0; i < sim_config_input_count(setups[s].config) && ret == 0; i++) {
            const char *name, *text;
            size_t length;
            char hex[SIM_DIGEST_HEX + 1];
            sim_config_input(setups[s].config, i, &name, &text, &length);
            sim_digest_of(text, length, hex);
            ret = put_input(head, name, hex);
        }
    return ret;
}
