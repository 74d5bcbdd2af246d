/* One more entry of a list, read after the scenario: an order that is given while a run goes on. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/internal.h"

/* The names that the scenario has, so that the entry can refer to them. */
static int share_names(sim_config *config, const sim_config *base, size_t section)
{
    int rc = 0;
    for (size_t s = 0; s < config->section_count && rc == 0; s++) {
        const sim_config_section *from = &base->sections[s];
        sim_config_section *to = &config->sections[s];
        size_t n = s == section ? 1 : from->element_count;
        to->elements = calloc(n + 1, sizeof *to->elements);
        if (to->elements == NULL)
            return SIM_E_MEMORY;
        to->element_count = to->element_room = n;
        for (size_t i = 0; i < n && s != section; i++) {
            to->elements[i] = from->elements[i];
            to->elements[i].body = SIM_NO_NODE;
        }
        if (s == section)
            to->elements[0] = (sim_element){.name = ""};
        rc = sim_walk_index(config, to);
    }
    return rc;
}

static int read_entry(sim_loader *loader, const sim_config *base, const char *path, const char *text, size_t length,
                      const sim_rows *rows)
{
    sim_config *config = loader->config;
    int rc = sim_schema_build(config, rows);
    size_t section = rc == 0 ? sim_config_section_find(config, path) : 0;
    if (rc == 0)
        rc = sim_defaults_parse(loader, section);
    if (rc == 0)
        rc = sim_document_add(&loader->document, text, length, loader->file, 0, loader->diag, &loader->root);
    if (rc == 0 &&
        (loader->root == SIM_NO_NODE || sim_document_kind(&loader->document, loader->root) != SIM_NODE_MAP)) {
        sim_mark top = {loader->file, 1, 1, 1};
        sim_diag_error(loader->diag, top, "a map: {key: value, ...}", NULL, "this is no entry of %s", path);
        rc = SIM_E_INPUT;
    }
    if (rc == 0)
        rc = share_names(config, base, section);
    if (rc != 0)
        return rc;
    sim_element *element = &config->sections[section].elements[0];
    element->body = loader->root;
    element->mark = sim_document_mark(&loader->document, loader->root);
    sim_walk_check_body(loader, &config->sections[section]);
    sim_values_read_element(loader, section, 0);
    return loader->rc;
}

int sim_config_parse_entry(sim_config **out, const sim_config *base, const char *section, const char *text,
                           size_t length, const char *name, const sim_rows *rows, sim_diag *diag)
{
    size_t before = sim_diag_count(diag);
    sim_loader loader = {.diag = diag};
    sim_config *config = calloc(1, sizeof *config);
    int rc = SIM_E_MEMORY;
    *out = NULL;
    loader.config = config;
    if (config != NULL && sim_document_init(&loader.document) == 0 && sim_document_init(&loader.defaults) == 0) {
        config->start_seconds = base->start_seconds;
        config->start_offset = base->start_offset;
        loader.start_known = true;
        loader.file = sim_diag_file(diag, name, text, length);
        rc = loader.file < 0 ? SIM_E_MEMORY : read_entry(&loader, base, section, text, length, rows);
    }
    if (rc == 0 && sim_diag_count(diag) > before)
        rc = SIM_E_INPUT;
    if (config != NULL)
        sim_loader_free(&loader);
    if (rc != 0) {
        sim_config_free(config);
        config = NULL;
    }
    *out = config;
    return rc;
}
