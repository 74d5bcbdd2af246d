/* Bytes of state: read or written by one function (image.h). */
#include <stdlib.h>
#include <string.h>

#include "models/core/image.h"
#include "models/core/world.h"
#include "sim/base/error.h"

void model_image_visit(model_image *image, void *data, size_t size)
{
    if (image->error != 0 || size == 0)
        return;
    if (image->loading) {
        if (size > image->size - image->at) {
            image->error = SIM_E_FORMAT;
            return;
        }
        memcpy(data, image->bytes + image->at, size);
    } else {
        if (size > image->size - image->at) {
            size_t room = (image->size + size) * 3 / 2 + 4096;
            unsigned char *bytes = realloc(image->bytes, room);
            if (bytes == NULL) {
                image->error = SIM_E_MEMORY;
                return;
            }
            image->bytes = bytes;
            image->size = room;
        }
        memcpy(image->bytes + image->at, data, size);
    }
    image->at += size;
}

bool model_image_is_loading(const model_image *image)
{
    return image->loading;
}

void model_image_fail(model_image *image, int error)
{
    if (image->error == 0)
        image->error = error;
}

void *model_image_visit_list(model_image *image, void *entries, uint32_t *count, uint32_t *room, size_t size)
{
    uint32_t needed = *count;
    model_image_visit(image, &needed, sizeof needed);
    if (image->error == 0 && image->loading && needed > *room) {
        void *grown = realloc(entries, needed * size);
        if (grown == NULL) {
            image->error = SIM_E_MEMORY;
            return entries;
        }
        entries = grown;
        *room = needed;
    }
    if (image->error == 0)
        *count = needed;
    model_image_visit(image, entries, *count * size);
    return entries;
}
