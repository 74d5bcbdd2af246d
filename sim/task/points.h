/* Points of somebody else's design, and of ours for others: the files that SALib reads and writes, and CSV.
 *
 *   points       one row a point, columns of numbers between blanks (numpy.savetxt, "salib sample -o"); or CSV with a
 * header row of paths parameters   "name low high" or "name,low,high" a line ("salib sample -p"), # begins a comment; a
 * fourth and fifth column (group, distribution) are allowed where they say what is done here: the group is the name
 * itself or NA, the distribution unif or logunif
 *
 * Plain numbers are SI (seconds, metres, 1/s ...); cells of a CSV and ends in a parameter file with commas may carry
 * units. */
#ifndef SIM_POINTS_H
#define SIM_POINTS_H

#include "sim/statistics/design.h"
#include "sim/task/factor.h"

typedef struct {
    sim_factor *factors;
    size_t count;
} sim_factors;

void sim_factors_free(sim_factors *factors);
/* Makes room for one more: an empty one, to be filled; NULL: out of memory. */
sim_factor *sim_factors_add(sim_factors *factors);

/* Adds the factors of a parameter file. What is wrong goes to diag with line and column: SIM_E_INPUT. */
int sim_factors_read(sim_factors *factors, const char *path, const sim_config *config, sim_diag *diag);

/* Reads points. Without factors the file must be a CSV, whose columns become factors: numbers between the least and the
 * greatest given, words as lists. With factors a CSV must name each of them, and columns of plain numbers are theirs in
 * order. *design has the numbers as given, for finding its structure; (*settings)[point * factors + i] what they come
 * to (sim_factor_setting). Caller frees both. */
int sim_points_read(sim_design *design, double **settings, sim_factors *factors, const char *path,
                    const sim_config *config, sim_diag *diag);

/* Write problem.txt and points.txt, which SALib reads, and points.csv, which sim_points_read takes without factors.
 * Words are their index in points.txt; a list of words has the ends 0 and count - 1. On failure *why is the name of the
 * file: SIM_E_IO. */
int sim_points_write(const sim_factors *factors, const double *settings, size_t points, const char *folder,
                     const char **why);
/* Writes outputs, one a line ("nan" for none), as "salib analyze -Y" reads them. SIM_E_IO, SIM_E_MEMORY. */
int sim_outputs_write(const double *outputs, size_t points, const char *folder, const char *name);

#endif
