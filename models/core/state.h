/* A model's part of the world by its rows (model_column, model_metric). */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include "models/core/world.h"

/* Entries of a column in this world, and its laying out, zeroed, in the part. 0 or SIM_E_MEMORY. */
size_t model_state_entries(const model_world *world, const model_column *column);
int model_state_lay_out_column(const model_world *world, void *part, const model_column *column);
/* Lays out the columns of a used model, zeroed; those that are there already stay: a model that counts people has its
 * columns before it does, but for those of people and groups. 0 or SIM_E_MEMORY; model_state_free in any case. */
int model_state_lay_out(model_world *world, const model *m, size_t slot);
void model_state_free(model_world *world, const model *m, size_t slot);
/* Saves or restores them. */
void model_state_visit(model_world *world, const model *m, size_t slot, struct model_image *image);
/* Tells the fields of metric rows their numbers in the recorder, whose metrics are those of the used models in order.
 */
void model_state_number_metrics(model_world *world);

/* How the writers of a row of the board combine (board.def). */
typedef enum { MODEL_ONE, MODEL_ANY, MODEL_COUNT, MODEL_TIMES, MODEL_PLUS } model_combine;

typedef struct {
    model_column column; /* its place in model_world */
    model_combine combine;
    enum { MODEL_ALWAYS, MODEL_USED } when;
    const char *doc;
    void (*reset)(const model_world *world, size_t count); /* to the neutral value */
    bool (*begins_zero)(void);                             /* whether that is all zeros */
} model_board_row;
extern const model_board_row model_board[];
extern const size_t model_board_count;

/* Whether the model names the row in `writes`. (board.c) */
bool model_board_is_written_by(const model *m, const char *row);
/* Lays out the rows that used models write, with their neutral values. 0 or SIM_E_MEMORY; model_board_free in any case.
 */
int model_board_lay_out(model_world *world);
void model_board_free(model_world *world);
/* What models multiply or add anew. */
void model_board_remake(const model_world *world);
void model_board_visit(model_world *world, struct model_image *image);

#endif
