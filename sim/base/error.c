#include "sim/base/error.h"

const char *sim_error_text(int code)
{
    switch (code) {
    case 0:
        return "no error";
#define SIM_ERROR_CASE(name, number, text) \
    case name:                             \
        return text;
        SIM_ERRORS(SIM_ERROR_CASE)
#undef SIM_ERROR_CASE
    default:
        return "unknown error";
    }
}
