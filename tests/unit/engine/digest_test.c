/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include <unistd.h>

#include "engine/digest.h"

/* FIPS 180-4: the examples of the standard, and a file longer than one read. */
static const struct {
    const char *name;
    const char *text;
    size_t times;
    const char *digest;
} rows[] = {
    { "empty", "", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "a million a", "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void gives_the_published_digests(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char path[] = "/tmp/wspscope-digest-XXXXXX", text[ENGINE_DIGEST_TEXT_SIZE];
        struct error error = { "" };
        int file = mkstemp(path);
        assert_true(file >= 0);
        FILE *stream = fdopen(file, "w+b");
        for (size_t n = 0; n < rows[i].times; n++)
            fputs(rows[i].text, stream);
        failed += soft_int(rows[i].name, "status", engine_digest_file(stream, path, text, &error), STATUS_OK);
        failed += soft_text(rows[i].name, "digest", text, rows[i].digest);
        assert_int_equal(fclose(stream), 0);
        unlink(path);
    }
    assert_int_equal(failed, 0);
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    char text[ENGINE_DIGEST_TEXT_SIZE];
    struct error error = { "" };
    assert_null(engine_digest_open("/nonexistent/x.pcap", &error));
    assert_non_null(strstr(error.text, "/nonexistent/x.pcap"));

    FILE *folder = engine_digest_open("/", &error);
    assert_non_null(folder);
    assert_int_equal(engine_digest_file(folder, "/", text, &error), STATUS_IO);
    assert_non_null(strstr(error.text, "/"));
    fclose(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_digests),
        cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
