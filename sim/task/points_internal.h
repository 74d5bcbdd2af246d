/* What the readers of points share: points.c (CSV), points_text.c (SALib's files). */
#ifndef SIM_POINTS_INTERNAL_H
#define SIM_POINTS_INTERNAL_H

#include "sim/task/points.h"

typedef struct {
    sim_factors *factors;
    const sim_config *config;
    sim_diag *diag;
    size_t points;
    double *numbers, *settings; /* [points][factors] */
} sim_points_reading;

/* Adds the message to diag when rc is SIM_E_INPUT; returns rc. */
int sim_points_error(sim_diag *diag, sim_mark mark, int rc, const char *expected, const char *message);
/* "90 s" or a plain number in SI. */
bool sim_points_number(const char *text, sim_dimension dimension, double *value);
/* Allocates numbers and settings for so many factors. SIM_E_MEMORY, SIM_E_LIMIT. */
int sim_points_room(sim_points_reading *reading, size_t factors);
int sim_points_from_csv(sim_points_reading *reading, const char *text, size_t length, const char *name);

#endif
