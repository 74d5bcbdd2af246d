/* A comparison as people and programs read it: sentences, a table, JSON. */
#ifndef TOOLS_COMPARE_TELL_H
#define TOOLS_COMPARE_TELL_H

#include "models/study/compare/compare.h"

/* --- words.c --- */
typedef enum {
    COMPARE_SAVES,
    COMPARE_COSTS,
    COMPARE_PROTECTION,
    COMPARE_CHANGES,
    COMPARE_NOTHING,
    COMPARE_GROUPS
} compare_group;
extern const char *const compare_group_names[COMPARE_GROUPS];
compare_group compare_group_of(const comparison *c, size_t plan, size_t figure);
/* "saves 3.2 h (2.9 h to 3.5 h), sure". */
void compare_words(const comparison *c, size_t plan, size_t figure, char *text, size_t size);
/* A value of the figure, as exact as the difference is known. */
void compare_value_words(const comparison *c, size_t plan, size_t figure, size_t of_plan, char *text, size_t size);
/* An amount of the figure's unit: "30 min". */
void compare_amount_words(const compare_figure *figure, double amount, char *text, size_t size);
/* "<0.001", "0.032" */
void compare_p_words(double p, char *text, size_t size);

/* --- table.c, json.c --- */
int compare_print(const comparison *c, bool markdown, FILE *to);
int compare_print_json(const comparison *c, const char *file, FILE *to);

#endif
