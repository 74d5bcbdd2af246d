/* Messages between ranks: a fixed part, then what is of no fixed length. All ranks run one build on one kind of
 * machine. */
#include <stdlib.h>
#include <string.h>

#include "models/experiment/private.h"
#include "sim/base/error.h"

typedef struct {
    uint64_t kind, number, plan, replication, set_count, size;
    double seconds, people;
    int64_t status;
} fixed_part;

int experiment_message_send(sim_ranks *ranks, int to, const experiment_message *message)
{
    const model_task *task = &message->task;
    const experiment_finding *finding = &message->finding;
    fixed_part fixed = {
        .kind = message->kind,
        .number = message->number,
        .plan = task->plan,
        .replication = task->replication,
        .set_count = task->set_count,
        .size = finding->size,
        .seconds = finding->seconds,
        .people = finding->people,
        .status = finding->status,
    };
    size_t size = sizeof fixed + finding->size;
    for (size_t i = 0; i < task->set_count; i++)
        size += strlen(task->sets[i]) + 1;
    char *bytes = malloc(size), *at = bytes;
    if (bytes == NULL)
        return SIM_E_MEMORY;
    memcpy(at, &fixed, sizeof fixed);
    at += sizeof fixed;
    if (finding->size > 0)
        memcpy(at, finding->payload, finding->size);
    at += finding->size;
    for (size_t i = 0; i < task->set_count; i++) {
        size_t length = strlen(task->sets[i]) + 1;
        memcpy(at, task->sets[i], length);
        at += length;
    }
    int ret = ranks->send(ranks, to, bytes, size);
    free(bytes);
    return ret;
}

/* The sets' texts stand behind the payload. One block: the message, then the pointers. */
static int point_at_sets(experiment_message *message, const fixed_part *fixed, size_t size, void **bytes)
{
    size_t room = (size + 15) / 16 * 16;
    char *moved = realloc(*bytes, room + (fixed->set_count + 1) * sizeof(char *));
    if (moved == NULL)
        return SIM_E_MEMORY;
    *bytes = moved;
    const char **sets = (const char **)(void *)(moved + room);
    const char *at = moved + sizeof *fixed + fixed->size;
    for (size_t i = 0; i < fixed->set_count; i++) {
        sets[i] = at;
        at += strlen(at) + 1;
    }
    message->task.sets = sets;
    message->finding.payload = moved + sizeof *fixed;
    return 0;
}

int experiment_message_receive(sim_ranks *ranks, experiment_message *message, int *from, void **bytes, bool *any)
{
    size_t size;
    fixed_part fixed;
    *bytes = NULL;
    *any = ranks->look(ranks, from, &size);
    if (!*any)
        return 0;
    *bytes = malloc(size);
    if (*bytes == NULL)
        return SIM_E_MEMORY;
    ranks->receive(ranks, *from, *bytes, size);
    memcpy(&fixed, *bytes, sizeof fixed);
    *message = (experiment_message){
        .kind = (experiment_message_kind)fixed.kind,
        .number = (size_t)fixed.number,
        .task = {.plan = (uint32_t)fixed.plan, .replication = fixed.replication, .set_count = fixed.set_count},
        .finding = {
            .status = (int)fixed.status, .seconds = fixed.seconds, .people = fixed.people, .size = (size_t)fixed.size}};
    return point_at_sets(message, &fixed, size, bytes);
}
