/* The roster found as a plan's file: the shifts of the rosters that were sought, whole, and the lanes they were given;
 * ready for `hbm run --plan`. A plan that the search was under is copied before them, so that the file stands alone. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/study/staff/staff.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"

enum { MOST_BYTES = 16 << 20 };

/* --- YAML --- */

static void put_name(FILE *to, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    bool is_plain = name[strspn(name, plain)] == '\0' && (name[0] < '0' || name[0] > '9');
    static const char *const words[] = {"", "true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is_plain = is_plain && strcasecmp(name, words[i]) != 0;
    if (is_plain) {
        fputs(name, to);
        return;
    }
    putc('"', to);
    for (; *name != '\0'; name++)
        fprintf(to, *name == '"' || *name == '\\' ? "\\%c" : "%c", *name);
    putc('"', to);
}

static void put_time(FILE *to, sim_time micros)
{
    static const struct {
        sim_time length;
        const char *unit;
    } units[] = {{SIM_HOUR, "h"}, {60 * SIM_SECOND, "min"}, {SIM_SECOND, "s"}, {1, "us"}};
    size_t i = 0;
    while (micros % units[i].length != 0)
        i++;
    fprintf(to, "%lld %s", (long long)(micros / units[i].length), units[i].unit);
}

static void put_shift(FILE *to, const model_setup *setup, size_t shift, int64_t head)
{
    static const char section[] = "rosters.*.shifts.#";
    const model_shift *s = &staff_setup(setup)->shifts[shift];
    long long seconds = (long long)(s->start / SIM_SECOND);
    fprintf(to, "      - {start: \"%02lld:%02lld", seconds / 3600 % 24, seconds / 60 % 60);
    if (seconds % 60 != 0)
        fprintf(to, ":%02lld", seconds % 60);
    fputs("\", length: ", to);
    put_time(to, s->length);
    fprintf(to, ", head: %lld", (long long)head);
    for (int i = 0; i < 2; i++)
        if (sim_given(setup->config, section, i == 0 ? "from" : "until", shift)) {
            fputs(i == 0 ? ", from: " : ", until: ", to); /* since the scenario's start */
            put_time(to, i == 0 ? s->from : s->until);
        }
    if (s->break_length > 0) {
        fputs(", break_length: ", to);
        put_time(to, s->break_length);
        fputs(", break_after: ", to);
        put_time(to, s->break_after);
        fprintf(to, ", break_waves: %lld", (long long)s->waves);
    }
    fputs("}\n", to);
}

/* Heads of a shift: found, or the scenario's where none were sought. */
static int64_t head_of(const staff_study *study, size_t shift)
{
    for (size_t i = 0; i < study->shifts.count; i++)
        if (study->shifts.items[i].shift == shift)
            return study->heads[i];
    return sim_count(study->shifts.setup->config, "rosters.*.shifts.#", "head", shift);
}

static void put_rosters(FILE *to, const staff_study *study)
{
    const model_setup *setup = study->shifts.setup;
    fputs("rosters:\n", to);
    for (size_t i = 0; i < study->shifts.count; i++) {
        size_t roster = study->shifts.items[i].roster;
        if (i > 0 && study->shifts.items[i - 1].roster == roster)
            continue;
        const model_roster *r = &staff_setup(setup)->rosters[roster];
        fputs("  ", to);
        put_name(to, sim_element_name(setup->config, "rosters.*", roster));
        fputs(":\n    shifts:\n", to);
        for (size_t n = r->first_shift; n < r->first_shift + r->shift_count; n++)
            put_shift(to, setup, n, head_of(study, n));
    }
}

/* --- lanes --- */

/* A key of an override's path, up to the next "." or "="; at its end on the next one. */
static const char *put_key(FILE *to, const char *path)
{
    char name[400];
    size_t length = strcspn(path, ".=");
    snprintf(name, sizeof name, "%.*s", (int)length, path);
    put_name(to, name);
    return path + length + 1;
}

/* Sites of one kind, "posts" or "centres"; their stations stand together. */
static void put_lanes(FILE *to, const staff_study *study, const char *kind)
{
    const char *site = "", *side = "";
    bool any = false;
    for (size_t i = 0; i < study->shifts.lane_count; i++) {
        const char *path = study->shifts.lanes[i];
        size_t length = strlen(kind);
        if (strncmp(path, kind, length) != 0)
            continue;
        if (!any)
            fprintf(to, "%s:\n", kind);
        any = true;
        path += length + 1;
        if (strncmp(path, site, strcspn(path, ".") + 1) != 0) {
            fputs("  ", to);
            (void)put_key(to, path);
            fputs(":\n", to);
            side = "";
        }
        site = path;
        path += strcspn(path, ".") + 1;
        bool has_side = strcmp(kind, "posts") == 0;
        if (has_side && strncmp(path, side, strcspn(path, ".") + 1) != 0) {
            fputs("    ", to);
            (void)put_key(to, path);
            fputs(":\n      stations:\n", to);
        } else if (!has_side && *side == '\0') {
            fputs("    stations:\n", to);
        }
        side = path;
        path += has_side ? strcspn(path, ".") + 1 : 0;
        path += strlen("stations.");
        fputs(has_side ? "        " : "      ", to);
        path = put_key(to, path);
        fprintf(to, ": {desks: %s}\n", path + strlen("desks="));
    }
}

/* --- the plan that it was found under --- */

static bool has_key(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0 && (line[length] == ':' || line[length] == ' '))
            return true;
    }
    return false;
}

int staff_check_write(const char *plan, bool lanes, char *why, size_t size)
{
    char *text = NULL;
    size_t length;
    const char *reason = NULL;
    if (plan == NULL)
        return 0;
    int ret = sim_input_file_read(plan, MOST_BYTES, &text, &length, &reason);
    if (ret != 0) {
        snprintf(why, size, "%s: the file %s", plan, reason == NULL ? "cannot be read" : reason);
    } else if (text[strspn(text, " \t\r\n")] == '{' || has_key(text, "rosters") ||
               (lanes && (has_key(text, "posts") || has_key(text, "centres")))) {
        snprintf(why, size, "--write cannot join its rosters%s to %s, which has some of its own",
                 lanes ? " and lanes" : "", plan);
        ret = SIM_E_INPUT;
    }
    free(text);
    return ret;
}

static int put_plan(FILE *to, const char *plan, char *why, size_t size)
{
    char *text = NULL;
    size_t length;
    const char *reason = NULL;
    int ret = sim_input_file_read(plan, MOST_BYTES, &text, &length, &reason);
    if (ret != 0)
        snprintf(why, size, "%s: the file %s", plan, reason == NULL ? "cannot be read" : reason);
    else
        fprintf(to, "%.*s%s", (int)length, text, length > 0 && text[length - 1] != '\n' ? "\n" : "");
    free(text);
    return ret;
}

int staff_write_plan(const staff_study *study, const char *plan, const char *path, char *why, size_t size)
{
    FILE *to = fopen(path, "w");
    int ret = 0;
    if (to == NULL) {
        snprintf(why, size, "cannot be opened for writing");
        return SIM_E_IO;
    }
    if (plan == NULL) {
        fputs("hbm_plan: 1\nname: ", to);
        char name[300];
        snprintf(name, sizeof name, "Roster found for %.250s", study->shifts.setup->name);
        put_name(to, name);
        fputs("\ndoc: the cheapest roster found for the targets below\nkeeps_response: true\n", to);
    } else {
        ret = put_plan(to, plan, why, size);
    }
    for (size_t t = 0; t < study->targets.count; t++)
        fprintf(to, "# %s\n", study->targets.items[t].text);
    put_rosters(to, study);
    put_lanes(to, study, "posts");
    put_lanes(to, study, "centres");
    bool failed = ferror(to) != 0;
    failed = fclose(to) != 0 || failed;
    if (ret == 0 && failed) {
        snprintf(why, size, "could not be written");
        ret = SIM_E_IO;
    }
    if (ret != 0)
        (void)remove(path);
    return ret;
}
