/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/interface.h"

#include "base/nsec.h"

__extension__ typedef unsigned __int128 uint128;

enum { BINARY = 0x80, NSEC_DIGITS = 9 };

static int64_t hold(uint128 value)
{
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static int64_t from_binary(uint64_t stamp, unsigned bits)
{
    return hold((uint128)stamp * (uint64_t)NSEC_PER_SEC >> bits);
}

static int64_t from_decimal(uint64_t stamp, unsigned digits)
{
    uint128 value = stamp;
    for (unsigned i = digits; i < NSEC_DIGITS; i++)
        value *= 10;
    for (unsigned i = NSEC_DIGITS; i < digits && value > 0; i++)
        value /= 10;
    return hold(value);
}

int64_t capture_interface_time_ns(const struct capture_interface *interface, uint64_t stamp)
{
    unsigned exponent = interface->resolution & (BINARY - 1U);
    int64_t time_ns;
    if (interface->resolution == CAPTURE_INTERFACE_RESOLUTION_DEFAULT && stamp <= INT64_MAX / 1000)
        time_ns = (int64_t)stamp * 1000;
    else if (interface->resolution & BINARY)
        time_ns = from_binary(stamp, exponent);
    else
        time_ns = from_decimal(stamp, exponent);
    return nsec_add(time_ns, interface->offset_ns);
}

uint64_t capture_interface_drops(const struct capture_interface *interface)
{
    uint64_t counted = interface->counted_drops, per_packet = interface->per_packet_drops;
    return counted > per_packet ? counted : per_packet;
}
