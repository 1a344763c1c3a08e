/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include "sandbox/sandbox.h"

/* seccomp: the system calls of the profile and no others, for every thread of the process (TSYNC). What is not listed
 * answers EPERM; clone3 answers ENOSYS, so that the C library starts threads by clone, whose flags can be looked at.
 * 0, or an errno. Needs no_new_privs. */
int sandbox_calls_close(enum sandbox_profile profile);

#endif
