/* An image: state read or written as bytes, one function for both. */
#ifndef MODEL_IMAGE_H
#define MODEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct model_image {
    bool loading;
    unsigned char *bytes;
    size_t at, size; /* size: room while saving */
    int error;
} model_image;

#endif
