/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_SCHEMA_H
#define EXPECT_SCHEMA_H

#include "expect/node.h"

/* Which keys an expectation file may have and what each wants: one table row a key. README.md says it in words. */
enum expect_type {
    EXPECT_TYPE_TEXT,      /* a single value, or null */
    EXPECT_TYPE_WORD,      /* one of a few words */
    EXPECT_TYPE_KIND,      /* a kind of finding or limit */
    EXPECT_TYPE_NUMBER,    /* a number, null, or a tolerance */
    EXPECT_TYPE_FLAG,      /* true or false; about the entry, not about the report */
    EXPECT_TYPE_ADDRESS,
    EXPECT_TYPE_ADDRESSES, /* the whole list, in any order */
    EXPECT_TYPE_FRAMES,    /* all of these; others may be there */
    EXPECT_TYPE_VALUES,    /* a map of names that the finding chose */
    EXPECT_TYPE_STEPS,     /* names and outcomes: a map, or a list of single pairs */
    EXPECT_TYPE_TEXTS,     /* a list of texts */
    EXPECT_TYPE_ENTRIES,   /* a list of entries of a section */
    EXPECT_TYPE_ENTRY,     /* one entry */
};

struct expect_key {
    const char *name;
    enum expect_type type;
    const char *const *words; /* of EXPECT_TYPE_WORD and of the outcomes of steps, NULL at the end */
    const struct expect_section *section;
};

struct expect_section {
    const char *name;             /* the key in the file: "findings" */
    const char *thing;            /* one of it, for a person: "finding" */
    const char *identity;         /* the key by which an entry is known: "kind"; a value alone stands for it */
    bool required;                /* the identity must be given */
    const struct expect_key *keys; /* the name is NULL at the end */
};

extern const struct expect_section expect_schema_root, expect_schema_verdict, expect_schema_findings,
    expect_schema_absent, expect_schema_ledger, expect_schema_unanswered, expect_schema_sessions;

/* NULL when the section has no such key. */
const struct expect_key *expect_schema_key(const struct expect_section *section, const char *name);

/* Entries of a section: 0 when the file does not have it. A section written as null has none. */
size_t expect_schema_entries(const struct expect_node *root, const struct expect_section *section,
                             const struct expect_node *const **entries);
bool expect_schema_is_pending(const struct expect_node *entry);

#endif
