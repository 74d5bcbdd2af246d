/* Diagnostics: everything that is wrong with the user's input, collected in one pass.
 *
 * Each entry has a place (file, line, column), a message, optionally the offending line with a
 * caret, what was expected, and a suggestion. Nothing here aborts; callers go on and report all. */
#ifndef SIM_DIAG_H
#define SIM_DIAG_H

#include <stddef.h>
#include <stdio.h>

/* A place in an input: file is an index into the diag's file list, line and column count from 1;
 * line 0: the file as a whole. */
typedef struct {
    int file;
    int line;
    int column;
    int length; /* characters the caret line underlines, at least 1 */
} sim_mark;

typedef struct sim_diag sim_diag;

/* Caller frees with sim_diag_free (NULL is allowed). At most `limit` entries are kept, the rest is counted. */
int sim_diag_new(sim_diag **out, size_t limit);
void sim_diag_free(sim_diag *diag);

/* Registers a file by the name the user knows it by; `text` (may be NULL) is copied for caret lines.
 * Returns its index for sim_mark.file, or a negative error. */
int sim_diag_file(sim_diag *diag, const char *name, const char *text, size_t length);

/* Adds an error at `mark`. `expected` and `suggestion` may be NULL ("did you mean ...?" is printed around the
 * suggestion). Running out of memory is remembered and told by sim_diag_count too. */
void sim_diag_error(sim_diag *diag, sim_mark mark, const char *expected, const char *suggestion, const char *format,
                    ...) __attribute__((format(printf, 5, 6)));
void sim_diag_warning(sim_diag *diag, sim_mark mark, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Number of errors so far (warnings do not count). */
size_t sim_diag_count(const sim_diag *diag);

/* Prints all, sorted by file, line, column: "file:line:column: error: message", the line, the caret. */
void sim_diag_print(const sim_diag *diag, FILE *to);
/* The same as one JSON array of {file, line, column, severity, message, expected, suggestion}. 0 or a negative error.
 */
int sim_diag_print_json(const sim_diag *diag, FILE *to);

/* The nearest of `n` words by edit distance (insertions, deletions, substitutions, swaps), NULL if none is near enough
 * to be a misspelling. */
const char *sim_diag_nearest(const char *word, const char *const *words, size_t n);

#endif
