/* UTF-8, one character at a time: what is valid, and what can be shown on a terminal without doing harm. */
#ifndef SIM_UTF8_H
#define SIM_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the first character of text[0 .. length). Returns its bytes (1 to 4) and sets *point, or 0 when the bytes are
 * not UTF-8 (overlong forms, surrogates and points above U+10FFFF included) or length is 0. */
size_t sim_utf8_decode(const char *text, size_t length, uint32_t *point);

/* Characters in text; a byte that is not UTF-8 counts as one. */
size_t sim_utf8_count(const char *text, size_t length);

/* Copies text into out (size bytes, NUL included) so that it is valid UTF-8 on one line: control characters, invisible
 * and direction-changing ones and invalid bytes become '?'. Text that does not fit is cut at a character and ends in
 * "...". */
void sim_utf8_clean(char *out, size_t size, const char *text, size_t length);

/* False for control characters, invisible marks and those that change the direction of writing. */
bool sim_utf8_visible(uint32_t point);

/* Letters beyond ASCII are taken to be every visible character that is no space and no punctuation of the blocks that
 * hold mostly signs (U+0080..U+00BF, U+2000..U+2BFF, U+3000..U+303F, private use and above U+F0000). */
bool sim_utf8_letter(uint32_t point);

#endif
