/* What a path names, "stations.entry_check.time.lognormal.mean": the parameter's row, and inside a parameter's value
 * the number that is meant. Overrides and sweeps use the same paths; a sweep must know which unit a number carries
 * before it writes one. */
#include <stdio.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/input/config/dist.h"

/* The next part of a path, which moves on; false at its end. */
typedef struct {
    const char *text;
    size_t length;
} path_part;

static bool next_part(const char **path, path_part *part)
{
    if (**path == '\0')
        return false;
    part->text = *path;
    part->length = strcspn(*path, ".");
    *path += part->length;
    *path += **path == '.';
    return part->length > 0;
}

static bool is(const path_part *part, const char *word)
{
    return strlen(word) == part->length && memcmp(part->text, word, part->length) == 0;
}

static void number(sim_path *path, sim_dimension dimension)
{
    path->kind = SIM_PATH_NUMBER;
    path->dimension = dimension;
}

/* Inside {values: [...], weights: [...]}. */
static void inside_empirical(const char *rest, sim_path *path)
{
    path_part key, entry;
    if (!next_part(&rest, &key) || !next_part(&rest, &entry) || *rest != '\0')
        return;
    if (is(&key, "values"))
        number(path, path->param->dimension);
    else if (is(&key, "weights"))
        number(path, SIM_DIM_NONE);
}

/* Inside a distribution, through the parts of mixtures and what is truncated. */
static void inside_dist(const char *rest, sim_path *path)
{
    path_part family, key;
    bool dimensioned = true, whole = false;
    while (next_part(&rest, &family)) {
        bool mixture = is(&family, "mixture"), truncated = is(&family, "truncated");
        if (is(&family, "empirical")) {
            inside_empirical(rest, path);
            return;
        }
        if (is(&family, "constant") && *rest == '\0')
            number(path, path->param->dimension);
        if ((mixture && !next_part(&rest, &key)) || !next_part(&rest, &key)) /* a mixture's parts have numbers */
            return;
        if ((mixture || truncated) && is(&key, "of"))
            continue;
        if (*rest != '\0')
            return;
        if (mixture && is(&key, "share"))
            number(path, SIM_DIM_NONE);
        else if (truncated && (is(&key, "low") || is(&key, "high")))
            number(path, path->param->dimension);
        else if (!mixture && !truncated &&
                 sim_dist_argument(family.text, family.length, key.text, key.length, &dimensioned, &whole)) {
            number(path, dimensioned ? path->param->dimension : SIM_DIM_NONE);
            path->kind = whole ? SIM_PATH_WHOLE : SIM_PATH_NUMBER;
        }
        return;
    }
    number(path, path->param->dimension); /* a plain quantity in its place */
}

/* Inside a curve: {mean, amplitude, period, peak}, or a list of [instant, quantity]. */
static void inside_curve(const char *rest, sim_path *path)
{
    path_part key, entry;
    if (!next_part(&rest, &key))
        number(path, path->param->dimension);
    else if (next_part(&rest, &entry))
        number(path, is(&entry, "0") ? SIM_DIM_TIME : path->param->dimension);
    else if (is(&key, "mean") || is(&key, "amplitude"))
        number(path, path->param->dimension);
    else if (is(&key, "period"))
        number(path, SIM_DIM_TIME);
}

static void find_kind(const char *rest, sim_path *path)
{
    switch (path->param->type) {
    case SIM_DIST:
        inside_dist(rest, path);
        return;
    case SIM_CURVE:
        inside_curve(rest, path);
        return;
    case SIM_POINT:
        if (*rest != '\0')
            number(path, SIM_DIM_NONE);
        return;
    case SIM_QUANTITY:
        if (*rest == '\0')
            number(path, path->param->dimension);
        return;
    case SIM_INSTANT: /* as a time since the start */
        if (*rest == '\0' && !(*path->param->section == '\0' && strcmp(path->param->name, "start") == 0))
            number(path, SIM_DIM_TIME);
        return;
    case SIM_COUNT:
        if (*rest == '\0')
            path->kind = SIM_PATH_WHOLE;
        return;
    default:
        return;
    }
}

/* A quantity of any dimension goes on in the one that the scenario has written; its element is the second part of the
 * path ("rules.NAME. ..."). */
static sim_dimension written_dimension(const sim_config *config, const char *text, const sim_param *param)
{
    path_part part = {"", 0};
    char name[80];
    next_part(&text, &part);
    next_part(&text, &part);
    snprintf(name, sizeof name, "%.*s", (int)(part.length > 70 ? 70 : part.length), part.text);
    ptrdiff_t element = sim_element_find(config, param->section, name);
    bool given = element >= 0 && sim_given(config, param->section, param->name, (size_t)element);
    return given ? sim_quantity_dimension(config, param->section, param->name, (size_t)element) : SIM_DIM_NONE;
}

bool sim_config_path(const sim_config *config, const char *text, sim_path *path)
{
    const sim_schema *at = config->schema;
    const char *whole = text;
    path_part part;
    *path = (sim_path){.kind = SIM_PATH_OTHER, .dimension = SIM_DIM_NONE};
    while (at->param == NULL) {
        if (!next_part(&text, &part))
            return false;
        const sim_schema *child = sim_schema_child(at, part.text, part.length),
                         *below = child != NULL ? child : at->each;
        if (below == NULL) {
            char key[64];
            snprintf(key, sizeof key, "%.*s", (int)(part.length < sizeof key ? part.length : 0), part.text);
            path->nearest = sim_schema_nearest(at, key);
            return false;
        }
        at = below;
    }
    path->param = at->param;
    find_kind(text, path);
    if (path->kind == SIM_PATH_NUMBER && path->dimension == SIM_DIM_ANY)
        path->dimension = written_dimension(config, whole, path->param);
    return true;
}
