/* A program without MPI: always alone. Started by an MPI launcher it says so, since each copy would do all the work. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "tools/ranks/ranks.h"

int ranks_join(sim_ranks **out)
{
    static const char *const counts[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"};
    *out = NULL;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const char *count = getenv(counts[i]);
        if (count == NULL || strcmp(count, "1") == 0)
            continue;
        fprintf(stderr,
                "hbm: started as %s processes by an MPI launcher, but this program knows no MPI; take hbm-mpi\n",
                count);
        return SIM_E_IO;
    }
    return 0;
}
