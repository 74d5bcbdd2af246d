/* Which values a distribution can give, as far as its family tells without computing. */
#include <math.h>

#include "sim/input/config/dist.h"

static void family_support(const sim_dist_spec *spec, double *low, double *high)
{
    *low = 0;
    *high = INFINITY;
    switch (spec->family) {
    case SIM_DIST_CONSTANT:
        *low = *high = spec->a;
        break;
    case SIM_DIST_TRIANGULAR:
        *low = spec->a;
        *high = spec->c;
        break;
    case SIM_DIST_UNIFORM:
        *low = spec->a;
        *high = spec->b;
        break;
    case SIM_DIST_NORMAL:
    case SIM_DIST_GUMBEL:
        *low = -INFINITY;
        break;
    case SIM_DIST_EMPIRICAL:
    case SIM_DIST_MIXTURE:
        *low = INFINITY;
        *high = -INFINITY;
        for (size_t i = 0; i < spec->n; i++) {
            double part_low, part_high;
            if (!(spec->weights[i] > 0))
                continue;
            if (spec->family == SIM_DIST_MIXTURE)
                sim_dist_support(&spec->parts[i], &part_low, &part_high);
            else
                part_low = part_high = spec->values[i];
            *low = fmin(*low, part_low);
            *high = fmax(*high, part_high);
        }
        break;
    default: /* the families of positive values */
        break;
    }
}

void sim_dist_support(const sim_dist_spec *spec, double *low, double *high)
{
    family_support(spec, low, high);
    *low = fmax(*low, spec->low);
    *high = fmin(*high, spec->high);
}

bool sim_dist_possible(const sim_dist_spec *spec)
{
    double low, high;
    if (spec->family == SIM_DIST_EMPIRICAL) {
        for (size_t i = 0; i < spec->n; i++)
            if (spec->weights[i] > 0 && spec->values[i] >= spec->low && spec->values[i] <= spec->high)
                return true;
        return false;
    }
    if (spec->family == SIM_DIST_MIXTURE) {
        for (size_t i = 0; i < spec->n; i++) {
            sim_dist_support(&spec->parts[i], &low, &high);
            if (high >= spec->low && low <= spec->high)
                return true;
        }
        return false;
    }
    sim_dist_support(spec, &low, &high);
    return spec->family == SIM_DIST_CONSTANT ? low <= high : low < high;
}

double sim_dist_typical(const sim_dist_spec *spec)
{
    if (spec->family == SIM_DIST_MIXTURE) {
        double most = -INFINITY;
        for (size_t i = 0; i < spec->n; i++)
            most = fmax(most, sim_dist_typical(&spec->parts[i]));
        return most;
    }
    double low, high;
    sim_dist_support(spec, &low, &high);
    return high < INFINITY ? high : fmax(low, spec->a);
}
