/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/calls.h"
#include "sandbox/files.h"

/* Of the whole process only the calling thread has started by then. */
static int drop_capabilities(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

static int forbid_new_privileges(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

static void note_gap(struct text *gaps, const char *part, int error_number)
{
    if (error_number)
        text_addf(gaps, "%s%s (%s)", gaps->length ? ", " : "This system does not grant all of the sandbox: ", part,
                  strerror(error_number));
}

void sandbox_enter(const struct sandbox_plan *plan, struct text *gaps)
{
    note_gap(gaps, "capabilities stay", drop_capabilities());
    note_gap(gaps, "no_new_privs is missing", forbid_new_privileges());
    note_gap(gaps, "Landlock is missing", sandbox_files_close(plan));
    note_gap(gaps, "seccomp is missing", sandbox_calls_close(plan->profile));
    if (gaps->length)
        text_add(gaps, "; the analysis goes on with the rest of it.");
}
