/* Random CSV tables: parsing, every cell with its place, numbers and instants, printing of errors.
 *
 * With clang: -fsanitize=fuzzer,address,undefined. With -DFUZZ_REPLAY the program reads the files named on its command
 * line instead. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/input/table.h"
#include "tests/fuzz/fuzz.h"

static void ask_everything(const sim_table *table, sim_diag *diag)
{
    double number;
    long long seconds;
    size_t rows = sim_table_rows(table) < 50 ? sim_table_rows(table) : 50;
    size_t columns = sim_table_columns(table) < 20 ? sim_table_columns(table) : 20;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            sim_mark mark = sim_table_mark(table, r, c);
            if (mark.line < 2 || mark.column < 1 || mark.length < 1)
                abort();
            sim_table_number(table, r, c, 0, 1e6, &number, diag);
            sim_table_instant(table, r, c, 3600, &seconds, diag);
        }
    }
    sim_table_require(table, "value", diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sim_diag *diag = NULL;
    sim_table *table;
    if (sim_diag_new(&diag, 50) != 0)
        abort();
    int rc = sim_table_parse(&table, (const char *)data, size, "fuzz.csv", diag);
    if ((rc == 0) != (sim_diag_count(diag) == 0) || (rc == 0) != (table != NULL))
        abort();
    if (table != NULL)
        ask_everything(table, diag);
    FILE *nowhere = fopen("/dev/null", "w");
    if (nowhere == NULL || sim_diag_print_json(diag, nowhere) != 0)
        abort();
    sim_diag_print(diag, nowhere);
    fclose(nowhere);
    sim_table_free(table);
    sim_diag_free(diag);
    return 0;
}
