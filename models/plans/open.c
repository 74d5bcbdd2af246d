/* A scenario's file, or text, opened, with a plan laid over it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "models/plans/plan.h"

char *model_setup_file(const char *path)
{
    static const char name[] = "/scenario.yaml";
    struct stat status;
    size_t length = strlen(path);
    char *file = malloc(length + sizeof name);
    if (file == NULL)
        return NULL;
    memcpy(file, path, length + 1);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        while (length > 1 && file[length - 1] == '/')
            length--;
        memcpy(file + length, name, sizeof name);
    }
    return file;
}

int model_setup_load(model_setup *setup, const char *path, const char *plan, const char *const *sets, size_t set_count,
                     sim_diag *diag)
{
    size_t before = sim_diag_count(diag);
    *setup = (model_setup){0};
    sim_overlay overlay;
    char *text = NULL;
    int ret = model_plan_refuse(path, diag);
    if (ret != 0)
        return ret;
    ret = model_rows_init(&setup->rows);
    if (ret == 0 && plan != NULL)
        ret = model_plan_read(&overlay, plan, &text, diag);
    if (ret == 0)
        ret = sim_config_load_partly(&setup->config, path, plan == NULL ? NULL : &overlay, &setup->rows.rows, sets,
                                     set_count, diag);
    free(text);
    return model_setup_finish(setup, ret, diag, before);
}

int model_setup_parse(model_setup *setup, const char *text, size_t length, const char *name, const char *folder,
                      const char *plan, const char *const *sets, size_t set_count, sim_diag *diag)
{
    size_t before = sim_diag_count(diag);
    *setup = (model_setup){0};
    sim_overlay overlay;
    char *plan_text = NULL;
    int ret = model_rows_init(&setup->rows);
    if (ret == 0 && plan != NULL)
        ret = model_plan_read(&overlay, plan, &plan_text, diag);
    if (ret == 0)
        ret = sim_config_parse_partly(&setup->config, text, length, name, folder, plan == NULL ? NULL : &overlay,
                                      &setup->rows.rows, sets, set_count, diag);
    free(plan_text);
    return model_setup_finish(setup, ret, diag, before);
}
