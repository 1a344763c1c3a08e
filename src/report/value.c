/* SPDX-License-Identifier: Apache-2.0 */
#include "report/value.h"

#include "report/object.h"

enum { DEPTH_MAX = 8, NUMBER_DECIMALS = 3 };

static json_t *convert(const struct wspscope_value *value, unsigned depth);

static json_t *convert_list(const struct wspscope_value *value, unsigned depth)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < value->child_count; i++) {
        if (json_array_append_new(list, convert(&value->children[i], depth + 1)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *convert_object(const struct wspscope_value *value, unsigned depth)
{
    struct report_object o = report_object_new();
    for (size_t i = 0; i < value->child_count; i++)
        if (value->children[i].name)
            report_object_json(&o, value->children[i].name, convert(&value->children[i], depth + 1));
    return report_object_take(&o);
}

static json_t *convert(const struct wspscope_value *value, unsigned depth)
{
    if (depth >= DEPTH_MAX)
        return json_null();
    switch (value->type) {
    case WSPSCOPE_VALUE_BOOL:
        return json_boolean(value->boolean);
    case WSPSCOPE_VALUE_INTEGER:
        return json_integer(value->integer);
    case WSPSCOPE_VALUE_NUMBER:
        return report_object_real(value->number, NUMBER_DECIMALS);
    case WSPSCOPE_VALUE_STRING:
        return report_object_text(value->string);
    case WSPSCOPE_VALUE_LIST:
        return convert_list(value, depth);
    case WSPSCOPE_VALUE_OBJECT:
        return convert_object(value, depth);
    case WSPSCOPE_VALUE_NULL:
        break;
    }
    return json_null();
}

json_t *report_value_measured(const struct wspscope_value *measured)
{
    return convert_object(measured, 0);
}
