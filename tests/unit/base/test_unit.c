/* Quantities: every unit, every way to be wrong, and independence from the locale. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/number.h"
#include "sim/base/unit.h"

static void assert_value(const char *text, sim_dimension dimension, double expected)
{
    double value = -1;
    sim_unit_outcome outcome = sim_unit_parse(text, dimension, &value, NULL, NULL);
    if (outcome != SIM_UNIT_OK || value != expected)
        fail_msg("\"%s\": outcome %d, value %.17g instead of %.17g", text, (int)outcome, value, expected);
}

static void assert_outcome(const char *text, sim_dimension dimension, sim_unit_outcome expected)
{
    double value;
    sim_unit_outcome outcome = sim_unit_parse(text, dimension, &value, NULL, NULL);
    if (outcome != expected)
        fail_msg("\"%s\": outcome %d instead of %d", text, (int)outcome, (int)expected);
}

static void quantities_become_si_exactly(void **state)
{
    (void)state;
    assert_value("90 s", SIM_DIM_TIME, 90);
    assert_value("1.5 min", SIM_DIM_TIME, 90);
    assert_value("12 h", SIM_DIM_TIME, 43200);
    assert_value("14 d", SIM_DIM_TIME, 1209600);
    assert_value("1 week", SIM_DIM_TIME, 604800);
    assert_value("3 us", SIM_DIM_TIME, 3e-6);
    assert_value("250ms", SIM_DIM_TIME, 0.25);
    assert_value("4.5 km", SIM_DIM_LENGTH, 4500);
    assert_value("36 km/h", SIM_DIM_SPEED, 10);
    assert_value("9000 m2", SIM_DIM_AREA, 9000);
    assert_value("2 ha", SIM_DIM_AREA, 20000);
    assert_value("36 /h", SIM_DIM_RATE, 0.01);
    assert_value("36 1/h", SIM_DIM_RATE, 0.01);
    assert_value("0.3 1/m2", SIM_DIM_DENSITY, 0.3);
    assert_value("12 USD/h", SIM_DIM_WAGE, 12.0 / 3600);
    assert_value("2.5 kUSD", SIM_DIM_MONEY, 2500);
    assert_value("40 %", SIM_DIM_NONE, 0.4);
    assert_value("0.4", SIM_DIM_NONE, 0.4);
    assert_value("-1e3", SIM_DIM_NONE, -1000);
    assert_value("+.5", SIM_DIM_NONE, 0.5);
}

static void every_listed_unit_is_read_in_its_dimension_and_refused_in_all_others(void **state)
{
    (void)state;
    size_t total = 0;
    for (int d = SIM_DIM_NONE; d <= SIM_DIM_WAGE; d++) {
        const char *const *names;
        size_t n = sim_unit_names((sim_dimension)d, &names);
        assert_true(n > 0);
        for (size_t i = 0; i < n; i++, total++) {
            char text[40];
            snprintf(text, sizeof text, "3 %s", names[i]);
            for (int other = SIM_DIM_NONE; other <= SIM_DIM_WAGE; other++) {
                double value = 0;
                sim_dimension found;
                sim_unit_outcome outcome = sim_unit_parse(text, (sim_dimension)other, &value, &found, NULL);
                assert_int_equal(outcome, other == d ? SIM_UNIT_OK : SIM_UNIT_WRONG);
                assert_int_equal(found, d);
                if (other == d)
                    assert_true(value > 0);
            }
        }
        double value;
        assert_int_equal(sim_unit_parse(sim_dimension_example((sim_dimension)d), (sim_dimension)d, &value, NULL, NULL),
                         SIM_UNIT_OK);
        assert_true(strlen(sim_dimension_words((sim_dimension)d)) > 0 &&
                    strlen(sim_dimension_si((sim_dimension)d)) > 0);
    }
    assert_true(total > 30);
}

static void only_finite_decimal_numbers_are_numbers(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",         "s",      "nan s", "NaN",     "inf s",    "-inf s",
                                        "Infinity", "0x10 s", "0X1p3", "1e999 s", "-1e400 s", ". s",
                                        "- 3 s",    "--3 s",  "e3 s",  " 3 s",    "1. s",     "5.s"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_outcome(wrong[i], SIM_DIM_TIME, SIM_UNIT_NOT_A_NUMBER);
    assert_outcome("1e308 km", SIM_DIM_LENGTH, SIM_UNIT_NOT_A_NUMBER);
}

static void what_is_wrong_with_a_unit_is_told_apart(void **state)
{
    (void)state;
    assert_outcome("90", SIM_DIM_TIME, SIM_UNIT_MISSING);
    assert_outcome("90 ", SIM_DIM_TIME, SIM_UNIT_MISSING);
    assert_outcome("0", SIM_DIM_LENGTH, SIM_UNIT_MISSING);
    assert_outcome("90 S", SIM_DIM_TIME, SIM_UNIT_UNKNOWN);
    assert_outcome("90 s s", SIM_DIM_TIME, SIM_UNIT_UNKNOWN);
    assert_outcome("1,000 s", SIM_DIM_TIME, SIM_UNIT_UNKNOWN);
    assert_outcome("1_000 s", SIM_DIM_TIME, SIM_UNIT_UNKNOWN);
    assert_outcome("3 km", SIM_DIM_TIME, SIM_UNIT_WRONG);
    assert_outcome("3 %", SIM_DIM_TIME, SIM_UNIT_WRONG);
    double value;
    const char *suggestion;
    static const struct {
        const char *text;
        sim_dimension dimension;
        const char *meant;
    } cases[] = {{"3 mins", SIM_DIM_TIME, "min"},    {"3 hours", SIM_DIM_TIME, "h"},
                 {"9 m^2", SIM_DIM_AREA, "m2"},      {"5 kmh", SIM_DIM_SPEED, "km/h"},
                 {"5 usd/h", SIM_DIM_WAGE, "USD/h"}, {"5 parsec", SIM_DIM_LENGTH, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sim_unit_parse(cases[i].text, cases[i].dimension, &value, NULL, &suggestion),
                         SIM_UNIT_UNKNOWN);
        if (cases[i].meant == NULL)
            assert_null(suggestion);
        else
            assert_string_equal(suggestion, cases[i].meant);
    }
}

static void a_decimal_point_is_a_point_in_every_locale(void **state)
{
    (void)state;
    /* Where no such locale is installed the claim holds trivially. */
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL)
        setlocale(LC_ALL, "cs_CZ.UTF-8");
    assert_value("1.5 h", SIM_DIM_TIME, 5400);
    setlocale(LC_ALL, "C");
}

static void whole_numbers_are_digits_only_and_fit_int64(void **state)
{
    (void)state;
    int64_t value;
    assert_int_equal(sim_whole_parse("9223372036854775807", &value), 0);
    assert_true(value == INT64_MAX);
    assert_int_equal(sim_whole_parse("-5", &value), 0);
    assert_int_equal(value, -5);
    assert_int_equal(sim_whole_parse("9223372036854775808", &value), -2);
    static const char *const wrong[] = {"", "-", "1.0", "1e3", "0x1", " 1", "1 ", "1,000", "one"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(sim_whole_parse(wrong[i], &value), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_become_si_exactly),
        cmocka_unit_test(every_listed_unit_is_read_in_its_dimension_and_refused_in_all_others),
        cmocka_unit_test(only_finite_decimal_numbers_are_numbers),
        cmocka_unit_test(what_is_wrong_with_a_unit_is_told_apart),
        cmocka_unit_test(a_decimal_point_is_a_point_in_every_locale),
        cmocka_unit_test(whole_numbers_are_digits_only_and_fit_int64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
