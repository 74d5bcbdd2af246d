/* A sweep for others: its points and outputs in the files that SALib reads. */
#include <stdlib.h>

#include "sim/base/error.h"
#include "tools/base/file.h"
#include "tools/sweep/tell.h"

int sweep_export(const sweep *s, const char *folder)
{
    const char *why = NULL;
    size_t n = s->design.points, m = s->measure_count;
    int rc = file_make_folder("hbm sweep", folder);
    double *y = rc == 0 ? malloc(n * sizeof *y) : NULL;
    if (rc != 0)
        return rc;
    rc = y == NULL ? SIM_E_MEMORY : sim_points_write(&s->factors, s->settings, n, folder, &why);
    for (size_t k = 0; k < m && rc == 0; k++) {
        for (size_t p = 0; p < n; p++)
            y[p] = s->means[p * m + k];
        why = s->names[k];
        rc = sim_outputs_write(y, n, folder, s->names[k]);
    }
    free(y);
    if (rc == SIM_E_IO)
        fprintf(stderr, "hbm sweep: %s: %s cannot be written\n", folder, why);
    return rc;
}
