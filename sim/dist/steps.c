/* Distributions with jumps: sorted steps found by a guide on the top 8 bits and a short binary search.
 *
 * A mixture becomes straight pieces between (u, quantile) points: as in the table, but coarser, and halved wherever a
 * piece is both high and bent, so that an atom or a gap between two modes keeps its place to 1e-6 of u. */
#include "sim/dist/steps.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/error.h"

enum {
    GUIDE = 256,
    MOST = 200000, /* pieces; then no further halving, so that long empirical lists cannot take all memory */
    OCTAVES = SIM_DIST_OCTAVES,
    CELLS = 16,      /* pieces an octave to start with */
    TABLE_BITS = 40, /* of a value: the interpolation then never passes the next one by a rounding error */
};

#define STEEP 1e-6  /* width times height, in standard deviations, above which a piece is looked at */
#define BENT 1e-7   /* width times error in the middle above which both halves are as well */
#define NARROW 1e-6 /* how close the border of an atom is followed */

typedef struct {
    uint64_t end;
    double value;
} point;

typedef struct {
    const sim_dist_exact *exact;
    double deviation;
    point *points;
    size_t n, room;
} pieces;

static int make_guide(sim_dist *out)
{
    out->guide = calloc(GUIDE + 1, sizeof *out->guide);
    if (out->guide == NULL)
        return SIM_E_MEMORY;
    uint32_t passed = 0;
    for (uint64_t i = 0; i < GUIDE; i++) {
        while (passed + 1 < out->n && out->ends[passed] <= i << 56)
            passed++;
        out->guide[i] = passed;
    }
    out->guide[GUIDE] = (uint32_t)(out->n - 1);
    return 0;
}

static int allocate(sim_dist *out, size_t n, double **steps)
{
    out->steps = *steps = calloc(n, sizeof **steps);
    out->ends = calloc(n, sizeof *out->ends);
    out->n = n;
    return *steps == NULL || out->ends == NULL ? SIM_E_MEMORY : 0;
}

/* ends[i]: draws below it give steps[i] or an earlier one. The last one is beyond all 64 bits and is never read. */
int sim_dist_compile_steps(sim_dist *out, const sim_dist_exact *exact, double scale)
{
    double *steps;
    int code = allocate(out, exact->n, &steps);
    if (code != 0)
        return code;
    for (size_t i = 0; i < exact->n; i++) {
        double end = exact->at_most[i] * 0x1p64;
        steps[i] = exact->values[i] * scale;
        out->ends[i] = end < 0x1p64 ? (uint64_t)end : UINT64_MAX;
    }
    return make_guide(out);
}

static int append(pieces *list, point p)
{
    if (list->n == list->room) {
        size_t room = list->room == 0 ? 4096 : 2 * list->room;
        point *grown = realloc(list->points, room * sizeof *grown);
        if (grown == NULL)
            return SIM_E_MEMORY;
        list->points = grown;
        list->room = room;
    }
    if (list->n > 0) /* monotone, whatever the last bits of the exact quantiles */
        p.value = fmax(p.value, list->points[list->n - 1].value);
    list->points[list->n++] = p;
    return 0;
}

static point point_at(const sim_dist_exact *exact, uint64_t end)
{
    bool upper = end >> 63;
    double tail = (double)(upper ? -end : end) * 0x1p-64;
    return (point){end, sim_dist_exact_value(exact, tail, upper)};
}

static bool is_atom(const sim_dist_exact *exact, double value)
{
    if (exact->kind == SIM_DIST_IS_DISCRETE) {
        size_t passed = sim_dist_discrete_find(exact, value);
        return passed > 0 && exact->values[passed - 1] == value;
    }
    for (size_t i = 0; exact->kind == SIM_DIST_IS_MIXED && i < exact->n; i++)
        if (is_atom(&exact->parts[i], value))
            return true;
    return false;
}

/* Appends what lies between two points, and the right one. An atom's border is followed even where no jump marks it:
 * the share of those who get exactly 0 is a result of its own. */
static int append_piece(pieces *list, point left, point right, int depth)
{
    double width = (double)(right.end - left.end) * 0x1p-64, height = right.value - left.value;
    if (depth == 0 || right.end - left.end < 2 || !(height > 0) || list->n > MOST)
        return append(list, right);
    bool steep = width * height > STEEP * list->deviation;
    bool border = width > NARROW && (is_atom(list->exact, left.value) || is_atom(list->exact, right.value));
    if (!steep && !border)
        return append(list, right);
    point middle = point_at(list->exact, left.end + (right.end - left.end) / 2);
    double error = fabs(middle.value - (left.value + 0.5 * height));
    int deeper = border || width * error > BENT * list->deviation ? depth - 1 : 0;
    int code = append_piece(list, left, middle, deeper);
    return code != 0 ? code : append_piece(list, middle, right, deeper);
}

/* From the previous point to each of an octave's starts, upwards (u) or, mirrored, downwards (1 - u). */
static int append_octave(pieces *list, int octave, bool upper)
{
    uint64_t first = UINT64_C(1) << (63 - octave), width = first / CELLS;
    for (uint64_t i = 0; i < CELLS; i++) {
        uint64_t end = upper ? -(2 * first - (i + 1) * width) : first + (i + 1) * width;
        int code = append_piece(list, list->points[list->n - 1], point_at(list->exact, end), 40);
        if (code != 0)
            return code;
    }
    return 0;
}

static double end_value(double support, const sim_dist_exact *exact, bool upper)
{
    return isfinite(support) ? support : sim_dist_exact_value(exact, 0x1p-48, upper);
}

static int collect(pieces *list)
{
    const sim_dist_exact *exact = list->exact;
    point last = {UINT64_MAX, end_value(exact->high, exact, true)};
    int code = append(list, (point){0, end_value(exact->low, exact, false)});
    if (code == 0)
        code = append(list, point_at(exact, UINT64_C(1) << (63 - OCTAVES)));
    for (int octave = OCTAVES; code == 0 && octave >= 1; octave--)
        code = append_octave(list, octave, false);
    for (int octave = 1; code == 0 && octave <= OCTAVES; octave++)
        code = append_octave(list, octave, true);
    return code != 0 ? code : append(list, last);
}

int sim_dist_compile_pieces(sim_dist *out, const sim_dist_exact *exact, double deviation, double scale)
{
    pieces list = {.exact = exact, .deviation = deviation};
    double *steps;
    int code = collect(&list);
    if (code != 0)
        goto out;
    code = allocate(out, list.n, &steps);
    if (code != 0)
        goto out;
    out->mixed = true;
    for (size_t i = 0; i < list.n; i++) {
        steps[i] = sim_dist_round(list.points[i].value * scale, TABLE_BITS);
        out->ends[i] = list.points[i].end;
    }
    code = make_guide(out);
out:
    free(list.points);
    return code;
}

double sim_dist_draw_discrete(const sim_dist *dist, uint64_t bits)
{
    const uint64_t *ends = dist->ends;
    size_t found = dist->guide[bits >> 56], length = dist->guide[(bits >> 56) + 1] - found;
    while (length > 0) { /* how many ends, the last not counted, are <= bits: found .. found + length */
        size_t half = (length + 1) / 2;
        found += bits >= ends[found + half - 1] ? half : 0;
        length -= half;
    }
    if (!dist->mixed)
        return dist->steps[found];
    double left = dist->steps[found - 1], fraction = (double)(bits - ends[found - 1]);
    return left + (dist->steps[found] - left) * (fraction / (double)(ends[found] - ends[found - 1]));
}
