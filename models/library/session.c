/* hbm_session_*: sessions of models/exercise with the scenario that they were opened with. */
#include <stdio.h>
#include <stdlib.h>

#include "models/exercise/session.h"
#include "models/library/library.h"
#include "models/outcome/outcome.h"
#include "models/outcome/provenance.h"
#include "models/plans/orders.h"
#include "sim/base/error.h"

struct hbm_session {
    const hbm_scenario *scenario;
    hbm_session_options options;
    model_session *session;
};

void hbm_session_options_init(hbm_session_options *options)
{
    *options = (hbm_session_options){.seed = 1, .threads = 1};
}

/* Around a model session that was opened, or the error of not having been. */
static int wrap(hbm_session **out, int error, model_session *inside, const hbm_scenario *scenario,
                const hbm_session_options *options)
{
    hbm_session *session = error == 0 ? calloc(1, sizeof *session) : NULL;
    *out = session;
    if (session == NULL) {
        model_session_close(inside);
        return error != 0 ? error : SIM_E_MEMORY;
    }
    *session = (hbm_session){scenario, *options, inside};
    return 0;
}

int hbm_session_open(hbm_session **out, const hbm_scenario *scenario, const hbm_session_options *options)
{
    model_session *inside = NULL;
    int ret =
        model_session_open(&inside, &scenario->setup, options->seed, options->replication, options->journeys != 0);
    return wrap(out, ret, inside, scenario, options);
}

void hbm_session_close(hbm_session *session)
{
    if (session != NULL)
        model_session_close(session->session);
    free(session);
}

int64_t hbm_session_now(const hbm_session *session)
{
    return model_session_now(session->session);
}

int64_t hbm_session_end(const hbm_session *session)
{
    return session->scenario->setup.end;
}

int64_t hbm_session_interval(const hbm_session *session)
{
    return session->scenario->setup.control_interval;
}

static unsigned threads(const hbm_session *session)
{
    return session->options.threads == 0 ? 1 : session->options.threads;
}

int hbm_session_step(hbm_session *session)
{
    return model_session_step(session->session, threads(session));
}

int hbm_session_advance(hbm_session *session, int64_t until)
{
    return model_session_advance(session->session, until, threads(session));
}

int hbm_session_read(const hbm_session *session, const char *metric, const char *owner, int cell, double *value)
{
    return model_session_read(session->session, metric, owner, cell, value);
}

int hbm_session_known(const hbm_session *session, const char *site, int64_t *waiting, double *wait)
{
    return model_session_known(session->session, site, waiting, wait);
}

int hbm_session_give(hbm_session *session, const char *order, hbm_giver by, const char *giver, hbm_problems *problems)
{
    sim_diag *own = NULL, *diag = library_diag(problems, &own);
    unsigned who = by == HBM_BY_LEADER ? MODEL_BY_CRISIS : MODEL_BY_PLAYER;
    int ret = diag == NULL ? SIM_E_MEMORY : model_session_give(session->session, order, who, giver, diag);
    sim_diag_free(own);
    return ret;
}

size_t hbm_session_orders(const hbm_session *session)
{
    return model_session_orders(session->session);
}

void hbm_session_order(const hbm_session *session, size_t i, const char **order, const char **giver, int64_t *at)
{
    const model_order *given = model_session_order(session->session, i);
    *order = given->says;
    *giver = given->giver;
    *at = given->given;
}

int hbm_session_mark(hbm_session *session, uint64_t *id)
{
    return model_session_mark(session->session, id);
}

size_t hbm_session_marks(const hbm_session *session)
{
    return model_session_marks(session->session);
}

uint64_t hbm_session_mark_at(const hbm_session *session, size_t i, int64_t *at)
{
    return model_session_mark_at(session->session, i, at);
}

int hbm_session_rewind(hbm_session *session, uint64_t id)
{
    return model_session_rewind(session->session, id);
}

int hbm_session_branch(const hbm_session *session, uint64_t id, const hbm_scenario *scenario, hbm_session **out)
{
    const hbm_scenario *under = scenario == NULL ? session->scenario : scenario;
    model_session *inside = NULL;
    int ret = model_session_branch(session->session, id, &under->setup, &inside);
    return wrap(out, ret, inside, under, &session->options);
}

static int fill(const hbm_session *session, hbm_result *result)
{
    const hbm_scenario *scenario = session->scenario;
    const model_provenance provenance = {
        .setups = &scenario->setup,
        .setup_count = 1,
        .path = scenario->path,
        .plan = scenario->plan,
        .seed = session->options.seed,
        .replications = 1,
        .threads = threads(session),
        .ranks = 1,
    };
    model_outcome *outcome = NULL;
    int ret = model_outcome_new(&outcome, &scenario->setup);
    if (ret == 0)
        ret = model_outcome_add(outcome, model_session_world(session->session));
    if (ret == 0)
        ret = model_outcome_result(outcome, result);
    if (ret == 0)
        ret = model_provenance_add(&provenance, result);
    model_outcome_free(outcome);
    return ret;
}

int hbm_session_result(const hbm_session *session, hbm_result **out, char *why, size_t size)
{
    *out = NULL;
    if (!model_session_is_over(session->session))
        return library_refuse(why, size, "the session is not over");
    hbm_result *result = calloc(1, sizeof *result);
    if (result == NULL)
        return SIM_E_MEMORY;
    sim_result_init(result);
    int ret = fill(session, result);
    if (ret != 0) {
        hbm_result_free(result);
        if (size > 0)
            (void)snprintf(why, size, "%s", sim_error_text(ret));
        return ret;
    }
    *out = result;
    return 0;
}
