/* Which observed numbers are fitted, which are held out: decided by their time alone, before anything is simulated. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/observed.h"
#include "models/study/calibrate/calibrate.h"
#include "sim/base/error.h"
#include "sim/base/instant.h"
#include "sim/base/unit.h"

/* How coarse observations are, as a standard deviation: counts to a person, waits to a minute, and both to half a per
 * cent. */
static const double coarse_share = 0.005, coarse[CALIBRATE_KINDS] = {1, 60};

const char *const calibrate_columns[CALIBRATE_KINDS] = {"people", "wait_h"};
const char *const calibrate_role_words[CALIBRATE_ROLE_COUNT] = {
#define CALIBRATE_ROLE_WORD(name, word) word,
    CALIBRATE_ROLES(CALIBRATE_ROLE_WORD)
#undef CALIBRATE_ROLE_WORD
};

void calibrate_data_free(calibrate_data *data)
{
    free(data->numbers);
    *data = (calibrate_data){0};
}

/* A wait of all posts together is nobody's; what reaches beyond the run is not simulated. */
static bool is_simulated(const model_setup *setup, const calibrate_number *n)
{
    return n->end > 0 && n->end <= setup->end && (n->kind == CALIBRATE_PEOPLE || n->post != MODEL_NONE);
}

static int read_numbers(calibrate_data *data, const model_setup *setup)
{
    const struct observed_setup *observed = observed_setup(setup);
    data->numbers = calloc(CALIBRATE_KINDS * observed->count + 1, sizeof *data->numbers);
    if (data->numbers == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < observed->count; i++) {
        const observation *o = &observed->rows[i];
        const double values[CALIBRATE_KINDS] = {o->people, o->wait};
        for (int kind = 0; kind < CALIBRATE_KINDS; kind++)
            if (isfinite(values[kind]))
                data->numbers[data->count++] = (calibrate_number){
                    .row = i,
                    .kind = (calibrate_kind)kind,
                    .post = o->site,
                    .begin = o->begin,
                    .end = o->end,
                    .observed = values[kind],
                    .floor = coarse[kind] + coarse_share * values[kind],
                    .mean = (double)NAN,
                    .low = (double)NAN,
                    .high = (double)NAN,
                };
    }
    return 0;
}

static int by_time(const void *a, const void *b)
{
    sim_time x = *(const sim_time *)a, y = *(const sim_time *)b;
    return (x > y) - (x < y);
}

/* The last end that is still fitted, so that at least the share is later. */
static int cut_by_share(calibrate_data *data, const model_setup *setup, const calibrate_choice *choice)
{
    size_t n = 0;
    sim_time *ends = calloc(data->count + 1, sizeof *ends);
    if (ends == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < data->count; i++)
        if (choice->fitted[data->numbers[i].kind] && is_simulated(setup, &data->numbers[i]))
            ends[n++] = data->numbers[i].end;
    qsort(ends, n, sizeof *ends, by_time);
    size_t held = (size_t)ceil(choice->hold_out * (double)n - 1e-9);
    data->cut = 0; /* when nothing is earlier, nothing is fitted, and that is refused */
    for (size_t i = 0; i < n && held > 0; i++)
        if (ends[i] < ends[n - held])
            data->cut = ends[i];
    free(ends);
    return 0;
}

/* "2022-03-10T00:00+01:00" (without offset: local time of the scenario) or "14 d" after the start. */
static int cut_at(calibrate_data *data, const model_setup *setup, const char *text, char *why, size_t size)
{
    sim_instant instant;
    double seconds;
    if (sim_instant_looks(text)) {
        const char *wrong = sim_instant_parse(text, &instant);
        if (wrong != NULL) {
            snprintf(why, size, "--fit-until '%s': %s", text, wrong);
            return SIM_E_INPUT;
        }
        int64_t seconds_utc = instant.has_offset ? instant.seconds : instant.seconds - setup->start_offset;
        data->cut = (sim_time)(seconds_utc - setup->start_unix) * SIM_SECOND;
        return 0;
    }
    if (sim_unit_parse(text, SIM_DIM_TIME, &seconds, NULL, NULL) != SIM_UNIT_OK || !(seconds > 0)) {
        snprintf(why, size,
                 "--fit-until wants an instant such as 2022-03-10T00:00+01:00 or a time since the start such as 14 d, "
                 "not '%s'",
                 text);
        return SIM_E_INPUT;
    }
    data->cut = (sim_time)(seconds * 1e6 + 0.5);
    return 0;
}

static calibrate_role role_of(const calibrate_data *data, const model_setup *setup, const calibrate_choice *choice,
                              const calibrate_number *n)
{
    if (!is_simulated(setup, n))
        return CALIBRATE_LEFT_OUT;
    if (!choice->fitted[n->kind])
        return CALIBRATE_COMPARED;
    if (n->end <= data->cut)
        return CALIBRATE_FITTED;
    bool later = n->kind == CALIBRATE_WAIT || n->begin >= data->cut - SIM_SECOND;
    return later ? CALIBRATE_HELD_OUT : CALIBRATE_LEFT_OUT;
}

static int check_roles(const calibrate_data *data, const calibrate_choice *choice, char *why, size_t size)
{
    bool holds_out = choice->hold_out > 0 || choice->until != NULL;
    if (data->by_role[CALIBRATE_FITTED] == 0)
        snprintf(why, size,
                 holds_out ? "nothing is left to be fitted: all observations inside the run are held out"
                           : "none of the observations lies inside the run");
    else if (holds_out && data->by_role[CALIBRATE_HELD_OUT] == 0)
        snprintf(why, size, "nothing is held out: no observation inside the run lies behind that");
    else
        return 0;
    return SIM_E_INPUT;
}

int calibrate_data_init(calibrate_data *data, const model_setup *setup, const calibrate_choice *choice, char *why,
                        size_t size)
{
    *data = (calibrate_data){.cut = INT64_MAX};
    int ret = read_numbers(data, setup);
    if (ret == 0 && data->count == 0) {
        snprintf(why, size,
                 "the scenario has no observations to be fitted to: name a CSV of them by its key \"observed\" (see "
                 "'hbm params observed')");
        ret = SIM_E_INPUT;
    }
    if (ret == 0 && choice->until != NULL)
        ret = cut_at(data, setup, choice->until, why, size);
    else if (ret == 0 && choice->hold_out > 0)
        ret = cut_by_share(data, setup, choice);
    for (size_t i = 0; ret == 0 && i < data->count; i++) {
        data->numbers[i].role = role_of(data, setup, choice, &data->numbers[i]);
        data->by_role[data->numbers[i].role]++;
    }
    return ret == 0 ? check_roles(data, choice, why, size) : ret;
}
