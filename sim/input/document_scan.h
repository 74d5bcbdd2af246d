/* What is wrong with a text before it is looked at as YAML: size, encoding, control characters, tabs as indentation,
 * and a few forms on which the YAML library takes quadratic time. One pass, no memory. */
#ifndef SIM_DOCUMENT_SCAN_H
#define SIM_DOCUMENT_SCAN_H

#include <stddef.h>

#include "sim/base/diag.h"

/* 0, or SIM_E_INPUT with one error in diag. */
int sim_document_scan(const char *text, size_t length, int file, int column_offset, sim_diag *diag);

#endif
