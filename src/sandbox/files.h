/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

#include "sandbox/sandbox.h"

/* Landlock (Documentation/userspace-api/landlock.rst): files only where the plan says and, where the kernel knows how,
 * no TCP port, no signal and no abstract socket outside. 0, or an errno: ENOSYS, EOPNOTSUPP where there is none. */
int sandbox_files_close(const struct sandbox_plan *plan);

#endif
