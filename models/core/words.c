/* The words of the domain (words.h). */
#include "models/core/setup.h"

const char *const model_state_names[MODEL_STATES] = {
    "travelling",  "stranded",  "waiting", "in_service", "crossed", "gave_up",  "refused", "irregular",
    "in_the_open", "sheltered", "settled", "in_care",    "missing", "detained", "died",
};

const char *const model_item_names[MODEL_ITEMS] = {
    "staff",      "overtime",  "surge",     "equipment", "relief", "health",
    "protection", "transport", "reception", "custody",   "status", "enforcement",
};

const char *const model_ground_names[MODEL_GROUNDS] = {
    "document", "visa", "ban", "health", "quota", "other",
};

size_t model_split_count(const model_setup *setup, sim_metric_by by)
{
    switch (by) {
    case SIM_BY_CLASS:
        return setup->class_count;
    case SIM_BY_STATE:
        return MODEL_STATES;
    case SIM_BY_TRAIT:
        return setup->trait_count;
    case SIM_BY_ITEM:
        return MODEL_ITEMS;
    case SIM_BY_GROUND:
        return MODEL_GROUNDS;
    case SIM_BY_RULE:
        return sim_elements(setup->config, "rules.*");
    default:
        return 1;
    }
}

const char *model_split_word(const model_setup *setup, sim_metric_by by, size_t i)
{
    switch (by) {
    case SIM_BY_CLASS:
        return setup->classes[i].name;
    case SIM_BY_STATE:
        return model_state_names[i];
    case SIM_BY_TRAIT:
        return sim_element_name(setup->config, "people.traits.*", i);
    case SIM_BY_ITEM:
        return model_item_names[i];
    case SIM_BY_GROUND:
        return model_ground_names[i];
    case SIM_BY_RULE:
        return sim_element_name(setup->config, "rules.*", i);
    default:
        return "";
    }
}
