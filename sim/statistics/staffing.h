/* The cheapest staffing that meets targets, by search: how many people on each shift, where only a simulation can say
 * whether that will do.
 *
 * It starts from the square-root rule: a shift with an offered load of R gets R + beta sqrt(R) people; the smallest
 * beta whose shifts meet the targets is found by bisection, one for each block of shifts (iterated by simulation as in
 * Feldman, Mandelbaum, Massey and Whitt 2008; Jennings, Mandelbaum, Massey and Whitt 1996). Then people are taken off
 * again, and exchanged between shifts, until no single person less and no exchange that saves cost keeps the targets.
 * The search knows no simulation: it sees scores of vectors of heads, and is a function of these alone, so that it
 * takes the same way whenever the scores are the same. */
#ifndef SIM_STAFFING_H
#define SIM_STAFFING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_STAFFING_ALL UINT32_MAX

/* How a vector of heads does by one target. */
typedef struct {
    double slack;  /* by how much it is met, in any unit that is the same for all vectors; below 0: missed; NaN: no
                      value, not met */
    double margin; /* >= 0: what chance may account for; it is met when slack >= margin */
} sim_staffing_score;

/* Scores `count` vectors: heads[i * shifts + j], scores[i * targets + t]. 0 or a negative error, which ends the search.
 */
typedef int sim_staffing_evaluate(void *user, const int64_t *heads, size_t count, sim_staffing_score *scores);

typedef struct {
    size_t shifts, targets;    /* at least 1 of each */
    const double *cost;        /* of a person on each shift, > 0 */
    const double *load;        /* offered to each shift: people who would be busy were there plenty; >= 0 */
    const int64_t *low, *high; /* bounds of each shift */
    const uint32_t *block; /* of each shift, from 0: shifts of different blocks hardly act on one another, such as those
                              of two posts */
    const uint32_t *concerns; /* of each target: the block that it depends on, or SIM_STAFFING_ALL */
    size_t most;              /* vectors that may be evaluated, at least 1 */
    sim_staffing_evaluate *evaluate;
    void *user;
} sim_staffing_problem;

typedef enum {
    SIM_STAFFING_AMPLE,
    SIM_STAFFING_START,
    SIM_STAFFING_REPAIR,
    SIM_STAFFING_TRIM,
    SIM_STAFFING_EXCHANGE
} sim_staffing_phase;
extern const char *const sim_staffing_phases[];

typedef struct {
    bool met; /* a vector that meets all targets was found; otherwise heads are the highest, and the scores tell what
                 that reaches */
    bool settled;  /* no person less on any shift keeps the targets, and no exchange that was tried; false when `most`
                      came before */
    size_t chosen; /* which of the vectors below it is */
    /* All vectors evaluated, in order, each once. */
    size_t count;
    int64_t *heads;             /* [count][shifts] */
    sim_staffing_score *scores; /* [count][targets] */
    sim_staffing_phase *phases; /* [count] */
    size_t room;
} sim_staffing_answer;

/* Searches. `start`: begins there instead of with the square-root rule (a roster found before, say with fewer
 * replications); NULL: none. 0, or the error of `evaluate`, or SIM_E_MEMORY. Free with sim_staffing_answer_free in any
 * case. Blocks are tried side by side: a vector changes something in each, and a block keeps its change when its own
 * targets hold; what is kept has been evaluated as a whole. A block's part that is nowhere above one that failed is
 * taken to fail too; at the end each person less is tried alone. If a target concerns all blocks they are one. */
int sim_staffing_search(const sim_staffing_problem *problem, const int64_t *start, sim_staffing_answer *answer);
void sim_staffing_answer_free(sim_staffing_answer *answer);

/* heads x cost. */
double sim_staffing_cost(const sim_staffing_problem *problem, const int64_t *heads);
/* Whether all targets are met. */
bool sim_staffing_meets(const sim_staffing_problem *problem, const sim_staffing_score *scores);

#endif
