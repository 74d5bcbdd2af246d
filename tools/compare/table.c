/* The table of a comparison: plan by plan what it saves, what it costs, what becomes of protection, as text or
 * Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "tools/compare/tell.h"
#include "tools/page/grid.h"

enum { TEXT = 512, COLUMNS = 5, BEST_COLUMNS = 4 };

/* --- cells --- */

/* Rows as a grid of text, or at once as Markdown. */
typedef struct {
    tool_grid *grid; /* NULL: Markdown */
    FILE *to;
    size_t columns; /* at most COLUMNS */
} sheet;

/* What Markdown would take for its own is escaped. */
static void put_markdown(const char *text, FILE *to)
{
    for (; *text; text++) {
        if (strchr("|*_<\\#[~`", *text))
            putc('\\', to);
        putc(*text, to);
    }
}

static void put_row(const sheet *s, const char *const cells[COLUMNS], bool is_group)
{
    for (size_t i = 0; i < s->columns; i++) {
        if (s->grid != NULL) {
            grid_format(s->grid, "%s%s", i == 0 && !is_group ? "  " : "", cells[i]);
            continue;
        }
        bool is_bold = is_group && i == 0 && cells[i][0] != '\0';
        fputs(is_bold ? "| **" : "| ", s->to);
        put_markdown(cells[i], s->to);
        fputs(is_bold ? "** " : " ", s->to);
    }
    if (s->grid == NULL)
        fputs("|\n", s->to);
}

static void put_heading(const sheet *s, const comparison *c, size_t plan)
{
    const char *const cells[COLUMNS] = {"", c->plans[0].name, c->plans[plan].name, "What differs", "p (Holm)"};
    put_row(s, cells, true);
    if (s->grid == NULL)
        fputs("|---|--:|--:|---|--:|\n", s->to);
}

static void put_figure(const sheet *s, const comparison *c, size_t plan, size_t figure)
{
    char baseline[TEXT], value[TEXT], words[TEXT], p[32];
    compare_value_words(c, plan, figure, 0, baseline, sizeof baseline);
    compare_value_words(c, plan, figure, plan, value, sizeof value);
    compare_words(c, plan, figure, words, sizeof words);
    size_t pairs = compare_difference_of(c, plan, figure)->paired.n, length = strlen(words);
    if (pairs < c->replications && pairs >= 2)
        snprintf(words + length, sizeof words - length, "; known of %zu pairs", pairs);
    compare_p_words(compare_difference_of(c, plan, figure)->adjusted_p, p, sizeof p);
    const char *const cells[COLUMNS] = {c->figures[figure].label, baseline, value, words, p};
    put_row(s, cells, false);
}

static void put_group(const sheet *s, const comparison *c, size_t plan, compare_group group)
{
    const char *const name[COLUMNS] = {compare_group_names[group], "", "", "", ""};
    bool begun = false;
    for (size_t figure = 0; figure < c->figure_count; figure++) {
        if (compare_group_of(c, plan, figure) != group)
            continue;
        if (!begun)
            put_row(s, name, true);
        begun = true;
        put_figure(s, c, plan, figure);
    }
}

static int put_plan(const comparison *c, size_t plan, bool markdown, FILE *to)
{
    tool_grid grid;
    grid_init(&grid, COLUMNS, 1u << 1 | 1u << 2 | 1u << 4);
    sheet s = {markdown ? NULL : &grid, to, COLUMNS};
    fputc('\n', to);
    if (markdown) {
        fputs("### ", to);
        put_markdown(c->plans[plan].name, to);
        fputs(" against ", to);
        put_markdown(c->plans[0].name, to);
        fputs("\n\n", to);
    }
    put_heading(&s, c, plan);
    for (int group = 0; group < COMPARE_GROUPS; group++)
        put_group(&s, c, plan, (compare_group)group);
    int error = markdown ? 0 : grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

/* --- what stands around the tables --- */

static void put_line(const char *text, bool markdown, FILE *to)
{
    if (markdown)
        put_markdown(text, to);
    else
        fputs(text, to);
    fputc('\n', to);
}

static void put_title(const comparison *c, bool markdown, FILE *to)
{
    char text[TEXT + 200];
    fputs(markdown ? "## " : "", to);
    put_line(c->title, markdown, to);
    fputs(markdown ? "\n" : "", to);
    snprintf(text, sizeof text,
             "%zu plan%s compared with %s; %zu replications each, seed %llu, the same people and luck in all plans",
             c->plan_count - 1, c->plan_count == 2 ? "" : "s", c->plans[0].name, c->replications,
             (unsigned long long)c->seed);
    put_line(text, markdown, to);
    for (size_t plan = 0, begun = 0; plan < c->plan_count; plan++) {
        if (c->plans[plan].title[0] == '\0')
            continue;
        fputs(markdown && begun++ == 0 ? "\n" : "", to);
        snprintf(text, sizeof text, "%s: %s", c->plans[plan].name, c->plans[plan].title);
        fputs(markdown ? "- " : "  ", to);
        put_line(text, markdown, to);
    }
}

static void put_notes(const comparison *c, bool markdown, FILE *to)
{
    char text[TEXT];
    size_t family = (c->plan_count - 1) * c->figure_count;
    fputc('\n', to);
    if (family == 1)
        snprintf(text, sizeof text, "In brackets: the %.4g %% interval of the mean difference (paired, Student).",
                 100 * c->confidence);
    else
        snprintf(text, sizeof text,
                 "In brackets: intervals of mean differences (paired, Student), wide enough that all %zu hold together "
                 "with %.4g %% "
                 "(Bonferroni).",
                 family, 100 * c->confidence);
    put_line(text, markdown, to);
    if (c->best.is_wanted) {
        snprintf(text, sizeof text, "Differences are of the first %zu replications, which all plans went through.",
                 c->replications);
        put_line(text, markdown, to);
    }
    if (c->looks > 1) {
        snprintf(text, sizeof text, "Looked at %zu time%s, at most %zu; intervals and p allow for it.", c->look,
                 c->look == 1 ? "" : "s", c->looks);
        put_line(text, markdown, to);
    }
    put_line("They tell how far chance moves a difference, not whether the assumptions hold.", markdown, to);
}

/* --- the best --- */

static void put_best_plan(const sheet *s, const comparison *c, size_t plan)
{
    const sim_selected *p = &c->best.plans[plan];
    char mean[TEXT], used[FIGURE_SIZE], words[TEXT];
    compare_amount_words(&c->figures[c->best.figure], p->mean, mean, sizeof mean);
    figure_number(used, (double)p->replications, 0);
    if (plan == c->best.best)
        snprintf(words, sizeof words, c->best.is_decided ? "selected" : "ahead");
    else if (p->left_after > 0)
        snprintf(words, sizeof words, "left after %zu replications, behind %s", p->left_after,
                 c->plans[p->left_for].name);
    else
        snprintf(words, sizeof words, "not decided");
    const char *const cells[COLUMNS] = {c->plans[plan].name, mean, used, words, ""};
    put_row(s, cells, false);
}

static int put_best(const comparison *c, bool markdown, FILE *to)
{
    char text[2 * TEXT], amount[100];
    const compare_figure *f = &c->figures[c->best.figure];
    tool_grid grid;
    compare_amount_words(f, c->best.indifference, amount, sizeof amount);
    if (c->best.is_decided)
        snprintf(text, sizeof text,
                 "Best: %s, by the %s %s. If it is better than every other by %s or more, it is the best with a "
                 "probability of at "
                 "least %.4g %% (Kim and Nelson 2001).",
                 c->plans[c->best.best].name, c->best.largest ? "largest" : "smallest", f->label, amount,
                 100 * c->best.probability);
    else
        snprintf(text, sizeof text,
                 "Not decided: the replications were used up. %s is ahead by the %s %s, without a stated probability.",
                 c->plans[c->best.best].name, c->best.largest ? "largest" : "smallest", f->label);
    fputc('\n', to);
    put_line(text, markdown, to);
    fputc('\n', to);
    grid_init(&grid, BEST_COLUMNS, 1u << 1 | 1u << 2);
    sheet s = {markdown ? NULL : &grid, to, BEST_COLUMNS};
    const char *const heading[COLUMNS] = {"", "Mean", "Replications", "What became of it", ""};
    put_row(&s, heading, true);
    if (markdown)
        fputs("|---|--:|--:|---|\n", to);
    for (size_t plan = 0; plan < c->plan_count; plan++)
        put_best_plan(&s, c, plan);
    int error = markdown ? 0 : grid_print(&grid, to);
    grid_free(&grid);
    return error;
}

int compare_print(const comparison *c, bool markdown, FILE *to)
{
    int error = 0;
    put_title(c, markdown, to);
    if (c->best.is_wanted)
        error = put_best(c, markdown, to);
    for (size_t plan = 1; plan < c->plan_count && error == 0; plan++)
        error = put_plan(c, plan, markdown, to);
    put_notes(c, markdown, to);
    return error;
}
