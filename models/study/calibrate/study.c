/* A calibration as a whole: factors and observations as wished, the fit, and what there is to tell. */
#include <string.h>

#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"

void calibrate_wishes_init(calibrate_wishes *wishes)
{
    *wishes = (calibrate_wishes){.replications = 10, .bootstrap = 100};
    for (int kind = 0; kind < CALIBRATE_KINDS; kind++)
        wishes->choice.fitted[kind] = true;
}

bool calibrate_columns_parse(calibrate_choice *choice, const char *text, const char **unknown, size_t *length)
{
    for (int kind = 0; kind < CALIBRATE_KINDS; kind++)
        choice->fitted[kind] = false;
    for (const char *at = text; at != NULL;) {
        bool is_known = false;
        *unknown = at;
        *length = strcspn(at, ",");
        for (int kind = 0; kind < CALIBRATE_KINDS; kind++)
            if (strlen(calibrate_columns[kind]) == *length && strncmp(at, calibrate_columns[kind], *length) == 0)
                is_known = choice->fitted[kind] = true;
        if (!is_known)
            return false;
        at = at[*length] == '\0' ? NULL : at + *length + 1;
    }
    return true;
}

size_t calibrate_least_evaluations(const calibrate_wishes *wishes)
{
    return 4 * (wishes->factor_count + 1);
}

size_t calibrate_evaluations(const calibrate_wishes *wishes)
{
    return wishes->evaluations > 0 ? wishes->evaluations : 20 * (wishes->factor_count + 1);
}

void calibrate_study_free(calibrate_study *study)
{
    sim_fit_free(&study->fit);
    calibrate_data_free(&study->data);
    for (size_t i = 0; i < SIM_FIT_MOST_PARAMETERS; i++)
        calibrate_parameter_free(&study->parameters[i]);
    *study = (calibrate_study){0};
}

/* All factors that are wrong are told; their ends are tried once all are right. */
static int read_factors(calibrate_study *study, const model_experiment_options *options, const calibrate_wishes *wishes,
                        sim_diag *diag)
{
    const sim_config *config = model_experiment_setup(study->work.experiment, 0)->config;
    int ret = 0;
    for (size_t i = 0; i < wishes->factor_count && (ret == 0 || ret == SIM_E_INPUT); i++) {
        int one = calibrate_parameter_parse(&study->parameters[i], config, wishes->factors[i], diag);
        ret = one != 0 ? one : ret;
    }
    for (size_t i = 0; i < wishes->factor_count && ret == 0; i++)
        ret = calibrate_parameter_try(&study->parameters[i], options, diag);
    return ret;
}

static int check_names(const calibrate_study *study, char *why, size_t size)
{
    const calibrate_parameter *p = study->parameters;
    for (size_t i = 0; i < study->work.parameter_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(p[i].factor.path, p[k].factor.path) == 0) {
                (void)snprintf(why, size, "--factor %s is given twice", p[i].factor.path);
                return SIM_E_INPUT;
            }
    return 0;
}

static int take_observations(calibrate_study *study, const char *scenario, const calibrate_choice *choice, char *why,
                             size_t size)
{
    char line[512] = "";
    const model_setup *setup = model_experiment_setup(study->work.experiment, 0);
    int ret = calibrate_data_init(&study->data, setup, choice, line, sizeof line);
    if (ret == SIM_E_INPUT)
        (void)snprintf(why, size, "%s: %s", scenario, line);
    size_t fitted = study->data.by_role[CALIBRATE_FITTED], p = study->work.parameter_count;
    if (ret == 0 && fitted < p) {
        (void)snprintf(why, size, "%zu observed number%s to be fitted cannot determine %zu factors", fitted,
                       fitted == 1 ? "" : "s", p);
        return SIM_E_INPUT;
    }
    return ret;
}

int calibrate_prepare(calibrate_study *study, model_experiment *experiment, const model_experiment_options *options,
                      const calibrate_wishes *wishes, sim_diag *diag, char *why, size_t size)
{
    *study = (calibrate_study){0};
    study->work = (calibrate_work){
        .experiment = experiment,
        .parameters = study->parameters,
        .parameter_count = wishes->factor_count,
        .data = &study->data,
        .replications = wishes->replications,
        .evaluations = calibrate_evaluations(wishes),
        .bootstrap = wishes->bootstrap,
        .level = model_experiment_setup(experiment, 0)->confidence,
    };
    int ret = read_factors(study, options, wishes, diag);
    if (ret == 0)
        ret = check_names(study, why, size);
    return ret == 0 ? take_observations(study, options->scenario, &wishes->choice, why, size) : ret;
}

size_t calibrate_tasks(const calibrate_study *study)
{
    const calibrate_work *w = &study->work;
    return (w->evaluations + 6 * w->parameter_count + 2) * w->replications + w->bootstrap;
}

int calibrate_study_run(calibrate_study *study, char *why, size_t size)
{
    int ret = calibrate_run(&study->work, &study->fit);
    const char *failure = model_experiment_failure(study->work.experiment);
    if (ret == SIM_E_INPUT)
        (void)snprintf(why, size, "the range cannot be simulated: %s",
                       *failure != '\0' ? failure : "nothing comes out");
    return ret;
}

calibrate_report calibrate_report_of(const calibrate_study *study, const char *file)
{
    return (calibrate_report){
        .setup = model_experiment_setup(study->work.experiment, 0),
        .work = &study->work,
        .fit = &study->fit,
        .file = file,
    };
}
