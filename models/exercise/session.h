/* A session: a run that is advanced, paused, read, given orders, marked, rewound and branched. A run without players is
 * a session that is advanced to its end.
 *
 * A session pauses before what happens at an instant: an order that is given at 6 h takes effect at 6 h, as one of a
 * plan would (`at: 6 h`). What comes of it depends on the scenario, the seed, the replication and the orders given,
 * never on where it was paused, marked or rewound. One thread may use a session at a time; sessions are independent. */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include "models/core/run.h"

typedef struct model_session model_session;

enum { MODEL_SESSION_MARKS = 64 }; /* kept at most; then the closest ones are thinned out */

/* Builds the replication's world, at its start. The setup must outlive the session. Close with model_session_close,
 * only after success. */
int model_session_open(model_session **out, const model_setup *setup, uint64_t seed, uint64_t replication,
                       bool keep_journeys);
void model_session_close(model_session *session); /* NULL is allowed */

model_world *model_session_world(model_session *session);
sim_time model_session_now(const model_session *session);
bool model_session_is_over(const model_session *session);

/* Advances until `until` or the end of the scenario, whichever is first, on so many threads, and pauses there; at the
 * end the run is over. An instant that is past: nothing. 0, or an error after which the session can only be rewound. */
int model_session_advance(model_session *session, sim_time until, unsigned threads);
/* The same to the next whole control interval. */
int model_session_step(model_session *session, unsigned threads);

/* Gives an order now, as model_order_read and model_order_add have it. What is wrong goes to diag, and nothing has
 * happened (SIM_E_INPUT). */
int model_session_give(model_session *session, const char *text, unsigned by, const char *giver, sim_diag *diag);
/* The orders given so far in this session's past, in their order. */
size_t model_session_orders(const model_session *session);
const model_order *model_session_order(const model_session *session, size_t i);

/* What a metric has come to now, of an owner by its name (a station, a place, an agency; NULL: all of them) and a cell
 * of its split (-1: all): of a level the number now, of a count how many so far, of a duration the mean so far in
 * seconds (NaN: none), of a share its quotient (NaN: of nothing). SIM_E_INPUT: no such metric, owner or cell. */
int model_session_read(const model_session *session, const char *metric, const char *owner, int cell, double *value);
/* What agencies and people know now of those who wait at a site, and of their wait in seconds: published late, rounded,
 * and in part (`choice.delay`, `reporting`). SIM_E_INPUT: no such site. */
int model_session_known(const model_session *session, const char *site, int64_t *waiting, double *wait);

/* Keeps the present state in memory. *id is its name in this session. */
int model_session_mark(model_session *session, uint64_t *id);
size_t model_session_marks(const model_session *session);
uint64_t model_session_mark_at(const model_session *session, size_t i, sim_time *at);
/* Goes back (or on) to a mark: orders given after it have not been given. SIM_E_INPUT: there is no such mark any more.
 * An error leaves the session as it was. */
int model_session_rewind(model_session *session, uint64_t id);
/* A new session that goes on from a mark under another plan's setup of the same scenario (NULL: its own); close it too.
 * SIM_E_FORMAT: the setup does not fit. */
int model_session_branch(const model_session *session, uint64_t id, const model_setup *setup, model_session **out);

#endif
