/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"
#include <libnet.h>
#include "text.h"

static int counter;
static const char *names[] = { "a", "b" };
static const char *const right[] = { "strcpy(a, b) in a string is no call" };

void text_add(void)
{
    counter++;
}

void wrong_name(void)
{
    /* strcpy(a, b) in a comment is no call */
    strcpy(names[0], right[0]);
}
