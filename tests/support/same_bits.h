/* The promises that every model with state keeps, tried on a scenario: the same bytes of state at the end with 2
 * threads, with stops on the way, and after saving and restoring; and the same records as another scenario that should
 * do the same. */
#ifndef TESTS_SAME_BITS_H
#define TESTS_SAME_BITS_H

/* Fails the test when one thread, two threads, or a run restored at several instants end in different states. */
void test_same_bits(const char *text);
/* Fails the test when two scenarios have recorded anything different, in metrics that both have. */
void test_same_run(const char *text, const char *other);

#endif
