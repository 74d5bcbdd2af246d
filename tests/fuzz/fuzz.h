/* The entry point of libFuzzer, and, with -DFUZZ_REPLAY, a main() that gives it files instead, for any compiler. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_REPLAY
#include "sim/base/input_file.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *text;
        size_t length;
        const char *why;
        if (sim_input_file_read(argv[i], (size_t)1 << 30, &text, &length, &why) != 0) {
            fprintf(stderr, "%s %s\n", argv[i], why);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)text, length);
        free(text);
    }
    return 0;
}
#endif

#endif
