/* no licence line */
#include "base/text.h"
int wspscope_right(void);
int wrong(void);
typedef struct bad {
    int a;
} bad;
