/* What handing out tasks costs: beside the same tasks in a plain loop, and for rank 0 with up to a thousand ranks,
 * which are pretended here.
 *
 *   bench_dispatch            all that can be measured in one process
 *   bench_dispatch plain N    runs N tasks in a plain loop and prints N, seconds, and seconds of processor time (for
 * dispatch.py, which has MPI)
 *
 * Pretended ranks answer each task with fixed numbers, after the time that it is said to take, and never two at once;
 * rank 0 is the real one, with its journal, messages and own tasks. So what is measured is how many tasks a second rank
 * 0 can serve, without what MPI itself takes for a message (dispatch.py) and with what the pretending takes. Times are
 * of processor time where it says so, as other programs may be running. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "models/experiment/private.h"
#include "models/hbm.h"

static const char *const scenario = HBM_SOURCE_DIR "/scenarios/two-posts/scenario.yaml";
static const char *const sets[] = {"scale=0.4"}; /* tasks of some 10 ms */
#ifdef BENCH_MPI /* longer lists: at the end of each a rank waits for another's last task */
enum { SEED = 1, PAIRS = 7, PER_PAIR = 320, LOW = 0, HIGH = 6 };
#else
enum { SEED = 1, PAIRS = 41, PER_PAIR = 20, LOW = 13, HIGH = 27 };
#endif

static double now_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check(int ret, const char *what)
{
    if (ret != 0) {
        fprintf(stderr, "%s: %s\n", what, hbm_error_text(ret));
        exit(1);
    }
}

static void *allocate(size_t size)
{
    void *block = malloc(size + 1);
    check(block == NULL ? -1 : 0, "allocate");
    return block;
}

/* --- the plain loop --- */

static void run_plain(const model_setup *setup, const model_measure *measures, size_t count, uint64_t first,
                      size_t tasks)
{
    double pair[2];
    for (uint64_t r = first; r < first + tasks; r++) {
        model_world world;
        check(model_world_init(&world, setup, SEED, r, false), "build");
        check(model_world_run(&world, setup->end, 1), "run");
        for (size_t m = 0; m < count; m++)
            check(model_measure_take(&world, &measures[m], pair), "measure");
        model_world_free(&world);
    }
}

/* --- an experiment --- */

typedef struct {
    model_experiment *x;
    model_measure *measures;
    size_t measure_count;
    sim_journal *journal;
    char path[64];
} experiment;

static void open_experiment(experiment *e, sim_ranks *ranks)
{
    static char *arguments[] = {"bench", NULL}, *nothing[] = {NULL};
    const sim_journal_head head = {.argument_count = 1, .arguments = arguments, .inputs = nothing, .digests = nothing};
    char why[300] = "";
    sim_diag *diag;
    *e = (experiment){0};
    check(sim_diag_new(&diag, 10), "messages");
    const model_experiment_options options = {
        .scenario = scenario,
        .plan_count = 1,
        .sets = sets,
        .set_count = 1,
        .seed = SEED,
        .threads = 1,
        .ranks = ranks,
    };
    check(model_experiment_new(&e->x, &options, diag), scenario);
    sim_diag_free(diag);
    check(model_measure_all(model_experiment_setup(e->x, 0), &e->measures, &e->measure_count), "measures");
    if (e->measure_count > 20)
        e->measure_count = 20; /* a usual number */
    check(model_experiment_measure(e->x, e->measures, e->measure_count), "measures");
    snprintf(e->path, sizeof e->path, "bench-dispatch-%ld.journal", (long)getpid());
    check(sim_journal_create(&e->journal, e->path, &head, why, sizeof why), why);
    model_experiment_keep(e->x, e->journal);
}

static void close_experiment(experiment *e)
{
    model_experiment_free(e->x);
    check(sim_journal_close(e->journal, true), "journal");
    free(e->measures);
}

/* Replications first, first + 1, ... as one list. */
static void evaluate(experiment *e, uint64_t first, size_t count)
{
    model_task *tasks = allocate(count * sizeof *tasks);
    double *values = allocate(count * e->measure_count * 2 * sizeof *values);
    int *status = allocate(count * sizeof *status);
    for (size_t i = 0; i < count; i++)
        tasks[i] = (model_task){.replication = first + i};
    check(model_experiment_evaluate(e->x, tasks, count, values, status), "evaluate");
    free(tasks);
    free(values);
    free(status);
}

/* The scenario as its tasks have loaded it: another copy in memory makes a loop some per cent faster or slower. */
static const model_setup *setup_of_tasks(const experiment *e)
{
    for (size_t i = 0; i < e->x->point_count; i++)
        if (e->x->points[i].name != NULL)
            return &e->x->points[i].setup;
    return model_experiment_setup(e->x, 0);
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* In per cent: the median, and an interval that holds it with 95% or a little more (binomial: ranks 14 and 28 of 41, 1
 * and 7 of 7). */
static void tell_ratio(const char *what, double milliseconds, double *ratio)
{
    qsort(ratio, PAIRS, sizeof *ratio, ascending);
    printf("%s, tasks of %.1f ms: %+.2f %% of processor time over a plain loop (median of %d pairs, 95%%: %+.2f to "
           "%+.2f)\n",
           what, milliseconds, 100 * ratio[PAIRS / 2], PAIRS, 100 * ratio[LOW], 100 * ratio[HIGH]);
}

/* Alternately: a list by an experiment with its journal on 1 thread, and the same tasks in a plain loop. */
static void beside_a_plain_loop(void)
{
    experiment e;
    double ratio[PAIRS], plain = 0;
    open_experiment(&e, NULL);
    evaluate(&e, 1000000, 10); /* loads what it keeps loaded */
    const model_setup *setup = setup_of_tasks(&e);
    for (int i = 0; i < PAIRS; i++) {
        uint64_t first = (uint64_t)i * PER_PAIR;
        double began = now_of(CLOCK_PROCESS_CPUTIME_ID);
        run_plain(setup, e.measures, e.measure_count, first, PER_PAIR);
        double between = now_of(CLOCK_PROCESS_CPUTIME_ID);
        evaluate(&e, first, PER_PAIR);
        ratio[i] = (now_of(CLOCK_PROCESS_CPUTIME_ID) - between) / (between - began) - 1;
        plain += between - began;
    }
    double began = now_of(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < 100; i++)
        evaluate(&e, 0, PAIRS * PER_PAIR);
    double known = (now_of(CLOCK_PROCESS_CPUTIME_ID) - began) / (100 * PAIRS * PER_PAIR);
    tell_ratio("1 thread", 1e3 * plain / (PAIRS * PER_PAIR), ratio);
    printf("a task that the journal has: %.1f us\n", 1e6 * known);
    close_experiment(&e);
}

#ifdef BENCH_MPI
#include "tools/ranks/ranks.h"

/* --- real ranks --- */

/* Counts what comes, on its way to the real ones. */
typedef struct {
    sim_ranks ranks, *real;
    size_t received;
} counting;

static int count_send(sim_ranks *ranks, int to, const void *bytes, size_t size)
{
    counting *c = ranks->state;
    return c->real->send(c->real, to, bytes, size);
}

static bool count_look(sim_ranks *ranks, int *from, size_t *size)
{
    counting *c = ranks->state;
    return c->real->look(c->real, from, size);
}

static void count_receive(sim_ranks *ranks, int from, void *bytes, size_t size)
{
    counting *c = ranks->state;
    c->received++;
    c->real->receive(c->real, from, bytes, size);
}

/* Rank 0 by turns: tasks in a plain loop, while the others have nothing to do; and lists that all ranks work on. What
 * its own tasks of a list take more than those of the loop is what dispatch costs: messages, journal, looking for
 * messages on the way. */
static int on_ranks(void)
{
    sim_ranks *real;
    experiment e;
    double ratio[PAIRS], seconds = 0;
    size_t own_tasks = 0;
    check(ranks_join(&real), "ranks");
    if (real == NULL)
        return 1;
    counting c = {.real = real};
    c.ranks = (sim_ranks){
        .rank = real->rank,
        .count = real->count,
        .state = &c,
        .send = count_send,
        .look = count_look,
        .receive = count_receive,
        .abandon = real->abandon,
    };
    open_experiment(&e, &c.ranks);
    if (real->rank != 0) {
        (void)model_experiment_evaluate(e.x, NULL, 0, NULL, NULL); /* serves */
        close_experiment(&e);
        return 0;
    }
    evaluate(&e, 1000000, 100); /* loads, and learns how long a task takes */
    for (int i = 0; i < PAIRS; i++) {
        size_t list = PER_PAIR * (size_t)real->count, before = c.received;
        double began = now_of(CLOCK_PROCESS_CPUTIME_ID);
        run_plain(setup_of_tasks(&e), e.measures, e.measure_count, (uint64_t)i * list, PER_PAIR);
        double between = now_of(CLOCK_PROCESS_CPUTIME_ID);
        evaluate(&e, (uint64_t)i * list, list);
        double after = now_of(CLOCK_PROCESS_CPUTIME_ID);
        size_t own = list - (c.received - before);
        ratio[i] = own == 0 ? 0 : (after - between) / (double)own / ((between - began) / PER_PAIR) - 1;
        seconds += between - began;
        own_tasks += own;
    }
    tell_ratio("rank 0 of MPI", 1e3 * seconds / (PAIRS * PER_PAIR), ratio);
    printf("%d ranks, %zu tasks, of which rank 0 ran %zu\n", real->count, PAIRS * PER_PAIR * (size_t)real->count,
           own_tasks);
    close_experiment(&e);
    return 0;
}
#endif

/* --- pretended ranks --- */

typedef struct {
    double at; /* when it comes */
    int from;
    size_t number;
    bool hello;
} answer;

typedef struct {
    sim_ranks ranks;
    answer *heap; /* by time */
    size_t count, room, served;
    double *free_at; /* when a rank has done all that it has been given */
    double seconds;  /* of a task */
    double *payload;
    size_t payload_size;
    unsigned char message[4096]; /* the answer that is being looked at */
    size_t message_size;
} pretended;

static void push(pretended *p, answer a)
{
    if (p->count == p->room) {
        p->room = 2 * p->room + 1024;
        p->heap = realloc(p->heap, p->room * sizeof *p->heap);
        check(p->heap == NULL ? -1 : 0, "allocate");
    }
    size_t i = p->count++;
    for (; i > 0 && p->heap[(i - 1) / 2].at > a.at; i = (i - 1) / 2)
        p->heap[i] = p->heap[(i - 1) / 2];
    p->heap[i] = a;
}

static answer pop(pretended *p)
{
    answer top = p->heap[0], last = p->heap[--p->count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < p->count; i = child) {
        if (child + 1 < p->count && p->heap[child + 1].at < p->heap[child].at)
            child++;
        if (p->heap[child].at >= last.at)
            break;
        p->heap[i] = p->heap[child];
    }
    p->heap[i] = last;
    return top;
}

/* Ranks that keep what they are sent, or give it back: to write and read messages as experiments do. */
static int keep_bytes(sim_ranks *ranks, int to, const void *bytes, size_t size)
{
    pretended *p = ranks->state;
    (void)to;
    check(size > sizeof p->message ? -1 : 0, "message");
    memcpy(p->message, bytes, size);
    p->message_size = size;
    return 0;
}

static bool look_at_kept(sim_ranks *ranks, int *from, size_t *size)
{
    pretended *p = ranks->state;
    *from = 0;
    *size = p->message_size;
    return true;
}

static void receive_kept(sim_ranks *ranks, int from, void *bytes, size_t size)
{
    pretended *p = ranks->state;
    (void)from;
    memcpy(bytes, p->message, size);
}

static int pretend_send(sim_ranks *ranks, int to, const void *bytes, size_t size)
{
    pretended *p = ranks->state;
    sim_ranks through = {.state = p, .look = look_at_kept, .receive = receive_kept};
    experiment_message message;
    void *block;
    bool any;
    int from;
    keep_bytes(ranks, to, bytes, size);
    check(experiment_message_receive(&through, &message, &from, &block, &any), "message");
    if (message.kind == EXPERIMENT_TASK) {
        double now = now_of(CLOCK_MONOTONIC);
        p->free_at[to] = (p->free_at[to] > now ? p->free_at[to] : now) + p->seconds;
        push(p, (answer){.at = p->free_at[to], .from = to, .number = message.number});
    }
    free(block);
    return 0;
}

static bool pretend_look(sim_ranks *ranks, int *from, size_t *size)
{
    pretended *p = ranks->state;
    sim_ranks through = {.state = p, .send = keep_bytes};
    if (p->count == 0 || p->heap[0].at > now_of(CLOCK_MONOTONIC))
        return false;
    answer a = pop(p);
    experiment_message message = {
        .kind = a.hello ? EXPERIMENT_HELLO : EXPERIMENT_FOUND,
        .number = a.hello ? 1 : a.number,
    };
    if (!a.hello)
        message.finding = (experiment_finding){.seconds = p->seconds, .payload = p->payload, .size = p->payload_size};
    check(experiment_message_send(&through, 0, &message), "message");
    p->served += !a.hello;
    *from = a.from;
    *size = p->message_size;
    return true;
}

static void pretend(pretended *p, int count, double seconds)
{
    *p = (pretended){.seconds = seconds};
    p->ranks = (sim_ranks){
        .count = count + 1, .state = p, .send = pretend_send, .look = pretend_look, .receive = receive_kept};
    p->free_at = allocate(sizeof(double) * (size_t)(count + 1));
    p->payload = calloc(1000, sizeof *p->payload);
    memset(p->free_at, 0, sizeof(double) * (size_t)(count + 1));
    check(p->payload == NULL ? -1 : 0, "allocate");
    for (int rank = 1; rank <= count; rank++)
        push(p, (answer){.from = rank, .hello = true});
}

static double resident(void)
{
    struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

/* `tasks` of `seconds` on so many ranks besides rank 0. */
static void serve(int count, double seconds, size_t tasks)
{
    pretended p;
    experiment e;
    struct stat status;
    pretend(&p, count, seconds);
    open_experiment(&e, &p.ranks);
    p.payload_size = e.measure_count * 2 * sizeof(double);
    evaluate(&e, 1000000000, 1); /* loads; the ranks say hello */
    p.served = 0;
    double memory = resident(), wall = now_of(CLOCK_MONOTONIC), cpu = now_of(CLOCK_PROCESS_CPUTIME_ID);
    evaluate(&e, 0, tasks);
    wall = now_of(CLOCK_MONOTONIC) - wall;
    cpu = now_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    check(stat(e.path, &status), "stat");
    double ideal = (double)tasks * seconds / (count + 1);
    printf("%5d ranks, tasks of %4.0f ms: %8zu tasks, %6.0f a second; %5.1f s, ideal %5.1f s (%5.1f %%); rank 0 itself "
           "ran %zu, and was "
           "busy %4.1f s; "
           "journal %.0f bytes a task, memory %.0f\n",
           count, 1e3 * seconds, tasks, (double)tasks / wall, wall, ideal, 100 * ideal / wall, tasks - p.served, cpu,
           (double)status.st_size / (double)tasks, (resident() - memory) / (double)tasks);
    close_experiment(&e);
    free(p.heap);
    free(p.free_at);
    free(p.payload);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "plain") == 0) {
        experiment e;
        open_experiment(&e, NULL);
        size_t tasks = strtoul(argv[2], NULL, 10);
        double wall = now_of(CLOCK_MONOTONIC), cpu = now_of(CLOCK_PROCESS_CPUTIME_ID);
        run_plain(model_experiment_setup(e.x, 0), e.measures, e.measure_count, 0, tasks);
        printf("%zu %.6f %.6f\n", tasks, now_of(CLOCK_MONOTONIC) - wall, now_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
        close_experiment(&e);
        return 0;
    }
#ifdef BENCH_MPI
    return on_ranks();
#endif
    beside_a_plain_loop();
    static const int counts[] = {10, 100, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        serve(counts[i], 0.01, (size_t)counts[i] * 200);
    serve(1000, 0.1, 40000);
    serve(1000, 1, 8000);
    return 0;
}
