/* What the command line of hbm sweep can say. */
#ifndef TOOLS_SWEEP_OPTIONS_H
#define TOOLS_SWEEP_OPTIONS_H

#include "models/study/sweep/sweep.h"
#include "tools/campaign/campaign.h"

typedef struct {
    sweep_wishes wishes;                      /* its lists are these: */
    const char **plans, **factors, **figures; /* room for as many as there are arguments */
    option_sets sets;
    bool design_given;
    const char *export;
} sweep_options;

extern const struct argp_option sweep_option_rows[]; /* all, the campaign's too */
/* Takes an option; ARGP_ERR_UNKNOWN for those that the campaign takes. */
error_t sweep_options_parse(sweep_options *options, int key, char *arg, struct argp_state *state);
int sweep_options_init(sweep_options *options, int argc); /* 0 or SIM_E_MEMORY */
void sweep_options_free(sweep_options *options);

#endif
