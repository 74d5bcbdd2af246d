/* The program gnuplot: a script in, a picture file out, whole or not at all. */
#ifndef TOOLS_GNUPLOT_H
#define TOOLS_GNUPLOT_H

#include <stddef.h>

/* Where one drawing works: a folder of its own inside the pictures' folder, so that finished pictures are renamed into
 * place. */
typedef struct {
    char *folder, *script, *picture, *log, *target_folder;
} gnuplot_place;

/* Makes the working folder inside `folder`. Call gnuplot_close also after a failure. 0, SIM_E_MEMORY, or SIM_E_IO with
 * a line in `why`. */
int gnuplot_open(gnuplot_place *place, const char *folder, char *why, size_t size);
/* Removes the working folder and what is in it. */
void gnuplot_close(gnuplot_place *place);

/* Runs `head` and `script` (text of gnuplot that writes one picture to its standard output) and puts the picture under
 * FOLDER/name, replacing an earlier one. SIM_E_CHILD: gnuplot is missing or did not draw; SIM_E_IO; a line is in `why`
 * then. */
int gnuplot_draw(const gnuplot_place *place, const char *head, const char *script, const char *name, char *why,
                 size_t size);

#endif
