#include "sim/engine/kernel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "sim/base/error.h"
#include "sim/engine/team.h"

/* A barrier costs about as much as a dozen events where every thread has a core, and far more where it has not. */
enum { SHARED_WINDOW_EVENTS = 300 };

int sim_kernel_init(sim_kernel *kernel, const sim_program *program, void *context, uint32_t process_count,
                    sim_time lookahead)
{
    assert(process_count > 0 && lookahead > 0);
    *kernel =
        (sim_kernel){.program = program, .context = context, .lookahead = process_count == 1 ? SIM_FOREVER : lookahead};
    kernel->processes = aligned_alloc(128, process_count * sizeof(sim_process));
    kernel->order = calloc(process_count, sizeof *kernel->order);
    if (kernel->processes == NULL || kernel->order == NULL)
        goto out;
    memset(kernel->processes, 0, process_count * sizeof(sim_process));
    kernel->process_count = process_count;
    for (uint32_t i = 0; i < process_count; i++) {
        sim_process *process = &kernel->processes[i];
        sim_event_queue_init(&process->queue);
        process->kernel = kernel;
        process->id = i;
        kernel->order[i] = i;
        process->first = malloc(process_count * sizeof *process->first);
        process->last = malloc(process_count * sizeof *process->last);
        if (process->first == NULL || process->last == NULL)
            goto out;
        memset(process->first, 0xff, process_count * sizeof *process->first);
    }
    return 0;
out:
    sim_kernel_free(kernel);
    return SIM_E_MEMORY;
}

void sim_kernel_free(sim_kernel *kernel)
{
    for (uint32_t i = 0; i < kernel->process_count; i++) {
        sim_process *process = &kernel->processes[i];
        sim_event_queue_free(&process->queue);
        free(process->outbox);
        free(process->first);
        free(process->last);
    }
    free(kernel->processes);
    free(kernel->order);
    *kernel = (sim_kernel){0};
}

void sim_send(sim_process *from, uint32_t to, sim_event event)
{
    if (from->outbox_count == from->outbox_room) {
        uint32_t room = from->outbox_room + from->outbox_room / 2 + 64;
        sim_message *outbox = realloc(from->outbox, room * sizeof *outbox);
        if (outbox == NULL) {
            from->queue.failed = true;
            return;
        }
        from->outbox = outbox;
        from->outbox_room = room;
    }
    uint32_t at = from->outbox_count++;
    from->outbox[at] = (sim_message){.event = event, .next = UINT32_MAX};
    if (from->first[to] == UINT32_MAX)
        from->first[to] = at;
    else
        from->outbox[from->last[to]].next = at;
    from->last[to] = at;
}

static void run_process(sim_process *process, sim_time end)
{
    const sim_program *program = process->kernel->program;
    sim_event event;
    uint32_t handled = 0;
    while (sim_event_take(&process->queue, end, &event)) {
        process->now = event.time;
        program->handle(process, event);
        handled++;
    }
    process->weight = handled;
    process->handled += handled;
    process->now = end;
}

/* Takes what others sent in this window, sender after sender, and closes the window for the process. */
static void close_process(sim_process *process, sim_time end)
{
    sim_kernel *kernel = process->kernel;
    for (uint32_t i = 0; i < kernel->process_count; i++) {
        const sim_process *sender = &kernel->processes[i];
        for (uint32_t at = sender->first[process->id]; at != UINT32_MAX; at = sender->outbox[at].next) {
            sim_event event = sender->outbox[at].event;
            assert(event.time >= end);
            sim_event_settle(&process->queue);
            sim_event_push(&process->queue, event);
            if (kernel->program->receive != NULL)
                kernel->program->receive(process, event, end);
        }
    }
    if (kernel->program->close != NULL)
        kernel->program->close(process, end);
}

static void balance(sim_kernel *kernel)
{
    /* insertion sort: the order hardly changes from window to window */
    for (uint32_t i = 1; i < kernel->process_count; i++) {
        uint32_t moving = kernel->order[i], at = i;
        while (at > 0 && kernel->processes[kernel->order[at - 1]].weight < kernel->processes[moving].weight) {
            kernel->order[at] = kernel->order[at - 1];
            at--;
        }
        kernel->order[at] = moving;
    }
}

/* Between windows, alone. Sets the next window's end; false when the run is over. */
static bool between(sim_kernel *kernel, sim_time end, sim_time *window_end)
{
    for (uint32_t i = 0; i < kernel->process_count; i++) {
        sim_process *process = &kernel->processes[i];
        if (process->queue.failed)
            kernel->error = SIM_E_MEMORY;
        if (process->outbox_count > 0) {
            process->outbox_count = 0;
            memset(process->first, 0xff, kernel->process_count * sizeof *process->first);
        }
    }
    if (kernel->error == 0 && kernel->now >= kernel->next_control && !(kernel->holds && kernel->now >= end)) {
        sim_time next = kernel->program->control(kernel, kernel->now);
        if (next < 0)
            kernel->error = (int)next;
        else
            kernel->next_control = next;
    }
    if (kernel->error != 0 || kernel->now >= end)
        return false;
    balance(kernel);
    sim_time until = kernel->next_control < end ? kernel->next_control : end;
    if (kernel->lookahead < until - kernel->now)
        until = kernel->now + kernel->lookahead;
    *window_end = until;
    return true;
}

static void run_window(sim_kernel *kernel, sim_time until)
{
    for (uint32_t i = 0; i < kernel->process_count; i++)
        run_process(&kernel->processes[i], until);
    for (uint32_t i = 0; i < kernel->process_count; i++)
        close_process(&kernel->processes[i], until);
    kernel->now = until;
}

static void run_alone(sim_kernel *kernel, sim_time end)
{
    sim_time until;
    while (between(kernel, end, &until))
        run_window(kernel, until);
}

/* Whether the next window is likely to have enough work, by the last one, to pay for three barriers. */
static bool is_worth_sharing(const sim_kernel *kernel)
{
    uint64_t events = 0;
    for (uint32_t i = 0; i < kernel->process_count; i++)
        events += kernel->processes[i].weight;
    return events >= SHARED_WINDOW_EVENTS;
}

/* Runs windows of little work alone, up to the next one that is worth sharing; false when the run is over. */
static bool next_shared_window(sim_kernel *kernel, sim_time end, sim_time *until)
{
    while (between(kernel, end, until)) {
        if (is_worth_sharing(kernel))
            return true;
        run_window(kernel, *until);
    }
    return false;
}

static int run_together(sim_kernel *kernel, sim_time end, unsigned threads)
{
    sim_team team;
    sim_time until = kernel->now;
    bool go = true;
    int ret = sim_team_init(&team, threads);
    if (ret != 0)
        return ret;
#pragma omp parallel num_threads((int)threads) default(none) shared(kernel, end, until, go, team)
    {
#pragma omp single
        team.threads = (unsigned)omp_get_num_threads(); /* the runtime may give fewer */
        for (;;) {
            if (sim_team_meet(&team)) {
                kernel->now = until;
                go = next_shared_window(kernel, end, &until);
                sim_team_release(&team);
            }
            if (!go)
                break;
            for (unsigned i = sim_team_take(&team); i < kernel->process_count; i = sim_team_take(&team))
                run_process(&kernel->processes[kernel->order[i]], until);
            if (sim_team_meet(&team))
                sim_team_release(&team);
            for (unsigned i = sim_team_take(&team); i < kernel->process_count; i = sim_team_take(&team))
                close_process(&kernel->processes[kernel->order[i]], until);
        }
    }
    sim_team_free(&team);
    return 0;
}

int sim_kernel_run(sim_kernel *kernel, sim_time end, unsigned threads)
{
    if (threads > kernel->process_count)
        threads = kernel->process_count;
    if (threads <= 1)
        run_alone(kernel, end);
    else if (kernel->error == 0)
        kernel->error = run_together(kernel, end, threads) != 0 ? SIM_E_MEMORY : kernel->error;
    return kernel->error;
}
