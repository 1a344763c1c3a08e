/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/nsec.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/live_evidence.h"
#include "cli/live_log.h"
#include "cli/live_metrics.h"
#include "cli/live_options.h"
#include "cli/live_view.h"
#include "cli/message.h"
#include "cli/output.h"
#include "sandbox/sandbox.h"

enum { GAPS_BYTES_MAX = 2048, BUFFER_BYTES_USUAL = 64 << 20, WRITABLE_MAX = 4 };

struct run {
    const struct cli_live_options *options;
    struct wspscope_live *live;
    struct cli_live_log *log;      /* of -f ndjson; else NULL */
    struct cli_output *output;     /* of the other formats */
    struct cli_live_evidence *evidence; /* NULL: none is kept */
    struct cli_live_metrics *metrics;   /* NULL: none are served */
    struct cli_live_view *view;         /* NULL: headless */
    int signals;
    int64_t end_ns;                /* of the monotonic clock; 0: never */
    int64_t next_summary_ns;       /* of packet time */
    size_t notes_told;
    bool failed;
};

static void print_help(FILE *out)
{
    fputs("wspscope live -i IFACE\n"
          "\n"
          "Explains live traffic: what `wspscope FILE` says of a capture, as it happens. At the\n"
          "end (Ctrl-C, SIGTERM, --duration, --packets) comes the report of all of it.\n"
          "\n"
          "  sudo wspscope live -i eth0 --duration 10m\n"
          "  sudo wspscope live -i eth0 -i eth1 -f ndjson -o /var/log/wspscope/live.ndjson\n"
          "\n"
          "With -f ndjson a line is written when a finding opens, changes or is resolved, and a\n"
          "summary now and then; SIGHUP opens the file anew. Only what the mission needs is taken\n"
          "out of the kernel: the ports that are followed, ICMP, fragments, tunnels.\n"
          "Capturing needs root, or once: sudo setcap cap_net_raw=ep $(command -v wspscope).\n"
          "When the interfaces are open, the program gives up every right but to write where it\n"
          "was told to; --no-sandbox leaves that out.\n"
          "\n",
          out);
    cli_live_options_print(out);
    fputs("\n"
          "Also -f, -o, --filter, --region, --port, --proxy-port, --endpoints, --threshold,\n"
          "--max-flows, --max-memory, --flows, --fail-on, --color, -q and -v, as for analyze.\n"
          "\n"
          "Exit status: 0 done; 1 --fail-on was met; 2 wrong usage, or no packets could be had.\n",
          out);
}

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static void take_signal(struct run *run, uint32_t number)
{
    if (number != SIGHUP)
        wspscope_live_stop(run->live);
    else if (run->log && !cli_live_log_reopen(run->log))
        cli_message("%s cannot be opened anew (%s): lines still go where they went.", run->options->common.output,
                    strerror(errno));
}

static void obey(struct run *run, enum cli_live_view_wish wish)
{
    char sentence[200];
    if (wish == CLI_LIVE_VIEW_QUIT)
        wspscope_live_stop(run->live);
    if (wish != CLI_LIVE_VIEW_WRITE_EVIDENCE)
        return;
    const char *failure = run->evidence ? cli_live_evidence_flush(run->evidence) : NULL;
    if (run->evidence)
        snprintf(sentence, sizeof sentence, "%.180s", failure ? failure : "The evidence is written.");
    else
        snprintf(sentence, sizeof sentence, "No evidence is kept: start with --evidence DIR.");
    cli_live_view_say(run->view, sentence);
}

/* While the view has the terminal, sentences go to its last line. */
static void say(struct run *run, const char *sentence)
{
    if (run->view)
        cli_live_view_say(run->view, sentence);
    else
        cli_message("%s", sentence);
}

static void tell_notes(struct run *run)
{
    size_t count;
    const char *const *notes = wspscope_live_notes(run->live, &count);
    for (; run->notes_told < count; run->notes_told++)
        say(run, notes[run->notes_told]);
}

static void on_turn(void *context)
{
    struct run *run = context;
    struct signalfd_siginfo signal;
    while (read(run->signals, &signal, sizeof signal) == (ssize_t)sizeof signal)
        take_signal(run, signal.ssi_signo);
    if (run->end_ns != 0 && monotonic_ns() >= run->end_ns)
        wspscope_live_stop(run->live);
    tell_notes(run);
    if (run->metrics)
        cli_live_metrics_serve(run->metrics);
    const char *failure = run->evidence ? cli_live_evidence_flush(run->evidence) : NULL;
    if (failure)
        say(run, failure);
    if (run->view)
        obey(run, cli_live_view_turn(run->view));
}

static void write_lines(struct run *run, const struct wspscope_tick *tick)
{
    struct wspscope_sink sink = cli_live_log_sink(run->log);
    bool written = true;
    for (size_t i = 0; i < tick->change_count && written; i++)
        written = wspscope_live_render_change(sink, tick, &tick->changes[i]);
    if (written && tick->now_ns >= run->next_summary_ns) {
        written = wspscope_live_render_summary(sink, tick);
        run->next_summary_ns = nsec_add(tick->now_ns, (int64_t)run->options->every_s * NSEC_PER_SEC);
    }
    if (!written && cli_live_log_failed(run->log) == EPIPE)
        wspscope_live_stop(run->live); /* nobody reads any more */
}

static void on_tick(void *context, const struct wspscope_tick *tick)
{
    struct run *run = context;
    if (run->log)
        write_lines(run, tick);
    if (run->metrics)
        cli_live_metrics_update(run->metrics, tick);
    if (run->view)
        cli_live_view_tick(run->view, tick);
}

static void on_followed(void *context, const struct wspscope_packet *packet)
{
    struct run *run = context;
    cli_live_evidence_add(run->evidence, packet);
}

/* Blocked here, read in on_turn(): nothing happens inside a handler. */
static bool catch_signals(struct run *run)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    run->signals = sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC) : -1;
    return run->signals >= 0;
}

static bool wants_view(const struct cli_live_options *o)
{
    return !o->headless && !o->common.output && !o->common.quiet && strcmp(o->common.format, "text") == 0 &&
           isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static enum status open_output(struct run *run, struct error *error)
{
    const struct cli_live_options *own = run->options;
    const struct cli_options *o = &own->common;
    if (strcmp(o->format, "ndjson") == 0)
        run->log = cli_live_log_open(o->output, error);
    else
        run->output = cli_output_open(o->output, error);
    if (!run->log && !run->output)
        return STATUS_IO;
    if (own->evidence && !(run->evidence = cli_live_evidence_open(own->evidence, own->evidence_bytes, error)))
        return STATUS_IO;
    if (own->metrics && !(run->metrics = cli_live_metrics_open(own->metrics, error)))
        return STATUS_IO;
    if (wants_view(own) && !(run->view = cli_live_view_open(own->names[0], error)))
        return STATUS_IO;
    return catch_signals(run) ? STATUS_OK : error_set(error, STATUS_IO, "Signals cannot be caught: %s.",
                                                      strerror(errno));
}

/* What opens a file or a socket is open by now. Network counters lie in /sys. */
static void confine(const struct run *run)
{
    static const char *const readable[] = { "/sys/class/net", "/sys/devices" };
    const char *path = run->options->common.output;
    const char *writable[WRITABLE_MAX];
    char folder[PATH_MAX];
    size_t count = 0;
    if (path) {
        snprintf(folder, sizeof folder, "%s", path);
        writable[count++] = dirname(folder);
    }
    if (run->options->evidence)
        writable[count++] = run->options->evidence;
    const struct sandbox_plan plan = { .profile = SANDBOX_LIVE, .writable = writable, .writable_count = count,
                                       .readable = readable, .readable_count = sizeof readable / sizeof *readable };
    struct text gaps;
    text_init(&gaps, GAPS_BYTES_MAX);
    sandbox_enter(&plan, &gaps);
    if (gaps.length)
        cli_message("%s", gaps.bytes);
    text_free(&gaps);
}

static bool meets(const struct wspscope_report *report, int fail_on)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if ((int)report->findings[i].severity <= fail_on)
            return true;
    return false;
}

static struct wspscope_render_options how_to_render(const struct run *run)
{
    const struct cli_options *o = &run->options->common;
    return (struct wspscope_render_options){
        .color = o->color == CLI_OPTIONS_COLOR_ALWAYS,
        .columns = run->output ? cli_output_columns(run->output) : 0,
        .verbosity = o->verbose ? 1 : o->quiet ? -1 : 0,
    };
}

/* The report of everything, in every format. */
static bool show(struct run *run, const struct wspscope_report *report)
{
    struct wspscope_sink sink = run->log ? cli_live_log_sink(run->log) : cli_output_sink(run->output);
    struct wspscope_render_options how = how_to_render(run);
    struct wspscope_renderer *renderer = wspscope_renderer_new(run->options->common.format, &how, false, sink);
    bool shown = renderer && wspscope_renderer_add(renderer, report) && wspscope_renderer_finish(renderer);
    wspscope_renderer_free(renderer);
    return shown;
}

/* Takes over the report; NULL when there is none. */
static int end(struct run *run, const struct wspscope_report *report)
{
    struct error error = { "There is not enough memory to show the report." };
    bool shown = report && show(run, report);
    bool met = report && meets(report, run->options->common.fail_on);
    enum status status = shown ? STATUS_OK : STATUS_NO_MEMORY;
    if (run->output && (shown || cli_output_failed(run->output)))
        status = cli_output_commit(run->output, &error);
    else if (run->output)
        cli_output_discard(run->output);
    if (run->log && cli_live_log_failed(run->log))
        status = cli_live_log_failed(run->log) == EPIPE
                     ? STATUS_END
                     : error_set(&error, STATUS_IO, "Lines could not be written (%s).",
                                 strerror(cli_live_log_failed(run->log)));
    if (run->log)
        cli_live_log_close(run->log);
    wspscope_report_free(report);
    if (report && status != STATUS_OK && status != STATUS_END)
        cli_message("%s", error.text);
    return status != STATUS_OK ? CLI_UNUSABLE : met ? CLI_FAILED : CLI_DONE;
}

static int watch(struct run *run)
{
    const struct cli_live_options *o = run->options;
    struct wspscope_error problem = { "" };
    const struct wspscope_report *report = NULL;
    struct error error = { "" };
    if (open_output(run, &error) != STATUS_OK) {
        cli_message("%s", error.text);
        return end(run, NULL);
    }
    if (!o->common.no_sandbox)
        confine(run);
    tell_notes(run);
    if (o->duration_s > 0)
        run->end_ns = monotonic_ns() + (int64_t)o->duration_s * NSEC_PER_SEC;
    bool ticks = run->log || run->metrics || run->view;
    const struct wspscope_watch watcher = { .tick = ticks ? on_tick : NULL, .turn = on_turn,
                                            .followed = run->evidence ? on_followed : NULL, .context = run };
    enum wspscope_result result = wspscope_live_run(run->live, &watcher, &report, &problem);
    cli_live_view_close(run->view);
    run->view = NULL;
    if (result != WSPSCOPE_REPORTED)
        cli_message("%s", problem.text);
    tell_notes(run);
    return end(run, report);
}

/* The kernel's buffers count as the program's memory: what is left of --max-memory is the analysis's. */
static enum status share_memory(struct cli_live_options *o, struct error *error)
{
    uint64_t *memory = &o->common.analysis.max_memory_bytes, *buffer = &o->interfaces.buffer_bytes;
    size_t interfaces = o->interfaces.count;
    if (*buffer == 0)
        *buffer = *memory > 0 && *memory / 8 / interfaces < BUFFER_BYTES_USUAL ? *memory / 8 / interfaces
                                                                              : BUFFER_BYTES_USUAL;
    if (*memory == 0)
        return STATUS_OK;
    if (*memory <= *buffer * interfaces)
        return error_set(error, STATUS_BAD_USAGE, "--max-memory is too small for the kernel's buffers: give it more, "
                         "or --buffer less.");
    *memory -= *buffer * interfaces;
    return STATUS_OK;
}

static int live(struct cli_live_options *options)
{
    struct wspscope_error problem = { "" };
    struct error error = { "" };
    if (share_memory(options, &error) != STATUS_OK) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    struct wspscope_analyzer *analyzer = wspscope_analyzer_new(&options->common.analysis, &problem);
    struct run run = { .options = options, .signals = -1, .next_summary_ns = INT64_MIN };
    run.live = analyzer ? wspscope_live_open(analyzer, &options->interfaces, &problem) : NULL;
    int status = CLI_UNUSABLE;
    if (run.live)
        status = watch(&run);
    else
        cli_message("%s", problem.text);
    if (run.signals >= 0)
        close(run.signals);
    cli_live_evidence_close(run.evidence);
    cli_live_metrics_close(run.metrics);
    wspscope_live_free(run.live);
    wspscope_analyzer_free(analyzer);
    return status;
}

static int list(void)
{
    struct wspscope_error problem = { "" };
    struct wspscope_interface *interfaces = wspscope_live_list(&problem);
    if (!interfaces) {
        cli_message("%s", problem.text);
        return CLI_UNUSABLE;
    }
    for (size_t i = 0; interfaces[i].name; i++)
        printf("%-16s %s\n", interfaces[i].name, interfaces[i].text);
    wspscope_live_list_free(interfaces);
    return cli_help_end_of_stdout();
}

int cli_live(int argc, char **argv)
{
    struct cli_live_options options;
    struct error error = { "" };
    if (cli_live_options_parse(&options, argc, argv, &error) != STATUS_OK) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    if (options.common.help || options.common.version) {
        (options.common.help ? print_help : cli_help_print_version)(stdout);
        return cli_help_end_of_stdout();
    }
    return options.list ? list() : live(&options);
}
