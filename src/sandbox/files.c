/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr as of ABI 6; a kernel is given as much of it as its ABI knows. */
struct ruleset {
    uint64_t files;
    uint64_t ports;  /* from ABI 4 */
    uint64_t scopes; /* from ABI 6 */
};

enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_PORTS = 4, ABI_IOCTL = 5, ABI_SCOPES = 6 };

/* Rights by bit, as the kernel numbers them: 0 execute, 1 write a file, 2 read a file, 3 list a folder, 4 and 5 remove,
 * 6 to 12 make (8 is a regular file), 13 rename into another folder, 14 truncate, 15 ioctl of devices. */
static const uint64_t right_refer = UINT64_C(1) << 13, right_truncate = UINT64_C(1) << 14,
                      right_ioctl = UINT64_C(1) << 15;
static const uint64_t both_ports = 3, both_scopes = 3;

static uint64_t every_right(long abi)
{
    uint64_t rights = right_refer - 1;
    rights |= abi >= ABI_REFER ? right_refer : 0;
    rights |= abi >= ABI_TRUNCATE ? right_truncate : 0;
    return rights | (abi >= ABI_IOCTL ? right_ioctl : 0);
}

static const uint64_t to_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t to_write = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                                 LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                 LANDLOCK_ACCESS_FS_MAKE_REG | (UINT64_C(1) << 13) | (UINT64_C(1) << 14);

/* What is not there needs no permission. */
static int allow(int ruleset, const char *path, uint64_t rights)
{
    struct stat file;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == EACCES ? 0 : errno;
    if (fstat(fd, &file) == 0 && !S_ISDIR(file.st_mode))
        rights &= ~(uint64_t)(LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                              LANDLOCK_ACCESS_FS_MAKE_REG | (UINT64_C(1) << 13));
    struct landlock_path_beneath_attr beneath = { .allowed_access = rights, .parent_fd = fd };
    long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    int error_number = result == 0 ? 0 : errno;
    close(fd);
    return error_number;
}

static int allow_all(int ruleset, const struct sandbox_plan *plan, uint64_t known)
{
    int error_number = 0;
    for (size_t i = 0; i < plan->writable_count && !error_number; i++)
        error_number = allow(ruleset, plan->writable[i], to_write & known);
    for (size_t i = 0; i < plan->readable_count && !error_number; i++)
        error_number = allow(ruleset, plan->readable[i], to_read & known);
#if defined(__SANITIZE_ADDRESS__)
    if (!error_number)
        error_number = allow(ruleset, "/proc", to_read & known);
#endif
    return error_number;
}

int sandbox_files_close(const struct sandbox_plan *plan)
{
#if defined(WSPSCOPE_COVERAGE)
    (void)plan;
    return 0;
#else
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 0)
        return errno;
    struct ruleset all = { .files = every_right(abi), .ports = abi >= ABI_PORTS ? both_ports : 0,
                           .scopes = abi >= ABI_SCOPES ? both_scopes : 0 };
    size_t known = abi >= ABI_SCOPES ? sizeof all : abi >= ABI_PORTS ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, known, 0);
    if (ruleset < 0)
        return errno;
    int error_number = allow_all(ruleset, plan, all.files);
    if (!error_number && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        error_number = errno;
    close(ruleset);
    return error_number;
#endif
}
