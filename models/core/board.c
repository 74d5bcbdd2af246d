/* The board: the arrays that models share, laid out, remade, saved and freed by their rows (board.def). */
#include <stdlib.h>
#include <string.h>

#include "models/core/state.h"

/* Of zeros the laying out makes rows already: no memory of theirs is touched until it is needed. */
static bool is_zero(const void *value, size_t size)
{
    const unsigned char *bytes = value;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

#define BOARD(type, name, of, neutral, combine, when, doc)                                      \
    static void reset_##name(const model_world *world, size_t count)                            \
    {                                                                                           \
        for (size_t i = 0; i < count; i++)                                                      \
            world->name[i] = neutral;                                                           \
    }                                                                                           \
    static bool is_zero_##name(void)                                                            \
    {                                                                                           \
        const type value = neutral;                                                             \
        return _Alignof(type) < 128 && is_zero(&value, sizeof value); /* others have padding */ \
    }
#include "models/core/board.def"
#undef BOARD

#define BOARD_COLUMN(type, array, of)                                                                                  \
    {                                                                                                                  \
        .name = #array, .at = MODEL_OFFSET(model_world, array, type *), .size = sizeof(type), .each = MODEL_EACH_##of, \
        .apart = _Alignof(type) >= 128                                                                                 \
    }

const model_board_row model_board[] = {
#define BOARD(type, name, of, neutral, combine, when, doc) \
    {BOARD_COLUMN(type, name, of), MODEL_##combine, MODEL_##when, doc, reset_##name, is_zero_##name},
#include "models/core/board.def"
#undef BOARD
};
const size_t model_board_count = sizeof model_board / sizeof *model_board;

bool model_board_is_written_by(const model *m, const char *row)
{
    size_t length = strlen(row);
    for (const char *at = m->writes; at != NULL && *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, row, length) == 0)
            return true;
        at += word;
    }
    return false;
}

static bool is_written(const model_setup *setup, const char *row)
{
    for (size_t i = 0; i < setup->used_count; i++) {
        const model *m = setup->used[i];
        if (model_board_is_written_by(m, row) && (m->writes_it == NULL || m->writes_it(setup, row)))
            return true;
    }
    return false;
}

static void *of_row(const model_world *world, const model_board_row *row)
{
    return *(void *const *)(const void *)((const char *)world + row->column.at);
}

int model_board_lay_out(model_world *world)
{
    int ret = 0;
    for (size_t i = 0; i < model_board_count && ret == 0; i++) {
        const model_board_row *row = &model_board[i];
        if (row->when == MODEL_USED && !is_written(world->setup, row->column.name))
            continue;
        ret = model_state_lay_out_column(world, world, &row->column);
        if (ret == 0 && of_row(world, row) != NULL && !row->begins_zero())
            row->reset(world, model_state_entries(world, &row->column));
    }
    return ret;
}

void model_board_free(model_world *world)
{
    for (size_t i = 0; i < model_board_count; i++)
        free(of_row(world, &model_board[i]));
}

void model_board_remake(const model_world *world)
{
    for (size_t i = 0; i < model_board_count; i++) {
        const model_board_row *row = &model_board[i];
        if ((row->combine == MODEL_TIMES || row->combine == MODEL_PLUS) && of_row(world, row) != NULL)
            row->reset(world, model_state_entries(world, &row->column));
    }
}

void model_board_visit(model_world *world, struct model_image *image)
{
    for (size_t i = 0; i < model_board_count; i++) {
        const model_board_row *row = &model_board[i];
        void *entries = of_row(world, row);
        if (entries != NULL)
            model_image_visit(image, entries, model_state_entries(world, &row->column) * row->column.size);
    }
    model_image_visit(image, &world->staffing_changed, sizeof world->staffing_changed);
}
