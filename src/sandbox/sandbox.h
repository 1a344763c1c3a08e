/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Shuts the calling process in, for good: capabilities dropped, no_new_privs, Landlock, seccomp. Every thread is
 * confined by seccomp; Landlock confines the calling thread and those it starts, so threads begin afterwards.
 *
 * What is opened before stays usable. Afterwards:
 *   every profile      memory, threads, the clock, reading and writing what is open; no exec, no process, no ptrace, no
 *                      new executable memory, no signal to anybody else
 *   SANDBOX_ANALYZE    no file can be opened, no socket made
 *   SANDBOX_LIVE       files can be opened where `writable` and `readable` say, connections of a listening socket
 *                      accepted, packet and terminal calls made on what is open; no socket made
 * Built with AddressSanitizer, what its leak check needs is let through besides (opening below /proc, ptrace, a
 * process): only the release build is judged. Built for coverage, files may be opened, for that is where it writes. */
enum sandbox_profile { SANDBOX_ANALYZE, SANDBOX_LIVE };

struct sandbox_plan {
    enum sandbox_profile profile;
    const char *const *writable; /* folders: below them files may be made, written, renamed and removed */
    size_t writable_count;
    const char *const *readable; /* files and folders */
    size_t readable_count;
};

/* One sentence on what this kernel did not grant goes to `gaps`, nothing when it granted all of it. */
void sandbox_enter(const struct sandbox_plan *plan, struct text *gaps);

#endif
