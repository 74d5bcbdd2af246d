/* The journal of a campaign: begun beside the results file, gone on with (resume), or several read as one (merge). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/outcome/provenance.h"
#include "sim/base/digest.h"
#include "sim/base/error.h"
#include "tools/campaign/arguments.h"
#include "tools/campaign/private.h"

char *campaign_journal_path(const char *out, unsigned shard, unsigned shards)
{
    size_t size = strlen(out) + 60;
    char *path = malloc(size);
    if (path == NULL)
        return NULL;
    if (shards > 1)
        (void)snprintf(path, size, "%s.%u-of-%u.journal", out, shard, shards);
    else
        (void)snprintf(path, size, "%s.journal", out);
    return path;
}

char *campaign_out_of(const char *journal)
{
    static const char ending[] = ".journal";
    size_t length = strlen(journal), all = length;
    char *out = malloc(length + sizeof ".h5");
    if (out == NULL)
        return NULL;
    memcpy(out, journal, length + 1);
    if (length > strlen(ending) && strcmp(journal + length - strlen(ending), ending) == 0)
        out[length -= strlen(ending)] = '\0';
    char *dot = strrchr(out, '.');
    unsigned part, parts;
    char rest;
    if (dot != NULL && sscanf(dot, ".%u-of-%u%c", &part, &parts, &rest) == 2)
        *dot = '\0';
    if (length == all)
        memcpy(out + length, ".h5", sizeof ".h5");
    return out;
}

static const tool_command *command_of(const char *full_name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].full_name, full_name) == 0)
            return &commands[i];
    return NULL;
}

/* What this experiment is. */
static int make_head(const campaign *c, sim_journal_head *head)
{
    *head = (sim_journal_head){.shard = c->shards > 1 ? c->shard : 0, .shards = c->shards > 1 ? c->shards : 0};
    int ret = campaign_arguments(command_of(c->name), c->argc, c->argv, &head->arguments, &head->argument_count);
    size_t plans = model_experiment_plans(c->experiment);
    if (ret == 0)
        ret = model_provenance_inputs(model_experiment_setup(c->experiment, 0), plans, head);
    for (size_t i = 0; i < c->more.input_count && ret == 0; i++)
        ret = model_provenance_input(head, c->more.inputs[i], c->more.digests[i]);
    return ret;
}

/* All ranks must have found the same: files can differ from machine to machine. */
static int agree_on(const campaign *c, const sim_journal_head *head)
{
    unsigned char own[SIM_DIGEST_HEX / 2], first[SIM_DIGEST_HEX / 2];
    sim_digest digest;
    int rank;
    if (c->ranks == NULL)
        return 0;
    sim_digest_init(&digest);
    for (size_t i = 0; i < head->argument_count; i++)
        sim_digest_bytes(&digest, head->arguments[i], strlen(head->arguments[i]) + 1);
    for (size_t i = 0; i < head->input_count; i++)
        sim_digest_bytes(&digest, head->digests[i], strlen(head->digests[i]) + 1);
    sim_digest_raw(&digest, own);
    memcpy(first, own, sizeof first);
    c->ranks->spread(c->ranks, first, sizeof first);
    int ret = c->ranks->lowest(c->ranks, memcmp(own, first, sizeof own) == 0 ? 0 : SIM_E_INPUT, &rank);
    if (ret != 0)
        campaign_complain(c, "rank %d has other inputs, or another build of the program, than rank 0", rank);
    return ret;
}

static int refuse_changes(const campaign *c, const sim_journal_head *head, const char *path)
{
    const char *difference = sim_journal_head_difference(sim_journal_head_of(c->journal), head);
    if (difference == NULL)
        return 0;
    campaign_complain(c, "%s: not the same experiment any more: %s changed", path, difference);
    return SIM_E_INPUT;
}

static void tell_torn(const campaign *c, const char *path, size_t torn)
{
    if (torn > 0 && !c->quiet)
        campaign_complain(
            c, "%s: its end was torn (%zu bytes of a task that was being written); that task is run again", path, torn);
}

static int continue_journal(campaign *c, const sim_journal_head *head)
{
    char why[512] = "";
    size_t torn = 0;
    int ret = sim_journal_open(&c->journal, c->continued, false, &torn, why, sizeof why);
    if (ret != 0) {
        campaign_complain(c, "%s", why);
        return ret;
    }
    tell_torn(c, c->continued, torn);
    ret = refuse_changes(c, head, c->continued);
    c->progress.known = sim_journal_count(c->journal);
    return ret;
}

static int read_known(campaign *c, const sim_journal_head *head)
{
    char why[512] = "";
    size_t torn = 0;
    int ret = 0;
    for (size_t i = 0; i < c->known_count && ret == 0; i++) {
        ret = i == 0 ? sim_journal_open(&c->journal, c->known[0], true, &torn, why, sizeof why)
                     : sim_journal_add_from(c->journal, c->known[i], &torn, why, sizeof why);
        if (ret != 0)
            campaign_complain(c, "%s", why);
        else
            tell_torn(c, c->known[i], torn);
        if (ret == 0 && i == 0)
            ret = refuse_changes(c, head, c->known[0]);
    }
    return ret;
}

static int begin_journal(campaign *c, const sim_journal_head *head)
{
    char why[512] = "";
    char *path = campaign_journal_path(c->out, c->shard, c->shards);
    if (path == NULL) {
        campaign_complain(c, "%s", sim_error_text(SIM_E_MEMORY));
        return SIM_E_MEMORY;
    }
    int ret = sim_journal_create(&c->journal, path, head, why, sizeof why);
    if (ret != 0)
        campaign_complain(c, "%s", why);
    c->created = ret == 0;
    free(path);
    return ret;
}

int campaign_open_journal(campaign *c)
{
    sim_journal_head head;
    int rank, ret = make_head(c, &head);
    if (ret != 0)
        campaign_complain(c, "%s", sim_error_text(ret));
    if (ret == 0)
        ret = agree_on(c, &head);
    if (ret == 0 && (c->ranks == NULL || c->ranks->rank == 0))
        ret = c->known_count > 0               ? read_known(c, &head)
              : c->continued != NULL           ? continue_journal(c, &head)
              : c->no_journal && c->shards < 2 ? 0
                                               : begin_journal(c, &head);
    if (c->ranks != NULL)
        ret = c->ranks->lowest(c->ranks, ret, &rank); /* the others leave too */
    sim_journal_head_free(&head);
    return ret;
}
