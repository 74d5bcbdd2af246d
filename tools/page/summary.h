/* What is in a results file, for people and for machines: provenance, axes, datasets. */
#ifndef TOOLS_SUMMARY_H
#define TOOLS_SUMMARY_H

#include <stdio.h>

struct sim_result;

/* 0 or a negative error; writing is checked by whoever closes `to`. */
int summary_print(const struct sim_result *result, FILE *to);
/* One JSON object {file, sha256, provenance, axes, datasets}; datasets have their values when they are small (4096
 * numbers at most; no value: null). `file` may be NULL. */
int summary_print_json(const struct sim_result *result, const char *file, FILE *to);

#endif
