/* Factors of a calibration: real numbers in a range, shown in the unit in which the range was given. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"
#include "sim/base/number.h"
#include "sim/base/unit.h"

void calibrate_parameter_free(calibrate_parameter *parameter)
{
    sim_factor_free(&parameter->factor);
    *parameter = (calibrate_parameter){0};
}

/* The unit behind the upper end; where it is no unit (all is checked by then) SI is shown. */
static void find_unit(calibrate_parameter *parameter, const char *text)
{
    const char *end = strstr(text, ".."), *log;
    char one[CALIBRATE_UNIT + 4];
    snprintf(parameter->unit, sizeof parameter->unit, "%s",
             parameter->factor.dimension == SIM_DIM_NONE ? "" : sim_dimension_si(parameter->factor.dimension));
    parameter->scale = 1;
    if (end == NULL)
        return;
    end += 2 + strspn(end + 2, " ");
    end += sim_number_span(end);
    end += strspn(end, " ");
    log = strstr(end, ":log");
    size_t length = log != NULL ? (size_t)(log - end) : strlen(end);
    while (length > 0 && end[length - 1] == ' ')
        length--;
    double scale;
    if (length == 0 || length >= CALIBRATE_UNIT)
        return;
    snprintf(one, sizeof one, "1 %.*s", (int)length, end);
    if (sim_unit_parse(one, parameter->factor.dimension, &scale, NULL, NULL) == SIM_UNIT_OK && scale > 0) {
        snprintf(parameter->unit, sizeof parameter->unit, "%.*s", (int)length, end);
        parameter->scale = scale;
    }
}

int calibrate_parameter_parse(calibrate_parameter *parameter, const sim_config *config, const char *text,
                              sim_diag *diag)
{
    *parameter = (calibrate_parameter){.scale = 1};
    int ret = sim_factor_parse(&parameter->factor, config, text, diag);
    if (ret != 0)
        return ret;
    if (parameter->factor.kind != SIM_FACTOR_REAL) {
        int file = sim_diag_file(diag, "--factor", text, strlen(text));
        if (file < 0)
            return file;
        sim_diag_error(
            diag, (sim_mark){file, 1, 1, 1}, "PATH=LOW..HIGH of a value that may be any number between", NULL,
            parameter->factor.kind == SIM_FACTOR_WHOLE
                ? "\"%s\" is a whole number, and whole numbers are not fitted: 'hbm sweep' tries them one by one"
                : "\"%s\" has a list of values, and lists are not fitted: 'hbm sweep' tries them one by one",
            parameter->factor.path);
        return SIM_E_INPUT;
    }
    find_unit(parameter, text);
    return 0;
}

void calibrate_parameter_value(const calibrate_parameter *parameter, double u, char *text, size_t size)
{
    if (!isfinite(u))
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%.4g%s%s", sim_factor_at(&parameter->factor, u) / parameter->scale,
                 *parameter->unit == '\0' ? "" : " ", parameter->unit);
}

char *calibrate_parameter_set(const calibrate_parameter *parameter, double u)
{
    size_t size = strlen(parameter->factor.path) + sizeof parameter->unit + 32;
    char *text = malloc(size);
    double value = sim_factor_at(&parameter->factor, u) / parameter->scale;
    /* Nine digits: so that the last bits of a library's pow move nothing. */
    if (text != NULL)
        snprintf(text, size, "%s=%.9g%s%s", parameter->factor.path, value, *parameter->unit == '\0' ? "" : " ",
                 parameter->unit);
    return text;
}

static int try_at(const calibrate_parameter *parameter, const model_experiment_options *options, double u,
                  sim_diag *diag)
{
    model_experiment_options with = *options;
    model_experiment *x = NULL;
    const char **sets = calloc(options->set_count + 1, sizeof *sets);
    char *text = calibrate_parameter_set(parameter, u);
    int ret = sets == NULL || text == NULL ? SIM_E_MEMORY : 0;
    if (ret == 0) {
        for (size_t i = 0; i < options->set_count; i++)
            sets[i] = options->sets[i];
        sets[options->set_count] = text;
        with.sets = sets;
        with.set_count = options->set_count + 1;
        ret = model_experiment_new(&x, &with, diag);
    }
    model_experiment_free(x);
    free(text);
    free(sets);
    return ret;
}

int calibrate_parameter_try(const calibrate_parameter *parameter, const model_experiment_options *options,
                            sim_diag *diag)
{
    int ret = try_at(parameter, options, 0, diag);
    return ret == 0 ? try_at(parameter, options, 1, diag) : ret;
}
