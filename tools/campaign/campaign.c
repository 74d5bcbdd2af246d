#include "tools/campaign/campaign.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/hbm.h"
#include "models/outcome/provenance.h"
#include "sim/base/digest.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/result/store.h"
#include "tools/base/command.h"
#include "tools/base/file.h"
#include "tools/campaign/private.h"
#include "tools/ranks/ranks.h"

enum { MAX_THREADS = 1024, MAX_SHARDS = 1000000, FILE_MOST = 1 << 30 };

/* --- beginning and freeing --- */

/* One voice: what other ranks would print is what rank 0 prints too. */
static void fall_silent(void)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere < 0)
        return;
    (void)dup2(nowhere, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
    (void)close(nowhere);
}

int campaign_new(campaign **out, const char *name, const char *default_out, int argc, char **argv)
{
    campaign *c = calloc(1, sizeof *c);
    *out = NULL;
    if (c == NULL)
        goto out_of_memory;
    *c = (campaign){.name = name, .argc = argc, .out = default_out, .seed = 1};
    c->argv = calloc((size_t)argc + 1, sizeof *c->argv);
    c->known = calloc((size_t)argc + 1, sizeof *c->known);
    c->command_line = file_command_line(argc, argv);
    if (c->argv == NULL || c->known == NULL || c->command_line == NULL || option_sets_init(&c->sets, argc) != 0)
        goto out_of_memory;
    memcpy(c->argv, argv, (size_t)argc * sizeof *c->argv); /* argp puts them in another order */
    int ret = signals_hold(&c->held);
    if (ret == 0)
        ret = ranks_join(&c->ranks);
    if (ret == SIM_E_MEMORY)
        goto out_of_memory;
    if (ret != 0) {
        campaign_free(c);
        return ret;
    }
    if (c->ranks != NULL && c->ranks->rank != 0)
        fall_silent();
    *out = c;
    return 0;
out_of_memory:
    fprintf(stderr, "%s: %s\n", name, sim_error_text(SIM_E_MEMORY));
    campaign_free(c);
    return SIM_E_MEMORY;
}

/* A journal in which nothing stands, or whose results are written, is no use to anybody. */
static int close_journal(campaign *c)
{
    bool remove = c->known_count == 0 && (c->ended || (c->created && sim_journal_count(c->journal) == 0));
    int ret = sim_journal_close(c->journal, remove);
    if (ret != 0)
        campaign_complain(c, remove && c->ended ? "the results are written, but the journal cannot be removed"
                             : remove           ? "the empty journal cannot be removed"
                                      : "the journal cannot be synchronised with the disk: its last tasks may be lost");
    c->journal = NULL;
    return ret;
}

void campaign_free(campaign *c)
{
    if (c == NULL)
        return;
    model_experiment_free(c->experiment);
    if (c->journal != NULL)
        (void)close_journal(c);
    if (c->ranks != NULL)
        c->ranks->leave(c->ranks);
    if (c->argv != NULL) {
        while (signals_take() != 0)
            continue; /* what came while they were held has been heeded */
        signals_release(&c->held);
    }
    option_sets_free(&c->sets);
    sim_journal_head_free(&c->more);
    free(c->argv);
    free(c->known);
    free(c->command_line);
    free(c->file);
    free(c);
}

/* --- options --- */

static void take_shard(campaign *c, struct argp_state *state, const char *text)
{
    unsigned part = 0, parts = 0;
    char rest;
    if (sscanf(text, "%u/%u%c", &part, &parts, &rest) != 2 || text[0] < '0' || text[0] > '9' || part < 1 ||
        part > parts || parts > MAX_SHARDS)
        argp_error(state, "--shard wants a part and the number of parts, such as 1/7 to 7/7, not '%s'", text);
    c->shard = part;
    c->shards = parts;
}

void campaign_is_search(campaign *c)
{
    c->search = true;
}

int campaign_reads(campaign *c, const char *path)
{
    char *text = NULL, hex[SIM_DIGEST_HEX + 1];
    size_t length = 0;
    const char *why = NULL;
    int ret = sim_input_file_read(path, FILE_MOST, &text, &length, &why);
    if (ret != 0) {
        file_tell(c->name, path, why != NULL ? why : sim_error_text(ret));
        return ret == SIM_E_MEMORY ? ret : SIM_E_INPUT;
    }
    sim_digest_of(text, length, hex);
    free(text);
    return model_provenance_input(&c->more, path, hex);
}

void campaign_needs_no_journal(campaign *c)
{
    c->no_journal = true;
}

error_t campaign_parse(campaign *c, int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case 't':
        c->threads = (unsigned)option_whole_or_exit(state, "--threads", arg, 1, MAX_THREADS);
        return 0;
    case 's':
        c->seed = option_whole_or_exit(state, "--seed", arg, 0, UINT64_MAX);
        return 0;
    case OPTION_KEY_SET:
        option_sets_add_or_exit(&c->sets, state, arg);
        return 0;
    case 'o':
        c->out = arg;
        return 0;
    case 'q':
        c->quiet = true;
        return 0;
    case OPTION_KEY_JSON:
        c->json = true;
        return 0;
    case CAMPAIGN_KEY_SHARD:
        take_shard(c, state, arg);
        return 0;
    case CAMPAIGN_KEY_CONTINUE:
        c->continued = arg;
        return 0;
    case CAMPAIGN_KEY_KNOWN:
        c->known[c->known_count++] = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

bool campaign_json(const campaign *c)
{
    return c->json;
}

const char *campaign_out(const campaign *c)
{
    return c->out;
}

/* --- opening --- */

static int tell_problems(const campaign *c, const sim_diag *diag, int error)
{
    if (error == SIM_E_INPUT && c->json)
        return sim_diag_print_json(diag, stdout) == 0 ? error : SIM_E_IO;
    if (error == SIM_E_INPUT || !c->quiet)
        sim_diag_print(diag, stderr);
    if (error != 0 && error != SIM_E_INPUT)
        campaign_complain(c, "%s: %s", c->scenario, sim_error_text(error));
    return error;
}

static int open_experiment(campaign *c, const model_experiment_options *options)
{
    sim_diag *diag = NULL;
    int rank = 0, ret = sim_diag_new(&diag, 1000);
    if (ret == 0)
        ret = model_experiment_new(&c->experiment, options, diag);
    if (diag != NULL)
        ret = tell_problems(c, diag, ret);
    else
        campaign_complain(c, "%s", sim_error_text(ret));
    sim_diag_free(diag);
    int lowest = c->ranks == NULL ? ret : c->ranks->lowest(c->ranks, ret, &rank);
    if (lowest != 0 && ret == 0)
        campaign_complain(c, "rank %d could not open %s: %s", rank, c->scenario, sim_error_text(lowest));
    return lowest;
}

int campaign_begin(campaign *c, const char *scenario, const char *const *plans, size_t plan_count)
{
    c->scenario = scenario;
    c->plan = plan_count == 1 ? plans[0] : NULL;
    campaign_progress_init(&c->progress, c);
    const model_experiment_options options = {
        .scenario = scenario,
        .plans = plan_count > 0 ? plans : NULL,
        .plan_count = plan_count > 0 ? plan_count : 1,
        .sets = c->sets.items,
        .set_count = c->sets.count,
        .seed = c->seed,
        .threads = c->threads,
        .ranks = c->ranks,
        .shard = c->shards > 1 ? c->shard - 1 : 0,
        .shards = c->shards,
        .only_known = c->known_count > 0,
        .progress = campaign_progress_callback,
        .user = &c->progress,
    };
    if (c->search && c->shards > 1)
        return campaign_refuse(
            c,
            "this is a search, each of whose steps needs the last one's numbers: it cannot be run in parts (--shard)");
    /* Hours of work may follow: a wrong output path is told before them. */
    int rank, ret = c->ranks == NULL || c->ranks->rank == 0 ? file_check_target(c->name, c->out) : 0;
    if (c->ranks != NULL)
        ret = c->ranks->lowest(c->ranks, ret, &rank);
    if (ret == SIM_E_MEMORY) /* all else has been told */
        campaign_complain(c, "%s", sim_error_text(ret));
    if (ret == 0)
        ret = open_experiment(c, &options);
    if (ret == 0)
        ret = campaign_open_journal(c);
    if (ret == 0)
        model_experiment_keep(c->experiment, c->journal);
    c->told = ret != 0;
    return ret;
}

model_experiment *campaign_experiment(const campaign *c)
{
    return c->experiment;
}

void campaign_expect(campaign *c, size_t tasks)
{
    c->progress.expected = tasks;
}

/* --- ending --- */

model_provenance campaign_provenance(const campaign *c, uint64_t replications)
{
    size_t plans = model_experiment_plans(c->experiment);
    return (model_provenance){
        .setups = model_experiment_setup(c->experiment, 0),
        .setup_count = plans,
        .path = c->scenario,
        .plan = plans == 1 ? c->plan : NULL,
        .command_line = c->command_line,
        .seed = c->seed,
        .replications = replications,
        .threads = model_experiment_threads(c->experiment),
        .ranks = c->ranks == NULL ? 1 : (unsigned)c->ranks->count,
    };
}

int campaign_end(campaign *c, sim_result *result, uint64_t replications)
{
    char why[512] = "";
    const model_provenance provenance = campaign_provenance(c, replications);
    campaign_progress_end(&c->progress);
    int ret = model_provenance_add(&provenance, result);
    if (ret == 0)
        ret = sim_store_write(result, c->out, why, sizeof why);
    if (ret != 0)
        file_tell(c->name, c->out, why[0] != '\0' ? why : sim_error_text(ret));
    c->told = ret != 0;
    c->ended = ret == 0;
    return ret;
}

static void tell_stopped(const campaign *c)
{
    const char *path = c->journal == NULL ? NULL : sim_journal_path(c->journal);
    if (path == NULL || sim_journal_count(c->journal) == 0)
        campaign_complain(c, "stopped by a signal; nothing was finished");
    else
        campaign_complain(c, "stopped by a signal; %zu finished tasks are kept: 'hbm resume %s' goes on",
                          sim_journal_count(c->journal), path);
}

static void tell_partial(const campaign *c)
{
    size_t missing = model_experiment_missing(c->experiment), all = model_experiment_wanted(c->experiment);
    if (c->known_count > 0)
        campaign_complain(
            c, "%zu of %zu tasks are in none of the journals: a part has not been run to its end, or was not named",
            missing, all);
    else if (!c->quiet)
        fprintf(stderr, "%s: part %u of %u is done (%zu tasks): %s; 'hbm merge' puts the parts together\n", c->name,
                c->shard, c->shards, all - missing, sim_journal_path(c->journal));
}

static int exit_code(campaign *c, int error)
{
    if (error == SIM_E_WORKER)
        return EXIT_DONE;
    if (error == SIM_E_PARTIAL && c->experiment != NULL) {
        tell_partial(c);
        return c->known_count > 0 ? EXIT_FAILED : EXIT_DONE;
    }
    if (error == SIM_E_STOPPED)
        tell_stopped(c);
    else if (error == SIM_E_IO && !c->told && c->journal != NULL && sim_journal_problem(c->journal) != NULL)
        campaign_complain(c, "%s: %s; %zu finished tasks are kept: once that is mended 'hbm resume %s' goes on",
                          sim_journal_path(c->journal), sim_journal_problem(c->journal), sim_journal_count(c->journal),
                          sim_journal_path(c->journal));
    else if (error != 0 && error != SIM_E_INPUT && !c->told)
        campaign_complain(c, "%s%s%s", c->experiment != NULL ? model_experiment_failure(c->experiment) : "",
                          c->experiment != NULL && model_experiment_failure(c->experiment)[0] != '\0' ? ": " : "",
                          sim_error_text(error));
    return command_exit_code(error);
}

int campaign_exit(campaign *c, int error)
{
    campaign_progress_end(&c->progress);
    int code = exit_code(c, error);
    /* Part of the work: of a shard the journal is all there is. */
    if (c->journal != NULL && close_journal(c) != 0 && code == EXIT_DONE)
        code = EXIT_FAILED;
    return code;
}
