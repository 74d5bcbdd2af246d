#include "sim/base/utf8.h"

#include <string.h>

static bool continues(const char *text, size_t length, size_t at)
{
    return at < length && ((unsigned char)text[at] & 0xC0) == 0x80;
}

size_t sim_utf8_decode(const char *text, size_t length, uint32_t *point)
{
    if (length == 0)
        return 0;
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (first < 0xC2 || first > 0xF4)
        return 0;
    uint32_t value = first & (0x7FU >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if (!continues(text, length, i))
            return 0;
        value = value << 6 | ((unsigned char)text[i] & 0x3F);
    }
    if (value < least[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *point = value;
    return bytes;
}

size_t sim_utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; count++) {
        uint32_t point;
        size_t bytes = sim_utf8_decode(text + i, length - i, &point);
        i += bytes == 0 ? 1 : bytes;
    }
    return count;
}

bool sim_utf8_visible(uint32_t point)
{
    return !(point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x61C || point == 0x180E ||
             (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
             (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || (point >= 0xFFF0 && point <= 0xFFFB) ||
             (point >= 0xE0000 && point <= 0xE0FFF));
}

bool sim_utf8_letter(uint32_t point)
{
    if (point < 0x80)
        return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
    return sim_utf8_visible(point) && point >= 0xC0 && !(point >= 0x2000 && point <= 0x2BFF) &&
           !(point >= 0x3000 && point <= 0x303F) && !(point >= 0xE000 && point <= 0xF8FF) && point < 0xF0000;
}

void sim_utf8_clean(char *out, size_t size, const char *text, size_t length)
{
    size_t used = 0, i = 0, fits = 0; /* fits: where "..." could stand */
    while (i < length) {
        uint32_t point = 0;
        size_t bytes = sim_utf8_decode(text + i, length - i, &point);
        bool shown = bytes > 0 && sim_utf8_visible(point);
        size_t need = shown ? bytes : 1;
        if (used + need + 1 > size)
            break;
        if (shown)
            memcpy(out + used, text + i, bytes);
        else
            out[used] = point == '\t' ? ' ' : '?';
        used += need;
        if (used + 4 <= size)
            fits = used;
        i += bytes == 0 ? 1 : bytes;
    }
    if (i < length && size >= 4) {
        memcpy(out + fits, "...", 3);
        used = fits + 3;
    }
    out[used] = '\0';
}
