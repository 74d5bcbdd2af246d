/* The score of held-out numbers, beside rules that anyone could have followed without a model: as the last time, and as
 * on average. */
#include <math.h>

#include "models/study/calibrate/calibrate.h"

/* Numbers that a naive rule takes for one another's: of the same kind and post; people also of periods as long, within
 * 5%. */
static bool are_alike(const calibrate_number *a, const calibrate_number *b)
{
    double x = (double)(a->end - a->begin), y = (double)(b->end - b->begin);
    return a->kind == b->kind && a->post == b->post && (a->kind == CALIBRATE_WAIT || fabs(x - y) <= 0.05 * y);
}

/* What the rules say of number n, from fitted ones alone; false when there is nothing to go by. */
static bool forecast(const calibrate_data *data, const calibrate_number *n, double *last, double *mean)
{
    const calibrate_number *latest = NULL;
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < data->count; i++) {
        const calibrate_number *known = &data->numbers[i];
        if (known->role != CALIBRATE_FITTED || !are_alike(known, n))
            continue;
        sum += known->observed;
        count++;
        if (latest == NULL || known->end >= latest->end)
            latest = known;
    }
    if (count == 0)
        return false;
    *last = latest->observed;
    *mean = sum / (double)count;
    return true;
}

/* Adds up the held-out numbers of a kind: those with a rule, or, with `all`, every one. */
static calibrate_score sum_up(const calibrate_data *data, calibrate_kind kind, bool all)
{
    calibrate_score s = {0};
    for (size_t i = 0; i < data->count; i++) {
        const calibrate_number *n = &data->numbers[i];
        double last = (double)NAN, mean = (double)NAN;
        if (n->role != CALIBRATE_HELD_OUT || n->kind != kind || !isfinite(n->mean))
            continue;
        bool known = forecast(data, n, &last, &mean);
        s.without += !known;
        if (!known && !all)
            continue;
        s.count++;
        s.inside += n->low <= n->observed && n->observed <= n->high;
        s.observed += n->observed;
        s.model += (n->mean - n->observed) * (n->mean - n->observed);
        s.last += (last - n->observed) * (last - n->observed);
        s.mean += (mean - n->observed) * (mean - n->observed);
    }
    return s;
}

calibrate_score calibrate_score_of(const calibrate_data *data, calibrate_kind kind)
{
    calibrate_score s = sum_up(data, kind, false);
    if (s.count == 0)
        s = sum_up(data, kind, true);
    double n = (double)s.count;
    s.observed = s.count > 0 ? s.observed / n : (double)NAN;
    s.model = s.count > 0 ? sqrt(s.model / n) : (double)NAN;
    s.last = s.count > 0 ? sqrt(s.last / n) : (double)NAN;
    s.mean = s.count > 0 ? sqrt(s.mean / n) : (double)NAN;
    return s;
}

bool calibrate_score_beats(const calibrate_score *score)
{
    return score->model < score->last && score->model < score->mean;
}
