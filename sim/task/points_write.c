/* Writing designs and outputs for others. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/task/points.h"

/* A file of the folder for writing; NULL: it cannot be had. */
static FILE *open_in(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path == NULL)
        return NULL;
    snprintf(path, size, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    free(path);
    return file;
}

static int close_file(FILE *file)
{
    int failed = ferror(file);
    return fclose(file) != 0 || failed ? SIM_E_IO : 0;
}

/* Least and greatest number that a factor takes. */
static void ends_of(const sim_factor *factor, double *low, double *high)
{
    *low = factor->low;
    *high = factor->high;
    for (size_t i = 0; factor->numbers != NULL && i < factor->count; i++) {
        *low = i == 0 ? factor->numbers[i] : fmin(*low, factor->numbers[i]);
        *high = i == 0 ? factor->numbers[i] : fmax(*high, factor->numbers[i]);
    }
}

/* Commas, because names may have blanks in them. */
static void put_problem(FILE *to, const sim_factors *factors)
{
    for (size_t i = 0; i < factors->count; i++) {
        double low, high;
        ends_of(&factors->factors[i], &low, &high);
        fprintf(to, "%s,%.17g,%.17g\n", factors->factors[i].path, low, high);
    }
}

static void put_points(FILE *to, const sim_factors *factors, const double *settings, size_t points)
{
    for (size_t p = 0; p < points; p++)
        for (size_t i = 0; i < factors->count; i++)
            fprintf(to, "%.17g%c", sim_factor_number(&factors->factors[i], settings[p * factors->count + i]),
                    i + 1 < factors->count ? ' ' : '\n');
}

/* A cell in quotes, each quote inside it twice. */
static void put_cell(FILE *to, const char *text)
{
    putc('"', to);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putc('"', to);
        putc(*text, to);
    }
    putc('"', to);
}

static int put_csv(FILE *to, const sim_factors *factors, const double *settings, size_t points)
{
    for (size_t i = 0; i < factors->count; i++) {
        put_cell(to, factors->factors[i].path);
        putc(i + 1 < factors->count ? ',' : '\n', to);
    }
    for (size_t p = 0; p < points; p++)
        for (size_t i = 0; i < factors->count; i++) {
            const sim_factor *factor = &factors->factors[i];
            char *text = sim_factor_text(factor, settings[p * factors->count + i]);
            if (text == NULL)
                return SIM_E_MEMORY;
            put_cell(to, text + strlen(factor->path) + 1);
            putc(i + 1 < factors->count ? ',' : '\n', to);
            free(text);
        }
    return 0;
}

int sim_points_write(const sim_factors *factors, const double *settings, size_t points, const char *folder,
                     const char **why)
{
    static const char *const names[] = {"problem.txt", "points.txt", "points.csv"};
    for (int i = 0; i < 3; i++) {
        int rc = 0;
        *why = names[i];
        FILE *file = open_in(folder, names[i]);
        if (file == NULL)
            return SIM_E_IO;
        if (i == 0)
            put_problem(file, factors);
        else if (i == 1)
            put_points(file, factors, settings, points);
        else
            rc = put_csv(file, factors, settings, points);
        int closed = close_file(file);
        if (rc != 0 || closed != 0)
            return rc != 0 ? rc : closed;
    }
    *why = NULL;
    return 0;
}

int sim_outputs_write(const double *outputs, size_t points, const char *folder, const char *name)
{
    char file_name[200];
    snprintf(file_name, sizeof file_name, "%.180s.txt", name);
    for (char *c = file_name; *c != '\0'; c++)
        if (*c == '/')
            *c = '-';
    FILE *file = open_in(folder, file_name);
    if (file == NULL)
        return SIM_E_IO;
    for (size_t p = 0; p < points; p++)
        if (isfinite(outputs[p]))
            fprintf(file, "%.17g\n", outputs[p]);
        else
            fputs("nan\n", file);
    return close_file(file);
}
