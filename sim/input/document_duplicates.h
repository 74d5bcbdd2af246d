/* Duplicate keys of a map: the later value would silently win, so both places are told. */
#ifndef SIM_DOCUMENT_DUPLICATES_H
#define SIM_DOCUMENT_DUPLICATES_H

#include "sim/input/document.h"

/* Reports keys that the map has more than once; 0 or SIM_E_MEMORY. O(n log n) whatever the keys. */
int sim_document_duplicates(const sim_document *document, sim_node map, sim_diag *diag);

#endif
