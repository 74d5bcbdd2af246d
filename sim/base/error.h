/* Error codes of the whole program: one row a code, its name, its number and its text together.
 *
 * Functions that can fail return 0 or one of these negative numbers. What is wrong with the user's
 * input is told through diag.h, with its place; the code only says which kind of failure it was. */
#ifndef SIM_ERROR_H
#define SIM_ERROR_H

#define SIM_ERRORS(X)                                                                         \
    X(SIM_E_MEMORY, -1, "out of memory")                                                      \
    X(SIM_E_INPUT, -2, "the input is wrong")                                                  \
    X(SIM_E_IO, -3, "reading or writing failed")                                              \
    X(SIM_E_FORMAT, -4, "the file is not what it should be")                                  \
    X(SIM_E_LIMIT, -5, "a limit of the program is exceeded")                                  \
    X(SIM_E_STOPPED, -6, "stopped by a signal")                                               \
    X(SIM_E_CHILD, -7, "another program failed")                                              \
    X(SIM_E_BROKEN, -8, "a law of the simulation is broken: this is a defect of the program") \
    X(SIM_E_PARTIAL, -9, "part of the tasks is still missing")                                \
    X(SIM_E_WORKER, -10, "the work was another process's")

enum {
#define SIM_ERROR_ENUM(name, number, text) name = number,
    SIM_ERRORS(SIM_ERROR_ENUM)
#undef SIM_ERROR_ENUM
};

/* The text of a code; "unknown error" for a number that is none. Never NULL. */
const char *sim_error_text(int code);

#endif
