/* Texts of results: names that every reader of the file accepts, and copies that are valid UTF-8. */
#include "sim/result/text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LONGEST = 255, PATH_DEEPEST = 4 };

/* Length in bytes of the valid UTF-8 character at `s`, 0 if there is none (RFC 3629: no overlong forms, no surrogates).
 */
static size_t character(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    uint32_t code = s[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3fu);
    }
    bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    bool outside = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
    return overlong || outside ? 0 : length;
}

char *sim_text_copy(const char *text)
{
    size_t length = strlen(text);
    size_t bad = 0;
    for (size_t i = 0; i < length;) {
        size_t step = character((const unsigned char *)text + i);
        bad += step == 0;
        i += step == 0 ? 1 : step;
    }
    char *copy = malloc(length + 2 * bad + 1);
    if (copy == NULL)
        return NULL;
    char *to = copy;
    for (size_t i = 0; i < length;) {
        size_t step = character((const unsigned char *)text + i);
        if (step == 0) {
            memcpy(to, "\xef\xbf\xbd", 3);
            to += 3;
            i += 1;
        } else {
            memcpy(to, text + i, step);
            to += step;
            i += step;
        }
    }
    *to = '\0';
    return copy;
}

static bool is_name(const char *name, size_t length)
{
    if (length == 0 || length > NAME_LONGEST || name[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)name[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
        size_t step = character((const unsigned char *)name + i);
        if (step == 0 || c < ' ' || c == 0x7f || c == '/' || (i == 0 && !word))
            return false;
        i += step;
    }
    return true;
}

bool sim_text_is_name(const char *name)
{
    return is_name(name, strlen(name));
}

bool sim_text_is_path(const char *path)
{
    for (int depth = 0; depth < PATH_DEEPEST; depth++) {
        size_t length = strcspn(path, "/");
        if (!is_name(path, length))
            return false;
        if (path[length] == '\0')
            return true;
        path += length + 1;
    }
    return false;
}
