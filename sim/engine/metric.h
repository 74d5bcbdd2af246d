/* Metric rows: the one declaration of everything a run measures.
 *
 * A metric belongs to an owner (a station, a place, an agency, or the run) and may be split by class, state, trait,
 * item of cost, ground of refusal or rule. Its row drives recording, the results file, plots, tables and documentation.
 */
#ifndef SIM_METRIC_H
#define SIM_METRIC_H

typedef enum {
    SIM_METRIC_COUNT,    /* events in a bin, summed */
    SIM_METRIC_LEVEL,    /* a number of things over time: time-weighted mean and peak of a bin */
    SIM_METRIC_DURATION, /* durations, each weighted by people: sum and number in a bin, histogram over the run */
    SIM_METRIC_SHARE     /* derived: `over` / `under`, both of the same owner */
} sim_metric_kind;

typedef enum { SIM_OWNER_STATION, SIM_OWNER_PLACE, SIM_OWNER_AGENCY, SIM_OWNER_RUN, SIM_OWNERS } sim_metric_owner;

typedef enum {
    SIM_BY_NOTHING,
    SIM_BY_CLASS,
    SIM_BY_STATE,
    SIM_BY_TRAIT,
    SIM_BY_ITEM,
    SIM_BY_GROUND,
    SIM_BY_RULE,
    SIM_BY_KINDS
} sim_metric_by;

typedef struct {
    const char *name; /* "group/name": also its path in the results file */
    const char *unit; /* of results: "people", "s", "1" */
    sim_metric_kind kind;
    sim_metric_owner owner;
    sim_metric_by by;
    const char *over, *under; /* of shares: names of metrics */
    const char *doc;
    const char *source; /* who reports it so, or the definition's origin */
} sim_metric;

#endif
