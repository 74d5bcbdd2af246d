/* Effects scenarios, found in the folders of tests/model/effects. */
#include "tests/support/effects.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER HBM_SOURCE_DIR "/tests/model/effects"
#define ENDING ".yaml"
#define PLAN_ENDING ".plan.yaml"

static int ends_in(const char *text, const char *ending)
{
    size_t length = strlen(text), end = strlen(ending);
    return length > end && strcmp(text + length - end, ending) == 0;
}

static void add(test_effects *effects, const char *folder, const char *file)
{
    assert_true(effects->count < TEST_EFFECTS_MOST);
    test_effects_file *f = &effects->files[effects->count++];
    int length = (int)(strlen(file) - strlen(ENDING));
    (void)snprintf(f->name, sizeof f->name, "%.*s", length, file);
    (void)snprintf(f->folder, sizeof f->folder, "%s/%s", FOLDER, folder);
    (void)snprintf(f->path, sizeof f->path, "%s/%s/%s", FOLDER, folder, file);
    (void)snprintf(f->plan, sizeof f->plan, "%s/%s/%.*s%s", FOLDER, folder, length, file, PLAN_ENDING);
    if (access(f->plan, R_OK) != 0)
        f->plan[0] = '\0';
}

/* The scenarios of a folder; what is no folder has none. */
static void look_into(test_effects *effects, const char *folder)
{
    char path[TEST_EFFECTS_PATH];
    (void)snprintf(path, sizeof path, "%s/%s", FOLDER, folder);
    DIR *list = opendir(path);
    if (list == NULL)
        return;
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list))
        if (ends_in(entry->d_name, ENDING) && !ends_in(entry->d_name, PLAN_ENDING))
            add(effects, folder, entry->d_name);
    assert_int_equal(closedir(list), 0);
}

/* "people-2.yaml" before "people.yaml". */
static int by_file(const void *a, const void *b)
{
    char names[2][sizeof((test_effects_file *)0)->name + sizeof ENDING];
    (void)snprintf(names[0], sizeof names[0], "%s%s", ((const test_effects_file *)a)->name, ENDING);
    (void)snprintf(names[1], sizeof names[1], "%s%s", ((const test_effects_file *)b)->name, ENDING);
    return strcmp(names[0], names[1]);
}

test_effects *test_effects_find(void)
{
    test_effects *effects = calloc(1, sizeof *effects);
    DIR *rooms = opendir(FOLDER);
    assert_non_null(effects);
    assert_non_null(rooms);
    for (const struct dirent *entry = readdir(rooms); entry != NULL; entry = readdir(rooms))
        if (entry->d_name[0] != '.')
            look_into(effects, entry->d_name);
    assert_int_equal(closedir(rooms), 0);
    qsort(effects->files, effects->count, sizeof *effects->files, by_file);
    for (size_t i = 1; i < effects->count; i++)
        if (strcmp(effects->files[i - 1].name, effects->files[i].name) == 0)
            fail_msg("two effects scenarios have the name %s", effects->files[i].name);
    if (effects->count == 0)
        fail_msg("no folder of %s has a scenario", FOLDER);
    return effects;
}

const test_effects_file *test_effects_named(const test_effects *effects, const char *name)
{
    for (size_t i = 0; i < effects->count; i++)
        if (strcmp(effects->files[i].name, name) == 0)
            return &effects->files[i];
    fail_msg("tests/model/effects has no scenario %s%s", name, ENDING);
    return NULL;
}
