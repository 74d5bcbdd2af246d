/* What an order is aimed at: stations by a pattern, a link, sites or rosters by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plans/orders.h"
#include "sim/base/error.h"

bool model_station_is_meant(const char *pattern, const char *name)
{
    while (*pattern != '\0') {
        size_t p = strcspn(pattern, "/"), n = strcspn(name, "/");
        if (!(p == 1 && *pattern == '*') && !(p == n && strncmp(pattern, name, n) == 0))
            return false;
        pattern += p + (pattern[p] == '/');
        name += n + (name[n] == '/');
        if (*name == '\0' && *pattern != '\0')
            return false;
    }
    return true;
}

static int find_stations(const model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const char *words[256];
    size_t n = 0;
    order->targets = calloc(setup->station_count + 1, sizeof *order->targets);
    if (order->targets == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < setup->station_count; i++) {
        if (n < 256)
            words[n++] = setup->stations[i].name;
        if (order->target[0] != '\0' && model_station_is_meant(order->target, setup->stations[i].name))
            order->targets[order->target_count++] = i;
    }
    for (uint32_t i = 0; i < setup->site_count && n < 256; i++)
        words[n++] = setup->sites[i].name;
    if (order->target_count == 0 && !setup->sites_in_doubt)
        sim_diag_error(diag, mark, "POST, POST/SIDE or POST/SIDE/STATION", sim_diag_nearest(order->target, words, n),
                       "no station is meant by \"%s\"", order->target);
    return 0;
}

static int find_link(const model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const sim_config *config = setup->config;
    order->targets = calloc(setup->arc_count + 1, sizeof *order->targets);
    char *names = calloc(setup->arc_count + 1, 160);
    const char *words[256];
    size_t n = 0;
    if (order->targets == NULL || names == NULL) {
        free(names);
        return SIM_E_MEMORY;
    }
    for (uint32_t i = 0; i < setup->arc_count; i++) {
        uint32_t link = setup->arcs[i].link;
        char *name = names + (size_t)i * 160;
        if (sim_given(config, "links.#", "name", link))
            snprintf(name, 160, "%s", sim_text(config, "links.#", "name", link));
        else
            snprintf(name, 160, "%s-%s", setup->places[sim_name(config, "links.#", "from", link)].name,
                     setup->places[sim_name(config, "links.#", "to", link)].name);
        if (n < 256)
            words[n++] = name;
        if (strcmp(name, order->target) == 0)
            order->targets[order->target_count++] = i;
    }
    if (order->target_count == 0)
        sim_diag_error(diag, mark, "the name of a link, or FROM-TO", sim_diag_nearest(order->target, words, n),
                       "there is no link \"%s\"", order->target);
    free(names);
    return 0;
}

/* Sites or rosters by name, * for all. */
static int find_named(const model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    const sim_config *config = setup->config;
    bool sites = order->kind->targets == MODEL_TARGET_SITES, all = strcmp(order->target, "*") == 0;
    uint32_t count = sites ? setup->site_count : (uint32_t)sim_elements(config, "rosters.*");
    const char *words[256];
    size_t n = 0;
    order->targets = calloc(count + 1, sizeof *order->targets);
    if (order->targets == NULL)
        return SIM_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = sites ? setup->sites[i].name : sim_element_name(config, "rosters.*", i);
        if (n < 256)
            words[n++] = name;
        if (all || strcmp(name, order->target) == 0)
            order->targets[order->target_count++] = i;
    }
    if (order->target_count == 0 && !setup->sites_in_doubt)
        sim_diag_error(diag, mark,
                       sites ? "the name of a post, centre, informal crossing or destination" : "the name of a roster",
                       sim_diag_nearest(order->target, words, n),
                       sites ? "there is no site \"%s\"" : "there is no roster \"%s\"", order->target);
    return 0;
}

int model_order_find_targets(const model_setup *setup, model_order *order, sim_mark mark, sim_diag *diag)
{
    bool given = sim_given(order->config, "timeline.#", "target", order->element),
         needed = order->kind->targets != MODEL_TARGET_NOTHING;
    if (given != needed) {
        sim_diag_error(diag, mark, NULL, NULL,
                       given ? "the order %s has no use for `target`" : "the order %s needs `target`",
                       order->kind->name);
        return 0;
    }
    switch (order->kind->targets) {
    case MODEL_TARGET_STATIONS:
        return find_stations(setup, order, mark, diag);
    case MODEL_TARGET_LINK:
        return find_link(setup, order, mark, diag);
    case MODEL_TARGET_SITES:
    case MODEL_TARGET_ROSTERS:
        return find_named(setup, order, mark, diag);
    case MODEL_TARGET_NOTHING:
        break;
    }
    return 0;
}
