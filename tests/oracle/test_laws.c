/* The laws that every run checks at every control instant and at its end: people are conserved, and Little's law holds
 * exactly. They hold for every station of a busy post, and a run in which one number is off by one is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "tests/oracle/oracle.h"

/* Everything that moves people: priorities, impatience, an area, rooms, held desks, groups, shifts. */
static const oracle_scenario busy_post = {
    .rate = "40 /h",
    .people = "group_size: {empirical: {values: [1, 2, 5], weights: [5, 3, 2]}}, modes: {foot: 2, car: 1}, traits: "
              "{child: {share: 40 %}}",
    .more =
        "classes: {drivers: {modes: [car], priority: 2}}\npatience: {time: {exponential: {mean: 2 h}}}\n"
        "rosters: {officers: {post: P, side: entry, role: officer, shifts: [{start: \"00:00\", length: 8 h, head: 4}, "
        "{start: \"08:00\", length: 4 h, head: 1}, {start: \"12:00\", length: 12 h, head: 3}]}}\n",
    .stations = "first: {time: {lognormal: {mean: 3 min, cv: 1}}, desks: 4, role: officer, discipline: priority}, "
                "second: {serves: group, time: {exponential: {mean: 6 min}}, desks: 2, room: 1, when: [child]}",
    .entry = "first: {}, second: {}",
    .side = ", waiting_area: 40 m2, density: 1 1/m2",
    .duration = "20 d",
    .warm_up = "0 s",
    .bin = "30 min",
};

typedef struct {
    model_setup setup;
    model_world world;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    *state = f;
    if (f == NULL || oracle_setup(&f->setup, &busy_post) != 0)
        return -1;
    return model_world_init(&f->world, &f->setup, 701, 0, false);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    model_world_free(&f->world);
    model_setup_free(&f->setup);
    free(f);
    return 0;
}

/* Runs to an instant at which someone waits at the first station, and returns who is next. */
static sim_customer *run_until_someone_waits(fixture *f)
{
    const sim_station *first = &f->world.network.stations[0];
    assert_int_equal(model_world_run(&f->world, SIM_DAY, 1), 0);
    while (first->waiting < 3)
        assert_int_equal(model_world_run(&f->world, f->world.kernel.now + SIM_HOUR, 1), 0);
    unsigned priority = 31u - (unsigned)__builtin_clz(first->occupied);
    return sim_network_customer(&f->world.network, first->queues[priority].head);
}

static void every_law_holds_at_a_busy_post(void **state)
{
    fixture *f = *state;
    run_until_someone_waits(f);
    assert_int_equal(model_world_run(&f->world, f->setup.end, 1), 0);
    for (uint32_t i = 0; i < f->setup.station_count; i++)
        assert_int_equal(sim_network_littles_law(&f->world.network, i, f->setup.end), 0);
    /* what the scenario is for has happened */
    assert_true(oracle_count(&f->world, "flow/gave_up", "P", 0) > 0);
    assert_true(oracle_level(&f->world, "queue/outside", "P", 0) > 0);
    assert_true(oracle_level(&f->world, "desks/held", "first", 0) > 0);
    assert_true(oracle_count(&f->world, "flow/crossed", "P", 1) > 100);
}

/* The difference is as large as the tampering: time x people of the group. */
static void a_wait_off_by_a_microsecond_breaks_littles_law(void **state)
{
    fixture *f = *state;
    sim_customer *next = run_until_someone_waits(f);
    int64_t people = next->size;
    next->since -= 1;
    assert_int_equal(model_world_run(&f->world, f->setup.end, 1), SIM_E_BROKEN);
    assert_int_equal(llabs(sim_network_littles_law(&f->world.network, 0, f->setup.end)), people);
}

static void a_person_added_to_a_queue_breaks_littles_law(void **state)
{
    fixture *f = *state;
    run_until_someone_waits(f);
    sim_time since = f->world.kernel.now;
    uint32_t metric = sim_recorder_find(&f->world.recorder, "queue/people_waiting");
    sim_record_level(&f->world.recorder, metric, 0, 0, since, 1);
    assert_int_equal(model_world_run(&f->world, f->setup.end, 1), SIM_E_BROKEN);
    assert_int_equal(sim_network_littles_law(&f->world.network, 0, f->setup.end), f->setup.end - since);
}

static void a_person_too_many_is_noticed_at_the_next_control_instant(void **state)
{
    fixture *f = *state;
    run_until_someone_waits(f);
    f->world.set_out[0].people++;
    assert_int_equal(model_world_run(&f->world, f->world.kernel.now + f->setup.control_interval, 1), SIM_E_BROKEN);
}

static void a_person_who_vanishes_from_a_state_is_noticed(void **state)
{
    fixture *f = *state;
    run_until_someone_waits(f);
    sim_record_level(&f->world.recorder, f->world.metrics.state, 0, MODEL_WAITING, f->world.kernel.now, -1);
    assert_int_equal(model_world_run(&f->world, f->world.kernel.now + f->setup.control_interval, 1), SIM_E_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_law_holds_at_a_busy_post, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wait_off_by_a_microsecond_breaks_littles_law, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_person_added_to_a_queue_breaks_littles_law, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_person_too_many_is_noticed_at_the_next_control_instant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_person_who_vanishes_from_a_state_is_noticed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
