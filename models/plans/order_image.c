/* A replication's orders in an image: saved, and restored into a world that may have other orders.
 *
 * Restoring matches orders by what they say. What the other world gave before goes on here: an order that this one does
 * not have is taken over, and undone as it would have been there. What this one would have given before then has not
 * been given. */
#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"

enum { LONGEST_TEXT = 1 << 20 };

/* --- the log --- */

static int visit_rows(model_world *world, struct model_image *image)
{
    model_order_book *t = world->book;
    uint32_t count = t->count;
    model_image_visit(image, &count, sizeof count);
    int ret = model_image_is_loading(image) ? model_orders_reserve(world, 0, count) : 0;
    if (ret != 0)
        return ret;
    t->count = count;
    model_image_visit(image, t->rows, count * sizeof *t->rows);
    return 0;
}

void model_order_log_visit(model_world *world, struct model_image *image)
{
    int ret = world->book == NULL ? model_orders_build(world) : 0; /* a world that has records only */
    if (ret == 0)
        ret = visit_rows(world, image);
    for (uint32_t i = 0; ret == 0 && model_image_is_loading(image) && i < world->book->count; i++)
        if (world->book->rows[i].order >= world->order_count)
            ret = SIM_E_FORMAT;
    if (ret != 0)
        model_image_fail(image, ret);
}

/* --- what an image has of an order --- */

typedef struct {
    char *says, *giver;
    sim_time given, begin, end;
    uint32_t by, on_the_way; /* on_the_way: it was given while the run went on */
} saved_order;

static int visit_text(struct model_image *image, char **text)
{
    uint32_t length = *text == NULL ? 0 : (uint32_t)strlen(*text);
    model_image_visit(image, &length, sizeof length);
    if (model_image_is_loading(image)) {
        *text = length > LONGEST_TEXT ? NULL : calloc((size_t)length + 1, 1);
        if (*text == NULL)
            return length > LONGEST_TEXT ? SIM_E_FORMAT : SIM_E_MEMORY;
    }
    model_image_visit(image, *text, length);
    return 0;
}

static int visit_saved(struct model_image *image, saved_order *saved)
{
    int ret = visit_text(image, &saved->says);
    if (ret == 0)
        ret = visit_text(image, &saved->giver);
    model_image_visit(image, &saved->given, sizeof saved->given);
    model_image_visit(image, &saved->begin, sizeof saved->begin);
    model_image_visit(image, &saved->end, sizeof saved->end);
    model_image_visit(image, &saved->by, sizeof saved->by);
    model_image_visit(image, &saved->on_the_way, sizeof saved->on_the_way);
    return ret;
}

static int save_orders(model_world *world, struct model_image *image)
{
    model_order_book *t = world->book;
    int ret = 0;
    for (uint32_t i = 0; i < world->order_count && ret == 0; i++) {
        const model_order *order = world->orders[i];
        saved_order saved = {
            .says = order->says,
            .giver = order->giver,
            .given = order->given,
            .begin = world->order_begin[i],
            .end = world->order_end[i],
            .by = order->by,
            .on_the_way = order->own != NULL && !order->inherited,
        };
        ret = visit_saved(image, &saved);
        for (uint32_t k = 0; k < t->table_count; k++)
            model_image_visit(image, model_order_entry(world, k, i), t->tables[k].size);
    }
    return ret;
}

/* --- restoring --- */

/* While a log is taken over. */
typedef struct {
    uint32_t *to; /* of each order of the image: ours, or MODEL_NONE */
    bool *taken;  /* of each of ours: it is in the image */
    uint32_t count;
    sim_time over; /* what was to happen until then has happened */
} matching;

/* Ours that says the same, of the same giver, given at the same time; the first that is not taken yet. */
static uint32_t find_same(const model_world *world, const matching *m, const saved_order *saved)
{
    for (uint32_t i = 0; i < world->setup->order_count; i++) {
        const model_order *order = world->orders[i];
        if (!m->taken[i] && order->given == saved->given && strcmp(order->says, saved->says) == 0 &&
            strcmp(order->giver, saved->giver) == 0)
            return i;
    }
    return MODEL_NONE;
}

/* "rule NAME LEVEL": what this world has by these names takes the order back. */
static void find_rule(const model_setup *setup, model_order *order, const char *giver)
{
    static const char *const levels[MODEL_LEVELS] = {"watch", "partial", "full", "overwhelmed"};
    const char *level = strrchr(giver, ' ');
    if (strncmp(giver, "rule ", 5) != 0 || level < giver + 5)
        return;
    char *name = strndup(giver + 5, (size_t)(level - giver) - 5);
    ptrdiff_t rule = name == NULL ? -1 : sim_element_find(setup->config, "rules.*", name);
    free(name);
    for (uint32_t i = 0; rule >= 0 && i < MODEL_LEVELS; i++)
        if (strcmp(levels[i], level + 1) == 0) {
            order->rule = (uint32_t)rule;
            order->level = i + 1;
        }
}

/* An order that this world does not have, but that has been given. */
static int take_over(model_world *world, const saved_order *saved, uint32_t *index)
{
    sim_diag *diag = NULL;
    model_order *order = calloc(1, sizeof *order);
    int ret = order == NULL ? SIM_E_MEMORY : sim_diag_new(&diag, 1);
    if (ret == 0)
        ret = model_order_read(world->setup, saved->says, saved->by, diag, order);
    sim_diag_free(diag);
    if (ret == 0)
        ret = model_order_describe(world->setup, order, saved->giver);
    if (ret == 0)
        ret = model_orders_reserve(world, world->order_count + 1, 0);
    if (ret != 0) {
        if (order != NULL)
            model_order_free(order);
        free(order);
        return ret == SIM_E_MEMORY ? ret : SIM_E_FORMAT;
    }
    order->given = saved->given;
    order->inherited = !saved->on_the_way;
    if (order->inherited)
        find_rule(world->setup, order, saved->giver);
    model_orders_append(world, order);
    *index = order->index;
    return 0;
}

static bool has_been_given(const model_order_book *t, uint32_t order, sim_time over)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->rows[i].order == order && t->rows[i].given <= over)
            return true;
    return false;
}

static int load_entries(const model_world *world, uint32_t index, struct model_image *image)
{
    for (uint32_t k = 0; k < world->book->table_count; k++) {
        size_t size = world->book->tables[k].size;
        void *passed_over = index == MODEL_NONE ? malloc(size) : NULL;
        if (index == MODEL_NONE && passed_over == NULL)
            return SIM_E_MEMORY;
        model_image_visit(image, index == MODEL_NONE ? passed_over : model_order_entry(world, k, index), size);
        free(passed_over);
    }
    return 0;
}

static int load_order(model_world *world, matching *m, uint32_t i, struct model_image *image)
{
    saved_order saved = {0};
    int ret = visit_saved(image, &saved);
    uint32_t index = ret == 0 ? find_same(world, m, &saved) : MODEL_NONE;
    if (index != MODEL_NONE)
        m->taken[index] = true;
    else if (ret == 0 && (saved.on_the_way || has_been_given(world->book, i, m->over)))
        ret = take_over(world, &saved, &index);
    if (ret == 0)
        ret = load_entries(world, index, image);
    if (ret == 0 && index != MODEL_NONE) {
        world->order_begin[index] = saved.begin;
        world->order_end[index] = saved.end;
    }
    m->to[i] = index;
    free(saved.says);
    free(saved.giver);
    return ret;
}

/* Ours that the image does not have: what was to be given before is not, and rules have given nothing. */
static void reset_others(model_world *world, const matching *m)
{
    for (uint32_t i = 0; i < world->setup->order_count; i++)
        if (!m->taken[i] && (world->orders[i]->rule != MODEL_NONE || world->orders[i]->given <= m->over))
            world->order_begin[i] = world->order_end[i] = SIM_FOREVER;
}

static const model_order_row *row_of(const model_order_book *t, const matching *m, uint32_t order)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->rows[i].order < m->count && m->to[t->rows[i].order] == order)
            return &t->rows[i];
    return NULL;
}

/* Rows of orders of set times come first, in their order, as in a run that had them from the start. */
static int sort_log(model_world *world, const matching *m)
{
    model_order_book *t = world->book;
    const model_setup *setup = world->setup;
    uint32_t n = 0;
    model_order_row *rows = malloc(((size_t)t->count + setup->order_count + 1) * sizeof *rows);
    if (rows == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->order_count && t->begun; i++) {
        const model_order_row *row = m->taken[i] ? row_of(t, m, i) : NULL;
        if (setup->orders[i].rule != MODEL_NONE || (row == NULL && setup->orders[i].given <= m->over))
            continue;
        rows[n] = row != NULL ? *row
                              : (model_order_row){setup->orders[i].given, SIM_FOREVER, SIM_FOREVER, i,
                                                  world->order_begin[i] == SIM_FOREVER ? MODEL_ORDER_NOT_AGREED
                                                                                       : MODEL_ORDER_PENDING};
        rows[n++].order = i;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t order = t->rows[i].order < m->count ? m->to[t->rows[i].order] : MODEL_NONE;
        if (order == MODEL_NONE || (order < setup->order_count && setup->orders[order].rule == MODEL_NONE))
            continue;
        rows[n] = t->rows[i];
        rows[n++].order = order;
    }
    free(t->rows);
    t->rows = rows;
    t->room = t->count + setup->order_count + 1;
    t->count = n;
    for (uint32_t i = 0; i < world->order_count; i++)
        t->row_of[i] = MODEL_NO_ROW;
    for (uint32_t i = 0; i < n; i++)
        t->row_of[rows[i].order] = i;
    return 0;
}

static int load_orders(model_world *world, uint32_t count, struct model_image *image)
{
    matching m = {.count = count, .over = model_orders_done(world)};
    m.to = calloc((size_t)count + 1, sizeof *m.to);
    m.taken = calloc((size_t)world->setup->order_count + 1, sizeof *m.taken);
    int ret = m.to == NULL || m.taken == NULL ? SIM_E_MEMORY : 0;
    model_orders_forget(world);
    for (uint32_t i = 0; i < count && ret == 0; i++)
        ret = load_order(world, &m, i, image);
    if (ret == 0) {
        reset_others(world, &m);
        ret = sort_log(world, &m);
    }
    free(m.to);
    free(m.taken);
    sim_time next = ret == 0 ? model_orders_next(world, m.over + 1) : SIM_FOREVER;
    if (next < world->kernel.next_control)
        world->kernel.next_control = next;
    return ret;
}

void model_orders_visit(model_world *world, struct model_image *image)
{
    model_order_book *t = world->book;
    uint32_t count = world->order_count;
    model_image_visit(image, &t->begun, sizeof t->begun);
    model_image_visit(image, &count, sizeof count);
    int ret = count > UINT32_MAX / 2 ? SIM_E_FORMAT : visit_rows(world, image);
    if (ret == 0)
        ret = model_image_is_loading(image) ? load_orders(world, count, image) : save_orders(world, image);
    if (ret != 0)
        model_image_fail(image, ret);
}
