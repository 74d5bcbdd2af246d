/* What the files of the staffing search share: staffing.c starts and repairs, staffing_polish.c takes people off and
 * exchanges them by the moves of staffing_moves.c, staffing_trial.c evaluates vectors, each once, and remembers them.
 */
#ifndef SIM_STAFFING_INTERNAL_H
#define SIM_STAFFING_INTERNAL_H

#include "sim/statistics/staffing.h"

/* Returned, beside 0 and negative errors, when no more vectors may be evaluated. */
enum { SIM_STAFFING_USED_UP = 1 };

typedef struct {
    const sim_staffing_problem *problem;
    sim_staffing_answer *answer;
    uint32_t *block; /* of each shift; all 0 when a target concerns all */
    uint32_t blocks;
    int64_t *best;    /* the cheapest vector so far that meets all targets */
    int64_t *scratch; /* [2][shifts] */
    /* Parts of blocks that failed: whole vectors of which only the shifts of the block count. */
    int64_t *failed;
    uint32_t *failed_block;
    size_t failed_count, failed_room;
} sim_staffing;

/* Changes of up to three shifts of a block; shift[i] SIZE_MAX: fewer. */
typedef struct {
    size_t shift[3];
    int64_t by[3];
    int64_t people; /* that change, more and less together */
    double saved;
} sim_staffing_move;

typedef struct {
    sim_staffing_move *moves;
    size_t count, room, next; /* all before `next` have been tried from the block's present heads */
} sim_staffing_moves;

/* --- staffing_trial.c --- */
/* Evaluates vectors that are not known yet and says where each stands in the answer: at[i]. */
int sim_staffing_try_all(sim_staffing *s, const int64_t *heads, size_t count, sim_staffing_phase phase, size_t *at);
int sim_staffing_try(sim_staffing *s, const int64_t *heads, sim_staffing_phase phase, size_t *at);
bool sim_staffing_trial_meets(const sim_staffing *s, size_t at);
/* Whether the targets that concern the block are met. */
bool sim_staffing_block_meets(const sim_staffing *s, size_t at, uint32_t block);
/* The trial meets all targets: it becomes the best if it is cheaper. */
void sim_staffing_take(sim_staffing *s, size_t at);
/* Remembers that the block's part of the vector failed, and says whether a part is nowhere above one that did. */
int sim_staffing_fail(sim_staffing *s, const int64_t *heads, uint32_t block);
void sim_staffing_forget(sim_staffing *s, uint32_t block);
bool sim_staffing_has_failed(const sim_staffing *s, const int64_t *heads, uint32_t block);

/* Copies the block's part. */
void sim_staffing_put_block(const sim_staffing *s, int64_t *heads, const int64_t *from, uint32_t block);

/* --- staffing_moves.c --- */
/* The moves of each block; order[block * shifts + k]: its k-th shift, SIZE_MAX behind the last. Caller frees
 * lists[b].moves. */
int sim_staffing_list_moves(const sim_staffing *s, const size_t *order, sim_staffing_moves *lists);
/* Puts the block's next move that is worth trying into `wanted`, which has the best vector's part; false: there is
 * none. */
bool sim_staffing_next_move(const sim_staffing *s, sim_staffing_moves *list, uint32_t block, int64_t *wanted);

/* --- staffing_polish.c --- */
/* From a best vector that meets the targets to one that nothing more can be taken from. */
int sim_staffing_polish(sim_staffing *s);

#endif
