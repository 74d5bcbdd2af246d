/* Results by hbm.h as objects: freed, written, read, hashed. */
#include <stdio.h>
#include <stdlib.h>

#include "models/library/library.h"
#include "sim/base/error.h"
#include "sim/result/store.h"

void hbm_result_free(hbm_result *result)
{
    if (result != NULL)
        sim_result_free(result);
    free(result);
}

int hbm_result_write(const hbm_result *result, const char *path, char *why, size_t size)
{
    return sim_store_write(result, path, why, size);
}

int hbm_result_read(hbm_result **out, const char *path, char *why, size_t size)
{
    hbm_result *result = calloc(1, sizeof *result);
    *out = NULL;
    if (result == NULL) {
        snprintf(why, size, "%s", sim_error_text(SIM_E_MEMORY));
        return SIM_E_MEMORY;
    }
    sim_result_init(result);
    int ret = sim_store_read(result, path, why, size);
    if (ret != 0) {
        hbm_result_free(result);
        return ret;
    }
    *out = result;
    return 0;
}

int hbm_result_hash(const hbm_result *result, char hex[65])
{
    return sim_result_hash(result, hex);
}
