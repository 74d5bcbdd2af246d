/* YAML to nodes: what is read, what is refused and where, and how little hostile text may cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/error.h"
#include "sim/input/document.h"

typedef struct {
    sim_document document;
    sim_diag *diag;
    sim_node root;
    int rc;
    char *messages;
} reading;

static reading read_text(const char *text, size_t length)
{
    reading r = {0};
    size_t size;
    assert_int_equal(sim_diag_new(&r.diag, 20), 0);
    assert_int_equal(sim_document_init(&r.document), 0);
    int file = sim_diag_file(r.diag, "t", NULL, 0);
    r.rc = sim_document_add(&r.document, text, length, file, 0, r.diag, &r.root);
    FILE *to = open_memstream(&r.messages, &size);
    sim_diag_print(r.diag, to);
    fclose(to);
    return r;
}

static void close_reading(reading *r)
{
    free(r->messages);
    sim_document_free(&r->document);
    sim_diag_free(r->diag);
}

/* A tree in one line: {key: value, ...}, [..], 'quoted', ~ for nothing. */
static void write_node(const sim_document *document, sim_node node, FILE *to)
{
    const sim_node_row *row = sim_document_row(document, node);
    const char *quote = row->quoted ? "'" : "";
    switch (sim_document_kind(document, node)) {
    case SIM_NODE_EMPTY:
        fputs("~", to);
        break;
    case SIM_NODE_SCALAR:
        fprintf(to, "%s%s%s", quote, sim_document_text(document, node), quote);
        break;
    case SIM_NODE_BROKEN:
        fputs("!", to);
        break;
    default:
        fputs(row->kind == SIM_NODE_MAP ? "{" : "[", to);
        for (sim_node child = row->first; child != SIM_NO_NODE; child = sim_document_row(document, child)->next) {
            if (child != row->first)
                fputs(", ", to);
            if (row->kind == SIM_NODE_MAP) {
                fprintf(to, "%s: ", sim_document_text(document, child));
                write_node(document, sim_document_row(document, child)->first, to);
            } else {
                write_node(document, child, to);
            }
        }
        fputs(row->kind == SIM_NODE_MAP ? "}" : "]", to);
        break;
    }
}

static void assert_tree(const char *text, const char *expected)
{
    reading r = read_text(text, strlen(text));
    if (r.rc != 0 || *r.messages != '\0')
        fail_msg("%s: rc %d, %s", text, r.rc, r.messages);
    char *tree = NULL;
    size_t size;
    FILE *to = open_memstream(&tree, &size);
    if (r.root != SIM_NO_NODE)
        write_node(&r.document, r.root, to);
    fclose(to);
    assert_string_equal(tree, expected);
    free(tree);
    close_reading(&r);
}

static void assert_refused_bytes(const char *text, size_t length, const char *message)
{
    reading r = read_text(text, length);
    if (strstr(r.messages, message) == NULL)
        fail_msg("\"%.40s\": expected \"%s\", got \"%s\"", text, message, r.messages);
    assert_true(sim_diag_count(r.diag) > 0);
    close_reading(&r);
}

static void assert_refused(const char *text, const char *message)
{
    assert_refused_bytes(text, strlen(text), message);
}

static void maps_lists_and_values_become_nodes(void **state)
{
    (void)state;
    assert_tree("a: 1\nb:\n  c: [x, y z, {d: e}]\n  f: {g: 35 /h, h: }\n",
                "{a: 1, b: {c: [x, y z, {d: e}], f: {g: 35 /h, h: ~}}}");
    assert_tree("- a\n- - b\n  - c\n- d: 1\n  e: 2\n", "[a, [b, c], {d: 1, e: 2}]");
    assert_tree("a: '06:00'\nb: \"x\\ty\"\nc: 06:00\n\"q r\": 1\n", "{a: '06:00', b: 'x\ty', c: 06:00, q r: 1}");
    assert_tree("t: |\n  one\n  two\n", "{t: 'one\ntwo\n'}");
    assert_tree("a: ~\nb: null\nc: 'null'\nnull: 1\nd: NULL\n", "{a: ~, b: ~, c: 'null', null: 1, d: NULL}");
    assert_tree("? a\n: b\n", "{a: b}");
    assert_tree("90 s", "90 s");
    assert_tree("čekárna: ž\n", "{čekárna: ž}");
}

static void empty_texts_have_no_root(void **state)
{
    (void)state;
    assert_tree("", "");
    assert_tree("\n\n   \n", "");
    assert_tree("# only\n  # comments\n", "");
    assert_tree("\xEF\xBB\xBF", "");
}

static void carriage_returns_byte_order_marks_and_json_are_accepted(void **state)
{
    (void)state;
    assert_tree("a: 1\r\nb:\r\n  - x\r\n", "{a: 1, b: [x]}");
    assert_tree("\xEF\xBB\xBF"
                "a: 1\n",
                "{a: 1}");
    assert_tree("{\"a\": [1, 2,\n3],\n\"b\": {\"c\": true}\n}\n", "{a: [1, 2, 3], b: {c: true}}");
    assert_tree("# comment\n\n  {a: 1}\n", "{a: 1}");
    assert_tree("---\na: 1\n...\n", "{a: 1}");
}

static void nodes_know_their_places(void **state)
{
    (void)state;
    const char *text = "a: 1\nžž: {b: \"x y\", c: [d]}\n", *bracketed = "# x\n  {aa: [b], c: 1}";
    reading r = read_text(text, strlen(text));
    const sim_document *d = &r.document;
    sim_node key = sim_document_key(d, r.root, "žž", 4);
    assert_int_not_equal(key, SIM_NO_NODE);
    sim_node map = sim_document_row(d, key)->first;
    sim_node b = sim_document_key(d, map, "b", 1), c = sim_document_key(d, map, "c", 1);
    sim_mark marks[] = {sim_document_mark(d, key), sim_document_mark(d, map), sim_document_mark(d, b),
                        sim_document_mark(d, sim_document_row(d, b)->first),
                        sim_document_mark(d, sim_document_row(d, sim_document_row(d, c)->first)->first)};
    static const int expected[][3] = {{2, 1, 2}, {2, 5, 1}, {2, 6, 1}, {2, 9, 5}, {2, 20, 1}};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(marks[i].line, expected[i][0]);
        assert_int_equal(marks[i].column, expected[i][1]);
        assert_int_equal(marks[i].length, expected[i][2]);
    }
    assert_int_equal(sim_document_key(d, map, "nope", 4), SIM_NO_NODE);
    close_reading(&r);
    r = read_text(bracketed, strlen(bracketed));
    key = sim_document_key(&r.document, r.root, "c", 1); /* the extra key that JSON-like texts get does not show */
    assert_int_equal(sim_document_mark(&r.document, key).line, 2);
    assert_int_equal(sim_document_mark(&r.document, key).column, 13);
    close_reading(&r);
}

static void what_a_scenario_needs_not_is_refused_with_its_place(void **state)
{
    (void)state;
    assert_refused("a: &x 1\n", "t:1:4: error: anchors");
    assert_refused("a: 1\nb: *x\n", "t:2:4: error: aliases");
    assert_refused("a: !!int 1\n", "t:1:4: error: tags");
    assert_refused("a: !x {b: 1}\n", "error: tags");
    assert_refused("b:\n  <<: {a: 1}\n", "t:2:3: error: merge keys");
    assert_refused("a: 1\n---\nb: 2\n", "t:2:1: error: a second document");
    assert_refused("%YAML 1.2\n---\na: 1\n", "t:1:1: error: directives");
    assert_refused("a: 1\n[x]: 2\n", "t:2:1: error: this key has no name");
    assert_refused(": 2\n", "t:1:3: error: this key has no name");
    assert_refused("a: 1\n: 2\n", "t:2:3: error: this key has no name");
    assert_refused("{a: 1}\nb: 2\n", "t:2:1: error: there is more text behind the closing bracket");
}

static void syntax_errors_have_a_place_inside_the_text(void **state)
{
    (void)state;
    assert_refused("a: {b: 1\n", "t:1:9: error:");
    assert_refused("a: 1\n b: 2\n", "t:1:4: error: invalid multiline plain key");
    assert_refused("a: ]\n", "t:1:4: error:");
    assert_refused("a: 1 b: 2\n", "t:1:");
    assert_refused("a: \"\\q\"\n", "t:1:");
    assert_refused("\"a\": \"\\u0000\"", "NUL character");
}

static void what_is_never_closed_is_told_where_it_opens(void **state)
{
    (void)state;
    assert_refused("a: 1\nb: \"unclosed\nc: 2\n", "t:2:4: error: this quote is never closed");
    assert_refused("b: 'unclosed\n", "t:1:4: error: this quote is never closed");
    assert_refused("b: \"x \\\" y\nc: \"d\"\n", "t:1:4: error: the quote that opens here is closed in line 2");
    assert_refused("b: 'x '' y\nc:\n  - 'd'\n", "t:1:4: error: the quote that opens here is closed in line 3");
    assert_refused("a: \"x\" y\n", "t:1:8: error: invalid trailing content");
    assert_refused("a: [1, 2\n", "t:1:4: error: this bracket is never closed");
    assert_refused("a:\n  b: {c: 1\n  d: 2\n", "t:2:6: error: this bracket is never closed (line 3");
    assert_refused("a:\n  b: {c: 1,\n    d: e f: 2}\n", "t:3:");
}

static void bytes_that_are_no_text_are_refused_with_their_place(void **state)
{
    (void)state;
    assert_refused("a: 1\nb: x\xFFy\n", "t:2:5: error: this byte is not UTF-8");
    assert_refused("a: \xC0\xAF\n", "t:1:4: error: this byte is not UTF-8");     /* overlong */
    assert_refused("a: \xED\xA0\x80\n", "t:1:4: error: this byte is not UTF-8"); /* surrogate */
    assert_refused_bytes("a: 1\n\0b", 7, "t:2:1: error: a NUL byte");
    assert_refused_bytes("\xFF\xFE"
                         "a\0:\0",
                         6, "t:1:1: error: this is UTF-16 text");
    assert_refused("a: \x07\n", "t:1:4: error: the control character U+0007");
    assert_refused("a:\n\tb: 1\n", "t:2:1: error: a tab is used as indentation");
    assert_refused("a:\n  \tb: 1\n", "t:2:3: error: a tab is used as indentation");
    assert_tree("a:\tb\n\t# tab before a comment\n\t\nc: d\t# e\n", "{a: b, c: d}");
}

static void duplicate_keys_are_told_with_both_places_and_reading_goes_on(void **state)
{
    (void)state;
    reading r = read_text("a: 1\nb: {c: 1, d: 2, c: 3, c: 4}\na: 2\n\"a\": 3\n", 42);
    assert_int_equal(r.rc, 0);
    assert_int_equal(sim_diag_count(r.diag), 4);
    assert_non_null(strstr(r.messages, "t:2:17: error: \"c\" is given twice; the first is in line 2, column 5"));
    assert_non_null(strstr(r.messages, "t:2:23: error: \"c\" is given twice; the first is in line 2, column 5"));
    assert_non_null(strstr(r.messages, "t:3:1: error: \"a\" is given twice; the first is in line 1, column 1"));
    assert_non_null(strstr(r.messages, "t:4:1: error: \"a\" is given twice"));
    close_reading(&r);
}

static void depth_32_is_accepted_and_33_is_not(void **state)
{
    (void)state;
    for (int wrapped = 0; wrapped < 2; wrapped++) {
        char text[400] = "", *at = text;
        for (int depth = 1; depth <= 33; depth++)
            at += sprintf(at, wrapped ? "{a: " : "- ");
        sprintf(at, "x");
        if (wrapped)
            memset(at + 1, '}', 33);
        assert_refused(text, "nested more than 32 deep");
        size_t step = wrapped ? 4 : 2;
        if (wrapped)
            at[33] = '\0'; /* one closing bracket less */
        reading r = read_text(text + step, strlen(text + step));
        assert_int_equal(r.rc, 0);
        assert_int_equal(sim_diag_count(r.diag), 0);
        close_reading(&r);
    }
}

static void the_node_limit_is_a_million(void **state)
{
    (void)state;
    size_t n = SIM_DOCUMENT_NODES;
    char *text = malloc(4 * n + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 4 * i, "- a\n", 4);
    reading r = read_text(text, 4 * (n - 1)); /* and the list itself */
    assert_int_equal(r.rc, 0);
    close_reading(&r);
    r = read_text(text, 4 * n);
    assert_int_equal(r.rc, SIM_E_INPUT);
    assert_non_null(strstr(r.messages, "more than 1,000,000"));
    close_reading(&r);
    free(text);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SLOW_BUILD 1
#endif
#endif
#if !defined(SLOW_BUILD) && (defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__))
#define SLOW_BUILD 1
#endif

typedef struct {
    const char *begin, *repeated, *end;
} hostile;

/* In a process of its own: seconds and MiB that reading took beside the text. */
static void measure(const char *text, size_t length, double *seconds, long *mib)
{
    int out[2];
    assert_int_equal(pipe(out), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        sim_diag *diag;
        sim_document document;
        sim_node root;
        struct rusage before, after;
        getrusage(RUSAGE_SELF, &before);
        int ok = sim_diag_new(&diag, 20) == 0 && sim_document_init(&document) == 0;
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        int rc = ok ? sim_document_add(&document, text, length, 0, 0, diag, &root) : 1;
        clock_gettime(CLOCK_MONOTONIC, &b);
        getrusage(RUSAGE_SELF, &after);
        sim_document_free(&document);
        double took[3] = {(double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec),
                          (double)(after.ru_maxrss - before.ru_maxrss) / 1024, rc == 0 || rc == SIM_E_INPUT};
        _exit(write(out[1], took, sizeof took) == (ssize_t)sizeof took ? 0 : 1);
    }
    close(out[1]);
    double took[3] = {0, 0, 0};
    ssize_t got = read(out[0], took, sizeof took);
    close(out[0]);
    int status;
    waitpid(child, &status, 0);
    assert_true(got == (ssize_t)sizeof took && status == 0 && took[2] > 0);
    *seconds = took[0];
    *mib = (long)took[1];
}

static void ten_megabytes_of_hostile_text_cost_little(void **state)
{
    (void)state;
    static const hostile texts[] = {
        {"", "[", ""},          {"", "{a: ", ""},    {"", "{", ""},     {"a: ", "[", ""},   {"- ", "[[],", ""},
        {"", "- ", ""},         {"", "? ", ""},      {"\"", "a", ""},   {"", "a", ": 1"},   {"a: |\n", "  x\n", ""},
        {"%", "%", ""},         {"!<", "a", ""},     {"- ", " ", ""},   {"- ", "\t", ""},   {"", "!", ""},
        {"", "&a ", ""},        {"", "*a ", ""},     {"", "- a\n", ""}, {"", "k: v\n", ""}, {"[", "a,", "]"},
        {"{", "a,", "}"},       {"[", "#\n", ""},    {"", "\n", ""},    {"", "[?", ""},     {"", "{\"a\":", ""},
        {"", "- |\n  a\n", ""}, {"a: 'x", "''", ""}, {"", ":", ""},     {"a: [", ":,", ""}, {"", "--- \n", ""},
    };
#ifdef SLOW_BUILD
    enum { BYTES = 1000000 }; /* sanitizers take their own time */
#else
    enum { BYTES = 10000000 };
#endif
    char *text = malloc(BYTES + 64);
    double slowest = 0;
    long largest = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t used = strlen(texts[i].begin), step = strlen(texts[i].repeated);
        memcpy(text, texts[i].begin, used);
        for (; used + step < BYTES; used += step)
            memcpy(text + used, texts[i].repeated, step);
        memcpy(text + used, texts[i].end, strlen(texts[i].end));
        used += strlen(texts[i].end);
        double seconds;
        long mib;
        measure(text, used, &seconds, &mib);
        slowest = seconds > slowest ? seconds : slowest;
        largest = mib > largest ? mib : largest;
#ifdef SLOW_BUILD
        double most = 20; /* only that it ends */
        long room = 4000;
#else
        double most = 3; /* below 1 s on a quiet machine */
        long room = 64;
#endif
        if (seconds > most || mib > room)
            fail_msg("\"%s\" and 10 MB of \"%s\": %.2f s, %ld MiB", texts[i].begin, texts[i].repeated, seconds, mib);
    }
    print_message("slowest %.2f s, largest %ld MiB\n", slowest, largest);
    free(text);
}

static void more_than_16_mib_are_refused_unread(void **state)
{
    (void)state;
    size_t length = (16 << 20) + 1;
    char *text = malloc(length);
    memset(text, '#', length);
    assert_refused_bytes(text, length, "t: error: the text is too large");
    free(text);
}

static void an_alias_bomb_is_refused_at_once(void **state)
{
    (void)state;
    char text[2000], *at = text;
    at += sprintf(at, "a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++)
        at += sprintf(at, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
    reading r = read_text(text, strlen(text));
    assert_int_equal(r.rc, 0);
    assert_int_equal(sim_diag_count(r.diag), 30 + 2 * 29);
    close_reading(&r);
}

static void several_texts_share_a_document_and_columns_can_be_shifted(void **state)
{
    (void)state;
    reading r = read_text("a: 1\n", 5);
    sim_node second;
    assert_int_equal(sim_document_add(&r.document, "{b: 2}", 6, 0, 10, r.diag, &second), 0);
    sim_node key = sim_document_key(&r.document, second, "b", 1);
    assert_int_equal(sim_document_mark(&r.document, key).column, 12);
    assert_string_equal(sim_document_text(&r.document, sim_document_row(&r.document, r.root)->first), "a");
    close_reading(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_lists_and_values_become_nodes),
        cmocka_unit_test(empty_texts_have_no_root),
        cmocka_unit_test(carriage_returns_byte_order_marks_and_json_are_accepted),
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(what_a_scenario_needs_not_is_refused_with_its_place),
        cmocka_unit_test(syntax_errors_have_a_place_inside_the_text),
        cmocka_unit_test(what_is_never_closed_is_told_where_it_opens),
        cmocka_unit_test(bytes_that_are_no_text_are_refused_with_their_place),
        cmocka_unit_test(duplicate_keys_are_told_with_both_places_and_reading_goes_on),
        cmocka_unit_test(depth_32_is_accepted_and_33_is_not),
        cmocka_unit_test(the_node_limit_is_a_million),
        cmocka_unit_test(ten_megabytes_of_hostile_text_cost_little),
        cmocka_unit_test(more_than_16_mib_are_refused_unread),
        cmocka_unit_test(an_alias_bomb_is_refused_at_once),
        cmocka_unit_test(several_texts_share_a_document_and_columns_can_be_shifted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
