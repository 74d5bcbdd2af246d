/* Instants and times of day as people write them: RFC 3339, in the proleptic Gregorian calendar, without leap seconds.
 */
#ifndef SIM_INSTANT_H
#define SIM_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t seconds; /* since 1970-01-01T00:00Z; local time when there is no offset */
    int32_t micros;
    int offset; /* seconds east of UTC */
    bool has_time, has_offset;
} sim_instant;

/* Reads "2031-03-01", "2031-03-01T06:00", "2031-03-01T06:00:30.5+01:00" (seconds may be left out, a blank may stand for
 * the T). NULL, or what is wrong in words (a static string). */
const char *sim_instant_parse(const char *text, sim_instant *out);

/* True when text starts like an instant: four digits and a hyphen. */
bool sim_instant_looks(const char *text);

/* Days from 1970-01-01 to a date of the Gregorian calendar; month 1 to 12. */
int64_t sim_days_of_date(int year, int month, int day);

/* Reads "06:00" or "06:00:30" as microseconds since midnight; NULL or what is wrong. */
const char *sim_clock_parse(const char *text, int64_t *micros);

#endif
