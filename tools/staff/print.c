/* What `hbm staff` prints: the roster with its cost beside the scenario's own, the targets, and what one person more or
 * less on each shift would do. */
#include <math.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/page/cell.h"
#include "tools/page/grid.h"
#include "tools/staff/tell.h"

enum { TEXT = 200 };

static const char *unit_of(const staff_study *study)
{
    return study->shifts.paid ? "USD" : "person h";
}

static void put_cost(tool_grid *grid, double cost, bool with_sign)
{
    char number[FIGURE_SIZE];
    figure_number(number, cost, 0);
    grid_format(grid, "%s%s", with_sign && cost > 0 ? "+" : "", number);
}

/* --- the roster --- */

static void put_shift(tool_grid *grid, const staff_study *study, size_t i)
{
    const model_setup *setup = study->shifts.setup;
    const staff_shift *s = &study->shifts.items[i];
    char text[TEXT];
    staff_shift_text(setup, s, text, sizeof text);
    grid_text(grid, setup->sites[s->post].name);
    grid_text(grid, setup->sites[s->post].kind == MODEL_CENTRE ? "" : s->side == 0 ? "exit" : "entry");
    grid_text(grid, staff_setup(setup)->rosters[s->roster].role);
    grid_text(grid, text);
    put_cost(grid, s->hours, false);
    grid_format(grid, "%.1f", study->loads[i]);
    grid_format(grid, "%lld", (long long)s->head);
    if (study->met)
        grid_format(grid, "%lld", (long long)study->heads[i]);
    else
        grid_text(grid, "-");
    put_cost(grid, (double)s->head * s->cost, false);
    if (study->met)
        put_cost(grid, (double)study->heads[i] * s->cost, false);
    else
        grid_text(grid, "-");
}

static void own_heads(const staff_study *study, double *own)
{
    *own = 0;
    for (size_t i = 0; i < study->shifts.count; i++)
        *own += (double)study->shifts.items[i].head * study->shifts.items[i].cost;
}

static int print_roster(const staff_study *study, FILE *to)
{
    static const char *const heading[] = {"Post", "Side", "Role",  "Shift",    "Hours",
                                          "Load", "Now",  "Found", "Cost now", "Cost found"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    tool_grid grid;
    double own, found = staff_cost(&study->shifts, study->heads);
    own_heads(study, &own);
    grid_init(&grid, COLUMNS, 0x3f0);
    for (size_t i = 0; i < COLUMNS; i++)
        grid_text(&grid, heading[i]);
    for (size_t i = 0; i < study->shifts.count; i++)
        put_shift(&grid, study, i);
    int error = grid_print(&grid, to);
    grid_free(&grid);
    if (error != 0)
        return error;
    char texts[3][FIGURE_SIZE];
    figure_number(texts[0], own, 0);
    figure_number(texts[1], found, 0);
    figure_number(texts[2], fabs(found - own), 0);
    fprintf(to,
            "Heads of each shift; hours of a person on it in the run; load: people busy where there are plenty.\n\n");
    if (study->met)
        fprintf(to, "Cost: %s %s, now %s: %s %s (%+.1f %%).\n", texts[1], unit_of(study), texts[0], texts[2],
                found < own ? "less" : "more", own > 0 ? 100 * (found - own) / own : 0.0);
    else
        fprintf(to, "Cost now: %s %s.\n", texts[0], unit_of(study));
    if (!study->shifts.paid)
        fputs("Not all of these rosters have a wage, so that cost is hours of people on shifts.\n", to);
    return 0;
}

/* Pools that need more lanes than there are. */
static void print_lanes(const staff_study *study, FILE *to)
{
    const model_setup *setup = study->shifts.setup;
    for (size_t i = 0; i < study->shifts.count; i++) {
        const staff_shift *s = &study->shifts.items[i];
        int64_t people, lanes;
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first = first && !model_roster_is_pool(&staff_setup(setup)->rosters[study->shifts.items[k].roster],
                                                   &staff_setup(setup)->rosters[s->roster]);
        staff_pool(&study->shifts, i, study->heads, &people, &lanes);
        if (first && people > lanes && study->shifts.lane_count > 0)
            fprintf(to, "Lanes: %s, %s, role %s: up to %lld people at a time, lanes for %lld now.\n",
                    setup->sites[s->post].name, s->side == 0 ? "exit" : "entry",
                    staff_setup(setup)->rosters[s->roster].role, (long long)people, (long long)lanes);
    }
}

/* --- targets --- */

static void put_bound(tool_grid *grid, const staff_target *t, const staff_reached *r)
{
    char text[TEXT];
    double bound = t->at_least ? r->value - r->margin : r->value + r->margin;
    staff_value_text(text, sizeof text, t->unit, bound);
    grid_text(grid, text);
}

static void put_value(tool_grid *grid, const staff_target *t, const staff_reached *r)
{
    char text[TEXT];
    staff_value_text(text, sizeof text, t->unit, r->value);
    grid_text(grid, r->stretches > 0 ? text : "nobody");
}

static int print_targets(const staff_study *study, FILE *to)
{
    static const char *const heading[] = {"Target", "Now", "Found", "Bound", "Checked", ""};
    tool_grid grid;
    bool stretches = false;
    grid_init(&grid, 6, 0x1e);
    for (size_t i = 0; i < 6; i++)
        grid_text(&grid, i == 2 && !study->met ? "With most" : heading[i]);
    for (size_t i = 0; i < study->targets.count; i++) {
        const staff_target *t = &study->targets.items[i];
        const staff_reached *r = &study->found[i];
        grid_text(&grid, t->text);
        put_value(&grid, t, &study->own[i]);
        put_value(&grid, t, r);
        put_bound(&grid, t, r);
        if (study->met)
            put_value(&grid, t, &study->check[i]);
        else
            grid_text(&grid, "-");
        if (t->each > 0)
            grid_format(&grid, "%s in %zu of %zu", staff_is_met(r) ? "met" : "met only", r->stretches - r->missed,
                        r->stretches);
        else
            grid_text(&grid, staff_is_met(r) ? "met" : "not met");
        stretches = stretches || t->each > 0;
    }
    int error = grid_print(&grid, to);
    grid_free(&grid);
    if (error != 0)
        return error;
    fprintf(to,
            "Found: value of %zu replications together; bound: what it is to %.3g %% at the worst, chance allowed for;",
            study->replications, 100 * study->effort.confidence);
    fprintf(to, " checked: value of %zu other replications.\n", study->replications);
    if (stretches)
        fputs("Of a target for each stretch of time the nearest to missing it is shown; each stretch has its own "
              "bound.\n",
              to);
    if (study->replications < 2)
        fputs("One replication has no bounds: use --reps for more.\n", to);
    return 0;
}

/* What targets may not tell: a roster under which people give up, or still wait at the end, makes waits look short. */
static void print_aside(const staff_study *study, FILE *to)
{
    static const char *const words[STAFF_ASIDE] = {"crossed", "gave up", "still waited at the end"};
    fputs("People", to);
    for (size_t i = 0; i < STAFF_ASIDE; i++) {
        char own[FIGURE_SIZE], found[FIGURE_SIZE];
        figure_number(own, study->own_aside[i], 0);
        figure_number(found, study->found_aside[i], 0);
        fprintf(to, "%s %s: %s (now %s)", i == 0 ? " who" : ",", words[i], found, own);
    }
    fputs(".\n", to);
    double lost = study->found_aside[1] + study->found_aside[2], all = lost + study->found_aside[0];
    if (study->met && lost > 0.02 * all && lost > 1.5 * (study->own_aside[1] + study->own_aside[2]))
        fputs("More people give up or still wait at the end than now: they are in no wait of those who crossed. Set a "
              "target for them too.\n",
              to);
}

/* --- one more, one less --- */

/* The target that moved most, for its amount. */
static size_t most_moved(const staff_study *study, const staff_reached *other)
{
    size_t most = 0;
    double best = -1;
    for (size_t t = 0; t < study->targets.count; t++) {
        double by = fabs((other[t].score.slack - other[t].score.margin) -
                         (study->found[t].score.slack - study->found[t].score.margin));
        if (!(other[t].stretches > 0) || by > best) {
            best = other[t].stretches > 0 ? by : (double)INFINITY;
            most = t;
        }
    }
    return most;
}

static bool has_moved(const staff_study *study, const staff_reached *other)
{
    for (size_t t = 0; t < study->targets.count; t++)
        if (!(other[t].value == study->found[t].value) || other[t].stretches != study->found[t].stretches)
            return true;
    return false;
}

static void put_change(tool_grid *grid, const staff_study *study, const staff_reached *other, double cost)
{
    if (other[0].stretches == 0 && other[0].score.margin == 0 && other[0].value == 0) { /* not tried */
        grid_text(grid, "-");
        grid_text(grid, "");
        return;
    }
    size_t t = most_moved(study, other), missed = 0;
    char text[TEXT];
    for (size_t i = 0; i < study->targets.count; i++)
        missed += !staff_is_met(&other[i]);
    staff_value_text(text, sizeof text, study->targets.items[t].unit, other[t].value);
    put_cost(grid, cost, true);
    if (!has_moved(study, other))
        grid_text(grid, "none");
    else if (missed > 0)
        grid_format(grid, "%s: %s; misses %zu of %zu", study->targets.items[t].name, text, missed,
                    study->targets.count);
    else
        grid_format(grid, "%s: %s%s", study->targets.items[t].name, text, cost < 0 ? "; all met" : "");
}

static int print_marginals(const staff_study *study, FILE *to)
{
    tool_grid grid;
    size_t n = study->targets.count;
    grid_init(&grid, 5, 0xa);
    grid_text(&grid, "Shift");
    grid_format(&grid, "1 less, %s", unit_of(study));
    grid_text(&grid, "target that moves most");
    grid_format(&grid, "1 more, %s", unit_of(study));
    grid_text(&grid, "target that moves most");
    for (size_t i = 0; i < study->shifts.count; i++) {
        char text[TEXT];
        staff_shift_text(study->shifts.setup, &study->shifts.items[i], text, sizeof text);
        grid_text(&grid, text);
        put_change(&grid, study, study->less + i * n, -study->shifts.items[i].cost);
        put_change(&grid, study, study->more + i * n, study->shifts.items[i].cost);
    }
    int error = grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

static void print_search(const staff_study *study, FILE *to)
{
    fprintf(to, "%zu roster%s tried", study->trials, study->trials == 1 ? "" : "s");
    if (study->rounds > 1)
        fprintf(to, " in %zu rounds, each on twice the replications of the one before", study->rounds);
    if (!study->met)
        fputs("; even with the most people that could be of use the targets are not met.\nLanes (--lanes), hours, "
              "waiting areas, stations "
              "that no "
              "roster mans or orders hold people up: 'hbm run' tells where they wait longest.\n",
              to);
    else if (study->settled)
        fputs(
            "; nobody can be taken off a shift, and no exchange of people between shifts that was tried is cheaper.\n",
            to);
    else
        fputs("; that was the limit (--trials): where one less still meets all, and by exchanges, a cheaper roster may "
              "be found.\n",
              to);
    if (study->met && !study->confirmed)
        fputs("The other replications miss a target: this roster is not confirmed. More replications (--reps) make the "
              "choice surer.\n",
              to);
}

int staff_print(const staff_study *study, FILE *to)
{
    fprintf(to, "%s\n\n", study->shifts.setup->name);
    int error = print_roster(study, to);
    if (error == 0 && study->met)
        print_lanes(study, to);
    putc('\n', to);
    if (error == 0)
        error = print_targets(study, to);
    if (error == 0)
        print_aside(study, to);
    putc('\n', to);
    if (error == 0 && study->met)
        error = print_marginals(study, to);
    if (error == 0 && study->met)
        putc('\n', to);
    if (error == 0)
        print_search(study, to);
    return error;
}
