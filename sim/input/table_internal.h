/* How a table is kept between being read (table.c) and being asked (table_cell.c). */
#ifndef SIM_TABLE_INTERNAL_H
#define SIM_TABLE_INTERNAL_H

#include <stdint.h>

#include "sim/input/table.h"

typedef struct {
    uint32_t at; /* of the record in the text */
    int line;
} sim_table_record;

struct sim_table {
    int file; /* in the diag */
    char *text;
    size_t length;
    size_t columns, rows;
    uint32_t *cells; /* offsets into texts: the header, then row after row */
    size_t cell_count, cell_room;
    char *texts;
    size_t texts_used, texts_room;
    sim_table_record *records;
    size_t record_room;
};

/* The place of a column's cell in the record that begins at `at` in `line`, found by parsing the record once more. */
sim_mark sim_table_place(const sim_table *table, size_t at, int line, size_t column);

#endif
