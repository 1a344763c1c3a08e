/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"

#include <sys/stat.h>
#include <unistd.h>

/* All a source gave: its captures, and each refusal. */
struct outcome {
    struct reading captures[8];
    size_t capture_count, error_count;
    struct error first_error;
    char passed_over[4][256];
    char last_passed_over[256];
    size_t passed_over_count;
};

static struct outcome *read_source(struct capture_source *source)
{
    struct outcome *o = calloc(1, sizeof *o);
    assert_non_null(o);
    for (int guard = 0; guard < 1000; guard++) {
        struct capture_reader *reader;
        struct error error;
        enum status status = capture_source_next(source, &reader, &error);
        if (status == STATUS_END)
            break;
        if (status == STATUS_OK) {
            assert_true(o->capture_count < COUNT(o->captures));
            read_reader(reader, &o->captures[o->capture_count++]);
            continue;
        }
        assert_int_equal(status, STATUS_BAD_INPUT);
        if (o->error_count++ == 0)
            o->first_error = error;
    }
    const char *const *lines = capture_source_passed_over(source, &o->passed_over_count);
    for (size_t i = 0; i < o->passed_over_count; i++) {
        copy_text(o->last_passed_over, sizeof o->last_passed_over, lines[i]);
        if (i < COUNT(o->passed_over))
            copy_text(o->passed_over[i], sizeof o->passed_over[i], lines[i]);
    }
    capture_source_free(source);
    return o;
}

static struct outcome *read_bytes(const char *name, const struct file *f)
{
    struct capture_source *source;
    assert_int_equal(capture_source_memory(name, f->bytes, f->length, &source, NULL), STATUS_OK);
    return read_source(source);
}

static void an_archive_gives_its_captures(void **state)
{
    (void)state;
    static const char *const formats[] = { "zip", "ustar", "7zip" };
    struct file a = simple_pcap(3, 10), b = simple_pcapng(true), text = { 0 };
    put_packet(&b, 0, 1, 4);
    put(&text, "read me first\n", 14);
    struct file packed = compress_file("zstd", &b);
    const struct entry entries[] = {
        { "a.pcap", a }, { "README", text }, { "b.pcapng.zst", packed }, { "nothing", { 0 } },
    };
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct file f = pack(formats[i], "none", entries, COUNT(entries));
        struct outcome *o = read_bytes("x", &f);
        char expected[32];
        snprintf(expected, sizeof expected, "%s+zstd", strcmp(formats[i], "ustar") ? formats[i] : "tar");
        assert_int_equal(o->capture_count, 2);
        assert_int_equal(o->error_count, 0);
        assert_string_equal(o->captures[0].name, "x: a.pcap");
        assert_int_equal(o->captures[0].info.packets, 3);
        assert_int_equal(o->captures[0].info.size_bytes, f.length);
        assert_string_equal(o->captures[1].name, "x: b.pcapng.zst");
        assert_string_equal(o->captures[1].format, "pcapng");
        assert_string_equal(o->captures[1].compression, expected);
        /* 7zip keeps what is empty at the end, zip and tar where it was. */
        assert_int_equal(o->passed_over_count, 2);
        assert_non_null(strstr(o->passed_over[0], "README is text"));
        assert_non_null(strstr(o->passed_over[1], "nothing is empty"));
        free(o);
        free(f.bytes);
    }
    free(a.bytes);
    free(b.bytes);
    free(text.bytes);
    free(packed.bytes);
}

static const struct {
    const char *name;
    const char *layers[4]; /* from the inside out: filters, or "zip" and "ustar" */
    const char *compression; /* NULL: too deep */
} depth_rows[] = {
    { "plain", { NULL }, "" },
    { "gzip", { "gzip" }, "gzip" },
    { "gzip twice", { "gzip", "gzip" }, "gzip+gzip" },
    { "gzip three times", { "gzip", "gzip", "gzip" }, NULL },
    { "zip of gzip", { "gzip", "zip" }, "zip+gzip" },
    { "tar.gz", { "ustar", "gzip" }, "gzip+tar" },
    { "tar.gz of xz", { "xz", "ustar", "gzip" }, "gzip+tar+xz" },
    { "zip of tar.gz", { "ustar", "gzip", "zip" }, "zip+gzip+tar" },
    { "zip of zip of bzip2", { "bzip2", "zip", "zip" }, NULL },
    { "zip of zip of zip", { "zip", "zip", "zip" }, NULL },
};

static struct file wrap(const struct file *inner, const char *layer)
{
    bool archive = strcmp(layer, "zip") == 0 || strcmp(layer, "ustar") == 0;
    const struct entry entry = { "inner", *inner };
    return archive ? pack(layer, "none", &entry, 1) : compress_file(layer, inner);
}

static void layers_are_undone_to_a_depth_of_two(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(depth_rows); i++) {
        struct file f = simple_pcap(2, 10);
        for (size_t k = 0; k < COUNT(depth_rows[i].layers) && depth_rows[i].layers[k]; k++) {
            struct file outer = wrap(&f, depth_rows[i].layers[k]);
            free(f.bytes);
            f = outer;
        }
        struct outcome *o = read_bytes("x", &f);
        bool right = depth_rows[i].compression
                         ? o->capture_count == 1 && strcmp(o->captures[0].compression, depth_rows[i].compression) == 0
                         : o->capture_count == 0 && o->error_count == 1
                               && strstr(o->first_error.text, "more than 2 levels deep");
        if (!right)
            fail_msg("%s: %zu captures (%s), %zu errors (%s)", depth_rows[i].name, o->capture_count,
                     o->captures[0].compression, o->error_count, o->first_error.text);
        free(o);
        free(f.bytes);
    }
}

static const struct {
    const char *name;
    size_t length;
    const char *bytes, *says;
} refused_rows[] = {
    { "empty", 0, "", "x is empty" },
    { "snoop", 8, "snoop\0\0\0", "x is a snoop capture (Solaris): convert it with `editcap -F pcapng IN OUT`." },
    { "text", 6, "hello\n", "x is text" },
    { "unknown", 4, "\0\1\2\3", "x is in no capture format" },
    { "half a magic number", 3, "\xd4\xc3\xb2", "x is in no capture format" },
    { "gzip without anything", 3, "\x1f\x8b\x08", "x " },
    { "zip without anything", 4, "PK\3\4", "x cannot be read on as zip" },
};

static void what_is_no_capture_is_refused_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused_rows); i++) {
        struct file f = { 0 };
        put(&f, refused_rows[i].bytes, refused_rows[i].length);
        struct outcome *o = read_bytes("x", &f);
        if (o->capture_count != 0 || o->error_count != 1 || strstr(o->first_error.text, refused_rows[i].says) == NULL)
            fail_msg("%s: %zu errors, %s", refused_rows[i].name, o->error_count, o->first_error.text);
        free(o);
        free(f.bytes);
    }
}

static void an_archive_without_captures_is_refused(void **state)
{
    (void)state;
    struct file text = { 0 };
    put(&text, "hello\n", 6);
    const struct entry entry = { "a.txt", text };
    struct file f = pack("zip", "none", &entry, 1), none = pack("zip", "none", NULL, 0);
    struct outcome *o = read_bytes("x.zip", &f);
    assert_int_equal(o->error_count, 1);
    assert_non_null(strstr(o->first_error.text, "x.zip holds no capture among its 1 file: the first, a.txt is text"));
    free(o);
    o = read_bytes("x.zip", &none);
    assert_int_equal(o->error_count, 1);
    assert_non_null(strstr(o->first_error.text, "x.zip holds nothing"));
    free(o);
    free(text.bytes);
    free(f.bytes);
    free(none.bytes);
}

static void passed_over_entries_are_named_up_to_a_limit(void **state)
{
    (void)state;
    struct entry *entries = calloc(100, sizeof *entries);
    assert_non_null(entries);
    struct file text = { 0 };
    put(&text, "hello\n", 6);
    for (size_t i = 0; i < 100; i++)
        entries[i] = (struct entry){ "a.txt", text };
    struct file f = pack("ustar", "none", entries, 100);
    struct outcome *o = read_bytes("x", &f);
    assert_int_equal(o->passed_over_count, 65);
    assert_string_equal(o->last_passed_over, "and 36 more");
    free(o);
    free(f.bytes);
    free(text.bytes);
    free(entries);
}

static void a_damaged_entry_leaves_the_others(void **state)
{
    (void)state;
    struct file a = simple_pcap(3, 10), broken = compress_file("gzip", &a);
    broken.length = 12;
    const struct entry entries[] = { { "broken.gz", broken }, { "a.pcap", a } };
    struct file f = pack("ustar", "none", entries, 2);
    struct outcome *o = read_bytes("x", &f);
    assert_int_equal(o->capture_count, 1);
    assert_int_equal(o->error_count, 0);
    assert_int_equal(o->passed_over_count, 1);
    assert_non_null(strstr(o->passed_over[0], "broken.gz"));
    free(o);
    f.length = 1500; /* within the second entry's data */
    o = read_bytes("x", &f);
    assert_int_equal(o->capture_count + o->error_count, 1);
    free(o);
    free(a.bytes);
    free(broken.bytes);
    free(f.bytes);
}

static void a_compressed_capture_that_is_cut_is_read_up_to_there(void **state)
{
    (void)state;
    struct file f = { 0 };
    put_pcap_header(&f, 0xa1b2c3d4, 4, 1);
    for (uint32_t i = 0; i < 20000; i++) {
        put_record(&f, i, i * 2654435761U, 60, 60);
        set32(&f, f.length - 4, i * 2246822519U);
    }
    struct file packed = compress_file("gzip", &f);
    packed.length /= 2;
    struct outcome *o = read_bytes("x.gz", &packed);
    assert_int_equal(o->capture_count, 1);
    assert_int_equal(o->error_count, 0);
    assert_true(o->captures[0].info.packets > 5000 && o->captures[0].info.packets < 15000);
    assert_non_null(strstr(o->captures[0].damaged, "truncated gzip input"));
    free(o);
    free(f.bytes);
    free(packed.bytes);
}

static void files_are_opened_by_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum status status;
        const char *says;
    } rows[] = {
        { "/", STATUS_BAD_INPUT, "is a directory" },
        { "/dev/null", STATUS_BAD_INPUT, "is a device" },
        { "/no/such/file", STATUS_IO, "/no/such/file cannot be opened: No such file or directory" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct capture_source *source;
        struct error error;
        assert_int_equal(capture_source_open(rows[i].path, &source, &error), rows[i].status);
        assert_null(source);
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

static void write_temporary(char *path, const struct file *f)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, f->bytes, f->length), f->length);
    close(fd);
}

static void a_file_and_standard_input_give_the_same(void **state)
{
    (void)state;
    struct file f = simple_pcap(1000, 60);
    struct capture_source *source;
    f.length -= 5;
    char path[] = "/tmp/capture-source-XXXXXX";
    write_temporary(path, &f);

    assert_int_equal(capture_source_open(path, &source, NULL), STATUS_OK);
    struct outcome *file = read_source(source);
    int saved = dup(STDIN_FILENO);
    assert_non_null(freopen(path, "rb", stdin));
    assert_int_equal(capture_source_open("-", &source, NULL), STATUS_OK);
    struct outcome *input = read_source(source);
    dup2(saved, STDIN_FILENO);
    close(saved);

    assert_string_equal(file->captures[0].name, path);
    assert_string_equal(input->captures[0].name, "-");
    assert_int_equal(file->captures[0].info.size_bytes, f.length);
    assert_int_equal(input->captures[0].info.size_bytes, UINT64_MAX);
    assert_int_equal(input->captures[0].info.packets, 999);
    assert_string_equal(file->captures[0].damaged, input->captures[0].damaged);
    assert_non_null(strstr(file->captures[0].damaged, "71 bytes were left unread"));
    unlink(path);
    free(file);
    free(input);
    free(f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive_gives_its_captures),
        cmocka_unit_test(layers_are_undone_to_a_depth_of_two),
        cmocka_unit_test(what_is_no_capture_is_refused_once),
        cmocka_unit_test(an_archive_without_captures_is_refused),
        cmocka_unit_test(passed_over_entries_are_named_up_to_a_limit),
        cmocka_unit_test(a_damaged_entry_leaves_the_others),
        cmocka_unit_test(a_compressed_capture_that_is_cut_is_read_up_to_there),
        cmocka_unit_test(files_are_opened_by_what_they_are),
        cmocka_unit_test(a_file_and_standard_input_give_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
