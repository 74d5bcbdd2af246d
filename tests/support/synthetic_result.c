/* Filling results with invented numbers. Post i is place i + 1; place 0 is an origin; the centre and the informal
 * crossing come last. */
#include "tests/support/synthetic_result.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    MOST_POSTS = 400,
    STATES = 8,
    WAITING = 2,
    CROSSED = 4,
    SHELTERED = 6,
    IN_THE_OPEN = 7,
    BUCKETS = 200,
    BIN = 3600
};

synthetic synthetic_default(void)
{
    return (synthetic){
        .posts = 2, .bins = 48, .replications = 3, .title = "A test", .people = 60, .coordinates = 1, .has_sites = 1};
}

typedef struct {
    sim_result *result;
    const synthetic *shape;
    int time, place, station, class, state, replication, bucket, figure, agency, item;
} builder;

static int labels(builder *b, const char *name, size_t size, const char *const *words)
{
    int axis = sim_result_labels(b->result, name, name, size, words);
    assert_true(axis >= 0);
    return axis;
}

static int numbers(builder *b, const char *name, const char *unit, size_t size, double step)
{
    double *values = calloc(size, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < size; i++)
        values[i] = step * (double)i;
    int axis = sim_result_values(b->result, name, name, unit, size, values);
    free(values);
    assert_true(axis >= 0);
    return axis;
}

static void add_axes(builder *b)
{
    static const char *const states[STATES] = {"travelling", "stranded", "waiting",   "in_service",
                                               "crossed",    "gave_up",  "sheltered", "in_the_open"};
    static const char *const classes[2] = {"vulnerable", "everyone"}, *const figures[2] = {"people.crossed",
                                                                                           "wait.mean"};
    static const char *const agencies[2] = {"guard", "relief"}, *const items[3] = {"staff", "relief", "custody"};
    static const char *const sides[2] = {"exit/check", "entry/check"};
    size_t posts = b->shape->posts, places = posts + 1 + (b->shape->has_sites ? 2 : 0);
    char(*text)[300] = calloc(3 * posts + 3, sizeof *text);
    const char **words = calloc(3 * posts + 3, sizeof *words);
    assert_true(posts >= 1 && posts <= MOST_POSTS && text != NULL && words != NULL);
    snprintf(text[0], sizeof *text, "Origin");
    for (size_t i = 0; i < posts; i++) {
        if (b->shape->names)
            snprintf(text[i + 1], sizeof *text, "%.200s", b->shape->names[i]);
        else
            snprintf(text[i + 1], sizeof *text, "Post %zu", i + 1);
        for (size_t side = 0; side < 2; side++) {
            char post[sizeof *text]; /* a copy: source and target are parts of one array */
            memcpy(post, text[i + 1], sizeof post);
            snprintf(text[places + 2 * i + side], sizeof *text, "%.200s/%s", post, sides[side]);
        }
    }
    if (b->shape->has_sites) {
        snprintf(text[posts + 1], sizeof *text, "Camp%.200s", b->shape->names ? b->shape->names[0] : "");
        snprintf(text[posts + 2], sizeof *text, "Ford");
    }
    for (size_t i = 0; i < places + 2 * posts; i++)
        words[i] = text[i];
    b->place = labels(b, "place", places, words);
    b->station = labels(b, "station", 2 * posts, words + places);
    b->agency = labels(b, "agency", 2, agencies);
    b->item = labels(b, "item", 3, items);
    b->class = labels(b, "class", 2, classes);
    b->state = labels(b, "state", STATES, states);
    b->figure = labels(b, "figure", 2, figures);
    b->time = numbers(b, "time", "seconds since 2031-02-28 23:00:00", b->shape->bins, BIN);
    b->replication = numbers(b, "replication", "1", b->shape->replications, 1);
    b->bucket = numbers(b, "bucket", "s", BUCKETS, 600);
    free(words);
    free(text);
}

/* A dataset of `rows` x `owners` x `cells`, filled by a function of the three. */
typedef double value_function(const synthetic *shape, size_t row, size_t owner, size_t cell);

static void add(builder *b, const char *path, int rows, int owners, int cells, value_function *value)
{
    int axes[3],
        n = 0, blank = isnan(b->shape->people) && strncmp(path, "map/", 4) != 0 && strcmp(path, "observed/place") != 0;
    size_t sizes[3] = {1, 1, 1};
    double *out = NULL;
    const int given[3] = {rows, owners, cells};
    for (int i = 0; i < 3; i++)
        if (given[i] >= 0) {
            sizes[i] = b->result->axes[given[i]].size;
            axes[n++] = given[i];
        }
    const char *unit = strncmp(path, "wait/", 5) == 0 ? "s" : strcmp(path, "reception/bed_time") == 0 ? "beds us" : "1";
    assert_int_equal(sim_result_reals(b->result, path, path, unit, n, axes, &out), 0);
    for (size_t i = 0; i < sizes[0]; i++)
        for (size_t j = 0; j < sizes[1]; j++)
            for (size_t k = 0; k < sizes[2]; k++)
                *out++ = blank ? (double)NAN : value(b->shape, i, j, k);
}

static double crossed(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row;
    return owner == 0 || owner > s->posts ? 0 : s->people / (double)owner * (cell == 0 ? 0.25 : 0.75);
}

static double crossed_in_all(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return (double)s->bins * crossed(s, row, owner, cell) + (double)row;
}

static double present(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    if (owner > s->posts)
        return owner == s->posts + 1 && cell == SHELTERED     ? s->people / 2
               : owner == s->posts + 1 && cell == IN_THE_OPEN ? s->people / 6
                                                              : 0;
    return cell == WAITING && owner > 0 ? 2 * s->people / (double)owner
           : cell == CROSSED            ? crossed(s, 0, owner, 1) * (double)row
                                        : 0;
}

static double tenth(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return 0.1 * present(s, row, owner, cell);
}

/* The vulnerable wait for an hour, the others for three: 2.5 h in the mean; nobody waits where nobody crosses. */
static double waited(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return crossed(s, row, owner, cell) > 0 ? (cell == 0 ? 3600 : 3 * 3600) : (double)NAN;
}

static double open_desks(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)cell;
    return row % 12 < 8 ? (double)(owner % 5 + 2) : 0;
}

static double busy_desks(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return (s->people > 0 ? 0.5 : 0) * open_desks(s, row, owner, cell);
}

static double open_always(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row, (void)owner, (void)cell;
    return 4;
}

static double busy_by_half(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return s->people > 0 ? open_always(s, row, owner, cell) / (owner % 2 == 0 ? 2 : 4) : 0;
}

/* 100 person-hours at the first station, 200 at the next, and so on. */
static double time_waited(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return s->people > 0 ? 3600e6 * 100 * (double)(owner + 1) : 0;
}

static double kind(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return owner == 0 ? 0 : owner <= s->posts ? 2 : owner == s->posts + 1 ? 4 : 5;
}

static double latitude(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return s->coordinates ? 48 + 0.01 * (double)(owner % 20) : (double)NAN;
}

static double longitude(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return s->coordinates ? 22 + 0.02 * (double)(owner / 20) : (double)NAN;
}

static int is_camp(const synthetic *s, size_t owner)
{
    return owner == s->posts + 1;
}

/* 40 beds in the centre. */
static double bed_time(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return is_camp(s, owner) ? 40.0 * BIN * 1e6 : 0;
}

static double came(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row;
    return is_camp(s, owner) ? 500 + 100 * (double)cell : 0;
}

static double settled(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return is_camp(s, owner) ? 20 : 0;
}

static double sent_on(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row;
    return is_camp(s, owner) ? 11 * (double)(cell + 1) : 0;
}

/* The vulnerable stay for 4 hours, the others for 12. */
static double stayed(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row;
    return is_camp(s, owner) ? (cell == 0 ? 4 * 3600 : 12 * 3600) : (double)NAN;
}

static double irregular(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return owner == s->posts + 2 ? 700 : 0;
}

static double price(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return owner == s->posts + 2 ? 12345 : 0;
}

/* Dollars in an hour: 10 of each agency on staff, 5 of the second on relief, nothing on custody. */
static double spent(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row;
    return cell == 0 ? 10 : cell == 1 && owner == 1 ? 5 : 0;
}

static double figure(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row, (void)cell;
    return owner == 0 ? 1234567 : 9000;
}

static double half_width(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)row, (void)cell;
    return s->replications < 2 ? (double)NAN : owner == 0 ? 1200 : 600;
}

static double day_begin(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row, (void)cell;
    return 86400 * (double)owner;
}

static double day_end(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return day_begin(s, row, owner, cell) + 86400;
}

static double all_posts(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row, (void)owner, (void)cell;
    return -1;
}

static double people_observed(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row, (void)cell;
    return 1000 + 100 * (double)owner;
}

static double people_simulated(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    return people_observed(s, row, owner, cell) + 10;
}

static double nothing(const synthetic *s, size_t row, size_t owner, size_t cell)
{
    (void)s, (void)row, (void)owner, (void)cell;
    return (double)NAN;
}

static void add_histogram(builder *b)
{
    const int axes[3] = {b->place, b->class, b->bucket};
    int64_t *out = NULL;
    assert_int_equal(sim_result_integers(b->result, "wait/post_histogram", "waits", "people", 3, axes, &out), 0);
    for (size_t place = 1; place <= b->shape->posts; place++)
        for (size_t cell = 0; cell < 2; cell++)
            if (b->shape->people > 0)
                out[(place * 2 + cell) * BUCKETS + (cell == 0 ? 6 : 18)] = cell == 0 ? 25 : 75;
}

/* 300 vulnerable and 900 others who stayed, in all replications together. */
static void add_stays(builder *b)
{
    const int axes[3] = {b->place, b->class, b->bucket};
    int64_t *out = NULL;
    assert_int_equal(sim_result_integers(b->result, "wait/centre_histogram", "stays", "people", 3, axes, &out), 0);
    for (size_t cell = 0; cell < 2 && b->shape->people > 0; cell++)
        out[((b->shape->posts + 1) * 2 + cell) * BUCKETS + (cell == 0 ? 24 : 72)] = cell == 0 ? 300 : 900;
}

static void add_sites(builder *b)
{
    add(b, "reception/bed_time", b->time, b->place, -1, bed_time);
    add(b, "summary/flow_arrived", b->replication, b->place, b->class, came);
    add(b, "summary/flow_settled", b->replication, b->place, b->class, settled);
    add(b, "summary/reception_sent_on", b->replication, b->place, b->class, sent_on);
    add(b, "summary/wait_centre_mean", b->replication, b->place, b->class, stayed);
    add(b, "summary/flow_irregular", b->replication, b->place, b->class, irregular);
    add(b, "summary/informal_price_mean", b->replication, b->place, -1, price);
    add(b, "cost/spent", b->time, b->agency, b->item, spent);
    add_stays(b);
}

static void add_observations(builder *b)
{
    int axis = numbers(b, "observation", "1", b->shape->days_observed, 1);
    add(b, "observed/begin", -1, axis, -1, day_begin);
    add(b, "observed/end", -1, axis, -1, day_end);
    add(b, "observed/place", -1, axis, -1, all_posts);
    add(b, "observed/people_observed", -1, axis, -1, people_observed);
    add(b, "observed/people_simulated", -1, axis, -1, people_simulated);
    add(b, "observed/wait_observed", -1, axis, -1, nothing);
    add(b, "observed/wait_simulated", -1, axis, -1, nothing);
}

static void add_attributes(builder *b)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", b->shape->replications);
    assert_int_equal(sim_result_attribute(b->result, "title", b->shape->title, 1), 0);
    assert_int_equal(sim_result_attribute(b->result, "replications", text, 1), 0);
    assert_int_equal(sim_result_attribute(b->result, "seed", "7", 1), 0);
    assert_int_equal(sim_result_attribute(b->result, "confidence", "0.95", 1), 0);
    assert_int_equal(sim_result_attribute(b->result, "utc_offset_seconds", "3600", 1), 0);
}

void synthetic_fill(sim_result *result, const synthetic *shape)
{
    builder b = {.result = result, .shape = shape};
    add_axes(&b);
    add_attributes(&b);
    add(&b, "map/kind", -1, b.place, -1, kind);
    add(&b, "map/latitude", -1, b.place, -1, latitude);
    add(&b, "map/longitude", -1, b.place, -1, longitude);
    add(&b, "people/present", b.time, b.place, b.state, present);
    add(&b, "people/present_peak", b.time, b.place, b.state, present);
    add(&b, "flow/crossed", b.time, b.place, b.class, crossed);
    add(&b, "wait/post_mean", b.time, b.place, b.class, waited);
    add(&b, "desks/open", b.time, b.station, -1, open_desks);
    add(&b, "desks/busy", b.time, b.station, -1, busy_desks);
    add(&b, "queue/people_waiting", b.time, b.station, -1, busy_desks);
    if (shape->replications > 1)
        add(&b, "people/present_half_width", b.time, b.place, b.state, tenth);
    add_histogram(&b);
    add(&b, "summary/flow_crossed", b.replication, b.place, b.class, crossed_in_all);
    add(&b, "summary/wait_post_mean", b.replication, b.place, b.class, waited);
    add(&b, "summary/wait_post_max", b.replication, b.place, b.class, waited);
    add(&b, "summary/people_present_peak", b.replication, b.place, b.state, present);
    add(&b, "summary/people_at_end", b.replication, b.place, b.state, present);
    add(&b, "summary/desks_open_mean", b.replication, b.station, -1, open_always);
    add(&b, "summary/desks_busy_mean", b.replication, b.station, -1, busy_by_half);
    add(&b, "summary/queue_time_waited", b.replication, b.station, -1, time_waited);
    add(&b, "key/mean", -1, b.figure, -1, figure);
    add(&b, "key/half_width", -1, b.figure, -1, half_width);
    if (shape->has_sites)
        add_sites(&b);
    if (shape->days_observed > 0)
        add_observations(&b);
}
