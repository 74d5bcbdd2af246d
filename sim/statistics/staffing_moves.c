/* Moves of the staffing search: a person less; some less here for some more there, among two shifts of a block or
 * three. All save cost, and as little as can be: one that saves more, with nobody more anywhere, fails where this one
 * does. */
#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"
#include "sim/statistics/staffing_internal.h"

static int add_move(const sim_staffing *s, sim_staffing_moves *list, sim_staffing_move m)
{
    for (int i = 0; i < 3; i++) {
        m.people += m.shift[i] == SIZE_MAX ? 0 : m.by[i] < 0 ? -m.by[i] : m.by[i];
        m.saved -= m.shift[i] == SIZE_MAX ? 0 : (double)m.by[i] * s->problem->cost[m.shift[i]];
    }
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 64 : 2 * list->room;
        sim_staffing_move *moves = realloc(list->moves, room * sizeof *moves);
        if (moves == NULL)
            return SIM_E_MEMORY;
        list->moves = moves;
        list->room = room;
    }
    list->moves[list->count++] = m;
    return 0;
}

/* The most that a shift of this cost may change by so that all together still saves, other changes costing `spent`. */
static int64_t most_that_saves(double spent, double cost)
{
    return (int64_t)ceil(-spent / cost - 1e-9) - 1;
}

/* For every change of one or two shifts by up to `reach` (`three`: if not 0) the change of one more that just saves
 * cost: what saves more than that, with nobody more anywhere, is not feasible either when this is not. */
static int list_moves(const sim_staffing *s, const size_t *members, size_t n, int64_t reach, int64_t three,
                      sim_staffing_moves *list)
{
    const double *cost = s->problem->cost;
    int ret = 0;
    for (size_t a = 0; a < n && ret == 0; a++) {
        ret = add_move(s, list, (sim_staffing_move){{members[a], SIZE_MAX, SIZE_MAX}, {-1, 0, 0}, 0, 0});
        for (size_t b = 0; b < n && ret == 0; b++) {
            for (int64_t y = 1; y <= reach && ret == 0 && b != a; y++) {
                int64_t x = most_that_saves((double)y * cost[members[b]], cost[members[a]]);
                ret = add_move(s, list, (sim_staffing_move){{members[a], members[b], SIZE_MAX}, {x, y, 0}, 0, 0});
            }
            for (size_t c = b + 1; c < n && ret == 0; c++)
                for (int64_t i = 0; i < (2 * three + 1) * (2 * three + 1) && ret == 0 && b != a && c != a; i++) {
                    int64_t y = i % (2 * three + 1) - three, z = i / (2 * three + 1) - three;
                    int64_t x =
                        most_that_saves((double)y * cost[members[b]] + (double)z * cost[members[c]], cost[members[a]]);
                    if (x != 0 && y != 0 && z != 0 && (x > 0 || y > 0 || z > 0))
                        ret = add_move(s, list,
                                       (sim_staffing_move){{members[a], members[b], members[c]}, {x, y, z}, 0, 0});
                }
        }
    }
    return ret;
}

/* Fewer shifts first, then fewer people, then what saves most; the rest only for a definite order. */
static int by_size(const void *a, const void *b)
{
    const sim_staffing_move *x = a, *y = b;
    for (int i = 1; i < 3; i++)
        if ((x->shift[i] == SIZE_MAX) != (y->shift[i] == SIZE_MAX))
            return x->shift[i] == SIZE_MAX ? -1 : 1;
    if (x->people != y->people)
        return x->people < y->people ? -1 : 1;
    if (x->saved != y->saved)
        return x->saved > y->saved ? -1 : 1;
    for (int i = 0; i < 3; i++) {
        if (x->shift[i] != y->shift[i])
            return x->shift[i] < y->shift[i] ? -1 : 1;
        if (x->by[i] != y->by[i])
            return x->by[i] < y->by[i] ? -1 : 1;
    }
    return 0;
}

static bool put_move(const sim_staffing *s, const sim_staffing_move *m, int64_t *heads)
{
    bool inside = true;
    for (int i = 0; i < 3; i++) {
        size_t j = m->shift[i];
        if (j == SIZE_MAX)
            continue;
        heads[j] += m->by[i];
        inside = inside && heads[j] >= s->problem->low[j] && heads[j] <= s->problem->high[j];
    }
    return inside;
}

bool sim_staffing_next_move(const sim_staffing *s, sim_staffing_moves *list, uint32_t block, int64_t *wanted)
{
    while (list->next < list->count) {
        const sim_staffing_move *m = &list->moves[list->next++];
        if (put_move(s, m, wanted) && !sim_staffing_has_failed(s, wanted, block))
            return true;
        sim_staffing_put_block(s, wanted, s->best, block);
    }
    return false;
}

/* How far exchanges reach: their number grows with the second and third power of the block's shifts. */
int sim_staffing_list_moves(const sim_staffing *s, const size_t *order, sim_staffing_moves *lists)
{
    size_t n = s->problem->shifts;
    int ret = 0;
    for (uint32_t b = 0; b < s->blocks && ret == 0; b++) {
        size_t members = 0;
        while (members < n && order[b * n + members] != SIZE_MAX)
            members++;
        ret = list_moves(s, order + b * n, members,
                         members <= 6    ? 4
                         : members <= 16 ? 2
                                         : 1,
                         members <= 4   ? 3
                         : members <= 8 ? 1
                                        : 0,
                         &lists[b]);
        if (ret == 0)
            qsort(lists[b].moves, lists[b].count, sizeof *lists[b].moves, by_size);
    }
    return ret;
}
