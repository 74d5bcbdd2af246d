/* Claim: compiled distributions are the same bits with and without FMA in libm, and with any compiler.
 *
 * The program hashes some three hundred tables; it starts itself again with glibc's FMA and AVX2 variants switched off,
 * and compares. A third hash, fixed here, is what every compiler, optimisation level and machine must find. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/dist/dist.h"
#include "tests/unit/dist/dist_specs.h"

#define EXPECTED UINT64_C(0x11e7922378ef5de7)
#define WITHOUT_FMA "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t mix_number(uint64_t hash, double number)
{
    uint64_t word;
    memcpy(&word, &number, sizeof word);
    return mix(hash, word);
}

static uint64_t add_table(uint64_t hash, sim_dist_spec spec)
{
    sim_dist table;
    const char *why;
    if (sim_dist_compile(&table, &spec, 1e6, &why) != 0)
        abort();
    for (size_t i = 0; table.nodes != NULL && i < 2 * SIM_DIST_SIDE; i++)
        hash = mix_number(hash, table.nodes[i]);
    for (size_t i = 0; i < table.n; i++)
        hash = mix(mix_number(hash, table.steps[i]), table.ends[i]);
    hash = mix_number(mix_number(hash, table.mean), table.variance);
    for (uint64_t i = 0; i < 500; i++)
        hash = mix_number(hash, sim_dist_draw(&table, i * UINT64_C(0x9e3779b97f4a7c15)));
    sim_dist_free(&table);
    return hash;
}

static uint64_t add_families(uint64_t hash)
{
    for (int i = 0; i < 40; i++) {
        double variation = 0.011 * pow(1.17, i); /* up to 5 */
        variation = rint(variation * 1000) / 1000;
        hash = add_table(hash, dist(SIM_DIST_GAMMA, 60 + i, variation));
        hash = add_table(hash, dist(SIM_DIST_LOGNORMAL, 60 + i, variation));
        hash = add_table(hash, dist(SIM_DIST_WEIBULL, 60 + i, 0.2 + 0.17 * i));
        hash = add_table(hash, dist(SIM_DIST_ERLANG, 60 + i, i + 1));
    }
    for (int i = 0; i < DIST_CONTINUOUS; i++)
        hash = add_table(hash, dist_continuous(i));
    return hash;
}

static uint64_t add_truncated(uint64_t hash)
{
    for (int i = 0; i < DIST_TRUNCATED; i++)
        hash = add_table(hash, dist_truncated(i));
    for (int i = 0; i < 16; i++) {
        hash = add_table(hash, dist_within(dist(SIM_DIST_GAMMA, 60, 0.2 + 0.1 * i), 10 + i, 90 + 10 * i));
        hash = add_table(hash, dist_within(dist(SIM_DIST_LOGNORMAL, 60, 0.2 + 0.1 * i), 10 + i, INFINITY));
        hash = add_table(hash, dist_within(dist(SIM_DIST_WEIBULL, 60, 0.7 + 0.1 * i), -INFINITY, 60 + i));
        hash = add_table(hash, dist_within(dist(SIM_DIST_NORMAL, 60, 10 + i), 0, 75));
        hash = add_table(hash, dist_within(dist(SIM_DIST_GUMBEL, 0, 1), -1 + 0.1 * i, 4));
    }
    return hash;
}

static uint64_t add_mixtures(uint64_t hash)
{
    sim_dist_spec sizes = DIST(.family = SIM_DIST_EMPIRICAL, .n = 3, .values = (double[]){1, 2, 7});
    hash = add_table(hash, sizes);
    for (int i = 0; i < 16; i++) {
        double share = (1 + i) / 32.0;
        sim_dist_spec light = dist(SIM_DIST_LOGNORMAL, 10, 0.05 * (1 + i)), heavy = dist(SIM_DIST_LOGNORMAL, 1000, 0.1);
        sim_dist_spec gamma = dist(SIM_DIST_GAMMA, 60, 0.3 + 0.1 * i), normal = dist(SIM_DIST_NORMAL, -5, 2);
        hash = add_table(hash, DIST_PAIR(light, heavy, share));
        hash = add_table(hash, DIST_PAIR(sizes, gamma, share));
        hash = add_table(hash, DIST_PAIR(normal, gamma, share));
        hash = add_table(hash, dist_within(DIST_PAIR(light, gamma, share), 5, 100));
    }
    return hash;
}

static uint64_t hash_all(void)
{
    return add_mixtures(add_truncated(add_families(1)));
}

/* What libm says, unrounded: differs where the variants differ. */
static uint64_t hash_libm(void)
{
    uint64_t hash = 1;
    for (int i = 1; i < 20000; i++) {
        hash = mix_number(hash, exp(0.00137 * i));
        hash = mix_number(hash, log(0.0137 * i));
        hash = mix_number(hash, pow(0.0137 * i, 1.37));
    }
    return hash;
}

typedef struct {
    const char *program;
    uint64_t tables;
} claim;

static void run_without_fma(const char *self, uint64_t *tables, uint64_t *libm)
{
    int ends[2], status;
    char text[64] = {0};
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (dup2(ends[1], STDOUT_FILENO) >= 0 && setenv("GLIBC_TUNABLES", WITHOUT_FMA, 1) == 0)
            execl(self, self, "--hash", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t got;
    size_t length = 0;
    while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(sscanf(text, "%" SCNx64 " %" SCNx64, tables, libm), 2);
}

static void tables_are_the_same_bits_without_fma(void **state)
{
    const claim *here = *state;
    uint64_t tables, libm;
    run_without_fma(here->program, &tables, &libm);
    if (libm == hash_libm())
        print_message("this libm has one variant here: nothing to compare\n");
    assert_int_equal(tables, here->tables);
}

static void tables_are_the_bits_every_machine_finds(void **state)
{
    const claim *here = *state;
    assert_int_equal(here->tables, EXPECTED);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--hash") == 0)
        return printf("%016" PRIx64 " %016" PRIx64 "\n", hash_all(), hash_libm()) < 0;
    claim here = {argv[0], hash_all()};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(tables_are_the_same_bits_without_fma, &here),
        cmocka_unit_test_prestate(tables_are_the_bits_every_machine_finds, &here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
