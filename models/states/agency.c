/* Agencies: who commands which side of a post, which centre and which roster.
 *
 * Agencies have no effect of their own: staff, costs, agreements and shared data refer to them. A scenario without any
 * has one, "all". */
#include <stdlib.h>

#include "models/core/world.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"agencies.*", "an agency or organisation: border guard, police, customs, health service, IOM, UNHCR, Red Cross",
     1},
};

static const sim_param params[] = {
    {"posts.*", "exit.agency", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "who commands the exit side",
     "not given: the first agency"},
    {"posts.*", "entry.agency", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "who commands the entry side",
     "not given: the first agency"},
    {"centres.*", "agency", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "who runs the centre",
     "not given: the first agency"},
    {"rosters.*", "agency", SIM_NAME, SIM_DIM_NONE, "", 0, 0, "agencies.*", "whose staff it is",
     "not given: that of the side or centre"},
};

static uint32_t named(const sim_config *config, const char *section, const char *name, size_t element,
                      uint32_t otherwise)
{
    return sim_given(config, section, name, element) ? (uint32_t)sim_name(config, section, name, element) : otherwise;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    (void)diag;
    size_t n = sim_elements(config, "agencies.*"), rosters = sim_elements(config, "rosters.*");
    setup->agencies = model_take(setup, n + 1, sizeof *setup->agencies);
    setup->roster_agency = model_take(setup, rosters, sizeof *setup->roster_agency);
    if (setup->agencies == NULL || setup->roster_agency == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        setup->agencies[i] = sim_element_name(config, "agencies.*", i);
    if (n == 0)
        setup->agencies[0] = "all";
    setup->agency_count = (uint32_t)(n == 0 ? 1 : n);
    for (uint32_t i = 0; i < setup->site_count; i++) {
        model_site *p = &setup->sites[i];
        if (p->kind == MODEL_POST) {
            p->agency[0] = named(config, "posts.*", "exit.agency", p->declared, 0);
            p->agency[1] = named(config, "posts.*", "entry.agency", p->declared, 0);
        } else if (p->kind == MODEL_CENTRE) {
            p->agency[0] = p->agency[1] = named(config, "centres.*", "agency", p->declared, 0);
        }
    }
    for (size_t i = 0; i < rosters; i++) {
        uint32_t site = model_site_of(setup, config, "rosters.*", "post", i);
        unsigned side = sim_choice(config, "rosters.*", "side", i);
        setup->roster_agency[i] =
            named(config, "rosters.*", "agency", i,
                  site < setup->site_count && side < MODEL_SIDES ? setup->sites[site].agency[side] : 0);
    }
    return 0;
}

const model model_of_agency = {
    .name = "agency",
    .doc = "agencies and what they command",
    .keys = "people classes places links travel stations posts centres onward rosters agencies",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    .prepare = prepare,
};
