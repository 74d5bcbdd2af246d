/* Observations: what was counted or reported in the real episode, to stand beside what is simulated. They never act on
 * a run.
 *
 * A CSV with columns time (end of the period), hours (its length), post (empty: all posts together), people (who
 * crossed in it) and wait_h (hours a person who comes at `time` waits); people or wait_h may be empty. */
#include "models/outcome/observed.h"

#include <math.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/table.h"

MODEL_PART(observed)

static const sim_param params[] = {
    {"", "observed", SIM_FILE, SIM_DIM_NONE, "", 0, 0, NULL,
     "CSV of observations (time, hours, post, people, wait_h), compared with, never used as input",
     "not given: nothing to compare with"},
};

static int read_row(model_setup *setup, const sim_table *table, size_t row, const ptrdiff_t columns[5], observation *o,
                    sim_diag *diag)
{
    long long seconds;
    double hours;
    *o = (observation){.site = MODEL_NONE, .people = (double)NAN, .wait = (double)NAN};
    if (sim_table_instant(table, row, (size_t)columns[0], setup->start_offset, &seconds, diag) != 0 ||
        sim_table_number(table, row, (size_t)columns[1], 0, 1e6, &hours, diag) != 0)
        return -1;
    o->end = (sim_time)(seconds - setup->start_unix) * SIM_SECOND;
    o->begin = o->end - (sim_time)(hours * 3600e6 + 0.5);
    const char *site = sim_table_cell(table, row, (size_t)columns[2]);
    for (uint32_t i = 0; i < setup->site_count; i++)
        if (strcmp(setup->sites[i].name, site) == 0)
            o->site = i;
    if (site[0] != '\0' && o->site == MODEL_NONE) {
        const char *words[64];
        size_t n = 0;
        for (uint32_t i = 0; i < setup->site_count && n < 64; i++)
            words[n++] = setup->sites[i].name;
        sim_diag_error(diag, sim_table_mark(table, row, (size_t)columns[2]), "the name of a post, or nothing",
                       sim_diag_nearest(site, words, n), "there is no post \"%s\"", site);
        return -1;
    }
    if (sim_table_cell(table, row, (size_t)columns[3])[0] != '\0' &&
        sim_table_number(table, row, (size_t)columns[3], 0, 1e9, &o->people, diag) != 0)
        return -1;
    if (sim_table_cell(table, row, (size_t)columns[4])[0] != '\0' &&
        sim_table_number(table, row, (size_t)columns[4], 0, 1e6, &o->wait, diag) != 0)
        return -1;
    o->wait *= 3600;
    return 0;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    static const char *const names[5] = {"time", "hours", "post", "people", "wait_h"};
    struct observed_setup *observed = own_setup(setup);
    if (!sim_given(config, "", "observed", 0))
        return 0;
    const char *path = sim_text(config, "", "observed", 0);
    const char *base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1, *text;
    size_t length;
    sim_table *table = NULL;
    int ret = sim_table_read(&table, path, base, diag);
    if (ret != 0)
        return ret == SIM_E_MEMORY ? ret : 0;
    sim_table_require_rows(table, diag);
    sim_table_text(table, &text, &length);
    ret = sim_config_add_input(setup->config, base, text, length);
    ptrdiff_t columns[5];
    bool complete = true;
    for (int i = 0; i < 5; i++)
        complete = (columns[i] = sim_table_require(table, names[i], diag)) >= 0 && complete;
    observed->rows = model_take(setup, sim_table_rows(table), sizeof *observed->rows);
    if (observed->rows == NULL)
        ret = SIM_E_MEMORY;
    for (size_t row = 0; ret == 0 && complete && row < sim_table_rows(table); row++)
        if (read_row(setup, table, row, columns, &observed->rows[observed->count], diag) == 0)
            observed->count++;
    sim_table_free(table);
    return ret;
}

const model model_of_observed = {
    .name = "observed",
    .doc = "observations to stand beside what is simulated",
    .keys = "people classes places links travel stations posts centres onward observed",
    MODEL_TABLE(param),
    .setup_size = sizeof(struct observed_setup),
    .prepare = prepare,
};
