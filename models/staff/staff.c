/* Staff: rosters of shifts give people of a role to a side of a post; they open its desks.
 *
 * Shifts repeat every day. Breaks take part of a shift's people away in waves. The people on duty man desks at the
 * side's stations of that role: one at each station first, the others in proportion to the lanes (Sainte-Lague); who is
 * left over may stand in elsewhere. Incoming people take over after a handover; who goes off duty finishes the group at
 * the desk. */
#include "models/core/calendar.h"
#include "models/staff/desk.h"
#include "models/staff/duty.h"
#include "sim/base/error.h"

#define SHIFTS "rosters.*.shifts.#"

static const sim_section sections[] = {
    {"rosters.*", "people of one role who work at one side of a post", 0},
    {SHIFTS, "a shift, every day", 0},
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
    {SHIFTS, "start", SIM_CLOCK, SIM_DIM_TIME, NULL, 0, 0, NULL, "time of day", "none: must be given"},
    {SHIFTS, "length", SIM_QUANTITY, SIM_DIM_TIME, NULL, 60, 86400, NULL, "length of the shift", "none: must be given"},
    {SHIFTS, "head", SIM_COUNT, SIM_DIM_NONE, NULL, 0, 1000000, NULL, "people", "none: must be given"},
    {SHIFTS, "from", SIM_INSTANT, SIM_DIM_TIME, "", -1e9, 1e9, NULL, "first instant at which it may start",
     "not given: from the start"},
    {SHIFTS, "until", SIM_INSTANT, SIM_DIM_TIME, "", -1e9, 1e9, NULL, "it does not start at or after this",
     "not given: to the end"},
    {SHIFTS, "break_length", SIM_QUANTITY, SIM_DIM_TIME, "0 min", 0, 12 * 3600.0, NULL,
     "length of the break each of them takes", "assumption: no breaks"},
    {SHIFTS, "break_after", SIM_QUANTITY, SIM_DIM_TIME, "4 h", 0, 86400, NULL,
     "from the shift's start to the first wave's break", "assumption: mid-shift of 8 h"},
    {SHIFTS, "break_waves", SIM_COUNT, SIM_DIM_NONE, "2", 1, 100, NULL, "waves in which they go, one after another",
     "assumption: half of them stay at the desks"},
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

static const model_column columns[] = {
    COLUMN_ONCE(next),
    COLUMN(given, int64_t, STATION),
    COLUMN_SCRATCH(duty, int64_t, ROSTER),
    COLUMN_SCRATCH(spare, int64_t, ROSTER),
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

static void check_shift(const sim_config *config, const model_shift *s, size_t k, sim_diag *diag)
{
    if (s->handover >= s->length)
        sim_diag_error(diag, sim_value_mark(config, SHIFTS, "length", k), "longer than the roster's handover", NULL,
                       "the shift ends before it has taken over");
    if (s->break_length > 0 && s->break_after + s->break_length * s->waves > s->length)
        sim_diag_error(diag, sim_value_mark(config, SHIFTS, "break_length", k), "breaks that end within the shift",
                       NULL, "the last wave's break ends after the shift");
}

static sim_time instant_or(const sim_config *config, const char *name, size_t k, sim_time otherwise)
{
    return sim_given(config, SHIFTS, name, k) ? sim_micros(config, SHIFTS, name, k) : otherwise;
}

static model_shift read_shift(const model_setup *setup, const sim_config *config, size_t roster, size_t k)
{
    return (model_shift){
        .roster = (uint32_t)roster,
        .start = sim_micros(config, SHIFTS, "start", k),
        .length = sim_micros(config, SHIFTS, "length", k),
        .from = instant_or(config, "from", k, INT64_MIN / 2),
        .until = instant_or(config, "until", k, INT64_MAX / 2),
        .handover = sim_micros(config, "rosters.*", "handover", roster),
        .break_length = sim_micros(config, SHIFTS, "break_length", k),
        .break_after = sim_micros(config, SHIFTS, "break_after", k),
        .head = model_scaled(setup, sim_count(config, SHIFTS, "head", k)),
        .waves = sim_count(config, SHIFTS, "break_waves", k),
    };
}

/* Whether there is work for people of the roster: at a station, standing in or interpreting. */
static bool is_wanted(const model_setup *setup, size_t roster)
{
    const model_roster *r = &own_setup(setup)->rosters[roster];
    bool wanted = model_stand_in_can(setup, roster) || model_interpreter_is(setup, r->role);
    for (uint32_t s = 0; s < setup->station_count; s++)
        wanted = wanted || model_roster_serves(r, &setup->stations[s]);
    return wanted;
}

static void check_roster(const model_setup *setup, const sim_config *config, size_t i, sim_diag *diag)
{
    const model_roster *r = &own_setup(setup)->rosters[i];
    if (!is_wanted(setup, i) && !setup->sites_in_doubt)
        sim_diag_error(diag, sim_value_mark(config, "rosters.*", "role", i), "the role of a station there",
                       nearest_role(setup, r), "no station of that side of the post needs \"%s\"", r->role);
    if (r->shift_count == 0)
        sim_diag_error(diag, sim_element_mark(config, "rosters.*", i), "`shifts`, with at least one shift", NULL,
                       "the roster \"%s\" has no shifts", sim_element_name(config, "rosters.*", i));
}

static void read_roster(model_setup *setup, const sim_config *config, size_t i, sim_diag *diag)
{
    struct staff_setup *staff = own_setup(setup);
    model_roster *r = &staff->rosters[i];
    *r = (model_roster){
        .site = model_site_of(setup, config, "rosters.*", "post", i),
        .side = sim_choice(config, "rosters.*", "side", i),
        .role = sim_text(config, "rosters.*", "role", i),
    };
    sim_children(config, SHIFTS, i, &r->first_shift, &r->shift_count);
    check_roster(setup, config, i, diag);
    for (size_t k = r->first_shift; k < r->first_shift + r->shift_count; k++) {
        staff->shifts[k] = read_shift(setup, config, i, k);
        check_shift(config, &staff->shifts[k], k, diag);
    }
}

static int prepare(model_setup *setup, const sim_config *config, sim_diag *diag)
{
    struct staff_setup *staff = own_setup(setup);
    staff->roster_count = sim_elements(config, "rosters.*");
    staff->shift_count = sim_elements(config, SHIFTS);
    staff->rosters = model_take(setup, staff->roster_count, sizeof *staff->rosters);
    staff->shifts = model_take(setup, staff->shift_count, sizeof *staff->shifts);
    if (staff->rosters == NULL || staff->shifts == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < staff->roster_count; i++)
        read_roster(setup, config, i, diag);
    check_stations(setup, config, diag);
    return 0;
}

static int build(model_world *world)
{
    world->staffing_changed = true;
    return 0;
}

/* Shares the people of the roster's pool among the side's stations of that role, desk by desk, and says who is left
 * over: first of those rosters that can stand in for others, in order. */
static void share_out(model_world *world, size_t roster, int64_t people)
{
    const struct staff_setup *staff = own_setup(world->setup);
    const model_roster *r = &staff->rosters[roster];
    struct staff_world *w = own_world(world);
    for (uint32_t s; (s = model_staff_next_desk(world, w->given, r, r->role, people)) != MODEL_NONE;) {
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

static bool is_first_of_pool(const struct staff_setup *staff, size_t roster)
{
    for (size_t k = 0; k < roster; k++)
        if (model_roster_is_pool(&staff->rosters[k], &staff->rosters[roster]))
            return false;
    return true;
}

/* People on duty of the pool of which this roster is the first. */
static int64_t people_of_pool(const model_world *world, size_t roster)
{
    const struct staff_setup *staff = own_setup(world->setup);
    int64_t people = 0;
    for (size_t k = roster; k < staff->roster_count; k++)
        if (model_roster_is_pool(&staff->rosters[k], &staff->rosters[roster]))
            people += own_world(world)->duty[k];
    return people;
}

/* Puts those who are on duty now at desks. */
static void assign(model_world *world, sim_time now)
{
    const struct staff_setup *staff = own_setup(world->setup);
    struct staff_world *w = own_world(world);
    for (uint32_t s = 0; s < world->setup->station_count; s++)
        w->given[s] = 0;
    for (size_t i = 0; i < staff->roster_count; i++) {
        const model_roster *r = &staff->rosters[i];
        w->duty[i] = 0;
        for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
            w->duty[i] += model_shift_on_duty(world, n, now, &w->next);
    }
    for (size_t i = 0; i < staff->roster_count; i++)
        if (is_first_of_pool(staff, i))
            share_out(world, i, people_of_pool(world, i));
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

/* Opens and closes the station's desks. */
static void staff_station(model_world *world, uint32_t s, sim_time now)
{
    const model_setup *setup = world->setup;
    const model_station *station = &setup->stations[s];
    struct staff_world *w = own_world(world);
    bool open = model_side_is_open(setup, station->site, station->side, now, &w->next);
    if (station->role[0] != '\0') {
        sim_level *level = sim_record_level_at(&world->recorder, w->metric, s, 0);
        sim_level_add(level, now, w->given[s] - level->level);
    }
    uint32_t servers = open ? desks_of(world, s) : 0;
    if (world->other_work != NULL) {
        world->at_other_work[s] = servers < world->other_work[s] ? servers : world->other_work[s];
        servers -= world->at_other_work[s];
    }
    sim_process *process = &world->kernel.processes[setup->places[station->place].process];
    sim_network_set_servers(&world->network, process, s, servers, now);
}

/* Opens and closes desks as shifts, breaks, hours, lanes and outages have it. Factors on the pace come first: services
 * start as desks open. */
static sim_time control(model_world *world, sim_time now)
{
    struct staff_world *w = own_world(world);
    bool changed = world->staffing_changed || now >= w->next;
    if (changed) {
        world->staffing_changed = false;
        w->next = SIM_FOREVER;
        assign(world, now);
    }
    for (uint32_t s = 0; s < world->setup->station_count; s++)
        model_stand_in_slow(world, s, desks_of(world, s));
    for (uint32_t s = 0; s < world->setup->station_count && changed; s++)
        staff_station(world, s, now);
    return w->next;
}

/* Both rows are there for others: for stand_in, which this model calls, and power, which asks for the work. */
static bool writes_it(const model_setup *setup, const char *row)
{
    (void)setup;
    (void)row;
    return false;
}

const model model_of_staff = {
    .name = "staff",
    .doc = "rosters, roles, shifts, breaks, opening hours, handover",
    .keys = "people classes places links travel stations posts centres onward rosters",
    MODEL_TABLE(section),
    MODEL_TABLE(param),
    MODEL_TABLE(metric),
    MODEL_TABLE(column),
    .setup_size = sizeof(struct staff_setup),
    .world_size = sizeof(struct staff_world),
    .writes = "pace at_other_work",
    .writes_it = writes_it,
    .prepare = prepare,
    .build = build,
    .control = control,
};
