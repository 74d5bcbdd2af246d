/* Studies by hbm.h with the options that e2e/library gives the program hbm, for their results to be the same.
 *
 * library_studies compare|best|sweep|staff|calibrate SCENARIO SET THREADS    prints the hash of the results */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/hbm.h"

typedef struct {
    hbm_scenario *scenario;
    hbm_result *result;
    unsigned threads;
    char why[400];
} session;

static int compare(session *s)
{
    hbm_compare_options o;
    hbm_compare_options_init(&o);
    o.replications = 3;
    o.how.threads = s->threads;
    return hbm_compare(s->scenario, &o, &s->result, NULL, s->why, sizeof s->why);
}

static int best(session *s)
{
    static const char *const figures[] = {"wait.mean", "cost.total"};
    hbm_compare_options o;
    hbm_compare_options_init(&o);
    o.figures = figures;
    o.figure_count = 2;
    o.replications = 20;
    o.best = "wait.mean";
    o.indifference = "5 h";
    o.how.threads = s->threads;
    o.how.seed = 7;
    return hbm_compare(s->scenario, &o, &s->result, NULL, s->why, sizeof s->why);
}

static int sweep(session *s)
{
    static const char *const factors[] = {"choice.informed=0..1", "stations.registration.desks=1..4"};
    hbm_sweep_options o;
    hbm_sweep_options_init(&o);
    o.factors = factors;
    o.factor_count = 2;
    o.design = "morris";
    o.points = 3;
    o.replications = 2;
    o.how.threads = s->threads;
    o.how.seed = 5;
    return hbm_sweep(s->scenario, &o, &s->result, NULL, s->why, sizeof s->why);
}

static int staff(session *s)
{
    static const char *const targets[] = {"wait.p95@each<=15 min"};
    hbm_staff_options o;
    hbm_staff_options_init(&o);
    o.targets = targets;
    o.target_count = 1;
    o.replications = 4;
    o.plan_file = "library.yaml";
    o.how.threads = s->threads;
    return hbm_staff(s->scenario, &o, &s->result, NULL, s->why, sizeof s->why);
}

static int calibrate(session *s)
{
    static const char *const factors[] = {"stations.registration.time.lognormal.mean=3 min..12 min:log"};
    hbm_calibrate_options o;
    hbm_calibrate_options_init(&o);
    o.factors = factors;
    o.factor_count = 1;
    o.replications = 2;
    o.evaluations = 8;
    o.bootstrap = 20;
    o.hold_out = 0.3;
    o.columns = "people";
    o.how.threads = s->threads;
    return hbm_calibrate(s->scenario, &o, &s->result, NULL, s->why, sizeof s->why);
}

static const struct {
    const char *name;
    int (*run)(session *);
} studies[] = {
    {"compare", compare}, {"best", best}, {"sweep", sweep}, {"staff", staff}, {"calibrate", calibrate},
};

int main(int argc, char **argv)
{
    session s = {0};
    char hex[65] = "";
    if (argc != 5)
        return 2;
    s.threads = (unsigned)strtoul(argv[4], NULL, 10);
    const char *const sets[] = {argv[3]};
    int error = hbm_scenario_open(&s.scenario, argv[2], NULL, sets, 1, NULL);
    for (size_t i = 0; error == 0 && i < sizeof studies / sizeof *studies; i++)
        if (strcmp(studies[i].name, argv[1]) == 0)
            error = studies[i].run(&s);
    if (error == 0)
        error = s.result != NULL ? hbm_result_hash(s.result, hex) : HBM_E_INPUT;
    if (error == 0)
        puts(hex);
    else
        (void)fprintf(stderr, "%s: %s\n", hbm_error_text(error), s.why);
    hbm_result_free(s.result);
    hbm_scenario_close(s.scenario);
    return error == 0 ? 0 : 1;
}
