/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Memory, threads, time, and reading and writing what is open. */
static const int always[] = {
    SCMP_SYS(brk), SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(madvise), SCMP_SYS(membarrier),
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(lseek),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(poll),
    SCMP_SYS(ppoll), SCMP_SYS(fadvise64), SCMP_SYS(fadvise64_64),
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address), SCMP_SYS(gettid),
    SCMP_SYS(getpid), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Landlock says which files. The sockets are there already: a packet socket of each interface, one that listens. */
static const int live_only[] = {
    SCMP_SYS(openat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(linkat), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fchmod),
    SCMP_SYS(getdents64), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(umask),
    SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(accept),
    SCMP_SYS(accept4), SCMP_SYS(shutdown), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(eventfd2), SCMP_SYS(pipe2),
    SCMP_SYS(signalfd4), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(setitimer),
};

/* What a sanitizer or coverage needs beside the program itself. */
static const int instrumented[] = {
#if defined(__SANITIZE_ADDRESS__)
    SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(prctl), SCMP_SYS(ptrace),
    SCMP_SYS(clone), SCMP_SYS(wait4), SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(prlimit64),
    SCMP_SYS(process_vm_readv), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(ioctl), SCMP_SYS(dup), SCMP_SYS(dup2),
    SCMP_SYS(pipe), SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(getppid), SCMP_SYS(mincore),
#elif defined(WSPSCOPE_COVERAGE)
    SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(fcntl), SCMP_SYS(newfstatat),
    SCMP_SYS(ftruncate), SCMP_SYS(access), SCMP_SYS(umask), SCMP_SYS(readlink), SCMP_SYS(getppid),
#else
    SCMP_SYS(getpid),
#endif
};

enum { CLONE_THREAD_FLAGS = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND };

static int allow_each(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        if (result != 0 && result != -EDOM && result != -EEXIST) /* EDOM: no such call on this machine */
            return result;
    }
    return 0;
}

static struct scmp_arg_cmp argument_is(unsigned argument, scmp_datum_t value)
{
    return (struct scmp_arg_cmp){ .arg = argument, .op = SCMP_CMP_EQ, .datum_a = value };
}

static struct scmp_arg_cmp argument_bits_are(unsigned argument, scmp_datum_t bits, scmp_datum_t value)
{
    return (struct scmp_arg_cmp){ .arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = value };
}

/* Calls that are harmless with some arguments only. */
static int allow_by_argument(scmp_filter_ctx filter)
{
    const struct {
        int call;
        struct scmp_arg_cmp harmless;
    } rows[] = {
        { SCMP_SYS(mmap), argument_bits_are(2, PROT_EXEC, 0) },
        { SCMP_SYS(mprotect), argument_bits_are(2, PROT_EXEC, 0) },
        { SCMP_SYS(clone), argument_bits_are(0, CLONE_THREAD_FLAGS, CLONE_THREAD_FLAGS) },
        { SCMP_SYS(tgkill), argument_is(0, (scmp_datum_t)getpid()) }, /* abort() */
        { SCMP_SYS(newfstatat), argument_is(3, AT_EMPTY_PATH) },      /* fstat() */
        { SCMP_SYS(prlimit64), argument_is(2, 0) },
        { SCMP_SYS(fcntl), argument_is(1, F_GETFL) },
        { SCMP_SYS(fcntl), argument_is(1, F_SETFL) },
        { SCMP_SYS(fcntl), argument_is(1, F_GETFD) },
        { SCMP_SYS(fcntl), argument_is(1, F_SETFD) },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rows[i].call, 1, &rows[i].harmless);
        if (result != 0 && result != -EEXIST)
            return result;
    }
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* The terminal's size and modes: never TIOCSTI, which types into it. */
static int allow_terminal(scmp_filter_ctx filter)
{
    static const unsigned long requests[] = { TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, FIONREAD, FIONBIO };
    int result = 0;
    for (size_t i = 0; i < sizeof requests / sizeof *requests && result == 0; i++) {
        const struct scmp_arg_cmp request = argument_is(1, requests[i]);
        result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, &request);
    }
    return result;
}

static int build(scmp_filter_ctx filter, enum sandbox_profile profile)
{
    int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (result == 0)
        result = allow_each(filter, instrumented, sizeof instrumented / sizeof *instrumented);
    if (result == 0)
        result = allow_each(filter, always, sizeof always / sizeof *always);
    if (result == 0 && profile == SANDBOX_LIVE)
        result = allow_each(filter, live_only, sizeof live_only / sizeof *live_only);
    if (result == 0 && profile == SANDBOX_LIVE)
        result = allow_terminal(filter);
    return result ? result : allow_by_argument(filter);
}

int sandbox_calls_close(enum sandbox_profile profile)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return ENOMEM;
    int result = build(filter, profile);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return -result;
}
