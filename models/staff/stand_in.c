/* Stand-ins: people without a desk of their own role man desks of another role at the same side, faster or slower than
 * those who learnt it.
 *
 * Own people come first: stand-ins only man desks that are left. A station's desks do the work of the sum of their
 * speeds, so that its service times get the factor desks / sum of speeds: exact for what a station under load can
 * carry. */
#include <string.h>

#include "models/staff/desk.h"
#include "sim/base/error.h"

#define SECTION "rosters.*.stands_in.#"

static const sim_section sections[] = {
    {SECTION, "another role for which its people have been trained", 0},
};

static const sim_param params[] = {
    {SECTION, "role", SIM_TEXT, SIM_DIM_NONE, NULL, 0, 0, NULL, "role of a station of the same side",
     "none: must be given"},
    {SECTION, "speed", SIM_QUANTITY, SIM_DIM_NONE, "1", 0.01, 10, NULL,
     "services a time at a desk they man, of those at a desk of that role's own people", "definition: as fast"},
};

typedef struct {
    const char *role;
    double speed;
} row;

struct stand_in_setup {
    row *rows;
    size_t *first; /* of each roster; one more: the number of all */
    size_t roster_count;
};

struct stand_in_world {
    uint32_t metric;
    int64_t *own, *desks; /* of each station: desks manned by its role's own people, and by stand-ins */
    double *speed;        /* sum over the latter */
};

MODEL_PART(stand_in)

static const model_metric metrics[] = {
    METRIC_LEVEL(metric, "staff/stand_ins", "people", STATION, NOTHING, "people of other roles at the station's desks",
                 ""),
};

static const model_column columns[] = {
    COLUMN(own, int64_t, STATION),
    COLUMN(desks, int64_t, STATION),
    COLUMN(speed, double, STATION),
};

/* Whether any station of the roster's side needs the role. */
static bool is_known(const model_setup *setup, const sim_config *config, size_t roster, const char *role)
{
    model_roster other = {
        .site = model_site_of(setup, config, "rosters.*", "post", roster),
        .side = sim_choice(config, "rosters.*", "side", roster),
        .role = role,
    };
    for (uint32_t s = 0; s < setup->station_count; s++)
        if (model_roster_serves(&other, &setup->stations[s]))
            return true;
    return false;
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct stand_in_setup *own = own_setup(setup);
    own->roster_count = sim_elements(config, "rosters.*");
    own->rows = model_take(setup, sim_elements(config, SECTION), sizeof *own->rows);
    own->first = model_take(setup, own->roster_count + 1, sizeof *own->first);
    if (own->rows == NULL || own->first == NULL)
        return SIM_E_MEMORY;
    size_t at = 0, first, count;
    for (size_t i = 0; i < own->roster_count; i++) {
        own->first[i] = at;
        sim_children(config, SECTION, i, &first, &count);
        for (size_t k = first; k < first + count; k++) {
            const char *role = sim_text(config, SECTION, "role", k);
            if (strcmp(role, sim_text(config, "rosters.*", "role", i)) == 0)
                sim_diag_error(diag, sim_value_mark(config, SECTION, "role", k), "another role", NULL,
                               "\"%s\" is the roster's own role", role);
            else if (!setup->sites_in_doubt && !is_known(setup, config, i, role))
                sim_diag_error(diag, sim_value_mark(config, SECTION, "role", k), "the role of a station there", NULL,
                               "no station of that side needs \"%s\"", role);
            own->rows[at++] = (row){role, sim_quantity(config, SECTION, "speed", k)};
        }
    }
    own->first[own->roster_count] = at;
    return 0;
}

static bool used(const model_setup *setup)
{
    return own_setup(setup)->first[own_setup(setup)->roster_count] > 0;
}

bool model_stand_in_can(const model_setup *setup, size_t roster)
{
    const struct stand_in_setup *own = own_setup(setup);
    return roster < own->roster_count && own->first[roster + 1] > own->first[roster];
}

void model_stand_in_assign(model_world *world, int64_t *given, int64_t *spare, sim_time now)
{
    const model_setup *setup = world->setup;
    const struct stand_in_setup *rules = own_setup(setup);
    struct stand_in_world *w = own_world(world);
    if (w == NULL)
        return;
    for (uint32_t s = 0; s < setup->station_count; s++) {
        w->own[s] = given[s] / setup->stations[s].staff_per_desk;
        w->desks[s] = 0;
        w->speed[s] = 0;
    }
    for (size_t i = 0; i < rules->roster_count; i++) {
        const model_roster *r = &staff_setup(setup)->rosters[i];
        for (size_t k = rules->first[i]; k < rules->first[i + 1]; k++)
            for (uint32_t s;
                 (s = model_staff_next_desk(world, given, r, rules->rows[k].role, spare[i])) != MODEL_NONE;) {
                given[s] += setup->stations[s].staff_per_desk;
                spare[i] -= setup->stations[s].staff_per_desk;
                w->desks[s]++;
                w->speed[s] += rules->rows[k].speed;
            }
    }
    for (uint32_t s = 0; s < setup->station_count; s++) {
        sim_level *level = sim_record_level_at(&world->recorder, w->metric, s, 0);
        sim_level_add(level, now, w->desks[s] * setup->stations[s].staff_per_desk - level->level);
    }
}

/* Of desks that something else keeps shut, those of stand-ins are shut first. */
void model_stand_in_slow(const model_world *world, uint32_t station, uint32_t desks)
{
    const struct stand_in_world *w = own_world(world);
    if (w == NULL || (int64_t)desks <= w->own[station] || w->desks[station] == 0)
        return;
    double stand_ins = (double)(desks - w->own[station]);
    world->pace[station] *=
        (double)desks / ((double)w->own[station] + w->speed[station] * (stand_ins / (double)w->desks[station]));
}

const model model_of_stand_in = {
    .name = "stand_in",
    .doc = "people who man desks of another role",
    .keys = "people classes places links travel stations posts centres onward rosters",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    .setup_size = sizeof(struct stand_in_setup),
    .world_size = sizeof(struct stand_in_world),
    .writes = "pace",
    .prepare = prepare,
    .used = used,
};
