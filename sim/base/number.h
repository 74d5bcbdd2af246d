/* Numbers in text: full decimal notation, finite, whatever the locale. */
#ifndef SIM_NUMBER_H
#define SIM_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the decimal number that `text` starts with: sign, digits, point, exponent; 0 if there is none.
 * Infinities, NaN, hexadecimal and digit separators are no numbers here. */
size_t sim_number_span(const char *text);

/* Reads the number at the start of `text`; *end (may be NULL) gets what follows it. 0, or -1 when there is no number or
 * it is not finite as a double. */
int sim_number_parse(const char *text, const char **end, double *value);

/* Reads text that is one whole number (sign and digits only) as int64. 0; -1: not a whole number; -2: too large. */
int sim_whole_parse(const char *text, int64_t *value);

#endif
