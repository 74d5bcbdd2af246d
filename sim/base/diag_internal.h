/* How diagnostics are kept between being reported (diag.c) and being printed (diag_print.c). */
#ifndef SIM_DIAG_INTERNAL_H
#define SIM_DIAG_INTERNAL_H

#include <stdbool.h>

#include "sim/base/diag.h"

typedef struct {
    char *name; /* cleaned for printing */
    char *text; /* NULL: no lines to show */
    size_t length;
} sim_diag_source;

typedef struct {
    sim_mark mark;
    bool warning;
    size_t order; /* of arrival, so that equal places keep it */
    char *message;
    char *expected;   /* or NULL */
    char *suggestion; /* or NULL */
} sim_diag_entry;

struct sim_diag {
    sim_diag_source *files;
    size_t file_count, file_room;
    sim_diag_entry *entries;
    size_t entry_count, entry_room, limit;
    size_t errors, warnings; /* reported, kept or not */
    size_t errors_kept;
    bool out_of_memory;
};

#endif
