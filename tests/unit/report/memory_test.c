/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fixture.h"

/* Every allocation of a run fails once, alone and with all that follow: the renderer says so, breaks nothing, leaks
 * nothing (VARIANT=asan sees that for jansson's part), and is right again when memory is there. */

static size_t calls, fail_at; /* 0: never */
static bool fail_for_good;

static bool fails_now(void)
{
    calls++;
    return fail_at > 0 && (calls == fail_at || (fail_for_good && calls > fail_at));
}

static void start(size_t at, bool for_good)
{
    calls = 0;
    fail_at = at;
    fail_for_good = for_good;
}

#if defined(__SANITIZE_ADDRESS__)
#define INTERPOSED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERPOSED 0
#endif
#endif
#if !defined(INTERPOSED) && defined(__GLIBC__)
#define INTERPOSED 1
#endif

#if INTERPOSED
/* The renderers' own allocations: glibc lets a program put its functions before the library's. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);

void *malloc(size_t size)
{
    return fails_now() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
    return fails_now() ? NULL : __libc_realloc(at, size);
}
#else
static void *failing_malloc(size_t size)
{
    return fails_now() ? NULL : malloc(size);
}
#endif

static char taken[1 << 16];

static bool take(void *context, const char *bytes, size_t length)
{
    size_t *used = context;
    if (length >= sizeof taken - *used)
        return false;
    memcpy(taken + *used, bytes, length);
    *used += length;
    taken[*used] = '\0';
    return true;
}

/* Two reports in `format`, what came out in `taken`. */
static bool run(const char *format, const struct wspscope_report *report)
{
    size_t used = 0;
    taken[0] = '\0';
    struct wspscope_sink to = { .write = take, .context = &used };
    struct wspscope_renderer *renderer = wspscope_renderer_new(format, NULL, true, to);
    bool good = renderer && wspscope_renderer_add(renderer, report) && wspscope_renderer_add(renderer, report) &&
                wspscope_renderer_finish(renderer);
    wspscope_renderer_free(renderer);
    return good;
}

static void exhaust(const char *format, bool for_good, const char *expected)
{
    struct wspscope_report report = fixture_blocked();
    report.input.path = FIXTURE_HOSTILE;
    size_t failures = 0;
    for (size_t at = 1;; at++) {
        start(at, for_good);
        bool good = run(format, &report);
        bool reached = calls >= at;
        start(0, false);
        if (good)
            assert_string_equal(taken, expected);
        if (!reached)
            break;
        failures += good ? 0 : 1;
    }
    assert_true(failures > 20);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    report.input.path = FIXTURE_HOSTILE;
    for (const char *const *format = wspscope_formats(); *format; format++) {
        if (!INTERPOSED && strcmp(*format, "text") == 0)
            continue; /* under a sanitizer only jansson's allocations can be made to fail */
        start(0, false);
        assert_true(run(*format, &report));
        static char expected[sizeof taken];
        memcpy(expected, taken, sizeof taken);
        exhaust(*format, false, expected);
        exhaust(*format, true, expected);
    }
}

int main(void)
{
#if !INTERPOSED
    json_set_alloc_funcs(failing_malloc, free);
#endif
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_allocation_may_fail) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
