/* The land: places where they lie, links between them; posts, informal crossings and centres as circles whose area
 * tells how many people crossed or came. The page's scale is reckoned here (a degree of longitude shrinks with the
 * cosine of the latitude), so that the space of every label is known before it is drawn: a name that finds no free
 * space near its place is left out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/figure.h"
#include "sim/base/utf8.h"
#include "tools/plot/gnuplot/draw.h"
#include "tools/plot/gnuplot/script.h"

enum { ORIGIN, JUNCTION, POST, DESTINATION, CENTRE, INFORMAL, KINDS }; /* as in the results */
enum { LARGEST = 42, SMALLEST = 7, MARK = 7, NAME_CHARACTERS = 44 };

static const struct {
    const char *shown, *colour;
    int point;
} looks[KINDS] = {{"origin", COLOUR_ORANGE, 5}, {"junction", "#666666", 7},
                  {"post", "#4095C6", 7},       {"destination", COLOUR_GREEN, 9},
                  {"centre", COLOUR_PURPLE, 7}, {"informal crossing", COLOUR_VERMILION, 7}};

typedef struct {
    size_t place;
    int kind;
    double longitude, latitude, x, y; /* x, y: units of the page */
    double radius, people;
    char text[VIEW_NAME + FIGURE_SIZE];
} dot;

typedef struct {
    double left, right, bottom, top;
} rectangle;

typedef struct {
    const dot *of;
    rectangle where;
} label;

typedef struct {
    const tool_view *view;
    script_box box;
    double west, east, south, north;
    dot *dots; /* those with coordinates, the most important first */
    size_t count;
    size_t *links; /* pairs of dots */
    size_t link_count;
    label *labels;
    size_t label_count;
} chart;

/* --- what there is --- */

static int by_importance(const void *a, const void *b)
{
    static const int rank[KINDS] = {3, 5, 0, 4, 2, 1};
    const dot *x = a, *y = b;
    if (rank[x->kind] != rank[y->kind])
        return rank[x->kind] - rank[y->kind];
    if (x->people != y->people)
        return x->people > y->people ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int has_circle(int kind)
{
    return kind == POST || kind == CENTRE || kind == INFORMAL;
}

/* People of all classes at a place, mean over replications. */
static double people_at(const tool_view *view, const char *summary, size_t place)
{
    view_series people;
    double sum = 0;
    if (!view_find(view, summary, "replication", "place", &people))
        return 0;
    for (size_t row = 0; row < people.rows; row++)
        for (size_t cell = 0; cell < people.cells; cell++) {
            double value = view_value(&people, row, place, cell);
            sum += isfinite(value) ? value / (double)people.rows : 0;
        }
    return sum;
}

/* What the circle of a place tells. */
static double people_of(const tool_view *view, int kind, size_t place)
{
    switch (kind) {
    case POST:
        return people_at(view, "summary/flow_crossed", place);
    case CENTRE:
        return people_at(view, "summary/flow_arrived", place);
    case INFORMAL:
        return people_at(view, "summary/flow_irregular", place);
    default:
        return 0;
    }
}

static void name_dot(const tool_view *view, dot *d)
{
    char number[FIGURE_SIZE];
    const char *name = view->place->labels ? view->place->labels[d->place] : "";
    sim_utf8_clean(d->text, VIEW_NAME, name, strlen(name));
    if (!has_circle(d->kind))
        return;
    figure_number(number, d->people, 0);
    size_t length = strlen(d->text);
    snprintf(d->text + length, sizeof d->text - length, "  %s", number);
}

static int find_dots(chart *c)
{
    view_series latitude, longitude, kind;
    const tool_view *view = c->view;
    if (!view->place || !view_find(view, "map/latitude", "", "place", &latitude) ||
        !view_find(view, "map/longitude", "", "place", &longitude) || !view_find(view, "map/kind", "", "place", &kind))
        return 0;
    c->dots = calloc(view->place->size + 1, sizeof *c->dots);
    c->labels = calloc(view->place->size + 1, sizeof *c->labels);
    if (!c->dots || !c->labels)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < view->place->size; i++) {
        dot d = {.place = i, .latitude = view_value(&latitude, 0, i, 0), .longitude = view_value(&longitude, 0, i, 0)};
        double number = view_value(&kind, 0, i, 0);
        if (!(fabs(d.latitude) <= 90) || !(fabs(d.longitude) <= 360) || !(number >= 0 && number < KINDS))
            continue;
        d.kind = (int)number;
        d.people = people_of(view, d.kind, i);
        name_dot(view, &d);
        c->dots[c->count++] = d;
    }
    qsort(c->dots, c->count, sizeof *c->dots, by_importance);
    return 0;
}

static size_t dot_of(const chart *c, double place)
{
    for (size_t i = 0; i < c->count; i++)
        if ((double)c->dots[i].place == place)
            return i;
    return c->count;
}

static int find_links(chart *c)
{
    view_series from, to;
    if (!view_find(c->view, "map/from", "", "direction", &from) ||
        !view_find(c->view, "map/to", "", "direction", &to) || from.owners != to.owners)
        return 0;
    c->links = calloc(2 * from.owners + 1, sizeof *c->links);
    if (!c->links)
        return SIM_E_MEMORY;
    for (size_t i = 0; i < from.owners; i++) {
        size_t a = dot_of(c, view_value(&from, 0, i, 0)), b = dot_of(c, view_value(&to, 0, i, 0));
        if (a == c->count || b == c->count)
            continue;
        c->links[2 * c->link_count] = a;
        c->links[2 * c->link_count++ + 1] = b;
    }
    return 0;
}

/* --- scale --- */

/* The frame's edges: all places, unless the posts lie close together in a far wider land; then the posts and as much
 * again around them. */
static void choose_frame(const chart *c, rectangle *frame)
{
    rectangle all = {INFINITY, -INFINITY, INFINITY, -INFINITY}, posts = all;
    for (size_t i = 0; i < c->count; i++) {
        const dot *d = &c->dots[i];
        rectangle *const both[] = {&all, &posts};
        for (int k = 0; k < (has_circle(d->kind) ? 2 : 1); k++) {
            both[k]->left = fmin(both[k]->left, d->longitude);
            both[k]->right = fmax(both[k]->right, d->longitude);
            both[k]->bottom = fmin(both[k]->bottom, d->latitude);
            both[k]->top = fmax(both[k]->top, d->latitude);
        }
    }
    *frame = all;
    double size = fmax(posts.right - posts.left, posts.top - posts.bottom);
    if (!(size > 0) || fmax(all.right - all.left, all.top - all.bottom) < 3 * size)
        return;
    frame->left = fmax(all.left, posts.left - size / 2);
    frame->right = fmin(all.right, posts.right + size / 2);
    frame->bottom = fmax(all.bottom, posts.bottom - size / 2);
    frame->top = fmin(all.top, posts.top + size / 2);
}

/* Radius of the largest circle: as large as leaves neighbours apart, within limits. */
static double largest_radius(const chart *c, double most)
{
    double largest = LARGEST;
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < i; k++) {
            const dot *a = &c->dots[i], *b = &c->dots[k];
            double sizes = sqrt(a->people / most) + sqrt(b->people / most);
            if (has_circle(a->kind) && has_circle(b->kind) && sizes > 0)
                largest = fmin(largest, hypot(a->x - b->x, a->y - b->y) / sizes);
        }
    return fmax(largest, LARGEST / 3.0);
}

static void set_scale(chart *c)
{
    rectangle frame;
    double most = 0;
    choose_frame(c, &frame);
    double width = c->box.right - c->box.left, height = c->box.top - c->box.bottom;
    double middle_x = (frame.left + frame.right) / 2, middle_y = (frame.bottom + frame.top) / 2,
           shrink = fmax(cos(middle_y * M_PI / 180), 0.05);
    /* degrees of latitude a unit of the page, with room around for circles and names */
    double scale =
        fmax(fmax((frame.right - frame.left) * shrink / (width - 340), (frame.top - frame.bottom) / (height - 140)),
             0.02 / height);
    c->west = middle_x - width / 2 * scale / shrink;
    c->east = middle_x + width / 2 * scale / shrink;
    c->south = middle_y - height / 2 * scale;
    c->north = middle_y + height / 2 * scale;
    for (size_t i = 0; i < c->count; i++) {
        dot *d = &c->dots[i];
        d->x = c->box.left + (d->longitude - c->west) / (c->east - c->west) * width;
        d->y = c->box.bottom + (d->latitude - c->south) / (c->north - c->south) * height;
        most = fmax(most, d->people);
    }
    double largest = most > 0 ? largest_radius(c, most) : SMALLEST;
    for (size_t i = 0; i < c->count; i++) {
        dot *d = &c->dots[i];
        d->radius = !has_circle(d->kind) ? MARK
                    : most > 0           ? fmax(largest * sqrt(d->people / most), SMALLEST)
                                         : SMALLEST;
    }
}

static int is_outside(const chart *c, const dot *d)
{
    return d->x < c->box.left || d->x > c->box.right || d->y < c->box.bottom || d->y > c->box.top;
}

/* --- names --- */

static int overlap(const rectangle *a, const rectangle *b)
{
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static int is_free(const chart *c, const rectangle *r)
{
    if (r->left < c->box.left || r->right > c->box.right || r->bottom < c->box.bottom || r->top > c->box.top)
        return 0;
    for (size_t i = 0; i < c->label_count; i++)
        if (overlap(r, &c->labels[i].where))
            return 0;
    for (size_t i = 0; i < c->count; i++) {
        const dot *d = &c->dots[i];
        rectangle around = {d->x - d->radius, d->x + d->radius, d->y - d->radius, d->y + d->radius};
        if (overlap(r, &around))
            return 0;
    }
    return 1;
}

typedef struct {
    double x, y, to_x, to_y;
} segment;

/* Whether the segment passes through the rectangle: the part of it inside all four edges is not empty (Liang and Barsky
 * 1984). */
static int passes(const rectangle *r, segment s)
{
    double p[4] = {s.x - s.to_x, s.to_x - s.x, s.y - s.to_y, s.to_y - s.y},
           q[4] = {s.x - r->left, r->right - s.x, s.y - r->bottom, r->top - s.y};
    double enter = 0, leave = 1;
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0 && q[i] < 0)
            return 0;
        if (p[i] < 0)
            enter = fmax(enter, q[i] / p[i]);
        else if (p[i] > 0)
            leave = fmin(leave, q[i] / p[i]);
    }
    return enter <= leave;
}

static size_t links_under(const chart *c, const rectangle *r)
{
    size_t count = 0;
    for (size_t i = 0; i < c->link_count; i++) {
        const dot *a = &c->dots[c->links[2 * i]], *b = &c->dots[c->links[2 * i + 1]];
        count += passes(r, (segment){a->x, a->y, b->x, b->y}) != 0;
    }
    return count;
}

/* From a place to the nearest edge of its name. */
static segment leader(const dot *d, const rectangle *r)
{
    return (segment){d->x, d->y, fmin(fmax(d->x, r->left), r->right), fmin(fmax(d->y, r->bottom), r->top)};
}

/* Neither may the name lie on another's leader, nor its leader run through another name. */
static int leaders_clash(const chart *c, const dot *d, const rectangle *r)
{
    for (size_t i = 0; i < c->label_count; i++)
        if (passes(r, leader(c->labels[i].of, &c->labels[i].where)) || passes(&c->labels[i].where, leader(d, r)))
            return 1;
    return 0;
}

/* A free rectangle for d's name, near it and over few links; 0 when there is none. */
static int place_name(const chart *c, const dot *d, rectangle *best, double *best_gap)
{
    static const double gaps[] = {4, 14, 30, 55},
                        directions[][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    size_t characters = sim_utf8_count(d->text, strlen(d->text));
    double width = 8.2 * (double)(characters < NAME_CHARACTERS ? characters : NAME_CHARACTERS) + 6, height = 19,
           least = INFINITY;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (size_t i = 0; i < sizeof directions / sizeof *directions; i++) {
            double dx = directions[i][0], dy = directions[i][1],
                   reach = d->radius * (dx != 0 && dy != 0 ? 0.75 : 1) + gaps[g];
            double x = d->x + dx * (reach + width / 2), y = d->y + dy * (reach + height / 2);
            rectangle r = {x - width / 2, x + width / 2, y - height / 2, y + height / 2};
            if (!is_free(c, &r) || leaders_clash(c, d, &r))
                continue;
            double cost = (double)links_under(c, &r) + gaps[g] / 25;
            if (cost < least) {
                least = cost;
                *best = r;
                *best_gap = gaps[g];
            }
        }
    return isfinite(least);
}

static void put_names(FILE *to, chart *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const dot *d = &c->dots[i];
        rectangle r = {0, 0, 0, 0};
        double gap = 0;
        if (!*d->text || is_outside(c, d) || !place_name(c, d, &r, &gap))
            continue;
        c->labels[c->label_count].of = d;
        c->labels[c->label_count++].where = r;
        segment line = leader(d, &r);
        if (gap > 10) /* too far away to be taken for the place's without a line */
            fprintf(to, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 0.7 lc rgb '#888888'\n",
                    line.x / PAGE_WIDTH, line.y / PAGE_HEIGHT, line.to_x / PAGE_WIDTH, line.to_y / PAGE_HEIGHT);
        fputs("set label ", to);
        script_text(to, d->text, NAME_CHARACTERS);
        fprintf(to, " at screen %.5f,%.5f center front\n", (r.left + r.right) / 2 / PAGE_WIDTH,
                (r.bottom + r.top) / 2 / PAGE_HEIGHT);
    }
}

/* --- the page --- */

static void put_degrees(FILE *to, const char *axis, double low, double high, const char *above, const char *below)
{
    static const double steps[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30};
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && (high - low) / steps[i] > 6)
        i++;
    fprintf(to, "set %srange [%.8g:%.8g]\nset %stics (", axis, low, high, axis);
    long first = (long)ceil(low / steps[i]), last = (long)floor(high / steps[i]);
    for (long k = first; k <= last; k++) {
        double degrees = (double)k * steps[i];
        fprintf(to, "%s'%.*f\302\260%s' %.8g", k > first ? "," : "",
                steps[i] >= 1      ? 0
                : steps[i] >= 0.1  ? 1
                : steps[i] >= 0.01 ? 2
                                   : 3,
                fabs(degrees),
                k == 0  ? ""
                : k > 0 ? above
                        : below,
                degrees);
    }
    fputs(") nomirror\n", to);
}

static void put_data(FILE *to, const chart *c)
{
    double degrees = (c->east - c->west) / (c->box.right - c->box.left); /* of longitude a unit of the page */
    fputs("$links << EOD\n", to);
    for (size_t i = 0; i < c->link_count; i++) {
        const dot *a = &c->dots[c->links[2 * i]], *b = &c->dots[c->links[2 * i + 1]];
        fprintf(to, "%.8g %.8g\n%.8g %.8g\n\n", a->longitude, a->latitude, b->longitude, b->latitude);
    }
    fputs("EOD\n", to);
    for (int kind = 0; kind < KINDS; kind++) {
        fprintf(to, "$d%d << EOD\n", kind);
        for (size_t i = 0; i < c->count; i++)
            if (c->dots[i].kind == kind)
                fprintf(to, "%.8g %.8g %.6g\n", c->dots[i].longitude, c->dots[i].latitude, c->dots[i].radius * degrees);
        fputs("EOD\n", to);
    }
}

static size_t count_of(const chart *c, int kind)
{
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++)
        count += c->dots[i].kind == kind;
    return count;
}

/* Names the places that the frame leaves out. */
static void add_outside(const chart *c, char *note, size_t size)
{
    size_t named = 0, outside = 0;
    for (size_t i = 0; i < c->count; i++) {
        size_t length = strlen(note);
        if (!is_outside(c, &c->dots[i]) || ++outside > 4)
            continue;
        snprintf(note + length, size - length, "%s%.40s",
                 named++ > 0 ? ", " : "; outside the frame: ", c->dots[i].text);
    }
    if (outside > named) {
        size_t length = strlen(note);
        snprintf(note + length, size - length, " and %zu more", outside - named);
    }
}

static void put_page(FILE *to, chart *c)
{
    char note[400];
    script_entry legend[KINDS + 1] = {{"link", "#BBBBBB", SCRIPT_LINE, 0}};
    size_t entries = c->link_count > 0;
    set_scale(c);
    put_data(to, c);
    snprintf(note, sizeof note, "numbers and area of the circles: people who crossed%s",
             count_of(c, CENTRE) > 0 ? "; at centres: who came" : "");
    add_outside(c, note, sizeof note);
    for (int kind = 0; kind < KINDS; kind++)
        if (count_of(c, kind) > 0)
            legend[entries++] = (script_entry){looks[kind].shown, looks[kind].colour, SCRIPT_POINT, looks[kind].point};
    script_begin(to, c->view, "Places, roads and posts", note, legend, entries);
    script_panel(to, c->box, "");
    put_degrees(to, "x", c->west, c->east, "E", "W");
    put_degrees(to, "y", c->south, c->north, "N", "S");
    fputs("set border 15\nset clip two\n", to);
    put_names(to, c);
    fputs("plot ", to);
    if (c->link_count > 0)
        fputs("$links using 1:2 with lines lw 1.6 lc rgb '#BBBBBB' notitle, ", to);
    for (int kind = 0, any = 0; kind < KINDS; kind++) {
        if (count_of(c, kind) == 0)
            continue;
        fputs(any++ ? ", " : "", to);
        if (has_circle(kind))
            fprintf(to, "$d%d using 1:2:3 with circles lc rgb '%s' fillstyle solid 1 border lc rgb 'white' notitle",
                    kind, looks[kind].colour);
        else
            fprintf(to, "$d%d using 1:2 with points pt %d ps %s lc rgb '%s' notitle", kind, looks[kind].point,
                    kind == JUNCTION ? "0.7" : "1.5", looks[kind].colour);
    }
    putc('\n', to);
    script_end(to);
}

int plot_map(const tool_view *view, FILE *to, const char **why_not)
{
    chart c = {.view = view, .box = {76, PAGE_WIDTH - 30, 45, 785}};
    *why_not = "no place has coordinates";
    int error = find_dots(&c);
    if (error == 0 && c.count > 0)
        error = find_links(&c);
    if (error == 0 && c.count > 0)
        put_page(to, &c);
    free(c.dots);
    free(c.links);
    free(c.labels);
    return error == 0 ? c.count > 0 : error;
}
