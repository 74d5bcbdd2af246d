/* Which top-level keys of a scenario have something wrong in them, by the lines of the errors.
 *
 * Whoever checks parts of a scenario against each other can then still do so where all parts concerned are right, so
 * that more of what is wrong is told in one pass. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/diag_internal.h"
#include "sim/base/error.h"
#include "sim/input/config/internal.h"

/* Whether all errors were kept and stand in a line of one of the texts. */
static bool are_placed(const sim_diag *diag, const sim_faulty_text *texts, size_t n)
{
    bool placed = diag->errors == diag->errors_kept;
    for (size_t i = 0; i < diag->entry_count && placed; i++) {
        const sim_diag_entry *entry = &diag->entries[i];
        bool found = entry->warning;
        for (size_t k = 0; k < n; k++)
            found = found || (entry->mark.file == texts[k].file && entry->mark.line >= 1);
        placed = found;
    }
    return placed;
}

/* Marks the lines with errors; false when there is no such line. */
static bool mark_lines(const sim_diag *diag, int file, bool *wrong, size_t lines)
{
    for (size_t i = 0; i < diag->entry_count; i++) {
        const sim_diag_entry *entry = &diag->entries[i];
        if (entry->warning || entry->mark.file != file)
            continue;
        if ((size_t)entry->mark.line > lines)
            return false;
        wrong[entry->mark.line] = true;
    }
    return true;
}

static size_t count_lines(const char *text, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

static int add_key(sim_config *config, const char *key, size_t length)
{
    if (config->faulty_count == sizeof config->faulty / sizeof *config->faulty) {
        config->all_faulty = true;
        return 0;
    }
    char *copy = strndup(key, length);
    if (copy == NULL)
        return SIM_E_MEMORY;
    config->faulty[config->faulty_count++] = copy;
    return 0;
}

static int find_in(sim_config *config, const sim_diag *diag, int file, const char *text, size_t length)
{
    size_t lines = count_lines(text, length), line = 1, at = 0, key = 0, key_length = 0;
    bool *wrong = calloc(lines + 2, sizeof *wrong);
    int rc = wrong == NULL ? SIM_E_MEMORY : 0;
    config->all_faulty = rc != 0 || config->all_faulty || !mark_lines(diag, file, wrong, lines);
    bool told = false; /* of the present key */
    for (; rc == 0 && !config->all_faulty && at < length; line++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t next = end == NULL ? length : (size_t)(end - text) + 1;
        if (strchr(" \t\r\n#-]}", text[at]) == NULL) { /* a key of the root begins here */
            const char *colon = memchr(text + at, ':', next - at);
            if (colon == NULL || text[at] == '{' || text[at] == '"' || text[at] == '\'' || text[at] == '?') {
                config->all_faulty = true; /* written in a way that this does not follow */
                break;
            }
            key = at;
            key_length = (size_t)(colon - text) - at;
            told = false;
        }
        if (wrong[line] && key_length == 0) {
            config->all_faulty = true; /* something that the root should have, or the root itself */
            break;
        }
        if (wrong[line] && !told) {
            rc = add_key(config, text + key, key_length);
            told = true;
        }
        at = next;
    }
    free(wrong);
    return rc;
}

int sim_config_find_faulty(sim_config *config, const sim_diag *diag, const sim_faulty_text *texts, size_t n)
{
    int rc = 0;
    config->all_faulty = !are_placed(diag, texts, n);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = find_in(config, diag, texts[i].file, texts[i].text, texts[i].length);
    return rc;
}

const char *sim_config_faulty_key(const sim_config *config, size_t i)
{
    return i < config->faulty_count ? config->faulty[i] : NULL;
}

bool sim_config_is_faulty(const sim_config *config, const char *keys)
{
    if (config->all_faulty)
        return true;
    for (size_t i = 0; i < config->faulty_count; i++) {
        size_t length = strlen(config->faulty[i]);
        for (const char *at = keys; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
            if (strcspn(at, " ") == length && strncmp(at, config->faulty[i], length) == 0)
                return true;
    }
    return false;
}
