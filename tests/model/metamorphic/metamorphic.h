/* Metamorphic relations: what must hold between the runs of two scenarios of which one is made from the other.
 *
 * A scenario drawn at random has no known result, but many of its changes have a known effect: another order of its
 * places changes nothing, all times doubled double the waits, more desks let nobody start later (Chen, Cheung and Yiu
 * 1998; Segura et al. 2016). A scenario is a value here (meta_scenario), which is drawn (random.c), changed by a
 * relation and written as YAML (text.c).
 *
 * A relation is a row of one of the tables below. Each new model is covered at once by what its scenario
 * tests/model/effects/ROOM/MODEL.yaml must satisfy (test_metamorphic.c); to cover it further add its sections to
 * meta_more (random.c); what relations need to know about it becomes a member of meta_scenario. */
#ifndef TESTS_METAMORPHIC_H
#define TESTS_METAMORPHIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "models/core/run.h"

enum {
    META_NAME = 40,
    META_PLACES = 14,
    META_LINKS = 40,
    META_KINDS = 10,
    META_PROCEDURES = 4,
    META_FINDS = 2,
    META_CHAIN = 6,
    META_POSTS = 5,
    META_CENTRES = 2,
    META_ONWARDS = 8,
    META_AGENCIES = 2,
    META_ROSTERS = 32,
    META_SHIFTS = 8,
    META_STREAMS = 10,
    META_ROWS = 6,
    META_ORDERS = 16,
    META_TRAITS = 12,
    META_CLASSES = 6,
    META_ROLES = 3,
    META_SIZES = 5,
    META_MORE = 4000,
    META_WHY = 1000,
    META_ALL_MODES = (1 << MODEL_MODES) - 1
};
#define META_NOT (-1) /* not given: of numbers that cannot be negative */
#define META_MINUTE (60 * SIM_SECOND)

/* --- luck (scenario.c) --- */

typedef struct {
    sim_rng rng;
    uint32_t n;
} meta_luck;

bool meta_chance(meta_luck *luck, double probability);
/* Uniform among first, first + 1 ... last. */
int64_t meta_among(meta_luck *luck, int64_t first, int64_t last);
/* A permutation of 0 ... n - 1. */
void meta_shuffle(meta_luck *luck, uint32_t *order, uint32_t n);

/* --- a scenario --- */

typedef enum {
    META_CONSTANT,
    META_EXPONENTIAL,
    META_UNIFORM,
    META_TRIANGULAR,
    META_LOGNORMAL,
    META_WEIBULL,
    META_GAMMA
} meta_family;

/* A distribution of times; those with one time have their mean in `a`. */
typedef struct {
    meta_family family;
    sim_time a, b, c;
    double shape; /* coefficient of variation, or Weibull's shape */
} meta_time;

typedef struct {
    char name[META_NAME];
    model_place_kind kind;
} meta_place;

typedef struct {
    char name[META_NAME];
    uint32_t from, to, modes;
    double length;   /* m */
    double capacity; /* people an hour; 0: not given */
    double speed;    /* m/s; 0: not given */
    bool one_way;
} meta_link;

typedef struct {
    char name[META_NAME];
    meta_time time;
} meta_procedure;

typedef struct {
    uint32_t trait, mark;
    double sensitivity, specificity;
} meta_find;

/* A kind of station. */
typedef struct {
    char name[META_NAME];
    bool serves_group, by_priority;
    uint32_t procedure_count;
    meta_procedure procedures[META_PROCEDURES];
    int64_t desks, staff_per_desk, room; /* room: or META_NOT */
    int role;                            /* or META_NOT */
    uint32_t when, unless, modes;
    uint32_t find_count;
    meta_find finds[META_FINDS];
} meta_kind;

/* A station of a side. */
typedef struct {
    uint32_t kind;
    int64_t desks; /* or META_NOT */
    int procedure; /* or META_NOT */
} meta_station;

typedef struct {
    double area, density;  /* area 0: not given */
    int64_t opens, closes; /* seconds of the day; META_NOT: day and night */
    int agency;            /* or META_NOT */
    uint32_t count;
    meta_station stations[META_CHAIN];
} meta_side;

typedef struct {
    uint32_t place, modes;
    sim_time appeal;
    bool turn_away;
    meta_side sides[MODEL_SIDES];
} meta_post;

typedef struct {
    uint32_t place;
    int64_t beds; /* or META_NOT */
    meta_side side;
} meta_centre;

/* Where people go on to, from one place to another one. */
typedef struct {
    uint32_t from, to, when, unless, modes;
    double share;
    int by; /* or META_NOT */
} meta_onward;

typedef struct {
    int64_t start;                /* seconds of the day */
    sim_time length, from, until; /* the latter: or META_NOT */
    int64_t head;
    sim_time break_length, break_after;
    int64_t break_waves;
} meta_shift;

typedef struct {
    char name[META_NAME];
    uint32_t place, side;
    int role, agency; /* agency: or META_NOT */
    sim_time handover;
    uint32_t shift_count;
    meta_shift shifts[META_SHIFTS];
} meta_roster;

typedef enum { META_SHAPE, META_RATE, META_TABLE } meta_stream_kind;

typedef struct {
    meta_stream_kind kind;
    uint32_t from;
    int to; /* post, or META_NOT: they choose */
    int64_t people;
    meta_time shape;
    sim_time at, until; /* until: or META_NOT */
    double rate;        /* people an hour */
    uint32_t rows;      /* of counts */
    int64_t counts[META_ROWS];
    sim_time interval;
    double weight;
    bool own_modes;
    double modes[MODEL_MODES];
} meta_stream;

typedef enum {
    META_OPEN_LANES,
    META_CLOSE_LANES,
    META_SET_PROCEDURE,
    META_OUTAGE,
    META_CLOSE_LINK,
    META_OPEN_LINK
} meta_order_kind;

typedef struct {
    meta_order_kind order;
    sim_time at, duration, lead; /* duration 0: for good */
    int post, side, station;     /* a kind of station; each may be META_NOT: all */
    uint32_t link;
    int64_t lanes;
    char procedure[META_NAME];
} meta_order;

typedef struct {
    char name[META_NAME];
    double share;
    int among; /* or META_NOT */
} meta_trait;

typedef struct {
    char name[META_NAME];
    uint32_t traits, modes;
    int64_t priority;
} meta_class;

typedef struct {
    char label; /* 'a' or 'b': in the names of its files */
    bool small_units;
    char name[META_NAME];
    int64_t start_day, start_clock; /* days from 2031-03-01, seconds of the day */
    int offset;                     /* minutes east of UTC */
    sim_time duration, interval, bin, warm_up, target_wait;
    double scale, capacity;
    uint32_t size_count; /* 0: groups of `constant_size` */
    int64_t constant_size, sizes[META_SIZES];
    double size_weights[META_SIZES], modes[MODEL_MODES];
    uint32_t trait_count, class_count, place_count, link_count, kind_count, post_count, centre_count, onward_count,
        agency_count, roster_count, stream_count, order_count;
    meta_trait traits[META_TRAITS];
    meta_class classes[META_CLASSES];
    meta_place places[META_PLACES];
    meta_link links[META_LINKS];
    meta_kind kinds[META_KINDS];
    meta_post posts[META_POSTS];
    meta_centre centres[META_CENTRES];
    meta_onward onward[META_ONWARDS];
    char agencies[META_AGENCIES][META_NAME];
    meta_roster rosters[META_ROSTERS];
    meta_stream streams[META_STREAMS];
    meta_order orders[META_ORDERS];
    char roles[META_ROLES][META_NAME];
    double speeds[MODEL_MODES];  /* m/s */
    int variation;               /* 0: none, 1: uniform, 2: triangular */
    bool patient, tries_another; /* patient: endlessly */
    meta_time patience;
    struct {
        sim_time scale, delay, window, longest, gain, crowd_weight;
        double wait_weight, informed;
        bool reconsider;
    } choice;
    struct {
        bool given;
        double slowing, night, dulling;
        sim_time onset;
        int64_t night_from, night_to; /* seconds of the day */
    } fatigue;
    char more[META_MORE]; /* sections of models that relations know nothing about */
} meta_scenario;

/* The random scenario of this number, always the same, always valid. */
void meta_random(meta_scenario *scenario, uint64_t number);
/* Its YAML; its CSV files are written into the working directory. Caller frees. */
char *meta_text(const meta_scenario *scenario);

/* (scenario.c) Additions at the end, with defaults; each fails the test when there is no room left. */
meta_place *meta_add_place(meta_scenario *s, const char *name, model_place_kind kind);
meta_link *meta_add_link(meta_scenario *s, const char *name, uint32_t from, uint32_t to, double length);
meta_kind *meta_add_kind(meta_scenario *s, const char *name, meta_time time);
meta_post *meta_add_post(meta_scenario *s, uint32_t place);
meta_onward *meta_add_onward(meta_scenario *s, uint32_t from, uint32_t to);
/* Whether there is a place of this kind. */
bool meta_has(const meta_scenario *s, model_place_kind kind);
meta_trait *meta_add_trait(meta_scenario *s, const char *name, double share);
meta_order *meta_add_order(meta_scenario *s, meta_order_kind kind, sim_time at);
void meta_insert_station(meta_side *side, uint32_t at, uint32_t kind);
meta_time meta_constant(sim_time time);
/* The distribution with all its times multiplied by times / by. */
meta_time meta_scaled(meta_time time, int64_t times, int64_t by);
double meta_mean(const meta_time *time); /* microseconds */

/* --- a run (compare.c) --- */

typedef struct {
    model_setup setup;
    model_world world;
    char *text;
    uint64_t busy_windows; /* windows seen with so many events that threads share them */
} meta_run;

/* Builds the world; free with meta_end. */
void meta_begin(meta_run *run, const meta_scenario *scenario, uint64_t replication, bool keep_journeys);
/* The same of a scenario in a file, with overrides (`path=value`); its "text" is the file's name. */
void meta_begin_file(meta_run *run, const char *path, const char *const *sets, size_t count, uint64_t replication);
void meta_go(meta_run *run, sim_time until, unsigned threads);
void meta_end(meta_run *run);
/* All journeys by group, then by time; caller frees. */
model_journey *meta_journeys(const meta_run *run, size_t *count);

enum {
    META_IMAGE = 1,    /* the whole state, byte by byte */
    META_FATES = 2,    /* of each group: who they are, where they are, what became of them */
    META_JOURNEYS = 4, /* each service: where, since when they waited, when it began and ended */
    META_COUNTS = 8,   /* of all places and stations that both have, by name, bin by bin */
    META_LEVELS = 16,
    META_PEAKS = 32,
    META_TRAVEL_PEAKS = 64, /* taken whenever anything is controlled: one more order is one more look */
    META_DURATIONS = 128,
    META_HISTOGRAMS = 256,
    META_RECORD =
        META_FATES | META_JOURNEYS | META_COUNTS | META_LEVELS | META_PEAKS | META_DURATIONS | META_HISTOGRAMS,
    META_ALL = META_RECORD | META_TRAVEL_PEAKS,
    META_PLAIN = META_COUNTS | META_LEVELS | META_DURATIONS
};

/* How the run of `b` must be like that of `a`. */
typedef struct {
    unsigned parts;
    const char *except; /* metrics that may differ, separated by blanks; * at a name's end stands for any */
    bool totals;        /* metrics added up over all bins */
    bool classes_added; /* and over classes */
    int64_t factor;     /* times in `b` are so many times those of `a`; 0 is 1 */
    sim_time tolerance; /* of a time of a journey */
    sim_time shift;     /* times in `b` are later by this */
    bool only_shared;   /* `b` goes on after the end of `a`: what was before that */
} meta_sameness;

/* Whether they are; if not, `why` tells the first difference. */
bool meta_same(meta_run *a, meta_run *b, const meta_sameness *how, char why[META_WHY]);

/* --- relations --- */

enum { META_MEASURES = 4 };

typedef struct {
    const char *name;
    const char *statement;
    unsigned scenarios; /* in the quick form */
    /* Restricts `base` to what the relation holds for and makes `other` from it; false: this scenario does not suit.
     * NULL: the same. */
    bool (*make)(meta_scenario *base, meta_scenario *other, meta_luck *luck);
    /* Runs `other`, built already with journeys, in an unusual way; false: this scenario does not suit. NULL: plainly.
     */
    bool (*run)(meta_run *run, meta_luck *luck);
    meta_sameness same;
    /* Instead of `same`: */
    bool (*judge)(const meta_run *a, const meta_run *b, char why[META_WHY]);
    /* Instead of both: numbers of a run, compared over many replications. */
    void (*measure)(const meta_run *run, double values[META_MEASURES]);
    unsigned replications;
    bool
        not_more; /* paired by common random numbers, those of `b` must not be larger; else independent, and as large */
    bool more;    /* holds with sections that it knows nothing about */
    /* What is wrong with the program, so that the relation does not hold yet; the test then fails when it does. NULL:
     * nothing. */
    const char *awaits;
} meta_relation;

extern const meta_relation meta_running[], meta_rewriting[], meta_equivalence[], meta_idling[], meta_scaling[],
    meta_ordering[];
extern const size_t meta_running_count, meta_rewriting_count, meta_equivalence_count, meta_idling_count,
    meta_scaling_count, meta_ordering_count;

#endif
