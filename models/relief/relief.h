/* Relief at a site: what is kept there, and what becomes of it. Shared by relief.c (what a scenario says) and
 * supply.c (what a run does). */
#ifndef MODEL_RELIEF_H
#define MODEL_RELIEF_H

#include "models/parts/presence.h"

/* What is used up. Fuel is used by heaters, blankets are given away. */
typedef enum { RELIEF_WATER, RELIEF_FOOD, RELIEF_FUEL, RELIEF_STOCKS } relief_stock;
enum { RELIEF_BLANKETS = RELIEF_STOCKS, RELIEF_GOODS };
/* What stands there. */
typedef enum { RELIEF_TAPS, RELIEF_LATRINES, RELIEF_COVERED_AREA, RELIEF_HEATERS, RELIEF_FACILITIES } relief_facility;
/* Of which shortage is made. */
typedef enum {
    RELIEF_NEED_WATER,
    RELIEF_NEED_FOOD,
    RELIEF_NEED_SHELTER,
    RELIEF_NEED_LATRINES,
    RELIEF_NEEDS
} relief_need;

typedef struct {
    uint32_t site, goods;
    double amount, cost;
    sim_time every, first;
} relief_delivery;

typedef struct {
    uint32_t site; /* of setup->posts */
    double stock[RELIEF_GOODS];
    bool keeps[RELIEF_GOODS];
    double facility[RELIEF_FACILITIES];
    bool has[RELIEF_FACILITIES];
} relief_site;

struct relief_setup {
    uint32_t count;
    relief_site *sites;
    uint32_t *site_of; /* of each site of setup->posts: index into sites, or MODEL_NONE */
    uint32_t delivery_count;
    relief_delivery *deliveries;
    double rate[RELIEF_STOCKS]; /* water (L) and food (rations) a person, fuel (L) a heater; a microsecond */
    double survival, tap;       /* L a person, L a tap; a microsecond */
    double latrine_users, space, heater_area, heated_below;
    double weight[RELIEF_NEEDS];
    double deterrent; /* seconds */
    bool blankets;
};

/* Written by the process of the site (blankets) or alone. */
typedef struct {
    double stock[RELIEF_GOODS];
    double facility[RELIEF_FACILITIES];
    double unmet[RELIEF_STOCKS]; /* share of what was wanted since the last control instant but one */
    double wanted[RELIEF_STOCKS], used[RELIEF_STOCKS]; /* since the start */
    bool out[RELIEF_STOCKS];
} __attribute__((aligned(128))) relief_state;

struct relief_world {
    relief_state *sites;
    model_presence present;
    struct {
        uint32_t people, outdoors, latrines, covered_area, without_latrine, without_shelter, below_survival, blankets;
        uint32_t wanted[RELIEF_STOCKS], used[RELIEF_STOCKS], stock[RELIEF_STOCKS],
            out[RELIEF_STOCKS]; /* MODEL_NONE: not recorded */
    } metrics;
};

MODEL_PART_AS(relief, relief)

/* --- supply.c --- */
int model_relief_build(model_world *world);
void model_relief_account(model_world *world, sim_time now);
sim_time model_relief_control(model_world *world, sim_time now);
void model_relief_moved(model_world *world, sim_process *process, uint32_t group, sim_customer_state before,
                        uint32_t people);
/* More of some goods at a site. */
void model_relief_deliver(model_world *world, uint32_t index, uint32_t goods, double amount, sim_time now);

#endif
