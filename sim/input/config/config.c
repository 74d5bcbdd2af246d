#include "sim/input/config/config.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/input/config/internal.h"

bool sim_config_is_overlaid(const sim_config *config)
{
    return config->overlaid;
}

bool sim_element_is_overlaid(const sim_config *config, const char *section, size_t element)
{
    return config->overlaid && sim_element_mark(config, section, element).file == config->overlay_file;
}

void sim_config_free(sim_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->section_count; i++)
        free(config->sections[i].elements);
    free(config->sections);
    for (size_t i = 0; i < config->input_count; i++) {
        free(config->inputs[i].name);
        free(config->inputs[i].text);
    }
    free(config->inputs);
    for (size_t i = 0; i < config->set_count; i++)
        free(config->sets[i]);
    free(config->sets);
    for (size_t i = 0; i < config->faulty_count; i++)
        free(config->faulty[i]);
    sim_pool_free(&config->pool);
    free(config);
}

static int keep_sets(sim_config *config, const char *const *sets, size_t n)
{
    config->sets = calloc(n + 1, sizeof *config->sets);
    if (config->sets == NULL)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        config->sets[i] = strdup(sets[i]);
        if (config->sets[i] == NULL)
            return SIM_E_MEMORY;
        config->set_count++;
    }
    return 0;
}

/* Parses all rows' defaults as YAML, once. A default that is not YAML is a mistake in the program and told as such. */
int sim_defaults_parse(sim_loader *loader, size_t section)
{
    const sim_config *config = loader->config;
    int file = sim_diag_file(loader->diag, "the program's defaults", NULL, 0);
    size_t n = 0;
    loader->default_first = calloc(config->section_count, sizeof *loader->default_first);
    if (loader->default_first == NULL || file < 0)
        return SIM_E_MEMORY;
    for (size_t s = 0; s < config->section_count; s++) {
        loader->default_first[s] = n;
        n += config->sections[s].param_count;
    }
    loader->default_roots = calloc(n + 1, sizeof *loader->default_roots);
    if (loader->default_roots == NULL)
        return SIM_E_MEMORY;
    for (size_t s = 0; s < config->section_count; s++) {
        for (size_t p = 0; p < config->sections[s].param_count && (section == SIZE_MAX || section == s); p++) {
            const char *text = config->sections[s].params[p]->fallback;
            if (text == NULL || *text == '\0')
                continue;
            int rc = sim_document_add(&loader->defaults, text, strlen(text), file, 0, loader->diag,
                                      &loader->default_roots[loader->default_first[s] + p]);
            if (rc != 0)
                return rc;
        }
    }
    return 0;
}

static int read_document(sim_loader *loader, const char *text, size_t length)
{
    int rc = sim_document_add(&loader->document, text, length, loader->file, 0, loader->diag, &loader->root);
    if (rc != 0)
        return rc;
    sim_mark top = {loader->file, 1, 1, 1};
    if (loader->root == SIM_NO_NODE || sim_document_kind(&loader->document, loader->root) == SIM_NODE_EMPTY) {
        sim_diag_error(loader->diag, top, "a scenario: keys and values", NULL, "there is nothing in this text");
        return SIM_E_INPUT;
    }
    return 0;
}

static int read_all(sim_loader *loader, const char *text, size_t length, const sim_overlay *overlay,
                    const sim_rows *rows, const char *const *sets, size_t set_count)
{
    int rc = sim_schema_build(loader->config, rows);
    if (rc == 0)
        rc = keep_sets(loader->config, sets, set_count);
    if (rc == 0)
        rc = sim_defaults_parse(loader, SIZE_MAX);
    if (rc == 0)
        rc = read_document(loader, text, length);
    if (rc == 0 && overlay != NULL)
        rc = sim_overlay_apply(loader, overlay);
    for (size_t i = 0; rc == 0 && i < set_count; i++) {
        sim_set_apply(loader, sets[i]);
        rc = loader->rc;
    }
    if (rc != 0)
        return rc;
    sim_walk_check(loader);
    rc = sim_walk_elements(loader);
    if (rc == 0)
        sim_values_read(loader);
    return loader->rc;
}

/* Puts the input added last at place `i`. */
static void move_last_input(sim_config *config, size_t i)
{
    size_t last = config->input_count - 1;
    sim_config_input_text input = config->inputs[last];
    memmove(config->inputs + i + 1, config->inputs + i, (last - i) * sizeof *config->inputs);
    config->inputs[i] = input;
}

/* The scenario is the first input, what is laid over it the second, before the tables that they name. */
static int keep_texts(sim_config *config, const sim_faulty_text *texts, size_t n, const char *const *names)
{
    for (size_t i = 0; i < n; i++) {
        int rc = sim_config_add_input(config, names[i], texts[i].text, texts[i].length);
        if (rc != 0)
            return rc;
        move_last_input(config, i);
    }
    return 0;
}

void sim_loader_free(sim_loader *loader)
{
    sim_document_free(&loader->document);
    sim_document_free(&loader->defaults);
    free(loader->default_roots);
    free(loader->default_first);
    free(loader->real_folder);
}

int sim_config_parse_partly(sim_config **out, const char *text, size_t length, const char *name, const char *folder,
                            const sim_overlay *overlay, const sim_rows *rows, const char *const *sets, size_t set_count,
                            sim_diag *diag)
{
    size_t before = sim_diag_count(diag), texts = overlay == NULL ? 1 : 2;
    bool partly = false;
    *out = NULL;
    sim_loader loader = {.diag = diag, .folder = folder};
    int rc = SIM_E_MEMORY;
    sim_config *config = calloc(1, sizeof *config);
    loader.config = config;
    if (config == NULL || sim_document_init(&loader.document) != 0 || sim_document_init(&loader.defaults) != 0)
        goto out;
    config->overlaid = overlay != NULL;
    loader.file = sim_diag_file(diag, name, text, length);
    loader.overlay_file =
        overlay == NULL ? loader.file : sim_diag_file(diag, overlay->name, overlay->text, overlay->length);
    config->overlay_file = loader.overlay_file;
    if (loader.file < 0 || loader.overlay_file < 0)
        goto out;
    rc = read_all(&loader, text, length, overlay, rows, sets, set_count);
    const sim_faulty_text kept[2] = {
        {loader.file, text, length},
        {loader.overlay_file, overlay == NULL ? "" : overlay->text, overlay == NULL ? 0 : overlay->length}};
    if (rc == 0 && sim_diag_count(diag) > before) {
        rc = sim_config_find_faulty(config, diag, kept, texts);
        partly = rc == 0;
        rc = rc == 0 ? SIM_E_INPUT : rc;
    }
    sim_document_free(&loader.document); /* before the text is copied: both can be large */
    const char *const names[2] = {name, overlay == NULL ? "" : overlay->name};
    if (rc == 0)
        rc = keep_texts(config, kept, texts, names);
out:
    sim_loader_free(&loader);
    if (rc != 0 && !partly) {
        sim_config_free(config);
        config = NULL;
    }
    *out = config;
    return rc;
}

/* All or nothing. */
static int whole(sim_config **out, int rc)
{
    if (rc != 0) {
        sim_config_free(*out);
        *out = NULL;
    }
    return rc;
}

int sim_config_parse(sim_config **out, const char *text, size_t length, const char *name, const char *folder,
                     const sim_rows *rows, const char *const *sets, size_t set_count, sim_diag *diag)
{
    return whole(out, sim_config_parse_partly(out, text, length, name, folder, NULL, rows, sets, set_count, diag));
}

/* The folder of a path: "." for a bare name. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int sim_config_load_partly(sim_config **out, const char *path, const sim_overlay *overlay, const sim_rows *rows,
                           const char *const *sets, size_t set_count, sim_diag *diag)
{
    *out = NULL;
    char *text = NULL, *folder = NULL;
    size_t length = 0;
    const char *why = NULL;
    int rc = sim_input_file_read(path, SIM_DOCUMENT_BYTES, &text, &length, &why);
    if (rc != 0) {
        int file = sim_diag_file(diag, path, NULL, 0);
        sim_mark mark = {file, 0, 0, 1};
        sim_diag_error(diag, mark, "a scenario: an ordinary file of at most 16 MiB", NULL, "the file %s", why);
        return rc;
    }
    folder = folder_of(path);
    rc = folder == NULL
             ? SIM_E_MEMORY
             : sim_config_parse_partly(out, text, length, path, folder, overlay, rows, sets, set_count, diag);
    free(folder);
    free(text);
    return rc;
}

int sim_config_load(sim_config **out, const char *path, const sim_rows *rows, const char *const *sets, size_t set_count,
                    sim_diag *diag)
{
    return whole(out, sim_config_load_partly(out, path, NULL, rows, sets, set_count, diag));
}
