/* Plans: files laid over a scenario that say what is done about its crisis, and nothing of the crisis itself.
 *
 * A plan is made of rosters, orders, procedures, desks and opening hours, agreements and budgets. Its keys stand where
 * the scenario has them too; its own, `name`, `doc` and the like, are the parameters of the section `plan`. Orders of a
 * scenario that are the response as it really was (`part: response`) are not given under a plan, unless it keeps them.
 */
#include <stdlib.h>
#include <string.h>

#include "models/plans/plan.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/input/document.h"

static const sim_section sections[] = {
    {"plan", "what is done about the crisis; in a plan's file these are keys of its root, beside `hbm_plan: 1`", 0},
    {"plans.#", "plans for this crisis: files that are checked with it and can be compared", 0},
};

static const sim_param params[] = {
    {"plan", "name", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "title of the plan", "not given: the plan has none"},
    {"plan", "doc", SIM_TEXT, SIM_DIM_NONE, "", 0, 0, NULL, "what the plan does and why, for its readers",
     "not given: nothing is said"},
    {"plan", "keeps_response", SIM_BOOL, SIM_DIM_NONE, "false", 0, 0, NULL,
     "under a plan's file the scenario's orders that are the response as it was (`part: response`) are given too",
     "definition: a plan stands instead of what was done"},
    {"plans.#", "file", SIM_FILE, SIM_DIM_NONE, NULL, 0, 0, NULL, "the plan's file", "none: must be given"},
};

static const char *const allowed[] = {"rosters",
                                      "timeline",
                                      "rules",
                                      "agreements",
                                      "sharing",
                                      "agencies.*.budget",
                                      "stations.*.procedure",
                                      "stations.*.procedures",
                                      "stations.*.desks",
                                      "stations.*.staff_per_desk",
                                      "stations.*.discipline",
                                      "posts.*.exit.opens",
                                      "posts.*.exit.closes",
                                      "posts.*.exit.daily_cap",
                                      "posts.*.exit.stations.*.desks",
                                      "posts.*.exit.stations.*.procedure",
                                      "posts.*.entry.opens",
                                      "posts.*.entry.closes",
                                      "posts.*.entry.daily_cap",
                                      "posts.*.entry.stations.*.desks",
                                      "posts.*.entry.stations.*.procedure",
                                      "posts.*.joint",
                                      "centres.*.stations.*.desks",
                                      "centres.*.stations.*.procedure"};
static const char *const appended[] = {"timeline"};

const sim_overlay_rules model_plan_rules = {
    .what = "plan",
    .purpose = "a plan must not change the crisis",
    .version = "hbm_plan",
    .own = "plan",
    .allowed = allowed,
    .allowed_count = sizeof allowed / sizeof *allowed,
    .appended = appended,
    .appended_count = sizeof appended / sizeof *appended,
};

int model_plan_read(sim_overlay *overlay, const char *path, char **text, sim_diag *diag)
{
    const char *why = NULL;
    *overlay = (sim_overlay){.rules = &model_plan_rules, .name = path};
    int ret = sim_input_file_read(path, SIM_DOCUMENT_BYTES, text, &overlay->length, &why);
    overlay->text = *text;
    if (ret != 0) {
        sim_mark mark = {sim_diag_file(diag, path, NULL, 0), 0, 0, 1};
        sim_diag_error(diag, mark, "a plan: an ordinary file of at most 16 MiB", NULL, "the file %s", why);
    }
    return ret;
}

/* Behind comments and blank lines its first word is that of plans. */
static bool is_plan(const char *text)
{
    for (text += strspn(text, " \t\r\n"); *text == '#'; text += strspn(text, " \t\r\n"))
        text += strcspn(text, "\n");
    return strncmp(text, "hbm_plan:", strlen("hbm_plan:")) == 0;
}

int model_plan_refuse(const char *path, sim_diag *diag)
{
    const char *why = NULL;
    char *text = NULL;
    size_t length;
    int ret = sim_input_file_read(path, SIM_DOCUMENT_BYTES, &text, &length, &why);
    if (ret != 0)
        return ret == SIM_E_MEMORY ? ret : 0; /* told by who reads it */
    if (is_plan(text)) {
        sim_mark mark = {sim_diag_file(diag, path, NULL, 0), 0, 0, 1};
        sim_diag_error(diag, mark, "a scenario; a plan goes with one: --plan FILE, or behind the scenario in compare",
                       NULL, "this is a plan");
        ret = SIM_E_INPUT;
    }
    free(text);
    return ret;
}

size_t model_plan_count(const model_setup *setup)
{
    return sim_elements(setup->config, "plans.#");
}

const char *model_plan_file(const model_setup *setup, size_t i)
{
    return sim_text(setup->config, "plans.#", "file", i);
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    setup->plan_name = sim_given(config, "plan", "name", 0) ? sim_text(config, "plan", "name", 0) : NULL;
    setup->drops_response = sim_config_is_overlaid(config) && !sim_bool(config, "plan", "keeps_response", 0);
    return 0;
}

const model model_of_plan = {
    .name = "plan",
    .doc = "plans: what is done about the crisis",
    .keys = "plan plans",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .prepare = prepare,
};
