/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "decode/decode.h"
#include "rule/rule.h"

const int table_size = 3;

/* TODO finish */
int flow_table_many(int a, int b, int c, int d, int e, int (*f)(int, int))
{
    return a + b + c + d + e + f(a, b);
}

void flow_table_deep(int a)
{
    if (a == 1)
        a = 2;
    else if (a == 2)
        a = 3;
    else if (a == 3)
        a = 4;
    for (int i = 0; i < a; i++)
        while (a--)
            switch (a) {
            case 1:
                if (a)
                    flow_table_deep(a ? i : 2);
            }
}

static void fine(int a)
{
    for (int i = 0; i < a; i++)
        if (a > 3) {
            do
                a--;
            while (a);
        }
}

/* lint: long because the fixture says so */
static int excused(int a, int b, int c, int d, int e, int f)
{
    return a + b + c + d + e + f;
}
