/* Quotes and brackets that are never closed. The library stumbles over them lines later, where nothing is wrong; people
 * look for the line in which they open. */
#ifndef SIM_DOCUMENT_UNCLOSED_H
#define SIM_DOCUMENT_UNCLOSED_H

#include <stdbool.h>
#include <stddef.h>

/* A quoted text ends just before `line`, `column` (from 1, in characters), where something follows that may not. True
 * when it opens in an earlier line: then the place of the opening quote. */
bool sim_document_quote_opens(const char *text, size_t length, int line, int column, int *open_line, int *open_column);

/* True when a bracket opens in `open_line` and, before the end of `line`, the text goes back to the indentation of that
 * line or less: a bracket is open there that should have been closed. Lines that begin with a closing bracket do not
 * count. */
bool sim_document_bracket_stays_open(const char *text, size_t length, int open_line, int line);

#endif
