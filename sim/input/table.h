/* CSV tables, read with libcsv: a header row, then records; an HXL tag row behind the header is tolerated and skipped.
 *
 * Cells keep their line and column, so that what is wrong with a value can be told with its place. */
#ifndef SIM_TABLE_H
#define SIM_TABLE_H

#include <stddef.h>

#include "sim/base/diag.h"

typedef struct sim_table sim_table;

/* Reads the file; limits: 64 MiB, ordinary files only. Errors (unclosed quote, NUL bytes, ragged rows, no header,
 * duplicate column) go to diag. Caller frees. */
int sim_table_read(sim_table **out, const char *path, const char *name, sim_diag *diag);
int sim_table_parse(sim_table **out, const char *text, size_t length, const char *name, sim_diag *diag);
void sim_table_free(sim_table *table);

size_t sim_table_rows(const sim_table *table);
size_t sim_table_columns(const sim_table *table);
const char *sim_table_column(const sim_table *table, size_t column);
/* Index of a column or -1. */
ptrdiff_t sim_table_find(const sim_table *table, const char *name);
/* Index of a required column; -1 and an error with the nearest column name. */
ptrdiff_t sim_table_require(const sim_table *table, const char *name, sim_diag *diag);
/* An error when there is no row below the header. */
void sim_table_require_rows(const sim_table *table, sim_diag *diag);
/* Text of a cell, "" when empty; never NULL. */
const char *sim_table_cell(const sim_table *table, size_t row, size_t column);
sim_mark sim_table_mark(const sim_table *table, size_t row, size_t column);
/* The text as read, for provenance. */
void sim_table_text(const sim_table *table, const char **text, size_t *length);

/* A finite number within [low, high]; otherwise an error and -1. */
int sim_table_number(const sim_table *table, size_t row, size_t column, double low, double high, double *value,
                     sim_diag *diag);
/* "2022-02-24", "2022-02-24T06:00", "2022-02-24T06:00+01:00": seconds since 1970 UTC; without an offset the given
 * one is taken. Otherwise an error and -1. */
int sim_table_instant(const sim_table *table, size_t row, size_t column, int offset_seconds, long long *unix_seconds,
                      sim_diag *diag);

#endif
