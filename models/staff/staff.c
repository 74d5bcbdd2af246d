/* Staff: rosters of shifts give people of a role to a side of a post; they open its desks.
 *
 * Shifts repeat every day. Breaks take part of a shift's people away in waves. The people on duty man desks at the
 * side's stations of that role: one at each station first, the others in proportion to the lanes (Sainte-Lague); who is
 * left over may stand in elsewhere. Incoming people take over after a handover; who goes off duty finishes the group at
 * the desk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/staff/roster.h"
#include "sim/base/error.h"

static const sim_section sections[] = {
    {"rosters.*", "people of one role who work at one side of a post", 0},
    {"rosters.*.shifts.#", "a shift, every day", 0},
};

static const sim_param params[] = {
    {"rosters.*", "post", SIM_NAME, SIM_DIM_NONE, NULL, 0, 0, "posts.* centres.*", "the post or centre where they work",
     "none: must be given"},
    {"rosters.*", "side", SIM_CHOICE, SIM_DIM_NONE, NULL, 0, 0, "exit entry", "which side; of a centre: entry",
     "none: must be given"},
    {"rosters.*", "role", SIM_TEXT, SIM_DIM_NONE, NULL, 0, 0, NULL, "their role, as in `stations`",
     "none: must be given"},
    {"rosters.*", "handover", SIM_QUANTITY, SIM_DIM_TIME, "0 min", 0, 6 * 3600.0, NULL,
     "from a shift's start until its people take over desks", "assumption: none"},
    {"rosters.*.shifts.#", "start", SIM_CLOCK, SIM_DIM_TIME, NULL, 0, 0, NULL, "time of day", "none: must be given"},
    {"rosters.*.shifts.#", "length", SIM_QUANTITY, SIM_DIM_TIME, NULL, 60, 86400, NULL, "length of the shift",
     "none: must be given"},
    {"rosters.*.shifts.#", "head", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 1000000, NULL, "people", "none: must be given"},
    {"rosters.*.shifts.#", "from", SIM_INSTANT, SIM_DIM_TIME, "", -1e9, 1e9, NULL,
     "first instant at which it may start", "not given: from the start"},
    {"rosters.*.shifts.#", "until", SIM_INSTANT, SIM_DIM_TIME, "", -1e9, 1e9, NULL,
     "it does not start at or after this", "not given: to the end"},
    {"rosters.*.shifts.#", "break_length", SIM_QUANTITY, SIM_DIM_TIME, "0 min", 0, 12 * 3600.0, NULL,
     "length of the break each of them takes", "assumption: no breaks"},
    {"rosters.*.shifts.#", "break_after", SIM_QUANTITY, SIM_DIM_TIME, "4 h", 0, 86400, NULL,
     "from the shift's start to the first wave's break", "assumption: mid-shift of 8 h"},
    {"rosters.*.shifts.#", "break_waves", SIM_COUNT, SIM_DIM_NONE, "2", 1, 100, NULL,
     "waves in which they go, one after another", "assumption: half of them stay at the desks"},
};

struct staff_world {
    uint32_t metric;
    sim_time next;
    int64_t *given; /* staff of each station now, of its own role and stand-ins */
    /* Of each roster, while people are put at desks: */
    int64_t *duty;  /* people on duty, breaks taken off */
    int64_t *spare; /* those of them who man no desk of their own role */
};

MODEL_PART(staff)

static const model_metric metrics[] = {
    METRIC_LEVEL(metric, "staff/on_duty", "people", STATION, NOTHING, "staff at the station, breaks taken off", ""),
};

static const char *nearest_role(const model_setup *setup, const model_roster *r)
{
    const char *words[256];
    size_t n = 0;
    for (uint32_t s = 0; s < setup->station_count && n < 256; s++)
        if (setup->stations[s].site == r->site && setup->stations[s].side == r->side)
            words[n++] = setup->stations[s].role;
    return sim_diag_nearest(r->role, words, n);
}

static bool is_staffed(const model_setup *setup, const model_station *station)
{
    const struct staff_setup *staff = own_setup(setup);
    if (station->role[0] == '\0')
        return true;
    for (size_t i = 0; i < staff->roster_count; i++)
        if (model_roster_serves(&staff->rosters[i], station))
            return true;
    return false;
}

/* Stations that need staff and have none; each kind of station is told once, however many posts have it. */
static void check_stations(const model_setup *setup, const sim_config *config, sim_diag *diag)
{
    for (uint32_t s = 0; s < setup->station_count && !setup->sites_in_doubt; s++) {
        const model_station *station = &setup->stations[s];
        bool told = is_staffed(setup, station);
        for (uint32_t i = 0; i < s && !told; i++)
            told = setup->stations[i].declared == station->declared && !is_staffed(setup, &setup->stations[i]);
        if (told)
            continue;
        sim_diag_error(diag, sim_value_mark(config, "stations.*", "role", station->declared),
                       "a roster of that role there", NULL, "nobody of role \"%s\" works at %s", station->role,
                       station->name);
    }
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct staff_setup *staff = own_setup(setup);
    staff->roster_count = sim_elements(config, "rosters.*");
    staff->shift_count = sim_elements(config, "rosters.*.shifts.#");
    staff->rosters = calloc(staff->roster_count + 1, sizeof *staff->rosters);
    staff->shifts = calloc(staff->shift_count + 1, sizeof *staff->shifts);
    if (staff->rosters == NULL || staff->shifts == NULL)
        return SIM_E_MEMORY;
    const char *section = "rosters.*.shifts.#";
    for (size_t i = 0; i < staff->roster_count; i++) {
        model_roster *r = &staff->rosters[i];
        *r = (model_roster){.site = model_site_of(setup, config, "rosters.*", "post", i),
                            .side = sim_choice(config, "rosters.*", "side", i),
                            .role = sim_text(config, "rosters.*", "role", i)};
        sim_children(config, section, i, &r->first_shift, &r->shift_count);
        bool used = model_stand_in_can(setup, i) || model_interpreter_is(setup, r->role);
        for (uint32_t s = 0; s < setup->station_count; s++)
            used = used || model_roster_serves(r, &setup->stations[s]);
        if (!used && !setup->sites_in_doubt)
            sim_diag_error(diag, sim_value_mark(config, "rosters.*", "role", i), "the role of a station there",
                           nearest_role(setup, r), "no station of that side of the post needs \"%s\"", r->role);
        if (r->shift_count == 0)
            sim_diag_error(diag, sim_element_mark(config, "rosters.*", i), "`shifts`, with at least one shift", NULL,
                           "the roster \"%s\" has no shifts", sim_element_name(config, "rosters.*", i));
        for (size_t k = r->first_shift; k < r->first_shift + r->shift_count; k++) {
            model_shift *s = &staff->shifts[k];
            *s = (model_shift){.roster = (uint32_t)i,
                               .start = sim_micros(config, section, "start", k),
                               .length = sim_micros(config, section, "length", k),
                               .from = sim_given(config, section, "from", k) ? sim_micros(config, section, "from", k)
                                                                             : INT64_MIN / 2,
                               .until = sim_given(config, section, "until", k) ? sim_micros(config, section, "until", k)
                                                                               : INT64_MAX / 2,
                               .handover = sim_micros(config, "rosters.*", "handover", i),
                               .break_length = sim_micros(config, section, "break_length", k),
                               .break_after = sim_micros(config, section, "break_after", k),
                               .head = model_scaled(setup, sim_count(config, section, "head", k)),
                               .waves = sim_count(config, section, "break_waves", k)};
            if (s->handover >= s->length)
                sim_diag_error(diag, sim_value_mark(config, section, "length", k), "longer than the roster's handover",
                               NULL, "the shift ends before it has taken over");
            if (s->break_length > 0 && s->break_after + s->break_length * s->waves > s->length)
                sim_diag_error(diag, sim_value_mark(config, section, "break_length", k),
                               "breaks that end within the shift", NULL, "the last wave's break ends after the shift");
        }
    }
    check_stations(setup, config, diag);
    return 0;
}

static void release(model_setup *setup)
{
    if (own_setup(setup) == NULL)
        return;
    free(own_setup(setup)->rosters);
    free(own_setup(setup)->shifts);
}

static int build(model_world *world)
{
    struct staff_world *w = own_world(world);
    w->given = calloc(world->setup->station_count + 1, sizeof *w->given);
    world->staffing_changed = true;
    w->duty = calloc(own_setup(world->setup)->roster_count + 1, sizeof *w->duty);
    w->spare = calloc(own_setup(world->setup)->roster_count + 1, sizeof *w->spare);
    return w->given == NULL || w->duty == NULL || w->spare == NULL ? SIM_E_MEMORY : 0;
}

static void demolish(model_world *world)
{
    if (own_world(world) != NULL) {
        free(own_world(world)->given);
        free(own_world(world)->duty);
        free(own_world(world)->spare);
    }
}

bool model_side_is_open(const model_setup *setup, uint32_t site, uint32_t side, sim_time now, sim_time *next)
{
    sim_time opens = setup->sites[site].opens[side], closes = setup->sites[site].closes[side];
    if (opens < 0)
        return true;
    sim_time midnight = setup->midnight + (now - setup->midnight) / SIM_DAY * SIM_DAY, clock = now - midnight;
    sim_time edges[3] = {midnight + opens, midnight + closes, midnight + SIM_DAY + (opens < closes ? opens : closes)};
    for (int i = 0; i < 3; i++)
        if (edges[i] > now && edges[i] < *next)
            *next = edges[i];
    return opens <= closes ? opens <= clock && clock < closes : clock >= opens || clock < closes;
}

/* In order, those that have no desk yet; then the one with the highest quotient of lanes over 2 x desks + 1
 * (Sainte-Lague), ties to the earlier one. */
uint32_t model_staff_next_desk(const model_world *world, uint32_t site, uint32_t side, const char *role, int64_t people)
{
    const model_setup *setup = world->setup;
    const model_site *at = &setup->sites[site];
    uint32_t best = MODEL_NONE;
    int64_t best_lanes = 0, best_odd = 1;
    for (uint32_t s = at->first_station; s < at->first_station + at->station_count; s++) {
        const model_station *station = &setup->stations[s];
        if (station->side != side || strcmp(station->role, role) != 0 || station->staff_per_desk > people)
            continue;
        int64_t lanes = model_lanes(world, s), desks = own_world(world)->given[s] / station->staff_per_desk;
        if (desks >= lanes)
            continue;
        if (desks == 0)
            return s;
        if (lanes * best_odd > best_lanes * (2 * desks + 1)) {
            best = s;
            best_lanes = lanes;
            best_odd = 2 * desks + 1;
        }
    }
    return best;
}

/* Shares the people of the roster's pool among the side's stations of that role, desk by desk, and says who is left
 * over: first of those rosters that can stand in for others, in order. */
static void share_out(model_world *world, size_t roster, int64_t people)
{
    const struct staff_setup *staff = own_setup(world->setup);
    const model_roster *r = &staff->rosters[roster];
    struct staff_world *w = own_world(world);
    for (uint32_t s; (s = model_staff_next_desk(world, r->site, r->side, r->role, people)) != MODEL_NONE;) {
        w->given[s] += world->setup->stations[s].staff_per_desk;
        people -= world->setup->stations[s].staff_per_desk;
    }
    for (int others = 0; others < 2; others++)
        for (size_t k = roster; k < staff->roster_count; k++) {
            if (!model_roster_is_pool(r, &staff->rosters[k]) || model_stand_in_can(world->setup, k) == (others == 1))
                continue;
            w->spare[k] = people < w->duty[k] ? people : w->duty[k];
            people -= w->spare[k];
        }
}

/* Puts those who are on duty now at desks. */
static void assign(model_world *world, sim_time now)
{
    const struct staff_setup *staff = own_setup(world->setup);
    struct staff_world *w = own_world(world);
    memset(w->given, 0, world->setup->station_count * sizeof *w->given);
    for (size_t i = 0; i < staff->roster_count; i++) {
        const model_roster *r = &staff->rosters[i];
        w->duty[i] = 0;
        for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
            w->duty[i] += model_shift_on_duty(world, n, now, &w->next);
    }
    for (size_t i = 0; i < staff->roster_count; i++) {
        int64_t people = 0;
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = !model_roster_is_pool(&staff->rosters[k], &staff->rosters[i]);
        for (size_t k = i; k < staff->roster_count && first; k++)
            people += model_roster_is_pool(&staff->rosters[k], &staff->rosters[i]) ? w->duty[k] : 0;
        if (first)
            share_out(world, i, people);
    }
    model_stand_in_assign(world, w->given, w->spare, now);
    model_interpreter_assign(world, w->spare);
}

/* Desks that are staffed, have a lane and are not limited otherwise. */
static uint32_t desks_of(const model_world *world, uint32_t s)
{
    const model_station *station = &world->setup->stations[s];
    uint32_t desks = (uint32_t)model_lanes(world, s);
    if (station->role[0] != '\0' && own_world(world)->given[s] / station->staff_per_desk < (int64_t)desks)
        desks = (uint32_t)(own_world(world)->given[s] / station->staff_per_desk);
    return desks < world->limit[s] ? desks : world->limit[s];
}

/* Opens and closes desks as shifts, breaks, hours, lanes and outages have it. Factors on the pace come first: services
 * start as desks open. */
static sim_time control(model_world *world, sim_time now)
{
    const model_setup *setup = world->setup;
    struct staff_world *w = own_world(world);
    bool changed = world->staffing_changed || now >= w->next;
    if (changed) {
        world->staffing_changed = false;
        w->next = SIM_FOREVER;
        assign(world, now);
    }
    for (uint32_t s = 0; s < setup->station_count; s++)
        model_stand_in_slow(world, s, desks_of(world, s));
    for (uint32_t s = 0; s < setup->station_count && changed; s++) {
        const model_station *station = &setup->stations[s];
        bool open = model_side_is_open(setup, station->site, station->side, now, &w->next);
        if (station->role[0] != '\0') {
            sim_level *level = sim_record_level_at(&world->recorder, w->metric, s, 0);
            sim_level_add(level, now, w->given[s] - level->level);
        }
        sim_process *process = &world->kernel.processes[setup->places[station->place].process];
        uint32_t servers = open ? desks_of(world, s) : 0;
        if (world->other_work != NULL) {
            world->at_other_work[s] = servers < world->other_work[s] ? servers : world->other_work[s];
            servers -= world->at_other_work[s];
        }
        sim_network_set_servers(&world->network, process, s, servers, now);
    }
    return w->next;
}

static void visit(model_world *world, struct model_image *image)
{
    struct staff_world *w = own_world(world);
    model_image_visit(image, &w->next, sizeof w->next);
    model_image_visit(image, w->given, world->setup->station_count * sizeof *w->given);
}

const model model_of_staff = {
    .name = "staff",
    .doc = "rosters, roles, shifts, breaks, opening hours, handover",
    .keys = "people classes places links travel stations posts centres onward rosters",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .metrics = metrics,
    .metric_count = sizeof metrics / sizeof *metrics,
    .setup_size = sizeof(struct staff_setup),
    .world_size = sizeof(struct staff_world),
    .prepare = prepare,
    .release = release,
    .build = build,
    .demolish = demolish,
    .visit = visit,
    .control = control,
};
