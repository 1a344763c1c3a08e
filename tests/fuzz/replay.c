/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the fuzz target over each file of a folder, with any compiler. The last line is "N passed, N failed". */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { FILE_BYTES_MOST = 1024 * 1024, SECONDS_MOST = 60 };

/* In a block of exactly its size, so that a sanitizer sees what is read beyond it. NULL: it cannot be read. */
static uint8_t *read_file(const char *path, size_t *length)
{
    uint8_t *bytes = malloc(FILE_BYTES_MOST);
    FILE *file = bytes ? fopen(path, "rb") : NULL;
    if (!file) {
        free(bytes);
        return NULL;
    }
    *length = fread(bytes, 1, FILE_BYTES_MOST, file);
    fclose(file);
    uint8_t *exact = realloc(bytes, *length ? *length : 1);
    return exact ? exact : bytes;
}

static int run_child(const char *path)
{
    size_t length = 0;
    uint8_t *bytes = read_file(path, &length);
    if (!bytes)
        return 1;
    alarm(SECONDS_MOST);
    LLVMFuzzerTestOneInput(bytes, length);
    free(bytes);
    return 0;
}

static bool passes(const char *folder, const char *name)
{
    char path[4096];
    int status = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(run_child(path));
    if (child < 0 || waitpid(child, &status, 0) != child)
        return false;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        printf("FAIL %s: ended by signal %d (%s)\n", path, WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        printf("FAIL %s: exit status %d\n", path, WEXITSTATUS(status));
    return false;
}

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **names = NULL;
    const char *folder = argc > 1 ? argv[1] : "tests/fuzz/corpus";
    int count = scandir(folder, &names, is_file, alphasort), passed = 0;
    for (int i = 0; i < count; i++) {
        passed += passes(folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    if (count < 0)
        printf("%s cannot be listed\n", folder);
    printf("%d passed, %d failed\n", passed, count > 0 ? count - passed : 1);
    return count > 0 && passed == count ? 0 : 1;
}
