/* A comparison in words: amounts in the units that people speak in, as exact as they are known, and what a difference
 * means. */
#include <math.h>
#include <string.h>

#include "sim/base/figure.h"
#include "tools/compare/tell.h"

const char *const compare_group_names[COMPARE_GROUPS] = {[COMPARE_SAVES] = "What it saves and gains",
                                                         [COMPARE_COSTS] = "What it costs and loses",
                                                         [COMPARE_PROTECTION] = "Protection and safety",
                                                         [COMPARE_CHANGES] = "What else changes",
                                                         [COMPARE_NOTHING] = "No difference found"};

/* --- amounts --- */

/* How a figure's amounts are written: the unit's factor and name, and the step to which they are rounded. */
typedef struct {
    double factor, step;
    const char *unit;      /* behind an amount */
    const char *of_change; /* behind a difference */
} scale;

/* 1, or 0.1 where the first digit is 1 or 2, of the digit in which `exact` begins: 2.9 is kept to 0.1, 31 to 10. */
static double step_for(double exact)
{
    double power = pow(10, floor(log10(exact)));
    return exact / power < 3 ? power / 10 : power;
}

/* `largest`: of what is to be written; `exact`: to which it is known (0: exactly). */
static scale scale_of(const char *unit, double largest, double exact)
{
    scale s = {1, 0, unit, unit};
    if (strcmp(unit, "person h") == 0) {
        s.unit = s.of_change = "person-hours";
    } else if (strcmp(unit, "person d") == 0) {
        s.unit = s.of_change = "person-days";
    } else if (strcmp(unit, "s") == 0) {
        s.factor = largest < 120 ? 1 : largest < 7200 ? 1.0 / 60 : 1.0 / 3600;
        s.unit = s.of_change = largest < 120 ? "s" : largest < 7200 ? "min" : "h";
    } else if (strcmp(unit, "1") == 0) {
        s.factor = 100;
        s.unit = "%";
        s.of_change = "points";
    }
    double most = largest * s.factor;
    s.step = exact > 0 ? step_for(exact * s.factor) : most > 0 ? pow(10, floor(log10(most)) - 3) : 1;
    return s;
}

/* The number alone. */
static void put_number(const scale *s, double value, char text[FIGURE_SIZE])
{
    double steps = s->step > 0 ? round(value * s->factor / s->step) : 0;
    int decimals = s->step >= 1 ? 0 : (int)fmin(ceil(-log10(s->step) - 1e-9), 9);
    figure_number(text, steps == 0 ? 0 : steps * s->step, decimals);
}

/* "2.500" is "2.5": for what is known exactly. */
static void strip_zeros(char text[FIGURE_SIZE])
{
    size_t length = strlen(text);
    if (strchr(text, '.') == NULL)
        return;
    while (text[length - 1] == '0')
        text[--length] = '\0';
    if (text[length - 1] == '.')
        text[length - 1] = '\0';
}

static scale scale_of_difference(const comparison *c, size_t plan, size_t figure)
{
    const compare_difference *d = compare_difference_of(c, plan, figure);
    double half = isfinite(d->high - d->low) ? (d->high - d->low) / 2 : 0;
    double largest = isfinite(half) && half > 0 ? fmax(fabs(d->low), fabs(d->high)) : fabs(d->paired.mean);
    scale s = scale_of(c->figures[figure].unit, largest, half);
    /* A bound that is not 0 must not look like it. */
    double nearest = fmin(fabs(d->low), fabs(d->high)) * s.factor;
    for (int i = 0; i < 3 && nearest > 0 && nearest < s.step / 2; i++)
        s.step /= 10;
    return s;
}

void compare_value_words(const comparison *c, size_t plan, size_t figure, size_t of_plan, char *text, size_t size)
{
    double baseline, value, half;
    char number[FIGURE_SIZE];
    compare_mean(c, plan, figure, &value, &half);
    compare_mean(c, 0, figure, &baseline, &half);
    double largest = fmax(isfinite(baseline) ? fabs(baseline) : 0, isfinite(value) ? fabs(value) : 0);
    scale s = scale_of(c->figures[figure].unit, largest, 0), difference = scale_of_difference(c, plan, figure);
    double step = difference.step / difference.factor * s.factor;
    s.step *= 10; /* three digits, and more where the difference asks for them */
    if (compare_difference_of(c, plan, figure)->paired.mean != 0 && step > 0) /* so that a small difference is seen */
        s.step = fmin(s.step, pow(10, floor(log10(step) + 1e-9)));
    if (s.step < 1 && strcmp(s.unit, "%") != 0 && strcmp(s.unit, "h") != 0 && strcmp(s.unit, "min") != 0 &&
        largest >= 1000)
        s.step = 1;
    put_number(&s, of_plan == 0 ? baseline : value, number);
    snprintf(text, size, "%s%s%s", number, isfinite(of_plan == 0 ? baseline : value) ? " " : "",
             isfinite(of_plan == 0 ? baseline : value) ? s.unit : "");
}

void compare_amount_words(const compare_figure *figure, double amount, char *text, size_t size)
{
    char number[FIGURE_SIZE];
    scale s = scale_of(figure->unit, fabs(amount), 0);
    put_number(&s, amount, number);
    strip_zeros(number);
    snprintf(text, size, "%s %s", number, s.of_change);
}

void compare_p_words(double p, char *text, size_t size)
{
    if (isnan(p))
        snprintf(text, size, "-");
    else if (p < 0.001)
        snprintf(text, size, "<0.001");
    else
        snprintf(text, size, "%.3f", p);
}

/* --- meaning --- */

/* 1: better, -1: worse, 0: neither. */
static int direction(model_better better, sim_paired_status status)
{
    int more = status == SIM_PAIRED_MORE ? 1 : status == SIM_PAIRED_LESS ? -1 : 0;
    return better == MODEL_MORE_IS_BETTER ? more : better == MODEL_LESS_IS_BETTER ? -more : 0;
}

compare_group compare_group_of(const comparison *c, size_t plan, size_t figure)
{
    const compare_figure *f = &c->figures[figure];
    sim_paired_status status = compare_difference_of(c, plan, figure)->status;
    if (f->is_protection)
        return COMPARE_PROTECTION;
    if (status != SIM_PAIRED_LESS && status != SIM_PAIRED_MORE && status != SIM_PAIRED_DIFFERS)
        return COMPARE_NOTHING;
    int good = direction(f->better, status);
    return good > 0 ? COMPARE_SAVES : good < 0 ? COMPARE_COSTS : COMPARE_CHANGES;
}

/* Whether one would say that it is saved: time, money, points; people, groups, episodes are fewer. */
static bool is_spent(const char *unit)
{
    static const char *const spent[] = {"s", "1", "person h", "person d", "USD"};
    for (size_t i = 0; i < sizeof spent / sizeof *spent; i++)
        if (strcmp(unit, spent[i]) == 0)
            return true;
    return false;
}

/* "saves 3 h", "costs 3 h more", "gains 12 points", "loses 12 points", "3 people more". */
static void put_claim(const compare_figure *f, sim_paired_status status, const char *amount, char *text, size_t size)
{
    bool more = status == SIM_PAIRED_MORE;
    if (!is_spent(f->unit))
        snprintf(text, size, more ? "%s more" : "%s fewer", amount);
    else if (f->better == MODEL_LESS_IS_BETTER)
        snprintf(text, size, more ? "costs %s more" : "saves %s", amount);
    else if (f->better == MODEL_MORE_IS_BETTER)
        snprintf(text, size, more ? "gains %s" : "loses %s", amount);
    else
        snprintf(text, size, more ? "%s more" : "%s less", amount);
}

static void put_sure(const comparison *c, size_t plan, size_t figure, const scale *s, char *text, size_t size)
{
    const compare_difference *d = compare_difference_of(c, plan, figure);
    char mean[FIGURE_SIZE], least[FIGURE_SIZE], most[FIGURE_SIZE], amount[FIGURE_SIZE + 40], claim[200];
    put_number(s, fabs(d->paired.mean), mean);
    if (d->paired.constant)
        strip_zeros(mean);
    put_number(s, fmin(fabs(d->low), fabs(d->high)), least);
    put_number(s, fmax(fabs(d->low), fabs(d->high)), most);
    snprintf(amount, sizeof amount, "%s %s", mean, s->of_change);
    put_claim(&c->figures[figure], d->status, amount, claim, sizeof claim);
    if (d->paired.constant)
        snprintf(text, size, "%s, in each replication", claim);
    else
        snprintf(text, size, "%s (%s to %s), sure", claim, least, most);
}

/* What is not sure has a sign. */
static void put_range(const compare_difference *d, const scale *s, const char *claim, char *text, size_t size)
{
    char low[FIGURE_SIZE], high[FIGURE_SIZE];
    put_number(s, d->low, low);
    put_number(s, d->high, high);
    snprintf(text, size, "%s (%s%s to %s%s %s)", claim, d->low > 0 ? "+" : "", low, d->high > 0 ? "+" : "", high,
             s->of_change);
}

void compare_words(const comparison *c, size_t plan, size_t figure, char *text, size_t size)
{
    const compare_difference *d = compare_difference_of(c, plan, figure);
    const compare_figure *f = &c->figures[figure];
    scale s = scale_of_difference(c, plan, figure);
    char amount[100];
    switch (d->status) {
    case SIM_PAIRED_LESS:
    case SIM_PAIRED_MORE:
        put_sure(c, plan, figure, &s, text, size);
        return;
    case SIM_PAIRED_DIFFERS:
        put_range(d, &s, "differs, but which way is not sure", text, size);
        return;
    case SIM_PAIRED_OPEN:
        put_range(d, &s, "no difference found", text, size);
        return;
    case SIM_PAIRED_SAME:
        if (d->paired.constant) {
            snprintf(text, size, "the same in each replication");
            return;
        }
        compare_amount_words(f, f->indifference, amount, sizeof amount);
        snprintf(text, size, "no difference beyond %s, sure", amount);
        return;
    case SIM_PAIRED_UNKNOWN:
        break;
    }
    snprintf(text, size,
             d->paired.n < 2 && c->replications >= 2 ? "not known: too few replications in which both have it"
                                                     : "not known");
}
